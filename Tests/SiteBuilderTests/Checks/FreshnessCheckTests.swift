import Testing

@testable import SiteBuilder

@Suite("School years, officers, announcements, old pages")
struct FreshnessCheckTests {
    @Test(
        "last year's school year is found where it is named as the current one",
        arguments: [
            "## Our board 2025–26\n\nMaya R.", "Our board for 2025-26 is:", "Membership for 2025/26 is $15.", "Join us for 2025–2026!",
            "## 2025-2026 calendar",
            "Download the calendar 2024–25.",
        ])
    func schoolYear(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.pastSchoolYear).count == 1, "\(text)")
    }

    @Test(
        "a past school year is left alone where the text looks back or compares",
        arguments: [
            "Membership for 2026–27 is $15.", "In 2025–26 the carnival brought in $4,000.", "The board of 2025–26 was elected in May.",
            "## What we paid for in 2025–26\n\nBooks.", "Our budget grew from 2025–26 to 2026–27.", "## 2026–27\n\nMaya R.\n\n## 2025–26\n\nAnn B.",
            "Read the [annual report 2025–26](documents/annual-report-2025-26.pdf) before you join.", "Call 2025-26-11 to join.",
            "The form of 2025-12-01 is for members; join.",
        ])
    func otherYears(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.pastSchoolYear) == [], "\(text)")
    }

    @Test("the settings and a page's title and description always speak of now")
    func schoolYearInSettings() throws {
        let settings = CheckedSite.settings + "join:\n  title: Join for 2025–26\n  dues:\n    - {name: \"Family, 2025–26\", price: \"$20\"}\n"
        let site = try CheckedSite([
            "site.yaml": settings, "board.md": "---\ntitle: Board\ndescription: Who serves in 2025–26 and how to reach them.\n---\nText.\n",
            "dates.md": "---\ntitle: Dates 2025–26\ndescription: All dates.\n---\nText.\n",
            "past-boards.md": "---\ntitle: Boards 2025–26\ndescription: Then.\n---\nText.\n",
        ])
        #expect(
            try site.findings(.pastSchoolYear).map { "\($0.path):\($0.line):\($0.column)" } == ["dates.md:2:14", "site.yaml:5:19", "site.yaml:7:23"])
    }

    @Test("the school year turns on the day that the settings name")
    func turn() throws {
        let site = try CheckedSite(page: "Membership for 2025–26 is $15.", settings: CheckedSite.settings + "membership_year_starts: 08-15\n")
        #expect(try site.findings(.pastSchoolYear, now: "2026-08-14T12:00:00-07:00") == [])
        #expect(try site.findings(.pastSchoolYear, now: "2026-08-15T12:00:00-07:00").count == 1)
    }

    @Test(
        "a term that is over is found",
        arguments: [
            ("2025–26", true), ("2025-2026", true), ("July 2025 – June 2026", true), ("2024–2026", true), ("until 2026-06-30", true), ("2025", true),
            ("2026–27", false), ("2025–2027", false), ("July 2026 – June 2027", false), ("2026", false), ("through June 30, 2027", false),
            ("one year", false),
        ])
    func term(term: String, isOver: Bool) throws {
        let site = try CheckedSite(["data/board.yaml": "term: \"\(term)\"\nofficers:\n  - {role: President, name: Maya R.}\n"])
        let findings = try site.findings(.officersTerm)
        #expect(findings.map(\.line) == (isOver ? [1] : []), "\(term)")
    }

    @Test("the term of one officer is found at its place")
    func officerTerm() throws {
        let site = try CheckedSite([
            "data/board.yaml": "officers:\n  - {role: President, name: Maya R., term: 2024–25}\n  - {role: Secretary, name: Jo P., term: 2026–28}\n"
        ])
        let finding = try #require(try site.findings(.officersTerm).first)
        #expect(finding.line == 2 && finding.column == 44)
        #expect(finding.advice.contains("2026–27"))
    }

    @Test(
        "an announcement needs an end that is to come",
        arguments: [
            ("until: 2026-11-23", [CheckRule.announcementOver]), ("until: 2026-11-24", []), ("until: 2026-11-24T08:00", [.announcementOver]),
            ("level: info", [.announcementWithoutEnd]),
        ])
    func announcement(field: String, rules: [CheckRule]) throws {
        let site = try CheckedSite(["site.yaml": CheckedSite.settings + "announcement: {text: No meeting, \(field)}\n"])
        #expect(try site.findings(.announcementOver, .announcementWithoutEnd).map(\.rule) == rules.map(\.rawValue))
        let home = try CheckedSite(["index.md": "---\nbanner: {text: No meeting, \(field)}\n---\nHello.\n"])
        #expect(try home.findings(.announcementOver, .announcementWithoutEnd).map(\.rule) == rules.map(\.rawValue))
    }

    @Test("a page is old by what its front matter says, and by nothing else")
    func stale() throws {
        func page(_ field: String) -> String { "---\ntitle: Page\ndescription: Text.\n\(field)\n---\nText.\n" }
        let site = try CheckedSite([
            "old.md": page("updated: 2025-11-23"), "dated.md": page("date: 2024-01-01"), "renewed.md": page("date: 2024-01-01\nupdated: 2026-01-01"),
            "young.md": page("updated: 2025-11-24"),
            "silent.md": page("weight: 1"), "news/2020-01-01-old.md": page("updated: 2020-01-01"), "events/index.md": page("updated: 2020-01-01"),
            "index.md": page("updated: 2020-01-01"),
        ])
        #expect(try site.findings(.stalePage).map { "\($0.path):\($0.line)" } == ["dated.md:4", "index.md:4", "old.md:4"])
    }

    @Test("a draft is old by its own date")
    func drafts() throws {
        let site = try CheckedSite([
            "old.md": "---\ndraft: true\nupdated: 2026-08-01\n---\nText.\n", "new.md": "---\ndraft: true\ndate: 2026-09-01\n---\nText.\n",
            "silent.md": "---\ndraft: true\n---\nText.\n",
            "news/2026-06-01-fair.md": "---\ndraft: true\n---\nText.\n", "members.md": "---\nvisibility: members\nupdated: 2020-01-01\n---\nText.\n",
        ])
        #expect(try site.findings(.oldDraft).map { "\($0.path):\($0.line)" } == ["news/2026-06-01-fair.md:2", "old.md:2"])
    }
}
