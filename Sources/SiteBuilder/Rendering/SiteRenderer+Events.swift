import StructuredData
import Synchronization
import Tenancy
import Templating

extension SiteRenderer {
    func eventParts(_ entry: Site.Entry, _ edition: Int) -> PageParts {
        let context = contexts[edition]
        var event = eventValue(entry, context)
        guard let facts = entry.event else { return notFoundParts(edition) }
        let source = site.sourcePage(entry, in: context.edition)
        let page = pageValue(entry, context, place: .lead)
        event["description"] = .optional(source.frontMatter.description)
        event["ics_url"] = .text(PathSegment.encoded(SitePaths(site: site, edition: context.edition).ics(entry)))
        if facts.status != .confirmed { event["status_notice"] = .text(context.strings("\(facts.status.rawValue)_notice")) }
        if let capacity = eventFrontMatter(entry, context).capacity {
            event["capacity_text"] = .text(context.strings.plural("capacity_text", capacity))
        }
        if !facts.isPast {
            event["flyer_url"] = .text(PathSegment.encoded(SitePaths(site: site, edition: context.edition).flyer(entry)))
            let links = CalendarLinks(entry: calendarEntry(entry, context), timeZone: site.zone)
            event["google_url"] = .text(links.google)
            event["outlook_url"] = .text(links.outlook)
        }
        let dates = nextDates(facts, context)
        event["has_dates"] = .bool(!dates.isEmpty)
        event["dates"] = .list(dates)
        let related = relatedEvents(to: entry).map { TemplateValue.object(eventValue($0, context)) }
        event["has_related"] = .bool(!related.isEmpty)
        event["related"] = .list(related)
        return PageParts(
            edition: edition, layout: "layouts/event", context: ["page": .object(page), "event": .object(event)],
            head: head(entry, context, type: "article", jsonLD: [eventJSON(entry, facts, source, context)]),
            url: site.url(entry, in: context.edition), languages: languageLinks(entry, context))
    }

    func flyerParts(_ entry: Site.Entry, _ edition: Int) -> PageParts {
        let context = contexts[edition]
        var event = eventValue(entry, context)
        event["description"] = .text(description(site.sourcePage(entry, in: context.edition)))
        let path = site.url(entry, in: context.edition)
        let address = site.origin + path
        let source = site.sourcePage(entry, in: context.edition)
        let picture = leadPicture(source).map {
            TemplateValue.html($0.html(alternative: source.frontMatter.imageAlternative ?? "", place: .body, isLazy: false))
        }
        let title = context.strings("flyer_scan")
        let shown = address.split(separator: "/", maxSplits: 1).last.map { $0.drop { $0 == "/" } } ?? ""
        return PageParts(
            edition: edition, layout: "layouts/flyer",
            context: ["event": .object(event), "page": ["image": picture ?? .none], "url_text": .text(String(shown))],
            head: [
                "title": .text(context.strings("flyer_title", ["title": site.sourcePage(entry, in: context.edition).title])),
                "canonical": .text(address),
            ],
            url: path, isWholeDocument: true,
            complete: { values in
                // The code says nothing that the printed address doesn't, so a flyer without one is still a flyer.
                if let code = try? QRCode(address) { values["qr"] = .html(code.svg(title: title)) }
            })
    }

    /// The front matter that holds what was said in the edition's language; facts that a translation leaves out are the original's.
    func eventFrontMatter(_ entry: Site.Entry, _ context: EditionContext) -> FrontMatter {
        var own = site.sourcePage(entry, in: context.edition).frontMatter
        let original = site.sources[entry.original].frontMatter
        own.location = own.location ?? original.location
        own.address = own.address ?? original.address
        own.signupURL = own.signupURL ?? original.signupURL
        own.capacity = own.capacity ?? original.capacity
        return own
    }

    /// An event as lists show it.
    func eventValue(_ entry: Site.Entry, _ context: EditionContext) -> TemplateObject {
        eventValues.value(EventValues.Key(stem: entry.stem, language: context.edition.language)) { makeEventValue(entry, context) }
    }

