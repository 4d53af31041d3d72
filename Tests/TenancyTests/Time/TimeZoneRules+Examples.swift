import Tenancy

// Zones made by hand, so that these tests need no database.

extension TimeZoneRules {
    /// Pacific Time with the rule that has held since 2007, for 2007–2049.
    static let pacific: TimeZoneRules = {
        let standard = Observance(offset: -8 * 3600, isDaylight: false, abbreviation: "PST")
        let daylight = Observance(offset: -7 * 3600, isDaylight: true, abbreviation: "PDT")
        return TimeZoneRules(
            identifier: "America/Los_Angeles",
            initial: standard,
            transitions: (2007...2049).flatMap { year in
                [
                    Transition(at: utc(sunday: 2, ofMonth: 3, year, hour: 10), observance: daylight),
                    Transition(at: utc(sunday: 1, ofMonth: 11, year, hour: 9), observance: standard),
                ]
            }
        )
    }()

    /// A zone whose clocks change at midnight: forward on 1 April at 0:00, back on 1 October 2026 at 0:30.
    static let midnightChanges = TimeZoneRules(
        identifier: "Test/Midnight",
        initial: Observance(offset: 0, isDaylight: false, abbreviation: "S"),
        transitions: [
            Transition(
                at: Instant("2026-04-01T00:00:00Z") ?? .init(seconds: 0), observance: .init(offset: 3600, isDaylight: true, abbreviation: "D")),
            Transition(at: Instant("2026-09-30T23:30:00Z") ?? .init(seconds: 0), observance: .init(offset: 0, isDaylight: false, abbreviation: "S")),
        ]
    )

    private static func utc(sunday ordinal: Int, ofMonth month: Int, _ year: Int, hour: Int) -> Instant {
        guard let first = CivilDate(year: year, month: month, day: 1) else { return Instant(seconds: 0) }
        let day = first.adding(days: Weekday.sunday.days(after: first.weekday) + 7 * (ordinal - 1))
        return Instant(CivilDateTime(date: day, secondOfDay: hour * 3600), offset: 0)
    }
}
