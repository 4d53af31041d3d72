package import Tenancy

/// One event as a calendar program takes it. Times are those of the clocks in the zone of the feed.
package struct CalendarEntry: Sendable, Hashable {
    /// Never changes as long as the event exists, and is nobody else's: `harvest-carnival@lincoln.example.org`.
    package var uid: String
    /// When this text of the event was made: not when the file is written, so that the same event gives the same bytes.
    package var stamp: Instant
    /// Grows with every change that matters to those who come.
    package var sequence: Int
    package var start: CivilDateTime
    /// When it ends; for an event of whole days its last day. An end that is not after the start is left out.
    package var end: CivilDateTime?
    package var allDay: Bool
    package var recurrence: Recurrence?
    /// The days on which a recurring event does not come.
    package var excluded: Set<CivilDate>
    package var summary: String
    package var description: String?
    package var location: String?
    package var url: String?
    package var status: Status
    package var categories: [String]

    package enum Status: Sendable, Hashable {
        case confirmed
        case tentative
        /// iCalendar has no word for it. It is written as tentative, because a calendar program hides what is cancelled and parents should see
        /// that there will be another day. Put the word itself into the summary, in the language of the feed.
        case postponed
        case cancelled
    }

    package init(
        uid: String,
        stamp: Instant,
        sequence: Int = 0,
        start: CivilDateTime,
        end: CivilDateTime? = nil,
        allDay: Bool = false,
        recurrence: Recurrence? = nil,
        excluded: Set<CivilDate> = [],
        summary: String,
        description: String? = nil,
        location: String? = nil,
        url: String? = nil,
        status: Status = .confirmed,
        categories: [String] = []
    ) {
        self.uid = uid
        self.stamp = stamp
        self.sequence = sequence
        self.start = start
        self.end = end
        self.allDay = allDay
        self.recurrence = recurrence
        self.excluded = excluded
        self.summary = summary
        self.description = description
        self.location = location
        self.url = url
        self.status = status
        self.categories = categories
    }

    /// The day after the last one of an event of whole days.
    var dayAfter: CivilDate {
        max(end?.date ?? start.date, start.date).adding(days: 1)
    }

    /// The end of an event with times, if it is after the start.
    var timedEnd: CivilDateTime? {
        end.flatMap { $0 > start ? $0 : nil }
    }

    /// The rule with an UNTIL of the kind that RFC 5545 asks for: a date with whole days, else a moment in UTC.
    func writtenRecurrence(in zone: TimeZoneRules) -> Recurrence? {
        guard var rule = recurrence else { return nil }
        guard case .until(let until) = rule.end else { return rule }
        if allDay {
            let date =
                switch until {
                case .date(let date): date
                case .local(let local): local.date
                case .utc(let instant): zone.local(instant).date
                }
            rule.end = .until(.date(date))
        } else {
            let instant =
                switch until {
                case .date(let date): zone.instant(of: CivilDateTime(date: date, secondOfDay: 86_399))
                case .local(let local): zone.instant(of: local)
                case .utc(let instant): instant
                }
            rule.end = .until(.utc(instant))
        }
        return rule
    }
}
