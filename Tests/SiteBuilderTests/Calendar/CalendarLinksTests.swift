import SiteBuilder
import Tenancy
import Testing

@Suite("Add to calendar")
struct CalendarLinksTests {
    @Test("an event with times")
    func timed() throws {
        var entry = try entry("2026-09-01T18:30", "2026-09-01T20:00")
        entry.recurrence = try Recurrence(parsing: "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20270615")
        entry.description = "Bring a friend & a \"chair\""
        entry.location = "Room 2"
        entry.url = "https://lincoln.example.org/events/meeting/"
        let links = CalendarLinks(entry: entry, timeZone: try #require(TimeZoneRules.named("America/Los_Angeles")))
        let details = "Bring%20a%20friend%20%26%20a%20%22chair%22%0A%0Ahttps%3A%2F%2Flincoln.example.org%2Fevents%2Fmeeting%2F"
        #expect(
            links.google == "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Reuni%C3%B3n&dates=20260901T183000%2F20260901T200000"
                + "&ctz=America%2FLos_Angeles&recur=RRULE%3AFREQ%3DMONTHLY%3BUNTIL%3D20270616T065959Z%3BBYDAY%3D1TU&details=\(details)&location=Room%202"
        )
        let outlook =
            "/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent&subject=Reuni%C3%B3n&startdt=2026-09-02T01%3A30%3A00Z"
            + "&enddt=2026-09-02T03%3A00%3A00Z&body=\(details)&location=Room%202"
        #expect(links.outlook == "https://outlook.live.com" + outlook)
        #expect(links.office == "https://outlook.office.com" + outlook)
    }

    @Test("an event of whole days ends on the day after")
    func allDay() throws {
        var entry = try entry("2026-12-21", "2026-12-22")
        entry.allDay = true
        let links = CalendarLinks(entry: entry, timeZone: .utc)
        #expect(links.google == "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Reuni%C3%B3n&dates=20261221%2F20261223")
        #expect(links.outlook.hasSuffix("&startdt=2026-12-21&enddt=2026-12-23&allday=true"))
    }

    @Test("an event without an end has only a start")
    func noEnd() throws {
        let links = CalendarLinks(entry: try entry("2026-09-01T18:30", nil), timeZone: .utc)
        #expect(links.google.contains("&dates=20260901T183000%2F20260901T183000&ctz=UTC"))
        #expect(!links.outlook.contains("enddt"))
    }

    @Test("a long description is cut between characters", arguments: ["x", "会", "👩‍👩‍👧‍👦"])
    func longDescription(character: String) throws {
        var entry = try entry("2026-09-01T18:30", nil)
        entry.description = String(repeating: character, count: 5000)
        let links = CalendarLinks(entry: entry, timeZone: .utc)
        #expect(links.google.utf8.count < 1200)
        #expect(links.google.hasSuffix("%E2%80%A6"))
        #expect(links.google.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }

    private func entry(_ start: String, _ end: String?) throws -> CalendarEntry {
        CalendarEntry(
            uid: "x",
            stamp: Instant(seconds: 0),
            start: try WrittenDate(parsing: start).dateTime,
            end: try end.map { try WrittenDate(parsing: $0).dateTime },
            summary: "Reunión"
        )
    }
}
