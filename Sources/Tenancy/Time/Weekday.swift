/// A day of the week. Raw values follow ISO 8601: Monday is 1, Sunday is 7.
package enum Weekday: Int, Sendable, Hashable, CaseIterable, Comparable, Codable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    /// The weekday of the day with this number, counted from 1970-01-01, which was a Thursday.
    package init(dayNumber: Int) {
        let sinceMonday = (dayNumber % 7 + 10) % 7
        self = Weekday.allCases[sinceMonday]
    }

    /// How many days after `other` this weekday comes next, 0…6.
    package func days(after other: Weekday) -> Int {
        (rawValue - other.rawValue + 7) % 7
    }

    package static func < (left: Weekday, right: Weekday) -> Bool {
        left.rawValue < right.rawValue
    }
}
