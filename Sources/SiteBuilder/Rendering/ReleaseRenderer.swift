import Markdown
import Tenancy

/// Knows how each planned file of a release is made.
struct ReleaseRenderer: Sendable {
    let renderer: SiteRenderer
    let plan: ReleasePlan
    let environment: BuildEnvironment
    private let calendar: EventCalendar
    private let feeds = FeedCache()

    init(renderer: SiteRenderer, plan: ReleasePlan, environment: BuildEnvironment) {
        self.renderer = renderer
        self.plan = plan
        self.environment = environment
        calendar = EventCalendar(site: renderer.site)
    }

    private var site: Site { renderer.site }

    func content(of item: ReleasePlan.Item) -> Output.Content {
        switch item.job {
        case .entry(let index, let edition): return .page { renderer.parts(entry: index, edition: edition) }
        case .homeWithoutText(let edition): return .page { renderer.homePartsWithoutText(edition) }
        case .flyer(let index, let edition): return .page { renderer.flyerParts(site.entries[index], edition) }
        case .eventICS(let index, let edition):
            return .bytes { renderer.singleCalendar(site.entries[index], renderer.contexts[edition], cache: environment.timeZoneComponents) }
        case .newsList(let page, let edition): return .page { renderer.newsListParts(edition, page: page) }
        case .tags(let edition): return .page { renderer.tagsParts(edition) }
        case .tag(let tag, let page, let edition): return .page { renderer.tagParts(edition, tag: tag, page: page) }
        case .eventList(let edition): return .page { renderer.eventListParts(edition) }
        case .category(let index, let edition): return .page { renderer.eventListParts(edition, category: site.editions[edition].categories[index]) }
        case .categoryICS(let index, let edition): return .bytes { categoryCalendar(index, edition) }
        case .pastEvents(let year, let edition): return .page { renderer.pastEventsParts(edition, year: year) }
        case .month(let index, let edition): return .page { month(index, edition) }
        case .documents(let edition): return .page { renderer.documentsParts(edition) }
        case .board(let edition): return .page { renderer.boardParts(edition) }
        case .sponsors(let edition): return .page { renderer.sponsorsParts(edition) }
        case .search(let edition): return .page { renderer.searchParts(edition) }
        case .notFound(let edition): return .page { renderer.notFoundParts(edition) }
        case .atom(let edition): return .bytes { feeds.of(edition, renderer).atom() }
        case .jsonFeed(let edition): return .bytes { feeds.of(edition, renderer).json() }
        case .ics(let edition): return .bytes { siteCalendar(edition) }
        case .redirect(let index): return .page { renderer.redirectParts(site.redirects[index]) }
        case .sitemap: return .bytes { sitemap() }
        case .robots: return .bytes { SitemapFiles(site: site).robots(additions: robotsAdditions()) }
        case .redirectList: return .bytes { redirectList() }
        case .copy(let path):
            guard let file = renderer.tree.file(at: path) else { return .bytes { [] } }
            return .copied(input: CopiedFile.identity(of: file)) { (try? CopiedFile.bytes(file, renderer.tree)) ?? [] }
        }
    }

    private func month(_ index: Int, _ edition: Int) -> PageParts {
        let month = plan.months[index]
        return renderer.calendarParts(
            edition, month: month, days: calendar.days(in: month), previous: index > 0 ? plan.months[index - 1] : nil,
            next: index + 1 < plan.months.count ? plan.months[index + 1] : nil)
    }

    private func siteCalendar(_ edition: Int) -> [UInt8] {
        let context = renderer.contexts[edition]
        let name = "\(context.siteName): \(context.strings("calendar_feed"))"
        return renderer.calendar(site.past.reversed() + site.upcoming, context, name: name, path: SitePaths(site: site, edition: context.edition).ics)
    }

    private func categoryCalendar(_ index: Int, _ edition: Int) -> [UInt8] {
        let context = renderer.contexts[edition]
        let category = context.edition.categories[index]
        let events = (site.past.reversed() + site.upcoming).filter { site.entries[$0].event?.categoryKey == category.key }
        let path = SitePaths(site: site, edition: context.edition).categoryICS(category)
        return renderer.calendar(events, context, name: "\(context.siteName): \(category.name)", path: path)
    }

    private func sitemap() -> [UInt8] {
        var extra: [(path: (Site.Edition) -> String, editions: [Site.Edition])] = []
        func add(_ editions: [Site.Edition], _ path: @escaping (SitePaths) -> String) {
            if !editions.isEmpty { extra.append(({ path(SitePaths(site: site, edition: $0)) }, editions)) }
        }
        let all = site.editions
        let first = SitePaths(site: site, edition: all[0])
        if first.hasNews { add(all) { $0.news() } }
        if first.hasEvents { add(all) { $0.events } }
        add(all.filter { !$0.documents.isEmpty }) { $0.documents }
        add(all.filter { SitePaths(site: site, edition: $0).hasBoard }) { $0.board }
        add(all.filter { !$0.sponsors.isEmpty }) { $0.sponsors }
        return SitemapFiles(site: site).sitemap(extraPaths: extra)
    }

    private func robotsAdditions() -> [UInt8] {
        renderer.tree.file(at: "static/robots.txt").flatMap { renderer.tree.read($0, limit: 64 << 10) } ?? []
    }

    /// For servers that answer redirects themselves: `from to 301`.
    private func redirectList() -> [UInt8] {
        Array(site.redirects.map { "\(PathSegment.encoded($0.from)) \($0.to) 301\n" }.joined().utf8)
    }

    // MARK: Search

    /// The files of an edition's search index, and a fingerprint of what they are made from.
    func searchKey(_ edition: Int) -> Fingerprint {
        let context = renderer.contexts[edition]
        var builder = FingerprintBuilder()
        for entry in searchedEntries {
            let source = site.sourcePage(entry, in: context.edition)
            builder.add(source.fingerprint)
            builder.add(source.title)
            builder.add(site.url(entry, in: context.edition))
            builder.add(shownDate(entry).description)
        }
        builder.add(context.edition.language.code)
        for kind in ["kind_news", "kind_event", "kind_page"] { builder.add(context.strings(kind)) }
        return builder.finish()
    }

    func searchFiles(_ edition: Int, offline: Bool = false) -> [SearchFile] {
        let context = renderer.contexts[edition]
        var options = SearchIndexOptions()
        options.offline = offline
        var builder = SearchIndexBuilder(options: options)
        for entry in searchedEntries {
            let source = site.sourcePage(entry, in: context.edition)
            let kind = entry.kind == .news ? "kind_news" : entry.kind == .event ? "kind_event" : "kind_page"
            let date = shownDate(entry)
            let isDated = entry.kind == .news || entry.kind == .event
            let url = site.url(entry, in: context.edition)
            let text = source.document.plainText
            builder.add(
                SearchDocument(
                    url: offline ? url + "index.html" : url, title: source.title, description: renderer.description(source),
                    topics: source.document.headings.map(\.text) + source.frontMatter.tags, kind: context.strings(kind),
                    dateText: isDated ? context.dates.date.text(date) : "", date: isDated ? date.date.description : ""),
                text: text.span)
        }
        return builder.finish()
    }

    private var searchedEntries: [Site.Entry] { site.entries.filter { !SitePaths.listingStems.contains($0.stem) } }

    private func shownDate(_ entry: Site.Entry) -> CivilDateTime { entry.date ?? entry.event?.shown.start ?? .first }
}
