package import Tenancy

/// When an event takes place, in the site's own time zone.
package struct EventFacts: Sendable, Hashable {
    package struct Occurrence: Sendable, Hashable, Comparable {
        package var start: CivilDateTime
        package var end: CivilDateTime

        package static func < (left: Occurrence, right: Occurrence) -> Bool { (left.start, left.end) < (right.start, right.end) }
    }

    package let start: CivilDateTime
    package let end: CivilDateTime
    package let hasEnd: Bool
    /// The end was written as a day: the event lasts until that day is over.
    package let endsWithDay: Bool
    package let isAllDay: Bool
    package let recurrence: Recurrence?
    package let excluded: Set<CivilDate>
    package let status: EventStatus
    /// As its editor wrote it; `key` is for comparing.
    package let categoryKey: String?
    /// All that matter for the site, in order; for an event without a rule just the one.
    package let occurrences: [Occurrence]
    /// Index into `occurrences` of the first that isn't over; nil when all are.
    package let nextIndex: Int?

    package var isPast: Bool { nextIndex == nil }
    /// The next occurrence, or the last one when all are over.
    package var shown: Occurrence { nextIndex.map { occurrences[$0] } ?? occurrences.last ?? Occurrence(start: start, end: end) }

    /// Nil when there is no start.
    init?(_ frontMatter: FrontMatter, zone: TimeZoneRules, moments: inout Moments) {
        guard let written = frontMatter.start else { return nil }
        let start = written.local(in: zone)
        let isAllDay = frontMatter.isAllDay ?? !written.hasTime
        var end = start
        if let writtenEnd = frontMatter.end {
            end = writtenEnd.local(in: zone)
        }
        endsWithDay = !isAllDay && frontMatter.end?.hasTime == false
        if isAllDay || endsWithDay { end = CivilDateTime(date: end.date) }
        if end < start { end = endsWithDay || isAllDay ? CivilDateTime(date: start.date) : start }
        self.start = isAllDay ? CivilDateTime(date: start.date) : start
        self.end = end
        hasEnd = frontMatter.end != nil
        self.isAllDay = isAllDay
        recurrence = frontMatter.recurrence
        excluded = Set(frontMatter.excluded.map { $0.local(in: zone).date })
        status = frontMatter.status
        categoryKey = frontMatter.category.map { PathSegment.make($0) }.flatMap { $0.isEmpty ? nil : $0 }

        let today = zone.local(moments.now).date
        let days = end.date.dayNumber - start.date.dayNumber
        let startOfEvent = self.start
        func occurrence(_ start: CivilDateTime) -> Occurrence {
            Occurrence(start: start, end: CivilDateTime(date: start.date.adding(days: days), secondOfDay: end.secondOfDay))
        }
        if let recurrence {
            // Whole months, so that the list changes with the month and not with every day.
            let first = max(startOfEvent.date, today.firstOfMonth.adding(months: -24))
            let horizon = max(today, startOfEvent.date).adding(months: 13).lastOfMonth
            occurrences = recurrence.occurrences(
                from: startOfEvent, in: first...horizon, excluding: excluded, limit: 1500, timeZone: zone
            ).map(occurrence)
        } else {
            occurrences = [occurrence(startOfEvent)]
        }
        nextIndex = Self.firstOpen(occurrences, isWholeDays: isAllDay || endsWithDay, hasEnd: hasEnd, zone: zone, moments: &moments)
    }

    private static func firstOpen(
        _ occurrences: [Occurrence], isWholeDays: Bool, hasEnd: Bool, zone: TimeZoneRules, moments: inout Moments
    ) -> Int? {
        for (index, occurrence) in occurrences.enumerated()
        where !moments.hasPassed(over(occurrence, isWholeDays: isWholeDays, hasEnd: hasEnd, zone: zone)) {
            return index
        }
        return nil
    }

    /// The moment from which an occurrence counts as past. One without an end lasts two hours, an all-day one until midnight.
    private static func over(_ occurrence: Occurrence, isWholeDays: Bool, hasEnd: Bool, zone: TimeZoneRules) -> Instant {
        if isWholeDays { return zone.instant(of: CivilDateTime(date: occurrence.end.date.adding(days: 1))) }
        return zone.instant(of: hasEnd ? occurrence.end : occurrence.start.adding(seconds: 7200))
    }
}
