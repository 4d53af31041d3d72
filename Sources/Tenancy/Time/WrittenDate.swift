/// A date as people and content management systems write it, with or without a time and an offset from UTC.
///
/// Read are, among others: `2026-09-02`, `2026-09-02T18:00`, `2026-09-02 18:00:00 -0800`, `2026-09-02T18:00:00.000Z`, `20260902T180000Z`,
/// `2026/09/02`, `9/2/2026` (month first, as in the United States), `Sep 2, 2026`, `Wednesday, September 2nd, 2026 at 6:30 PM`, `2 September 2026`.
package struct WrittenDate: Sendable, Hashable {
    package let dateTime: CivilDateTime
    /// False if only a day was written; `dateTime` is then its midnight.
    package let hasTime: Bool
    /// Seconds east of UTC, if that was written.
    package let offset: Int?

    package init(dateTime: CivilDateTime, hasTime: Bool, offset: Int? = nil) {
        self.dateTime = dateTime
        self.hasTime = hasTime
        self.offset = offset
    }

    /// Reads any bytes: what is no date throws and never traps.
    ///
    /// - Parameter day: with it, a time alone (`6:30pm`) is read as one on that day.
    package init(parsing text: some StringProtocol, onDay day: CivilDate? = nil) throws(WrittenDateError) {
        var parser = WrittenDateParser(text)
        self = try parser.parse(onDay: day)
    }

    /// The moment that is meant: the written offset counts, else the zone.
    package func instant(in zone: TimeZoneRules) -> Instant {
        if let offset { return Instant(dateTime, offset: offset) }
        return zone.instant(of: dateTime)
    }

    /// What the clocks of the zone show at that moment. A day without a time stays that day.
    package func local(in zone: TimeZoneRules) -> CivilDateTime {
        guard let offset else { return dateTime }
        return zone.local(Instant(dateTime, offset: offset))
    }
}
