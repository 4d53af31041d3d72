import Tenancy

/// What is told as a seat's end comes nearer. No I/O and no clock, see `OrganizationLife`.
struct SeatTerm: Sendable, Hashable {
    /// What was told, or is to be. The raw value is kept: days before the end.
    enum Notice: Int, Sendable, Hashable, CaseIterable {
        case month = 30
        case week = 7
        case ended = 0
        /// The last owner's end has come, and the seat stays in force.
        case overdue = -1
    }

    var endsAt: Instant?
    /// Past its end, and in force: see `Roster`.
    var isOverdue: Bool
    /// What was told of this end.
    var told: Set<Notice>

    /// What is to be told now. Of reminders that were missed only the latest.
    func step(at now: Instant) -> Notice? {
        guard let end = endsAt, !told.contains(.ended) else { return nil }
        if now >= end { return !isOverdue ? .ended : told.contains(.overdue) ? nil : .overdue }
        guard let latest = Self.reminders.filter({ now >= Self.moment($0, before: end) }).min(by: { $0.rawValue < $1.rawValue }) else { return nil }
        return told.contains(latest) ? nil : latest
    }

    /// When to ask again, if nothing else happens.
    func next(after now: Instant) -> Instant? {
        guard let end = endsAt else { return nil }
        return (Self.reminders.map { Self.moment($0, before: end) } + [end]).filter { $0 > now }.min()
    }

    /// The reminders of an end whose moment is past when it is set: whoever sets it knows how near it is.
    static func missed(of end: Instant, at now: Instant) -> [Notice] { reminders.filter { moment($0, before: end) <= now } }

    private static let reminders: [Notice] = [.month, .week]

    private static func moment(_ notice: Notice, before end: Instant) -> Instant { end.adding(seconds: -Int64(notice.rawValue) * 86_400) }
}

/// Days on which terms end, where an organization is.
struct TermCalendar: Sendable {
    let zone: TimeZoneRules

    /// Nobody is elected for longer.
    static let longestYears = 10
    /// In this time before its end nobody is given a term until it.
    private static let shortest = 60

    /// A term's last day that suits: 30 June, when school years and terms of boards end; the next one if it is near.
    func usualEnd(at now: Instant) -> CivilDate {
        let today = zone.local(now).date
        let ends = [today.year, today.year + 1].compactMap { CivilDate(year: $0, month: 6, day: 30) }
        return ends.first { $0.dayNumber - today.dayNumber >= Self.shortest } ?? today.adding(months: 12)
    }

    func today(at now: Instant) -> CivilDate { zone.local(now).date }

    /// The moment after a last day.
    func end(of day: CivilDate) -> Instant { zone.instant(of: CivilDateTime(date: day.adding(days: 1))) }

    /// The last day of a term.
    func lastDay(before end: Instant) -> CivilDate { zone.local(end.adding(seconds: -1)).date }

    /// What a field for a last day has sent. Nil for what is no day, is past, or too far away.
    func day(_ text: String, at now: Instant) -> CivilDate? {
        guard let written = try? WrittenDate(parsing: text), !written.hasTime else { return nil }
        let (day, today) = (written.dateTime.date, today(at: now))
        return day >= today && day <= today.adding(months: Self.longestYears * 12) ? day : nil
    }
}
