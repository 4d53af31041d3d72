import Foundation
import Tenancy
import Templating
import Testing

@testable import SiteBuilder

@Suite("Events")
struct EventTests {
    private func facts(_ fields: String, now: String = TestSite.now, zone: String = "America/Los_Angeles") throws -> (EventFacts, Moments) {
        let page = PageReader(languages: [.english]).read(path: "events/x.md", bytes: Array("---\n\(fields)\n---\n".utf8))
        #expect(!page.hasErrors, "\(page.findings)")
        var moments = Moments(now: try #require(Instant(now)))
        let rules = try #require(TimeZoneRules.named(zone))
        let facts = try #require(EventFacts(page.frontMatter, zone: rules, moments: &moments))
        return (facts, moments)
    }

    static let occurrences: [(fields: String, starts: [String])] = [
        ("start: 2026-12-04T17:00", ["2026-12-04T17:00"]), ("start: 2026-12-04", ["2026-12-04T00:00"]),
        ("start: 2026-12-04T17:00:00-05:00", ["2026-12-04T14:00"]), ("start: 2026-12-05T01:00:00Z", ["2026-12-04T17:00"]),
        ("start: 2026-12-01T18:00\nrrule: FREQ=WEEKLY;COUNT=3", ["2026-12-01T18:00", "2026-12-08T18:00", "2026-12-15T18:00"]),
        ("start: 2026-12-01T18:00\nrrule: FREQ=WEEKLY;COUNT=4\nexdate: [2026-12-08, 2026-12-22T18:00]", ["2026-12-01T18:00", "2026-12-15T18:00"]),
        ("start: 2026-12-01T18:00\nrrule: FREQ=WEEKLY;COUNT=2\nexdate: 2026-12-08T18:00:00-08:00", ["2026-12-01T18:00"]),
        ("start: 2026-12-01T18:00\nrrule: FREQ=WEEKLY;COUNT=2\nexdate: 2026-12-09T02:00:00Z", ["2026-12-01T18:00"]),
        // Half past six stays half past six when the clocks change.
        ("start: 2027-03-09T18:30\nrrule: FREQ=WEEKLY;COUNT=2", ["2027-03-09T18:30", "2027-03-16T18:30"]),
        ("start: 2026-12-01\nall_day: true\nrrule: FREQ=DAILY;COUNT=2", ["2026-12-01T00:00", "2026-12-02T00:00"]),
        (
            "start: 2026-12-08T18:30\nrrule: FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270228T235959",
            ["2026-12-08T18:30", "2027-01-12T18:30", "2027-02-09T18:30"]
        ),
    ]

    @Test("take place when their front matter says", arguments: occurrences)
    func takePlace(_ test: (fields: String, starts: [String])) throws {
        #expect(try facts(test.fields).0.occurrences.map(\.start.description) == test.starts)
    }

    static let ends: [(fields: String, end: String, isAllDay: Bool)] = [
        ("start: 2026-12-04T17:00\nend: 2026-12-04T20:00", "2026-12-04T20:00", false),
        ("start: 2026-12-04T22:00\nend: 2026-12-05T07:00", "2026-12-05T07:00", false),
        ("start: 2026-12-04\nend: 2026-12-06", "2026-12-06T00:00", true), ("start: 2026-12-04T17:00\nall_day: true", "2026-12-04T00:00", true),
        ("start: 2026-12-04T17:00\nend: 2026-12-05T01:00:00-05:00", "2026-12-04T22:00", false),
    ]

    @Test("end when their front matter says", arguments: ends)
    func end(_ test: (fields: String, end: String, isAllDay: Bool)) throws {
        let facts = try facts(test.fields).0
        #expect(facts.occurrences.first?.end.description == test.end)
        #expect(facts.isAllDay == test.isAllDay)
    }

    static let over: [(fields: String, end: String)] = [
        ("start: 2026-11-24T18:00\nend: 2026-11-24T19:30", "2026-11-25T03:30:00Z"), ("start: 2026-11-24T18:00", "2026-11-25T04:00:00Z"),
        ("start: 2026-11-24", "2026-11-25T08:00:00Z"),
        ("start: 2026-11-24\nend: 2026-11-26", "2026-11-27T08:00:00Z"), ("start: 2026-11-24T22:00\nend: 2026-11-25T02:00", "2026-11-25T10:00:00Z"),
        // A day alone as the end means the whole of that day.
        ("start: 2026-11-24T18:00\nend: 2026-11-24", "2026-11-25T08:00:00Z"), ("start: 2026-11-24T18:00\nend: 2026-11-25", "2026-11-26T08:00:00Z"),
        // The night in which the clock goes back has 25 hours.
        ("start: 2026-10-31T20:00\nend: 2026-11-01T03:00", "2026-11-01T11:00:00Z"), ("start: 2026-11-01", "2026-11-02T08:00:00Z"),
    ]

    @Test("are past from their end on, not a second before", arguments: over)
    func past(_ test: (fields: String, end: String)) throws {
        let end = try #require(Instant(test.end))
        let (before, moments) = try facts(test.fields, now: end.adding(seconds: -1).description)
        #expect(!before.isPast)
        #expect(moments.nextChange == end)
        #expect(try facts(test.fields, now: test.end).0.isPast)
    }

    @Test("The next date of a series is the first that isn't over")
    func next() throws {
        let fields = "start: 2026-11-03T18:00\nend: 2026-11-03T19:00\nrrule: FREQ=WEEKLY;COUNT=5\nexdate: 2026-11-24"
        #expect(try facts(fields, now: "2026-11-18T02:59:59Z").0.shown.start.description == "2026-11-17T18:00")
        #expect(try facts(fields, now: "2026-11-18T03:00:00Z").0.shown.start.description == "2026-12-01T18:00")
        #expect(try facts(fields, now: "2027-01-01T00:00:00Z").0.isPast)
        #expect(try facts(fields, now: "2027-01-01T00:00:00Z").0.shown.start.description == "2026-12-01T18:00")
    }

    static let old = [
        "start: 2019-09-02T08:00\nrrule: FREQ=DAILY", "start: 2020-01-06T08:00\nrrule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "start: 1990-01-03\nrrule: FREQ=WEEKLY",
    ]

    @Test("A series that began long ago still has a next date", arguments: old)
    func longSeries(_ fields: String) throws {
        let facts = try facts(fields).0
        #expect(!facts.isPast)
        #expect(facts.shown.start.date >= CivilDate(year: 2026, month: 11, day: 23) ?? .last)
        #expect(facts.shown.start.date <= CivilDate(year: 2026, month: 12, day: 1) ?? .first)
    }

    // MARK: On the site

    private func site(_ events: [String: String], settings: String = TestSite.settings) throws -> TestSite {
        var files = ["site.yaml": settings + "home: [next-meeting, events]\nmembership_year_starts: 07-01\n"]
        for (name, fields) in events { files["events/\(name).md"] = "---\ntitle: Title of \(name)\n\(fields)\n---\nx\n" }
        return try TestSite(files)
    }

    @Test("Upcoming events come in order of time, past ones by school year")
    func lists() throws {
        let site = try site([
            "b": "start: 2026-12-04T17:00", "a": "start: 2026-12-04T17:00", "c": "start: 2026-11-24T17:00", "june": "start: 2026-06-10T17:00",
            "july": "start: 2026-07-02T17:00",
            "old": "start: 2024-10-10T17:00", "series": "start: 2026-09-01T18:00\nrrule: FREQ=MONTHLY;BYDAY=1TU",
        ])
        try site.build()
        let list = try #require(site.page("events/"))
        let order = ["c", "series", "a", "b"].map { list.range(of: "Title of \($0)<")?.lowerBound }
        #expect(order.allSatisfy { $0 != nil })
        #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted())
        #expect(!list.contains("Title of july"))
        #expect(site.page("events/past/2026-27/")?.contains("Title of july") == true)
        #expect(site.page("events/past/2025-26/")?.contains("Title of june") == true)
        #expect(site.page("events/past/2025-26/")?.contains("Title of july") == false)
        #expect(site.page("events/past/2024-25/")?.contains("Title of old") == true)
        #expect(!site.has("events/past/2023-24/"))
    }

    @Test("A month's page shows events on each of their days, and no page is made for months without")
    func months() throws {
        let site = try site([
            "trip": "start: 2026-12-30\nend: 2027-01-02", "midnight": "start: 2026-12-11T20:00\nend: 2026-12-12T00:00",
            "night": "start: 2026-12-18T20:00\nend: 2026-12-19T07:00",
            "weekly": "start: 2026-12-01T18:00\nrrule: FREQ=WEEKLY;COUNT=3\nexdate: 2026-12-08",
        ])
        try site.build()
        func days(_ page: String, _ name: String) throws -> [String] {
            try #require(site.page(page)).split(separator: "<td").filter { $0.contains("Title of \(name)<") }.compactMap { cell in
                cell.split(separator: "datetime=\"", maxSplits: 1).dropFirst().first.map { String($0.prefix(10)) }
            }
        }
        #expect(try days("events/2026/12/", "trip") == ["2026-12-30", "2026-12-31"])
        #expect(try days("events/2027/01/", "trip") == ["2027-01-01", "2027-01-02"])
        #expect(try days("events/2026/12/", "midnight") == ["2026-12-11"])
        #expect(try days("events/2026/12/", "night") == ["2026-12-18", "2026-12-19"])
        #expect(try days("events/2026/12/", "weekly") == ["2026-12-01", "2026-12-15"])
        #expect(site.has("events/2026/11/") && !site.has("events/2027/02/") && !site.has("events/2026/10/"))
    }

