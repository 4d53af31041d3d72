package import Tenancy

extension CalendarFeed {
    /// The feed as RFC 5545 and RFC 7986 have it. The same feed gives the same bytes.
    ///
    /// There is no METHOD: PUBLISH would ask for an ORGANIZER, which is a person's address.
    ///
    /// - Parameter timeZoneComponent: What `timeZoneComponent(of:covering:)` returned for these entries or for more; nil to make it now. It
    ///   costs more than an event, so whoever writes many files makes it once.
    package func write(timeZoneComponent: [UInt8]? = nil) -> [UInt8] {
        var writer = ICalendarWriter(capacity: 2048 + entries.count * 768)
        writer.line("BEGIN:VCALENDAR")
        writer.line("VERSION:2.0")
        writer.line("PRODID:-//Marquee//Marquee//EN")
        writer.line("CALSCALE:GREGORIAN")
        if let name {
            writer.text("NAME", name, language: language)
            writer.text("X-WR-CALNAME", name)
            writer.line("X-WR-TIMEZONE:" + ICalendarWriter.parameterValue(timeZone.identifier))
        }
        if let url {
            writer.line("REFRESH-INTERVAL;VALUE=DURATION:PT12H")
            writer.line("X-PUBLISHED-TTL:PT12H")
            writer.uri("SOURCE;VALUE=URI", url)
        }
        writer.append(timeZoneComponent ?? Self.timeZoneComponent(of: timeZone, covering: entries))
        let times = TimeFormat(zone: timeZone)
        for entry in entries { append(entry, times, to: &writer) }
        writer.line("END:VCALENDAR")
        return writer.bytes
    }

    /// The VTIMEZONE that the entries need; empty if they need none.
    package static func timeZoneComponent(of zone: TimeZoneRules, covering entries: [CalendarEntry]) -> [UInt8] {
        let timed = entries.filter { !$0.allDay }
        guard !zone.isWrittenAsUTC, let first = timed.map(\.start.date.year).min() else { return [] }
        let last = timed.map { $0.lastYear(in: zone) }.max() ?? first
        // New Year's Eve of one zone is New Year's Day of another.
        return zone.iCalendarComponent(years: max(first - 1, 1)...min(max(last, first) + 1, 9999))
    }

    private func append(_ entry: CalendarEntry, _ times: TimeFormat, to writer: inout ICalendarWriter) {
        writer.line("BEGIN:VEVENT")
        writer.text("UID", entry.uid)
        // Without a METHOD, DTSTAMP is when the event was last changed (RFC 5545, section 3.8.7.2).
        writer.line("DTSTAMP:") { entry.stamp.appendBasic(to: &$0) }
        writer.line("LAST-MODIFIED:") { entry.stamp.appendBasic(to: &$0) }
        writer.line("SEQUENCE:") { $0.append(contentsOf: String(max(entry.sequence, 0)).utf8) }
        appendTimes(of: entry, times, to: &writer)
        writer.text("SUMMARY", entry.summary, language: language)
        if let description = entry.description, !description.isEmpty { writer.text("DESCRIPTION", description, language: language) }
        if let location = entry.location, !location.isEmpty { writer.text("LOCATION", location, language: language) }
        if let url = entry.url { writer.uri("URL", url) }
        writer.line(entry.status.line)
        // A day off school does not make a parent busy.
        writer.line(entry.allDay ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE")
        if !entry.categories.isEmpty { writer.textList("CATEGORIES", entry.categories, language: language) }
        writer.line("END:VEVENT")
    }

    private func appendTimes(of entry: CalendarEntry, _ times: TimeFormat, to writer: inout ICalendarWriter) {
        if entry.allDay {
            writer.line("DTSTART;VALUE=DATE:") { entry.start.date.appendBasic(to: &$0) }
            writer.line("DTEND;VALUE=DATE:") { entry.dayAfter.appendBasic(to: &$0) }
        } else {
            writer.line("DTSTART" + times.head) { times.append(entry.start, to: &$0) }
            if let end = entry.timedEnd { writer.line("DTEND" + times.head) { times.append(end, to: &$0) } }
        }
        guard let rule = entry.writtenRecurrence(in: timeZone) else { return }
        writer.line("RRULE:" + rule.description)
        // One line each: not every program reads a list.
        for day in entry.excluded.sorted() {
            if entry.allDay {
                writer.line("EXDATE;VALUE=DATE:") { day.appendBasic(to: &$0) }
            } else {
                writer.line("EXDATE" + times.head) { times.append(CivilDateTime(date: day, secondOfDay: entry.start.secondOfDay), to: &$0) }
            }
        }
    }

    /// How a time of the zone is written: with a TZID, or in UTC with a Z.
    private struct TimeFormat {
        let head: String
        let isUTC: Bool

        init(zone: TimeZoneRules) {
            isUTC = zone.isWrittenAsUTC
            head = isUTC ? ":" : ";TZID=\(ICalendarWriter.parameterValue(zone.identifier)):"
        }

        func append(_ time: CivilDateTime, to bytes: inout [UInt8]) {
            time.appendBasic(to: &bytes)
            if isUTC { bytes.append(UInt8(ascii: "Z")) }
        }
    }
}

extension CalendarEntry {
    /// The year after which no occurrence needs the rules of the zone.
    fileprivate func lastYear(in zone: TimeZoneRules) -> Int {
        let endYear = (end ?? start).date.year
        guard let recurrence else { return endYear }
        guard case .until(let until) = recurrence.end else { return TimeZoneRules.lastCalendarYear }
        return switch until {
        case .date(let date): max(date.year, endYear)
        case .local(let local): max(local.date.year, endYear)
        case .utc(let instant): max(zone.local(instant).date.year, endYear)
        }
    }
}

extension CalendarEntry.Status {
    fileprivate var line: String {
        switch self {
        case .confirmed: "STATUS:CONFIRMED"
        case .tentative, .postponed: "STATUS:TENTATIVE"
        case .cancelled: "STATUS:CANCELLED"
        }
    }
}
