import Tenancy

/// The addresses of generated pages, in one place: lists, calendars, feeds. Decoded, from the root of the host.
struct SitePaths {
    static let newsPerPage = 12
    static let entriesPerTagPage = 20
    /// Pages that editors may write an introduction for, and the generator fills.
    static let listingStems: Set<String> = [
        "news/index", "news", "events/index", "events", "documents", "documents/index", "board", "sponsors", "search", "tags",
    ]

    let site: Site
    let edition: Site.Edition

    private var prefix: String { edition.prefix }

    var home: String { prefix + "/" }
    var search: String { prefix + "/search/" }
    var tags: String { prefix + "/tags/" }
    var events: String { prefix + "/events/" }
    var documents: String { prefix + "/documents/" }
    var board: String { prefix + "/board/" }
    var sponsors: String { prefix + "/sponsors/" }
    var atom: String { prefix + "/news/feed.xml" }
    var jsonFeed: String { prefix + "/news/feed.json" }
    var ics: String { prefix + "/events/calendar.ics" }
    var notFound: String { prefix + "/404.html" }
    var searchIndex: String { "/search/\(edition.language.code)/index.json" }

    func news(page: Int = 1) -> String { page == 1 ? prefix + "/news/" : prefix + "/news/page/\(page)/" }
    func tag(_ tag: Site.Tag, page: Int = 1) -> String { prefix + "/tags/\(tag.path)/" + (page == 1 ? "" : "page/\(page)/") }
    func category(_ category: Site.Category) -> String { prefix + "/events/category/\(category.key)/" }
    func categoryICS(_ category: Site.Category) -> String { prefix + "/events/category/\(category.key)/calendar.ics" }
    func past(_ year: SchoolYear) -> String { prefix + "/events/past/\(year.path)/" }
    func flyer(_ entry: Site.Entry) -> String { prefix + entry.path + "flyer/" }
    func ics(_ entry: Site.Entry) -> String { prefix + entry.path + (entry.path.split(separator: "/").last ?? "event") + ".ics" }

    func month(_ month: CivilDate) -> String {
        prefix + "/events/\(month.year)/" + (month.month < 10 ? "0" : "") + "\(month.month)/"
    }

    var hasNews: Bool { !site.news.isEmpty }
    var hasEvents: Bool { !site.upcoming.isEmpty || !site.past.isEmpty }
    var hasBoard: Bool { !edition.board.officers.isEmpty || !edition.board.committees.isEmpty }

    /// The months that have a calendar page, in order: all with events, and the current one.
    var months: [CivilDate] {
        guard hasEvents else { return [] }
        var months: Set<CivilDate> = [site.now.date.firstOfMonth]
        for index in site.upcoming + site.past {
            for occurrence in site.entries[index].event?.occurrences ?? [] {
                months.insert(occurrence.start.date.firstOfMonth)
                if occurrence.end.date.firstOfMonth != occurrence.start.date.firstOfMonth { months.insert(occurrence.end.date.firstOfMonth) }
            }
        }
        return months.sorted()
    }

    /// School years with events that are over, the latest first.
    var pastYears: [SchoolYear] {
        Set(site.past.compactMap { site.entries[$0].event }.map { site.schoolYear(of: $0.shown.start.date) }).sorted(by: >)
    }

    func urls(origin: String) -> SiteURLs {
        func encoded(_ path: String) -> String { PathSegment.encoded(path) }
        func page(_ stems: [String]) -> String? {
            stems.compactMap { site.entryByStem[$0] }.first.map { site.url(site.entries[$0], in: edition) }
        }
        var urls = SiteURLs(home: encoded(home), search: encoded(search))
        if hasNews {
            urls.news = encoded(news())
            urls.atom = encoded(atom)
            urls.jsonFeed = encoded(jsonFeed)
        }
        if hasEvents {
            urls.events = encoded(events)
            urls.calendar = encoded(month(site.now.date.firstOfMonth))
            urls.pastEvents = pastYears.first.map { encoded(past($0)) }
            urls.ics = encoded(ics)
            let host = origin.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
            urls.webcal = "webcal:/" + host + encoded(ics)
        }
        if !edition.documents.isEmpty { urls.documents = encoded(documents) }
        if hasBoard { urls.board = encoded(board) }
        if !edition.sponsors.isEmpty { urls.sponsors = encoded(sponsors) }
        if !edition.tags.isEmpty { urls.tags = encoded(tags) }
        urls.contact = page(["contact"])
        urls.privacy = page(["privacy", "privacy-policy", "about/privacy"])
        return urls
    }
}