    @Test("The next meeting is the next event of that category that takes place")
    func nextMeeting() throws {
        let site = try site([
            "general": "start: 2026-09-15T18:30\nend: 2026-09-15T19:30\nrrule: FREQ=MONTHLY;BYDAY=3TU\ncategory: Meeting",
            "board": "start: 2026-12-01T18:30\ncategory: meeting\nstatus: cancelled",
            "postponed": "start: 2026-12-02T18:30\ncategory: meetings\nstatus: postponed", "party": "start: 2026-11-25T18:30\ncategory: family",
        ])
        try site.build()
        let home = try #require(site.page("/"))
        let meeting = try #require(home.split(separator: "class=\"wrap meet\"", maxSplits: 1).last?.split(separator: "</section>").first)
        #expect(meeting.contains("Title of general") && meeting.contains("December 15"))
        try site.build(now: "2026-12-16T03:30:00Z")
        #expect(site.page("/")?.contains("January 19") == true)
    }

    @Test(
        "Cancelled, postponed and tentative events are marked on page, list and calendar, and stay in the feed",
        arguments: ["cancelled", "postponed", "tentative"])
    func status(_ status: String) throws {
        let site = try site(["x": "start: 2026-12-04T17:00\nstatus: \(status)"])
        try site.build()
        let strings = try TestSite.environment().strings[.english]
        let words = strings("status_\(status)")
        for page in ["events/x/", "events/", "events/2026/12/"] { #expect(site.page(page)?.contains(words) == true, "\(page)") }
        #expect(site.page("events/x/")?.contains(strings("\(status)_notice").escapedForHTML) == true)
        #expect(site.page("events/calendar.ics")?.contains("BEGIN:VEVENT") == true)
    }

    @Test("A past event keeps page and calendar file, and has no flyer")
    func pastPage() throws {
        let site = try site(["x": "start: 2026-10-04T17:00", "y": "start: 2026-12-04T17:00"])
        try site.build()
        #expect(site.has("events/x/") && site.has("events/x/x.ics") && !site.has("events/x/flyer/"))
        #expect(site.has("events/y/flyer/"))
    }

    @Test("A translation names the category in its own language, and the category stays the original's")
    func translatedCategory() throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual, "events/a.md": "---\nstart: 2026-12-01T18:30\ncategory: meeting\n---\nA\n",
            "events/a.es.md": "---\nstart: 2026-12-01T18:30\ncategory: junta\n---\nA\n",
            "events/b.md": "---\nstart: 2026-12-02T18:30\ncategory: meeting\n---\nB\n",
        ])
        #expect(try site.build().findings.isEmpty)
        #expect(site.page("events/category/meeting/")?.contains("Events: Meeting") == true)
        #expect(site.page("es/events/category/meeting/")?.contains("Eventos: Junta") == true)
        #expect(site.page("es/events/b/")?.contains("Junta") == true)
        #expect(!site.has("es/events/category/junta/") && !site.has("events/category/junta/"))
    }

    @Test("Categories have a page and a feed each, however they are written")
    func categories() throws {
        let site = try site([
            "a": "start: 2026-12-04T17:00\ncategory: Family Night", "b": "start: 2026-12-05T17:00\ncategory: family night",
            "c": "start: 2026-12-06T17:00\ncategory: Día",
        ])
        try site.build()
        let page = try #require(site.page("events/category/family-night/"))
        #expect(page.contains("Title of a<") && page.contains("Title of b<") && !page.contains("Title of c<"))
        let feed = try #require(site.page("events/category/family-night/calendar.ics"))
        #expect(feed.contains("Title of a") && feed.contains("Title of b") && !feed.contains("Title of c"))
        #expect(site.has("events/category/dia/"))
    }

    @Test("Related events are those of the same category, then the next ones, never the event itself; they stand in order of time")
    func related() throws {
        let site = try site([
            "a": "start: 2026-12-04T17:00\ncategory: family", "b": "start: 2026-12-20T17:00\ncategory: family",
            "c": "start: 2026-12-05T17:00\ncategory: other", "d": "start: 2026-12-06T17:00",
            "e": "start: 2026-12-07T17:00",
        ])
        try site.build()
        let related = try #require(site.page("events/a/")?.split(separator: "class=\"related\"", maxSplits: 1).last)
        #expect(!related.contains("Title of e<") && !related.contains("Title of a<"))
        let places = ["c", "d", "b"].compactMap { related.range(of: "Title of \($0)<")?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
    }
}
