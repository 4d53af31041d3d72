import StructuredData
import Tenancy
import Templating

/// Generated pages: lists of news, topics and events, calendars, documents, board, sponsors, search, 404.
extension SiteRenderer {
    private func paths(_ edition: Int) -> SitePaths { SitePaths(site: site, edition: contexts[edition].edition) }

    /// A generated page. An editor's page at the same address gives it title, description and introduction.
    private func listing(
        _ edition: Int, layout: String, path: (SitePaths) -> String, stems: [String] = [], title: String, description: String? = nil,
        crumbs: [(title: String, url: String)] = [], isIndexed: Bool = true, previous: String? = nil, next: String? = nil,
        exists: (Site.Edition) -> Bool = { _ in true }, values: TemplateObject
    ) -> PageParts {
        let context = contexts[edition]
        let own = stems.compactMap { site.entryByStem[$0] }.first.map { site.entries[$0] }
        var page: TemplateObject = [:]
        if let own {
            page = pageValue(own, context, place: .lead)
            page["has_breadcrumbs"] = false
            page["has_toc"] = false
        }
        let source = own.map { site.sourcePage($0, in: context.edition) }
        let title = source?.title ?? title
        let description = source?.frontMatter.description ?? description
        page["title"] = .text(title)
        page["description"] = .optional(description)
        let url = PathSegment.encoded(path(paths(edition)))
        page["url"] = .text(url)
        if !crumbs.isEmpty {
            page["has_breadcrumbs"] = true
            page["breadcrumbs"] = .list(crumbs.map { ["title": .text($0.title), "url": .text($0.url)] })
        }
        var values = values
        values["page"] = .object(page)
        let editions = site.editions.filter(exists)
        var alternates: [TemplateValue] = []
        if isIndexed, editions.count > 1, let first = editions.first {
            func address(_ edition: Site.Edition) -> String { site.origin + PathSegment.encoded(path(SitePaths(site: site, edition: edition))) }
            alternates = editions.map { ["code": .text($0.language.code), "url": .text(address($0))] }
            alternates.append(["code": "x-default", "url": .text(address(first))])
        }
        var head = head(title: title, description: description, canonical: site.origin + url, context, alternates: alternates, isIndexed: isIndexed)
        head["previous_url"] = .optional(previous)
        head["next_url"] = .optional(next)
        return PageParts(
            edition: edition, layout: layout, context: values, head: head, url: url,
            languages: languageLinks(
                context,
                url: { edition in
                    let paths = SitePaths(site: site, edition: edition)
                    return PathSegment.encoded(exists(edition) ? path(paths) : paths.home)
                }))
    }

    private func home(_ context: EditionContext) -> (title: String, url: String) { (context.strings("home"), context.urls.home) }

    // MARK: News and topics

    func newsListParts(_ edition: Int, page: Int) -> PageParts {
        let context = contexts[edition]
        let pageCount = PageCount.of(site.news.count, per: SitePaths.newsPerPage)
        let items = site.news.dropFirst((page - 1) * SitePaths.newsPerPage).prefix(SitePaths.newsPerPage).map { newsItem(site.entries[$0], context) }
        let paths = paths(edition)
        func url(_ number: Int) -> String { PathSegment.encoded(paths.news(page: number)) }
        return listing(
            edition, layout: "layouts/news-list", path: { $0.news(page: page) }, stems: page == 1 ? ["news/index", "news"] : [],
            title: page == 1 ? context.strings("news") : context.strings("news_page_title", ["n": String(page)]),
            crumbs: page == 1 ? [] : [home(context), (context.strings("news"), url(1))],
            previous: page > 1 ? url(page - 1) : nil, next: page < pageCount ? url(page + 1) : nil,
            values: ["has_items": .bool(!items.isEmpty), "items": .list(items), "pagination": pagination(page, pageCount, context, url)])
    }