    private func makeEventValue(_ entry: Site.Entry, _ context: EditionContext) -> TemplateObject {
        guard let facts = entry.event else { return [:] }
        let source = site.sourcePage(entry, in: context.edition)
        let frontMatter = eventFrontMatter(entry, context)
        let shown = facts.shown
        var value: TemplateObject = [
            "title": .text(source.title), "url": .text(site.url(entry, in: context.edition)),
            "when_text": .text(whenText(shown, facts, context)), "start": momentValue(shown.start, facts, context), "all_day": .bool(facts.isAllDay),
            "past": .bool(facts.isPast), "upcoming": .bool(!facts.isPast && facts.status != .cancelled),
            "status": .text(facts.status == .confirmed ? "" : facts.status.rawValue),
            "location": .optional(frontMatter.location), "address": .optional(frontMatter.address), "signup_url": .optional(frontMatter.signupURL),
            "repeats_text": .optional(repeatsText(facts, context)), "ics_url": .none, "description": .none,
        ]
        if facts.hasEnd { value["end"] = momentValue(shown.end, facts, context) }
        if facts.status != .confirmed { value["status_text"] = .text(context.strings("status_\(facts.status.rawValue)")) }
        if let address = frontMatter.address { value["map_url"] = .text("https://www.openstreetmap.org/search?query=" + Self.queryEncoded(address)) }
        if let category = context.edition.categories.first(where: { $0.key == facts.categoryKey }) {
            value["category"] = [
                "name": .text(category.name), "url": .text(PathSegment.encoded(SitePaths(site: site, edition: context.edition).category(category))),
            ]
        }
        return value
    }

    static func queryEncoded(_ text: String) -> String {
        PathSegment.encoded(text).split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    }

    private func momentValue(_ moment: CivilDateTime, _ facts: EventFacts, _ context: EditionContext) -> TemplateValue {
        let dates = context.dates
        let weekday = moment.date.weekday.rawValue - 1
        let month = moment.date.month - 1
        var value: TemplateObject = [
            "iso": .text(facts.isAllDay ? moment.date.description : iso(moment)), "day": .text(String(moment.date.day)),
            "year": .text(String(moment.date.year)),
            "weekday": .text(dates.weekdays[weekday]), "weekday_short": .text(dates.shortWeekdays[weekday]),
            "month_short": .text(dates.shortMonths[month]),
            "month": .text(dates.monthNames[month]),
        ]
        if !facts.isAllDay { value["time"] = .text(dates.time.text(moment)) }
        return .object(value)
    }

    /// `Thursday, September 10, 2026, 6:30 – 8:00 PM`
    func whenText(_ occurrence: EventFacts.Occurrence, _ facts: EventFacts, _ context: EditionContext) -> String {
        let dates = context.dates
        let first = dates.fullDate.text(occurrence.start)
        let comma = ["zh-Hans", "ko"].contains(context.edition.language.code) ? " " : context.edition.language.code == "ar" ? "، " : ", "
        if facts.isAllDay {
            return occurrence.end.date > occurrence.start.date ? dates.dayRange(occurrence.start.date, occurrence.end.date) : first
        }
        if facts.endsWithDay, occurrence.end.date > occurrence.start.date {
            return DateText.range(first + comma + dates.time.text(occurrence.start), dates.fullDate.text(occurrence.end))
        }
        guard facts.hasEnd, occurrence.end > occurrence.start else { return first + comma + dates.time.text(occurrence.start) }
        if occurrence.end.date == occurrence.start.date { return first + comma + dates.timeRange(occurrence.start, occurrence.end) }
        return DateText.range(
            first + comma + dates.time.text(occurrence.start), dates.fullDate.text(occurrence.end) + comma + dates.time.text(occurrence.end))
    }

    private func nextDates(_ facts: EventFacts, _ context: EditionContext) -> [TemplateValue] {
        guard facts.recurrence != nil, let next = facts.nextIndex else { return [] }
        let upcoming = facts.occurrences[next...].prefix(6)
        guard upcoming.count > 1 else { return [] }
        return upcoming.map {
            ["iso": .text(facts.isAllDay ? $0.start.date.description : iso($0.start)), "text": .text(context.dates.fullDate.text($0.start))]
        }
    }

    /// Up to three others, the next one first: those of the same category, and if they are fewer, whatever comes next.
    private func relatedEvents(to entry: Site.Entry) -> [Site.Entry] {
        var related: [Int] = []
        var others: [Int] = []
        // The list is in order of time, so the first few that fit are the right ones.
        for (place, index) in site.upcoming.enumerated() {
            let other = site.entries[index]
            if other.stem == entry.stem { continue }
            if other.event?.categoryKey != nil, other.event?.categoryKey == entry.event?.categoryKey {
                related.append(place)
                if related.count == 3 { break }
            } else if others.count < 3 {
                others.append(place)
                if entry.event?.categoryKey == nil, others.count == 3 { break }
            }
        }
        return (related + others).prefix(3).sorted().map { site.entries[site.upcoming[$0]] }
    }

    private func repeatsText(_ facts: EventFacts, _ context: EditionContext) -> String? {
        guard let recurrence = facts.recurrence else { return nil }
        return RecurrenceText(strings: context.strings, dates: context.dates).text(recurrence.summary(from: facts.start.date))
    }

    // MARK: Calendars

