import Tenancy

/// A day that a text names, perhaps without its year.
struct DateInText: Sendable, Equatable {
    /// Where the text says when an undated “September 10” is meant.
    enum Reference: Sendable {
        /// The text was written on this day and speaks of what comes after it.
        case written(CivilDate)
        /// The text belongs to something that takes place on this day, and speaks of what comes before it.
        case event(CivilDate)
        /// Nothing is known: a day just past is taken for past, any other for coming.
        case none
    }

    var range: Range<Int>
    var year: Int?
    var month: Int
    /// Of several days, such as September 10–12, the last; of a whole month its last, too.
    var day: Int
    var weekday: Weekday?

    /// A year-less day counts as past this many days long, when nothing is known about the text.
    private static let recentDays = 120
    /// A text about what comes may have been written a little later than that came.
    private static let lateDays = 31

    /// The day that is meant; nil when there is no such day.
    func date(_ reference: Reference, today: CivilDate) -> CivilDate? {
        if let year { return CivilDate(year: year, month: month, day: min(day, max(1, CivilDate.days(inMonth: month, of: year)))) }
        let anchor: CivilDate =
            switch reference {
            case .written(let date), .event(let date): date
            case .none: today
            }
        var candidates = (anchor.year - 1...anchor.year + 1).compactMap { CivilDate(year: $0, month: month, day: day) }
        if let weekday, candidates.contains(where: { $0.weekday == weekday }) { candidates = candidates.filter { $0.weekday == weekday } }
        switch reference {
        case .written(let written):
            let earliest = written.adding(days: -Self.lateDays)
            return candidates.first { $0 >= earliest } ?? candidates.last
        case .event(let date): return candidates.last { $0 <= date } ?? candidates.first
        case .none:
            if let past = candidates.last(where: { $0 < today }), today.dayNumber - past.dayNumber <= Self.recentDays { return past }
            return candidates.first { $0 >= today } ?? candidates.last
        }
    }
}