    /// A post, event or page as a card.
    func newsItem(_ entry: Site.Entry, _ context: EditionContext, showsKind: Bool = false) -> TemplateValue {
        let (index, isFallback) = site.source(entry, in: context.edition)
        let source = site.sources[index]
        var item: TemplateObject = [
            "title": .text(source.title), "url": .text(site.url(entry, in: context.edition)), "excerpt": .optional(description(source)),
            "image": .none,
            "lang": .none, "kind_text": .none, "date": .none,
        ]
        if let date = entry.date ?? entry.event?.shown.start { item["date"] = dateValue(CivilDateTime(date: date.date), context) }
        if let picture = leadPicture(source) { item["image"] = .html(picture.html(alternative: "", place: .card, isLazy: true)) }
        if isFallback { item["lang"] = .text(site.language(ofSource: index).code) }
        if showsKind {
            item["kind_text"] = .text(context.strings(entry.kind == .news ? "kind_news" : entry.kind == .event ? "kind_event" : "kind_page"))
        }
        return .object(item)
    }

    func tagParts(_ edition: Int, tag number: Int, page: Int) -> PageParts {
        let context = contexts[edition]
        let tag = context.edition.tags[number]
        let pageCount = PageCount.of(tag.entries.count, per: SitePaths.entriesPerTagPage)
        let entries = tag.entries.dropFirst((page - 1) * SitePaths.entriesPerTagPage).prefix(SitePaths.entriesPerTagPage)
        let paths = paths(edition)
        func url(_ number: Int) -> String { PathSegment.encoded(paths.tag(tag, page: number)) }
        var parts = listing(
            edition, layout: "layouts/tag", path: { $0.tag(tag, page: page) }, title: context.strings("tag_title", ["tag": tag.name]),
            crumbs: [home(context), (context.strings("tags_title"), PathSegment.encoded(paths.tags))], isIndexed: page == 1,
            previous: page > 1 ? url(page - 1) : nil, next: page < pageCount ? url(page + 1) : nil,
            values: [
                "tag": ["name": .text(tag.name), "count_text": .text(context.strings.plural("tag_count", tag.entries.count))],
                "items": .list(entries.map { newsItem(site.entries[$0], context, showsKind: true) }),
                "pagination": pagination(page, pageCount, context, url),
            ])
        parts.head["alternates"] = TemplateValue.none
        // Topics have other names in other languages: the switch leads to the list of topics there.
        parts.languages = languageLinks(
            context,
            url: {
                $0.tags.contains { $0.path == tag.path }
                    ? PathSegment.encoded(SitePaths(site: site, edition: $0).tag(tag)) : PathSegment.encoded(SitePaths(site: site, edition: $0).tags)
            })
        return parts
    }

    func tagsParts(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        let paths = paths(edition)
        let tags = context.edition.tags.map { tag -> TemplateValue in
            ["name": .text(tag.name), "url": .text(PathSegment.encoded(paths.tag(tag))), "count": .text(String(tag.entries.count))]
        }
        return listing(
            edition, layout: "layouts/tags", path: { $0.tags }, stems: ["tags"], title: context.strings("tags_title"), values: ["tags": .list(tags)])
    }

    private func pagination(_ page: Int, _ count: Int, _ context: EditionContext, _ url: (Int) -> String) -> TemplateValue {
        guard count > 1 else { return .none }
        var pages: [TemplateValue] = []
        var last = 0
        for number in 1...count where number == 1 || number == count || abs(number - page) <= 2 {
            if number > last + 1 { pages.append(["gap": true]) }
            pages.append([
                "number": .text(String(number)), "url": .text(url(number)), "label": .text(context.strings("page_n", ["n": String(number)])),
                "current": .bool(number == page), "gap": false,
            ])
            last = number
        }
        return [
            "previous_url": page > 1 ? .text(url(page - 1)) : .none, "next_url": page < count ? .text(url(page + 1)) : .none, "pages": .list(pages),
        ]
    }

    // MARK: Events

    private func views(_ current: String, _ context: EditionContext) -> TemplateValue {
        .list(
            [("view_list", context.urls.events), ("view_calendar", context.urls.calendar), ("view_past", context.urls.pastEvents)].compactMap {
                key, url in
                url.map { ["title": .text(context.strings(key)), "url": .text($0), "current": .bool(key == current)] }
            })
    }

    private func subscribe(_ path: String, _ context: EditionContext) -> TemplateValue {
        let url = PathSegment.encoded(path)
        let host = site.origin.split(separator: "/", maxSplits: 1).last ?? ""
        return ["ics_url": .text(url), "webcal_url": .text("webcal:/\(host)\(url)")]
    }

