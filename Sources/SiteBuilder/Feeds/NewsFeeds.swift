import Synchronization
import Tenancy
import Templating

/// The news as Atom (RFC 4287) and JSON Feed 1.1.
struct NewsFeeds: Sendable {
    /// Readers of feeds want what is new; the archive has the rest.
    static let entryCount = 20

    private let renderer: SiteRenderer
    private let context: EditionContext
    private let indices: ArraySlice<Int>
    /// The posts' texts, which both feeds carry.
    private let bodies: [Int: [UInt8]]

    init(renderer: SiteRenderer, context: EditionContext) {
        self.renderer = renderer
        self.context = context
        let site = renderer.site
        indices = site.news.prefix(Self.entryCount)
        var bodies: [Int: [UInt8]] = [:]
        for index in indices {
            bodies[index] = Self.absolute(renderer.body(site.source(site.entries[index], in: context.edition).index, context), origin: site.origin)
        }
        self.bodies = bodies
    }

    private var site: Site { renderer.site }
    private var homeURL: String { site.origin + context.urls.home }

    func atom() -> [UInt8] {
        var output: [UInt8] = []
        func element(_ name: String, _ text: String) {
            output.append(contentsOf: "<\(name)>".utf8)
            output.appendEscaped(text)
            output.append(contentsOf: "</\(name)>\n".utf8)
        }
        output.append(
            contentsOf:
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"\(context.edition.language.code)\">\n"
                .utf8)
        element("title", context.siteName)
        if let tagline = site.settings.tagline?[context.edition.language] { element("subtitle", tagline) }
        element("id", homeURL)
        element("updated", indices.map { changed(site.entries[$0]) }.max()?.description ?? "1970-01-01T00:00:00Z")
        output.append(
            contentsOf: "<link rel=\"self\" type=\"application/atom+xml\" href=\"\((site.origin + (context.urls.atom ?? "")).escapedForHTML)\"/>\n"
                .utf8)
        output.append(
            contentsOf: "<link rel=\"alternate\" type=\"text/html\" href=\"\((site.origin + (context.urls.news ?? "/")).escapedForHTML)\"/>\n".utf8)
        output.append(contentsOf: "<author><name>\(context.siteName.escapedForHTML)</name></author>\n".utf8)
        for index in indices {
            let entry = site.entries[index]
            let source = site.sourcePage(entry, in: context.edition)
            let url = site.origin + site.url(entry, in: context.edition)
            output.append(contentsOf: "<entry>\n".utf8)
            element("title", source.title)
            element("id", url)
            output.append(contentsOf: "<link rel=\"alternate\" type=\"text/html\" href=\"\(url.escapedForHTML)\"/>\n".utf8)
            element("published", published(entry).description)
            element("updated", changed(entry).description)
            element("summary", renderer.description(source))
            for tag in source.frontMatter.tags { output.append(contentsOf: "<category term=\"\(tag.escapedForHTML)\"/>\n".utf8) }
            output.append(contentsOf: "<content type=\"html\">".utf8)
            (bodies[index] ?? []).withUnsafeBufferPointer { output.appendEscaped($0) }
            output.append(contentsOf: "</content>\n".utf8)
            output.append(contentsOf: "</entry>\n".utf8)
        }
        output.append(contentsOf: "</feed>\n".utf8)
        return output
    }

    func json() -> [UInt8] {
        var feed: [(String, JSONValue)] = [("version", .text("https://jsonfeed.org/version/1.1"))]
        feed.add("title", context.siteName)
        feed.add("description", site.settings.tagline?[context.edition.language])
        feed.add("home_page_url", homeURL)
        feed.add("feed_url", site.origin + (context.urls.jsonFeed ?? ""))
        feed.add("language", context.edition.language.code)
        let items = indices.map { index -> JSONValue in
            let entry = site.entries[index]
            let source = site.sourcePage(entry, in: context.edition)
            let url = site.origin + site.url(entry, in: context.edition)
            var item: [(String, JSONValue)] = []
            item.add("id", url)
            item.add("url", url)
            item.add("title", source.title)
            item.add("summary", renderer.description(source))
            item.append(("content_html", .utf8(bodies[index] ?? [])))
            item.add("date_published", published(entry).description)
            item.add("date_modified", changed(entry).description)
            if let image = renderer.leadPicture(source)?.largest { item.add("image", site.origin + image.url) }
            if !source.frontMatter.tags.isEmpty { item.append(("tags", .list(source.frontMatter.tags.map { .text($0) }))) }
            return .object(item)
        }
        feed.append(("items", .list(items)))
        return JSONValue.object(feed).bytes
    }

    private func published(_ entry: Site.Entry) -> Instant {
        site.zone.instant(of: entry.date ?? .first)
    }

    private func changed(_ entry: Site.Entry) -> Instant {
        let updated = site.sourcePage(entry, in: context.edition).frontMatter.updated?.instant(in: site.zone)
        return max(updated ?? published(entry), published(entry))
    }

    /// Feed readers show a text away from its site, so its own addresses must be complete.
    private static func absolute(_ html: [UInt8], origin: String) -> [UInt8] {
        HTMLAddresses.replace(in: html, attributes: ["href", "srcset", "src"]) { attribute, value in
            guard value.hasPrefix("/"), !value.hasPrefix("//") else { return nil }
            guard attribute == "srcset" else { return origin + value }
            return value.split(separator: ",").map { origin + $0.drop { $0 == " " } }.joined(separator: ", ")
        }
    }
}

/// Both feeds of an edition are made from one preparation.
final class FeedCache: Sendable {
    private let feeds = Mutex<[Int: NewsFeeds]>([:])

    func of(_ edition: Int, _ renderer: SiteRenderer) -> NewsFeeds {
        if let found = feeds.withLock({ $0[edition] }) { return found }
        let made = NewsFeeds(renderer: renderer, context: renderer.contexts[edition])
        feeds.withLock { $0[edition] = made }
        return made
    }
}

/// The texts of the posts that feeds carry, which their pages show as well: made once for both.
final class FeedBodies: Sendable {
    private struct Key: Hashable {
        let source: Int
        let language: Language
    }

    private let shared: Set<Key>
    private let bodies = Mutex<[Key: [UInt8]]>([:])

    init(site: Site) {
        let posts = site.news.prefix(NewsFeeds.entryCount)
        shared = Set(
            site.editions.flatMap { edition in
                posts.map { Key(source: site.source(site.entries[$0], in: edition).index, language: edition.language) }
            })
    }

    func body(_ source: Int, _ edition: Site.Edition, make: () -> [UInt8]) -> [UInt8] {
        let key = Key(source: source, language: edition.language)
        guard shared.contains(key) else { return make() }
        if let known = bodies.withLock({ $0[key] }) { return known }
        let made = make()
        bodies.withLock { $0[key] = made }
        return made
    }
}
