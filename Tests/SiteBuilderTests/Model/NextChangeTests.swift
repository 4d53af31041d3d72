import Tenancy
import TestSupport
import Testing

@testable import SiteBuilder

@Suite("A site knows until when it is right")
struct NextChangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let files: [String: String]
        /// The moments at which the site changes by itself, from the first build on.
        let changes: [String]

        init(_ name: String, _ files: [String: String], _ changes: [String]) {
            self.name = name
            self.files = files
            self.changes = changes
        }

        var testDescription: String { name }
    }

    static let cases = [
        Case("a page to be published", ["about.md": "---\npublish: 2026-11-25\n---\nx\n"], ["2026-11-25T08:00:00Z"]),
        Case("a page that expires", ["about.md": "---\nexpire: 2026-11-25T10:00\n---\nx\n"], ["2026-11-25T18:00:00Z"]),
        Case("an announcement", ["site.yaml": TestSite.settings + "announcement: {text: x, until: 2026-11-24}\n"], ["2026-11-25T08:00:00Z"]),
        Case(
            "two pages", ["a.md": "---\npublish: 2026-11-26\n---\nx\n", "b.md": "---\npublish: 2026-11-24T06:00\nexpire: 2026-11-27\n---\nx\n"],
            ["2026-11-24T14:00:00Z", "2026-11-26T08:00:00Z", "2026-11-28T08:00:00Z"]),
        Case(
            "an event without an end, which lasts two hours", ["events/x.md": "---\nstart: 2026-11-24T18:00\n---\nx\n"], ["2026-11-25T04:00:00Z"]),
        Case("an event with an end", ["events/x.md": "---\nstart: 2026-11-24T18:00\nend: 2026-11-24T18:45\n---\nx\n"], ["2026-11-25T02:45:00Z"]),
        Case("an event of a whole day", ["events/x.md": "---\nstart: 2026-11-24\n---\nx\n"], ["2026-11-25T08:00:00Z"]),
        Case("an event of three days", ["events/x.md": "---\nstart: 2026-11-24\nend: 2026-11-26\n---\nx\n"], ["2026-11-27T08:00:00Z"]),
        Case(
            "an event in the night in which the clock goes back", ["events/x.md": "---\nstart: 2027-11-06T23:00\nend: 2027-11-07T01:30\n---\nx\n"], []
        ),
    ]

    @Test("A build just before that moment changes nothing, and a build at it does", arguments: cases)
    func moments(_ test: Case) throws {
        let site = try TestSite(["other.md": "x\n"].merging(test.files) { _, new in new })
        var report = try site.build()
        for change in test.changes {
            let moment = try #require(Instant(change))
            #expect(report.validUntil == moment)
            let before = site.files()
            #expect(try site.build(now: moment.adding(seconds: -1).description).outcome == .unchanged)
            #expect(try before == site.cleanBuild(now: moment.adding(seconds: -1).description))
            report = try site.build(now: change)
            #expect(report.isBuilt)
            #expect(site.files() != before)
        }
    }

    /// Everything that a clock could have a say in.
    private static let calendar = [
        "site.yaml": TestSite.settings
            + "home: [hero, next-meeting, welcome, news, events, join]\njoin: {title: Join, url: /}\nmembership_year_starts: 12-01\n",
        "events/weekly.md": "---\nstart: 2026-09-02T18:00\nend: 2026-09-02T19:00\nrrule: FREQ=WEEKLY\ncategory: meeting\n---\nx\n",
        "events/once.md": "---\nstart: 2026-12-24\n---\nx\n", "news/2026-11-20-x.md": "---\nexpire: 2026-12-20\n---\nx\n",
        "later.md": "---\npublish: 2026-12-10T06:00\n---\nx\n",
    ]

    @Test("From one such moment to the next a site stays the same, through the turn of month and school year", arguments: [1, 2])
    func stable(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let site = try TestSite(Self.calendar)
        var now = try #require(Instant(TestSite.now))
        for _ in 0..<12 {
            let report = try site.build(now: now.description)
            let next = try #require(report.validUntil)
            #expect(next > now)
            let files = site.files()
            for moment in [next.adding(seconds: -1), now.adding(seconds: Int64.random(in: 0..<(next.seconds - now.seconds), using: &random))] {
                guard try site.cleanBuild(now: moment.description) == files else {
                    Issue.record("the site of \(now), valid until \(next), is another at \(moment)")
                    return
                }
            }
            now = next
        }
    }

    @Test("A site without events turns with the school year too")
    func schoolYear() throws {
        let site = try TestSite([
            "site.yaml": TestSite.settings
                + "membership_year_starts: 12-01\nhome: [hero, join]\njoin: {title: Join, url: /, dues: [{name: One, price: $5}]}\n",
            "about.md": "x\n",
        ])
        let report = try site.build()
        let turn = try #require(Instant("2026-12-01T08:00:00Z"))
        #expect(site.page("/")?.contains("2025–26") == true)
        #expect(report.validUntil == turn)
        try site.build(now: turn.description)
        #expect(site.page("/")?.contains("2026–27") == true)
        #expect(site.page("/")?.contains("2025–26") == false)
    }

    @Test("The calendar link leads to the month that it is")
    func month() throws {
        let site = try TestSite(["events/x.md": "---\nstart: 2027-03-01T18:00\n---\nx\n"])
        let report = try site.build()
        #expect(site.has("events/2026/11/"))
        #expect(report.validUntil == Instant("2026-12-01T08:00:00Z"))
        try site.build(now: "2026-12-01T08:00:00Z")
        #expect(site.has("events/2026/12/"))
        #expect(site.page("events/")?.contains("href=\"/events/2026/12/\"") == true)
    }
}