    /// Upcoming events, all or of one category.
    func eventListParts(_ edition: Int, category: Site.Category? = nil) -> PageParts {
        let context = contexts[edition]
        let paths = paths(edition)
        let entries = site.upcoming.map { site.entries[$0] }.filter { category == nil || $0.event?.categoryKey == category?.key }
        var links: [TemplateValue] = [
            ["name": .text(context.strings("all_categories")), "url": .text(PathSegment.encoded(paths.events)), "current": .bool(category == nil)]
        ]
        links += context.edition.categories.map {
            ["name": .text($0.name), "url": .text(PathSegment.encoded(paths.category($0))), "current": .bool($0.key == category?.key)]
        }
        let groups = monthGroups(Array(entries.prefix(Self.longestEventList)), context)
        return listing(
            edition, layout: "layouts/event-list", path: { paths in category.map { paths.category($0) } ?? paths.events },
            stems: category == nil ? ["events/index", "events"] : [],
            title: category.map { context.strings("category_title", ["category": $0.name]) } ?? context.strings("events"),
            crumbs: category == nil ? [] : [home(context), (context.strings("events"), PathSegment.encoded(paths.events))],
            values: [
                "views": views(category == nil ? "view_list" : "", context), "has_categories": .bool(links.count > 1), "categories": .list(links),
                "has_groups": .bool(!groups.isEmpty), "groups": .list(groups),
                "subscribe": subscribe(category.map { paths.categoryICS($0) } ?? paths.ics, context),
            ])
    }

    /// More than anybody reads; what comes later is in the month pages.
    private static let longestEventList = 200

    private func monthGroups(_ entries: [Site.Entry], _ context: EditionContext) -> [TemplateValue] {
        var groups: [(month: CivilDate, items: [TemplateValue])] = []
        for entry in entries {
            guard let month = entry.event?.shown.start.date.firstOfMonth else { continue }
            let item = TemplateValue.object(eventValue(entry, context))
            if groups.last?.month == month { groups[groups.count - 1].items.append(item) } else { groups.append((month, [item])) }
        }
        return groups.map { ["title": .text(context.dates.month.text($0.month)), "items": .list($0.items)] }
    }

    func pastEventsParts(_ edition: Int, year: SchoolYear) -> PageParts {
        let context = contexts[edition]
        let paths = paths(edition)
        let entries = site.past.map { site.entries[$0] }.filter { ($0.event?.shown.start.date).map { site.schoolYear(of: $0) } == year }
        let years = paths.pastYears.map { other -> TemplateValue in
            ["title": .text(other.text), "url": .text(PathSegment.encoded(paths.past(other))), "current": .bool(other == year)]
        }
        let groups = monthGroups(entries, context)
        return listing(
            edition, layout: "layouts/past-events", path: { $0.past(year) }, title: context.strings("past_events_title", ["year": year.text]),
            crumbs: [home(context), (context.strings("events"), PathSegment.encoded(paths.events))],
            values: ["views": views("view_past", context), "years": .list(years), "has_groups": .bool(!groups.isEmpty), "groups": .list(groups)])
    }

    func calendarParts(_ edition: Int, month: CivilDate, days: [CivilDate: [CalendarDayEvent]], previous: CivilDate?, next: CivilDate?) -> PageParts {
        let context = contexts[edition]
        let paths = paths(edition)
        // American calendars begin on Sunday.
        let weekdays: [Weekday] = [.sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday]
        var weeks: [TemplateValue] = []
        let first = month.startOfWeek(.sunday)
        // Six weeks hold every month. Days are counted, because a calendar has a last day that none comes after.
        for number in 0..<6 {
            let start = first.adding(days: 7 * number)
            guard start <= month.lastOfMonth, number == 0 || start > first else { break }
            let week = (0..<7).map { dayValue(start.adding(days: $0), month: month, days, context) }
            weeks.append(["days": .list(week)])
        }
        func link(_ month: CivilDate?) -> TemplateValue {
            month.map { ["url": .text(PathSegment.encoded(paths.month($0))), "title": .text(context.dates.month.text($0))] } ?? .none
        }
        let title = context.dates.month.text(month)
        let calendar: TemplateValue = [
            "title": .text(title), "empty": .bool(days.isEmpty), "weeks": .list(weeks), "previous": link(previous), "next": link(next),
            "weekdays": .list(
                weekdays.map {
                    ["short": .text(context.dates.shortWeekdays[$0.rawValue - 1]), "long": .text(context.dates.weekdays[$0.rawValue - 1])]
                }),
        ]
        return listing(
            edition, layout: "layouts/calendar", path: { $0.month(month) }, title: context.strings("calendar_title", ["month": title]),
            crumbs: [home(context), (context.strings("events"), PathSegment.encoded(paths.events))],
            values: ["views": views("view_calendar", context), "calendar": calendar, "subscribe": subscribe(paths.ics, context)])
    }

