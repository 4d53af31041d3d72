import SiteBuilder
import Testing

@testable import Tenancy

@Suite("How long a trial lasts")
struct TrialRuleTests {
    @Test(
        "thirty days, to the midnight after them where the organization is; in summer at least until the day that is set",
        arguments: [
            ("2026-01-10T20:00:00Z", "2026-02-10T08:00:00Z"), ("2026-01-11T07:59:59Z", "2026-02-10T08:00:00Z"),
            ("2026-01-11T08:00:00Z", "2026-02-11T08:00:00Z"), ("2026-05-31T20:00:00Z", "2026-07-01T07:00:00Z"),
            ("2026-06-01T07:00:00Z", "2026-10-01T07:00:00Z"), ("2026-09-15T20:00:00Z", "2026-10-16T07:00:00Z"),
            ("2026-10-01T20:00:00Z", "2026-11-01T07:00:00Z"),
        ])
    func ends(now: String, end: String) throws {
        let rule = TrialRule(days: 30, summer: try (from: #require(MonthDay("06-01")), until: #require(MonthDay("10-01"))))
        let zone = try #require(TimeZoneRules.named("America/Los_Angeles"))
        #expect(rule.end(from: try #require(Instant(now)), in: zone).description == end)
    }

    @Test("without a summer rule it is the days alone")
    func withoutSummer() throws {
        let zone = try #require(TimeZoneRules.named("America/Los_Angeles"))
        #expect(TrialRule(days: 30).end(from: try #require(Instant("2026-06-01T07:00:00Z")), in: zone).description == "2026-07-02T07:00:00Z")
    }

    @Test("a day of the year is two digits, a hyphen and two digits", arguments: ["10-1", "1-10", "02-29", "13-01", "10-32", "", "10-01-", "+1-01"])
    func badDays(text: String) {
        #expect(MonthDay(text) == nil)
    }

    @Test("a day of the year is written as it is read", arguments: ["01-01", "12-31", "02-28"])
    func days(text: String) {
        #expect(MonthDay(text)?.description == text)
    }

    @Test("every state has a time zone that is known")
    func states() {
        for state in UnitedState.all {
            #expect(TimeZoneRules.named(state.timeZone) != nil, "\(state.name)")
            #expect(UnitedState(code: state.code) == state)
        }
        #expect(UnitedState.all.map(\.name) == UnitedState.all.map(\.name).sorted())
        #expect(UnitedState(code: "wa") == nil)
    }
}
