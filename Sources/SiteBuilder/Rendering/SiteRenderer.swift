import Markdown
import StructuredData
import Synchronization
import Tenancy
import Templating

/// Where the sites are reached, for the addresses that must be complete: feeds, calendars, canonical links.
package struct SitesAddress: Sendable, Hashable {
    package var scheme: String
    /// `sites.example`; a site is at `<slug>.<domain>`.
    package var domain: String
    package var port: Int?

    package init(scheme: String = "https", domain: String = "sites.localhost", port: Int? = nil) {
        self.scheme = scheme
        self.domain = domain
        self.port = port
    }

    package func origin(of slug: String) -> String {
        "\(scheme)://\(slug).\(domain)" + (port.map { ":\($0)" } ?? "")
    }
}

/// Turns a site into the files of a release.
struct SiteRenderer: Sendable {
    let site: Site
    let theme: Theme
    let strings: StringTable
    let pictures: PictureStore
    let tree: ContentTree
    let assets: SiteAssets
    let palette: Palette
    let contexts: [EditionContext]
    let resolver: LinkResolver
    private let headers = HeaderCache()
    let feedBodies: FeedBodies
    let eventValues = EventValues()

    init(
        site: Site, theme: Theme, strings: StringTable, pictures: PictureStore, tree: ContentTree, palette: Palette, assets: SiteAssets,
        addresses: Set<String>
    ) {
        self.site = site
        self.theme = theme
        self.strings = strings
        self.pictures = pictures
        self.tree = tree
        self.palette = palette
        feedBodies = FeedBodies(site: site)
        self.assets = assets
        resolver = LinkResolver(site: site, tree: tree, addresses: addresses)
        contexts = EditionContextMaker(site: site, theme: theme, strings: strings, assets: assets, resolver: resolver, pictures: pictures).contexts()
    }

    // MARK: Rendering a page

    /// A page whose content is known, before its template is filled.
    struct PreparedPage {
        let parts: PageParts
        let header: HeaderCache.Header
        /// A fingerprint of everything the page is made from.
        let key: Fingerprint
    }

    func prepare(_ parts: PageParts) -> PreparedPage {
        let header = parts.isWholeDocument ? .none : header(for: parts)
        return PreparedPage(parts: parts, header: header, key: key(of: parts, header))
    }

    private func key(of parts: PageParts, _ header: HeaderCache.Header) -> Fingerprint {
        let context = contexts[parts.edition]
        var builder = FingerprintBuilder()
        builder.add(theme.digest(of: parts.layout))
        builder.add(Fingerprint(of: .object(parts.context)))
        builder.add(Fingerprint(of: .object(parts.head)))
        builder.add(context.commonDigest)
        if !parts.isWholeDocument {
            builder.add(theme.digest(of: "frame"))
            builder.add(theme.digest(of: "head"))
            builder.add(header.digest)
            builder.add(context.footerDigest)
        }
        return builder.finish()
    }

    func render(_ page: PreparedPage) -> [UInt8] {
        let parts = page.parts
        let context = contexts[parts.edition]
        var values = parts.context
        parts.complete?(&values)
        values["head"] = .object(parts.head)
        let stack = [context.common, .object(values)]
        var output: [UInt8] = []
        output.reserveCapacity(16 << 10)
        if parts.isWholeDocument {
            theme.renderDocument(parts.layout, stack, into: &output)
            return output
        }
        let main = theme.render(parts.layout, stack)
        var head: [UInt8] = []
        theme.renderDocument("head", stack, into: &head)
        let frame: TemplateValue = [
            "head": .html(head), "header": .html(page.header.html), "main": .html(main),
            "footer": .html(context.footer),
        ]
        theme.renderDocument("frame", [context.common, .object(values), frame], into: &output)
        return output
    }

    private func header(for parts: PageParts) -> HeaderCache.Header {
        let context = contexts[parts.edition]
        let place = NavigationPlace(context.navigation, url: parts.url, home: context.urls.home)
        let key = HeaderCache.Key(edition: parts.edition, place: place, languages: parts.languages)
        return headers.header(key) {
            var values: TemplateObject = [
                "nav": .list(navigationValues(context.navigation, place)),
                "has_languages": .bool(parts.languages.count > 1),
                "languages": .list(parts.languages),
            ]
            if let announcement = announcementValue(context) { values["announcement"] = announcement }
            return theme.render("header", [context.common, .object(values)])
        }
    }

