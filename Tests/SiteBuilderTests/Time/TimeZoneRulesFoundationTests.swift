import SiteBuilder
import Tenancy
import Testing

@Suite("Time zones from the database")
struct TimeZoneRulesFoundationTests {
    @Test(
        "a zone has the transitions of its rules",
        arguments: [
            ("America/Los_Angeles", "2026-01-15T12:00:00Z", -28_800), ("America/Los_Angeles", "2026-07-15T12:00:00Z", -25_200),
            ("America/Los_Angeles", "2026-03-08T09:59:59Z", -28_800), ("America/Los_Angeles", "2026-03-08T10:00:00Z", -25_200),
            ("America/Los_Angeles", "1999-04-04T10:00:00Z", -25_200), ("America/Los_Angeles", "2050-12-01T00:00:00Z", -28_800),
            ("Asia/Kolkata", "2026-07-15T12:00:00Z", 19_800), ("Europe/Paris", "2026-07-15T12:00:00Z", 7200),
            ("America/Phoenix", "2026-07-15T12:00:00Z", -25_200),
            ("Australia/Lord_Howe", "2026-01-15T12:00:00Z", 39_600), ("Australia/Lord_Howe", "2026-07-15T12:00:00Z", 37_800),
            ("US/Pacific", "2026-07-15T12:00:00Z", -25_200),
            ("UTC", "2026-07-15T12:00:00Z", 0),
        ])
    func offsets(identifier: String, instant: String, offset: Int) throws {
        let zone = try #require(TimeZoneRules.named(identifier))
        #expect(zone.identifier == identifier)
        #expect(zone.offset(at: try #require(Instant(instant))) == offset)
    }

    @Test("an abbreviation tells summer from winter")
    func abbreviations() throws {
        let zone = try #require(TimeZoneRules.named("America/Los_Angeles"))
        #expect(zone.abbreviation(at: try #require(Instant("2026-01-15T12:00:00Z"))) == "PST")
        #expect(zone.abbreviation(at: try #require(Instant("2026-07-15T12:00:00Z"))) == "PDT")
    }

    @Test(
        "a name that the database does not know is refused",
        arguments: [
            "", "Pacific", "PST", "GMT+5", "America/Nowhere", "america/los_angeles", "../etc/localtime", "/etc/localtime", "America/Los_Angeles\n",
            "America/Los_Angeles;X=1",
        ])
    func unknown(identifier: String) {
        #expect(TimeZoneRules.named(identifier) == nil)
    }

    @Test("many threads get the same rules")
    func threads() async {
        let zones = await withTaskGroup(of: TimeZoneRules?.self) { group in
            for _ in 0..<50 { group.addTask { TimeZoneRules.named("America/Denver") } }
            return await group.reduce(into: Set<TimeZoneRules?>()) { $0.insert($1) }
        }
        #expect(zones.count == 1)
        #expect(zones.first??.identifier == "America/Denver")
    }
}
