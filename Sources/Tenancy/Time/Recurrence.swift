/// A rule by which an event comes again: an RRULE of RFC 5545, section 3.3.10, except those that come more than once a day.
///
/// A rule has no start of its own. It acts on times of day of a civil calendar: a meeting at 18:30 stays at 18:30 when the clocks change.
package struct Recurrence: Sendable, Hashable {
    package let frequency: Frequency
    /// Every how many days, weeks, months or years. At least 1.
    package let interval: Int
    package var end: End
    /// What the BY… parts say; empty where a part is missing. Sorted and without repetitions.
    package let months: [Int]
    package let weekNumbers: [Int]
    package let yearDays: [Int]
    package let monthDays: [Int]
    package let days: [Day]
    package let setPositions: [Int]
    package let weekStart: Weekday

    package enum Frequency: String, Sendable, Hashable, CaseIterable {
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"
    }

    package enum End: Sendable, Hashable {
        case never
        /// After this many occurrences. The start is the first; excluded ones count.
        case count(Int)
        /// The last possible occurrence.
        case until(Until)
    }

    package enum Until: Sendable, Hashable {
        case date(CivilDate)
        case local(CivilDateTime)
        case utc(Instant)
    }

    /// `TU`, `1TU` or `-1FR`.
    package struct Day: Sendable, Hashable {
        /// Which one of the month or year: 1 is the first, -1 the last, nil all of them.
        package let ordinal: Int?
        package let weekday: Weekday

        package init(ordinal: Int? = nil, weekday: Weekday) {
            self.ordinal = ordinal
            self.weekday = weekday
        }
    }
}