    /// The event as a calendar program gets it.
    func calendarEntry(_ entry: Site.Entry, _ context: EditionContext) -> CalendarEntry {
        let source = site.sourcePage(entry, in: context.edition)
        let frontMatter = eventFrontMatter(entry, context)
        let original = site.sources[entry.original].frontMatter
        let facts = entry.event
        let changed = original.updated ?? original.date
        let start = facts?.start ?? .first
        let title =
            facts?.status == .postponed || facts?.status == .cancelled
            ? "\(context.strings("status_\(facts?.status.rawValue ?? "")")): \(source.title)" : source.title
        return CalendarEntry(
            uid: "\(entry.stem)@\(site.slug).marquee",
            stamp: changed?.instant(in: site.zone) ?? site.zone.instant(of: CivilDateTime(date: start.date.adding(days: -60))),
            sequence: sequence(original, facts), start: start, end: facts?.hasEnd == true ? facts?.end : nil, allDay: facts?.isAllDay ?? false,
            recurrence: facts?.recurrence, excluded: facts?.excluded ?? [], summary: title, description: description(source),
            location: [frontMatter.location, frontMatter.address].compactMap { $0 }.joined(separator: ", "),
            url: site.origin + site.url(entry, in: context.edition),
            status: facts.map { CalendarEntry.Status($0.status) } ?? .confirmed,
            categories: context.edition.categories.first { $0.key == facts?.categoryKey }.map { [$0.name] } ?? [])
    }

    /// Grows with every change: what the editor wrote, else the days from 2020 to the last update, else 1 for an event that was called off.
    private func sequence(_ frontMatter: FrontMatter, _ facts: EventFacts?) -> Int {
        if let sequence = frontMatter.sequence { return max(0, sequence) }
        if let updated = frontMatter.updated { return max(0, updated.local(in: site.zone).date.dayNumber - 18_262) }
        return facts?.status == .cancelled || facts?.status == .postponed ? 1 : 0
    }

    func calendar(_ indices: [Int], _ context: EditionContext, name: String, path: String) -> [UInt8] {
        CalendarFeed(
            name: name, language: context.edition.language.code, timeZone: site.zone, url: site.origin + PathSegment.encoded(path),
            entries: indices.map { calendarEntry(site.entries[$0], context) }
        ).write()
    }

    func singleCalendar(_ entry: Site.Entry, _ context: EditionContext, cache: TimeZoneComponentCache) -> [UInt8] {
        let entries = [calendarEntry(entry, context)]
        return CalendarFeed(language: context.edition.language.code, timeZone: site.zone, entries: entries)
            .write(timeZoneComponent: cache.component(site.zone, entries))
    }

    private func eventJSON(_ entry: Site.Entry, _ facts: EventFacts, _ source: SourcePage, _ context: EditionContext) -> JSONValue {
        let shown = facts.shown
        let frontMatter = eventFrontMatter(entry, context)
        var event: [(String, JSONValue)] = [("@context", .text("https://schema.org")), ("@type", .text("Event"))]
        event.add("name", source.title)
        event.add("description", description(source))
        event.append(("startDate", .text(facts.isAllDay ? shown.start.date.description : iso(shown.start))))
        if facts.hasEnd { event.append(("endDate", .text(facts.isAllDay ? shown.end.date.description : iso(shown.end)))) }
        let status = facts.status == .cancelled ? "EventCancelled" : facts.status == .postponed ? "EventPostponed" : "EventScheduled"
        event.append(("eventStatus", .text("https://schema.org/\(status)")))
        event.append(("eventAttendanceMode", .text("https://schema.org/OfflineEventAttendanceMode")))
        var place: [(String, JSONValue)] = [("@type", .text("Place"))]
        place.add("name", frontMatter.location ?? site.settings.school.name?[context.edition.language])
        place.add("address", frontMatter.address ?? site.settings.school.address)
        event.append(("location", .object(place)))
        event.append(("organizer", organization(context, isShort: true)))
        event.append(("url", .text(site.origin + site.url(entry, in: context.edition))))
        if let image = leadPicture(source)?.largest { event.append(("image", .text(site.origin + image.url))) }
        return .object(event)
    }
}

/// Events as lists show them. An event stands in several lists and on the pages of its neighbours.
final class EventValues: Sendable {
    struct Key: Hashable {
        let stem: String
        let language: Language
    }

    private let values = Mutex<[Key: TemplateObject]>([:])

    func value(_ key: Key, make: () -> TemplateObject) -> TemplateObject {
        if let known = values.withLock({ $0[key] }) { return known }
        let made = make()
        values.withLock { $0[key] = made }
        return made
    }
}

extension CalendarEntry.Status {
    init(_ status: EventStatus) {
        self =
            switch status {
            case .confirmed: .confirmed
            case .tentative: .tentative
            case .postponed: .postponed
            case .cancelled: .cancelled
            }
    }
}
