import Foundation
import Repositories
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("Adding the events of a calendar file")
struct CalendarFileTests {
    private static let file = """
        BEGIN:VCALENDAR
        BEGIN:VEVENT
        UID:one@cal.example
        SUMMARY:Harvest fair
        DTSTART;TZID=America/Los_Angeles:20270310T170000
        DTEND;TZID=America/Los_Angeles:20270310T190000
        LOCATION:Gym <b>
        END:VEVENT
        BEGIN:VEVENT
        UID:two@cal.example
        SUMMARY:Board meeting
        DTSTART:20270202T183000
        RRULE:FREQ=MONTHLY;BYDAY=1TU
        END:VEVENT
        BEGIN:VEVENT
        UID:old@cal.example
        SUMMARY:Long ago
        DTSTART:20200101T183000
        END:VEVENT
        BEGIN:VEVENT
        SUMMARY:No day
        END:VEVENT
        END:VCALENDAR
        """

    private static func boxes(_ page: String) -> [(value: String, isChosen: Bool)] {
        page.components(separatedBy: "name=\"event\" value=\"").dropFirst().map { part in
            ((part.components(separatedBy: "\"").first ?? "").unescapedHTML, part.components(separatedBy: ">").first?.contains("checked") == true)
        }
    }

    @Test("a file is shown before anything is added; what is chosen is live; the same file again takes its own place")
    func wholeWay() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let page = try #require(
                await browser.postFile("/manage/maple/setup/meetings/file", [], file: ("calendar", "school.ics", Array(Self.file.utf8))))
            #expect(page.status == 200)
            #expect(page.body.contains("Harvest fair") && page.body.contains("Gym &lt;b&gt;") && page.body.contains("line 20"))
            let boxes = Self.boxes(page.body)
            #expect(boxes.map(\.isChosen) == [false, true, true], "what is over is not chosen")
            #expect(try await test.platform.repository(of: test.organization().id).log(limit: 10).count == 1)

            let chosen = boxes.filter(\.isChosen).map { ("event", $0.value) }
            let added = await browser.postFile("/manage/maple/setup/meetings/add", [("seen", page.field("seen"))] + chosen, file: nil)
            #expect(added?.status == 303 && added?.value(of: "Location") == "/manage/maple/setup/home")
            #expect(await test.site("/events/").contains("Harvest fair"))
            #expect(await test.site("/events/").contains("Board meeting"))

            let changed = Self.file.replacing("SUMMARY:Harvest fair", with: "SUMMARY:Fall fair")
            let again = try #require(
                await browser.postFile("/manage/maple/setup/meetings/file", [], file: ("calendar", "school.ics", Array(changed.utf8))))
            #expect(again.body.components(separatedBy: "will be replaced").count == 3)
            let all = Self.boxes(again.body).filter(\.isChosen).map { ("event", $0.value) }
            #expect(await browser.postFile("/manage/maple/setup/meetings/add", [("seen", again.field("seen"))] + all, file: nil)?.status == 303)
            let repository = test.platform.repository(of: try await test.organization().id)
            let files = try await repository.files(at: repository.head()).map(\.path.text).filter { $0.hasPrefix("events/") }
            #expect(files.count == 4, "the starter's two and these two: \(files)")
            #expect(await test.site("/events/").contains("Fall fair"))
            #expect(await !test.site("/events/").contains("Harvest fair"))
        }
    }

    @Test(
        "what is no calendar, or empty, says so",
        arguments: [("", "choose a calendar file"), ("hello", "no calendar file"), ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no events in this file")])
    func wrong(text: String, words: String) async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let page = await browser.postFile("/manage/maple/setup/meetings/file", [("text", text)], file: nil)
            #expect(page?.status == 422 && page?.body.contains(words) == true)
            #expect(await browser.post("/manage/maple/setup/meetings/file", [("text", Self.file)])?.status == 200, "pasted, without a file")
            let seen = await browser.get("/manage/maple/setup/meetings")?.field("seen") ?? ""
            #expect(await browser.post("/manage/maple/setup/meetings/add", [("seen", seen)])?.status == 422)
            #expect(await browser.post("/manage/maple/setup/meetings/add", [("seen", "x"), ("event", "x")])?.status == 400)
            #expect(await browser.post("/manage/maple/setup/meetings/add", [("seen", seen), ("event", "../../x")])?.status == 422)
        }
    }
}
