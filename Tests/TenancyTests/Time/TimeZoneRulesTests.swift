import Tenancy
import Testing

@Suite("Time zones")
struct TimeZoneRulesTests {
    @Test(
        "a local time is a moment; one that is skipped moves forward, of one that comes twice the first is meant",
        arguments: [
            ("2026-01-15T18:30", "2026-01-16T02:30:00Z"), ("2026-07-15T18:30", "2026-07-16T01:30:00Z"),
            // The gap of 8 March, 02:00–03:00.
            ("2026-03-08T01:59", "2026-03-08T09:59:00Z"), ("2026-03-08T02:00", "2026-03-08T10:00:00Z"), ("2026-03-08T02:30", "2026-03-08T10:30:00Z"),
            ("2026-03-08T03:00", "2026-03-08T10:00:00Z"), ("2026-03-08T03:30", "2026-03-08T10:30:00Z"),
            // The overlap of 1 November, 01:00–02:00.
            ("2026-11-01T00:59", "2026-11-01T07:59:00Z"), ("2026-11-01T01:00", "2026-11-01T08:00:00Z"), ("2026-11-01T01:59", "2026-11-01T08:59:00Z"),
            ("2026-11-01T02:00", "2026-11-01T10:00:00Z"),
            // Outside the transitions the first and the last offset hold.
            ("1950-07-01T00:00", "1950-07-01T08:00:00Z"), ("2300-07-01T00:00", "2300-07-01T08:00:00Z"),
        ])
    func instantOfLocal(local: String, instant: String) throws {
        let time = try WrittenDate(parsing: local).dateTime
        #expect(TimeZoneRules.pacific.instant(of: time).description == instant)
    }

    @Test(
        "a moment has a local time, an offset and an abbreviation",
        arguments: [
            ("2026-03-08T09:59:59Z", "2026-03-08T01:59:59", -28_800, "PST"), ("2026-03-08T10:00:00Z", "2026-03-08T03:00", -25_200, "PDT"),
            ("2026-11-01T08:30:00Z", "2026-11-01T01:30", -25_200, "PDT"), ("2026-11-01T09:30:00Z", "2026-11-01T01:30", -28_800, "PST"),
        ])
    func localOfInstant(instant: String, local: String, offset: Int, abbreviation: String) throws {
        let moment = try #require(Instant(instant))
        #expect(TimeZoneRules.pacific.local(moment).description == local)
        #expect(TimeZoneRules.pacific.offset(at: moment) == offset)
        #expect(TimeZoneRules.pacific.abbreviation(at: moment) == abbreviation)
    }

    @Test("every half hour of a year leads to its local time and back, except where it comes twice")
    func roundTrip() throws {
        let zone = TimeZoneRules.pacific
        let start = try #require(Instant("2026-01-01T00:00:00Z"))
        var ambiguous = 0
        for step in 0..<(365 * 48) {
            let moment = start.adding(seconds: Int64(step) * 1800)
            if zone.instant(of: zone.local(moment)) != moment { ambiguous += 1 }
        }
        #expect(ambiguous == 2)
    }

    @Test(
        "the next midnight is the start of the next local day",
        arguments: [
            ("2026-03-08T07:59:59Z", "2026-03-08T08:00:00Z"), ("2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"),
            ("2026-11-01T12:00:00Z", "2026-11-02T08:00:00Z"),
        ])
    func nextMidnight(instant: String, expected: String) throws {
        #expect(TimeZoneRules.pacific.nextMidnight(after: try #require(Instant(instant))).description == expected)
    }

    @Test(
        "a midnight that is skipped or comes twice is still later than now",
        arguments: [
            ("2026-03-31T22:00:00Z", "2026-04-01T00:00:00Z"), ("2026-04-01T00:00:00Z", "2026-04-01T23:00:00Z"),
            ("2026-09-30T22:30:00Z", "2026-09-30T23:00:00Z"),
            ("2026-09-30T23:00:00Z", "2026-10-02T00:00:00Z"), ("2026-09-30T23:30:00Z", "2026-10-01T00:00:00Z"),
        ])
    func midnightChanges(instant: String, expected: String) throws {
        #expect(TimeZoneRules.midnightChanges.nextMidnight(after: try #require(Instant(instant))).description == expected)
    }

    @Test("the ends of the calendar and absurd offsets do not trap")
    func ends() {
        let zone = TimeZoneRules(identifier: "X", initial: .init(offset: .max, isDaylight: false, abbreviation: ""))
        #expect(zone.instant(of: .first) == Instant(seconds: .min))
        #expect(zone.local(Instant(seconds: .max)) == .last)
        #expect(zone.nextMidnight(after: Instant(seconds: .max)) <= Instant(seconds: .max))
    }
}