    private func dayValue(_ day: CivilDate, month: CivilDate, _ days: [CivilDate: [CalendarDayEvent]], _ context: EditionContext) -> TemplateValue {
        let isOutside = day.firstOfMonth != month
        let events =
            isOutside
            ? []
            : (days[day] ?? []).map { item -> TemplateValue in
                let entry = site.entries[item.entry]
                let facts = entry.event
                let isFirstDay = item.occurrence.start.date == day
                let status = facts.map { $0.status == .confirmed ? "" : $0.status.rawValue } ?? ""
                return [
                    "title": .text(site.sourcePage(entry, in: context.edition).title), "url": .text(site.url(entry, in: context.edition)),
                    "time_text": .text(facts?.isAllDay == false && isFirstDay ? context.dates.time.text(item.occurrence.start) : ""),
                    "status": .text(status),
                    "status_text": status.isEmpty ? .none : .text(context.strings("status_\(status)")),
                ]
            }
        return [
            "day": .text(String(day.day)), "iso": .text(day.description), "outside": .bool(isOutside), "has_events": .bool(!events.isEmpty),
            "label": events.isEmpty ? .none : .text(context.dates.fullDate.text(day)), "events": .list(events),
        ]
    }

    // MARK: Documents, board, sponsors

    func documentsParts(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        var groups: [(year: String, items: [TemplateValue])] = []
        for entry in sortedDocuments(context.edition) {
            let year = schoolYear(of: entry, context)
            let item = documentValue(entry, context)
            if let position = groups.firstIndex(where: { $0.year == year }) {
                groups[position].items.append(item)
            } else {
                groups.append((year, [item]))
            }
        }
        return listing(
            edition, layout: "layouts/documents", path: { $0.documents }, stems: ["documents", "documents/index"],
            title: context.strings("documents"),
            exists: { !$0.documents.isEmpty },
            values: ["has_groups": .bool(!groups.isEmpty), "groups": .list(groups.map { ["year": .text($0.year), "items": .list($0.items)] })])
    }

    /// Newest first; what has no date is always valid and comes last.
    private func sortedDocuments(_ edition: Site.Edition) -> [DocumentEntry] {
        edition.documents.sorted { left, right in
            let dates = [left, right].map { $0.date?.local(in: site.zone) ?? .first }
            return dates[0] == dates[1] ? left.title < right.title : dates[0] > dates[1]
        }
    }

    private func schoolYear(of entry: DocumentEntry, _ context: EditionContext) -> String {
        entry.schoolYear ?? entry.date.map { site.schoolYear(of: $0.local(in: site.zone).date).text } ?? context.strings("undated")
    }

    private func documentValue(_ entry: DocumentEntry, _ context: EditionContext) -> TemplateValue {
        let type = entry.file.split(separator: ".").last.map { $0.uppercased() } ?? ""
        return [
            "title": .text(entry.title), "url": .text(PathSegment.encoded("/documents/\(entry.file)")), "description": .optional(entry.description),
            "date": entry.date.map { dateValue($0.local(in: site.zone), context) } ?? .none, "type": .text(type),
            "size_text": .text(FileSize.text(entry.size)),
        ]
    }

    func boardParts(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        return listing(
            edition, layout: "layouts/board", path: { $0.board }, stems: ["board"], title: context.strings("board_title"),
            exists: { SitePaths(site: site, edition: $0).hasBoard },
            values: ["board": boardValue(context)])
    }