    private func navigationValues(_ links: [NavigationLink], _ place: NavigationPlace) -> [TemplateValue] {
        links.enumerated().map { index, link in
            let children = link.children.enumerated().map { childIndex, child -> TemplateValue in
                let isCurrent = place.current == index && place.child == childIndex
                return ["title": .text(child.title), "url": .optional(child.url), "current": .bool(isCurrent), "within": false]
            }
            return [
                "title": .text(link.title), "url": .optional(link.url), "has_children": .bool(!children.isEmpty), "children": .list(children),
                "current": .bool(place.current == index && place.child == nil && place.isExact),
                "within": .bool(place.current == index && (place.child != nil || !place.isExact)),
            ]
        }
    }

    private func announcementValue(_ context: EditionContext) -> TemplateValue? {
        guard let announcement = context.edition.announcement else { return nil }
        var value: TemplateObject = [
            "html": .html(announcement.text[context.edition.language].escapedForHTML), "level": .text(announcement.level),
        ]
        if let url = announcement.url, let target = address(url, from: "site.yaml", context) {
            value["link_url"] = .text(target)
            value["link_text"] = .text(announcement.linkText?[context.edition.language] ?? context.strings("details"))
        }
        if let until = announcement.until {
            let end = until.hasTime ? until.local(in: site.zone) : CivilDateTime(date: until.dateTime.date.adding(days: 1))
            value["until_iso"] = .text(iso(end))
        }
        return .object(value)
    }

    /// An address of the settings, resolved like a link in a page; nil when it leads nowhere.
    func address(_ url: String, from path: String, _ context: EditionContext) -> String? {
        if case .address(let address) = resolver.resolve(url, from: path, in: context.edition) { return address }
        return nil
    }

    // MARK: Dates

    /// With the offset of the site's zone: `2026-09-02T18:00:00-07:00`.
    func iso(_ moment: CivilDateTime) -> String {
        let offset = site.zone.offset(at: site.zone.instant(of: moment))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(25)
        moment.append(to: &bytes, withSeconds: true)
        bytes.append(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        bytes.appendDigits(abs(offset) / 3600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(abs(offset) / 60 % 60, width: 2)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Which item of the navigation a page belongs to.
struct NavigationPlace: Hashable, Sendable {
    var current: Int?
    var child: Int?
    /// The page is the item's own, not one below it.
    var isExact = false

    init(_ links: [NavigationLink], url: String, home: String) {
        var length = 0
        func consider(_ link: NavigationLink, _ index: Int, _ childIndex: Int?) {
            guard let target = link.url, target.utf8.first == UInt8(ascii: "/") else { return }
            let matches = target == url || (target != home && target.hasSuffix("/") && url.hasPrefix(target))
            // Of two items that fit, the longer address; a child before its parent with the same one.
            guard matches, target.utf8.count > length || (target.utf8.count == length && childIndex != nil) else { return }
            length = target.utf8.count
            current = index
            child = childIndex
            isExact = target == url
        }
        for (index, link) in links.enumerated() {
            consider(link, index, nil)
            for (childIndex, item) in link.children.enumerated() { consider(item, index, childIndex) }
        }
        if child != nil, !isExact { isExact = false }
    }
}

/// Headers are the same on most pages of a language, so each is rendered once.
final class HeaderCache: Sendable {
    struct Key: Hashable, Sendable {
        let edition: Int
        let place: NavigationPlace
        let languages: [TemplateValue]
    }

    struct Header: Sendable {
        let html: [UInt8]
        let digest: Fingerprint

        static let none = Header(html: [], digest: Fingerprint(high: 0, low: 0))
    }

    private let headers = Mutex<[Key: Header]>([:])

    func header(_ key: Key, make: () -> [UInt8]) -> Header {
        if let found = headers.withLock({ $0[key] }) { return found }
        let html = make()
        let header = Header(html: html, digest: Fingerprint(of: html))
        headers.withLock { headers in
            // A site in many languages has a header for every page; keeping them all would only cost memory.
            if headers.count > 500 { headers.removeAll(keepingCapacity: true) }
            headers[key] = header
        }
        return header
    }
}