    func boardValue(_ context: EditionContext) -> TemplateValue {
        let board = context.edition.board
        let officers = board.officers.map { officer -> TemplateValue in
            [
                "role": .text(officer.role), "name": .optional(officer.name), "email": .optional(officer.email), "note": .optional(officer.note),
                "vacant": .bool(officer.isVacant), "term_text": officer.term.map { .text(context.strings("term_text", ["term": $0])) } ?? .none,
            ]
        }
        let recurrence = RecurrenceText(strings: context.strings, dates: context.dates)
        let committees = board.committees.map { committee -> TemplateValue in
            [
                "name": .text(committee.name), "description": .optional(committee.description), "email": .optional(committee.email),
                "vacant": .bool(committee.isVacant), "chairs_text": .optional(recurrence.joined(committee.chairs)),
            ]
        }
        return [
            "term": .optional(board.term), "has_officers": .bool(!officers.isEmpty), "officers": .list(officers),
            "has_committees": .bool(!committees.isEmpty),
            "committees": .list(committees),
        ]
    }

    func sponsorsParts(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        var groups: [(level: String, items: [TemplateValue])] = []
        for sponsor in context.edition.sponsors {
            let level = sponsor.level ?? ""
            let item = sponsorValue(sponsor)
            if let position = groups.firstIndex(where: { $0.level == level }) {
                groups[position].items.append(item)
            } else {
                groups.append((level, [item]))
            }
        }
        return listing(
            edition, layout: "layouts/sponsors", path: { $0.sponsors }, stems: ["sponsors"], title: context.strings("sponsors"),
            exists: { !$0.sponsors.isEmpty },
            values: ["has_groups": .bool(!groups.isEmpty), "groups": .list(groups.map { ["level": .text($0.level), "items": .list($0.items)] })])
    }

    func sponsorValue(_ sponsor: Sponsor) -> TemplateValue {
        var logo: TemplateValue = .none
        if let path = sponsor.logo?.path, case .published(let picture) = pictures.picture(path, isLogo: true) {
            logo = .html(picture.html(alternative: "", place: .logo, isLazy: true))
        }
        return ["name": .text(sponsor.name), "url": .optional(sponsor.url), "logo": logo, "note": .optional(sponsor.note)]
    }

    func newestDocuments(_ context: EditionContext) -> [TemplateValue] {
        sortedDocuments(context.edition).prefix(4).map { documentValue($0, context) }
    }

    // MARK: Search and 404

    func searchParts(_ edition: Int) -> PageParts {
        let context = contexts[edition]
        func items(_ indices: some Sequence<Int>) -> [TemplateValue] {
            indices.map { site.entries[$0] }.map {
                ["title": .text(site.sourcePage($0, in: context.edition).title), "url": .text(site.url($0, in: context.edition))]
            }
        }
        // Readers without script get the whole list, up to a length that a phone can show.
        let pages = site.pages.filter { !SitePaths.listingStems.contains(site.entries[$0].stem) }
        let groups: [(String, [TemplateValue])] = [
            (context.strings("pages"), items(pages.prefix(300))), (context.strings("events"), items(site.upcoming.prefix(100))),
            (context.strings("news"), items(site.news.prefix(100))),
        ]
        let search: TemplateValue = [
            "index_url": .text(paths(edition).searchIndex),
            "counts": .list(context.strings.pluralForms("search_count").map { ["category": .text($0.category), "text": .text($0.text)] }),
        ]
        return listing(
            edition, layout: "layouts/search", path: { $0.search }, stems: ["search"], title: context.strings("search_title"), isIndexed: false,
            values: [
                "search": search, "groups": .list(groups.filter { !$0.1.isEmpty }.map { ["title": .text($0.0), "items": .list($0.1)] }),
            ])
    }

    func notFoundParts(_ edition: Int) -> PageParts {
        var parts = listing(
            edition, layout: "layouts/not-found", path: { $0.notFound }, title: contexts[edition].strings("not_found_title"), isIndexed: false,
            values: [:])
        // It is shown at every address, so it has none of its own.
        parts.head["canonical"] = TemplateValue.none
        return parts
    }

    func redirectParts(_ redirect: Site.Redirect) -> PageParts {
        PageParts(
            edition: 0, layout: "layouts/redirect",
            context: ["redirect": ["url": .text(redirect.to), "canonical": .text(site.origin + redirect.to)]],
            url: redirect.from, isWholeDocument: true)
    }
}

enum PageCount {
    static func of(_ items: Int, per page: Int) -> Int { max(1, (items + page - 1) / page) }
}

enum FileSize {
    /// `240 kB`, in steps a person reads; units are the same in all our languages.
    static func text(_ bytes: Int) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
