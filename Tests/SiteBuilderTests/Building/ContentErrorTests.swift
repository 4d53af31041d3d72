import Foundation
import Testing

@testable import SiteBuilder

@Suite("A page with an error stays as it was")
struct ContentErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let rule: String
        let bytes: [UInt8]

        init(_ rule: String, _ text: String) { self.init(rule, Array(text.utf8)) }

        init(_ rule: String, _ bytes: [UInt8]) {
            self.rule = rule
            self.bytes = bytes
        }

        var testDescription: String { "\(rule): \(String(decoding: bytes.prefix(50), as: UTF8.self).debugDescription)" }
    }

    static let mistakes = [
        Mistake("front-matter", "---\ntitle: About: us\n---\nNew words\n"),
        Mistake("front-matter", "---\ntitle: About us\ndate: 2026-02-30\n---\nNew words\n"),
        Mistake("front-matter", "---\ntitle: About us\n\nNew words\n"), Mistake("front-matter", "---\nvisibility: nobody\n---\nNew words\n"),
        Mistake("front-matter", "+++\ntitle = About\n+++\nNew words\n"),
        Mistake("merge-conflict", "<<<<<<< HEAD\nNew words\n=======\nOther words\n>>>>>>> b\n"),
        Mistake("encoding", Array("New words caf".utf8) + [0xE9]), Mistake("page-size", String(repeating: "New words ", count: 110_000)),
        Mistake("dead-link", "New words [a](/nowhere/)\n"), Mistake("dead-link", "New words [a](missing.md)\n"),
        Mistake("dead-link", "New words [a](../../other/site.yaml)\n"),
        Mistake("dead-link", "New words [a]()\n"), Mistake("unsafe-link", "New words [a](javascript:alert(1))\n"),
        Mistake("unsafe-link", "New words [a](data:text/html,x)\n"),
        Mistake("picture", "New words ![a](media/none.jpg)\n"), Mistake("picture", "New words ![a](https://example.org/a.jpg)\n"),
        Mistake("picture", "New words ![a](/etc/passwd)\n"),
        Mistake("picture", "New words ![a](../../../etc/x.png)\n"), Mistake("picture", "New words ![a](media/broken.png)\n"),
        Mistake("picture", "New words ![a](other.md)\n"),
        Mistake("picture", "---\nimage: media/none.jpg\n---\nNew words\n"), Mistake("dead-link", "New words [a](documents/secret.pdf)\n"),
    ]

    private func site(_ files: [String: String] = [:]) throws -> TestSite {
        let site = try TestSite(["other.md": "First words\n", "documents/secret.pdf": "%PDF-1.4\n"].merging(files) { _, new in new })
        try site.write("media/broken.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2])
        return site
    }

    @Test("Its last good text is shown, and the rest of the site moves on", arguments: mistakes)
    func later(_ mistake: Mistake) throws {
        let site = try site(["about.md": "---\ntitle: About us\n---\nOld words\n"])
        #expect(try site.build().errors.isEmpty)
        let before = try #require(site.page("about/"))
        try site.write("about.md", mistake.bytes)
        try site.write("other.md", "Second words\n")
        let report = try site.build()
        #expect(report.isBuilt)
        #expect(report.errors.map(\.path) == ["about.md"])
        #expect(report.errors.first?.rule == mistake.rule, "\(report.errors)")
        #expect(site.page("about/") == before)
        #expect(site.page("other/")?.contains("Second words") == true)
        #expect(site.filesHolding("New words") == [])
        // Said again by the next build, until it is mended.
        #expect(try site.build().errors.first?.rule == mistake.rule)
        #expect(site.page("about/") == before)
        try site.write("about.md", "---\ntitle: About us\n---\nMended words\n")
        #expect(try site.build().errors.isEmpty)
        #expect(site.page("about/")?.contains("Mended words") == true)
    }

    @Test("A new page with an error is left out, and the rest is built", arguments: mistakes)
    func first(_ mistake: Mistake) throws {
        let site = try site()
        try site.write("about.md", mistake.bytes)
        let report = try site.build()
        #expect(report.isBuilt)
        #expect(report.errors.first?.rule == mistake.rule, "\(report.errors)")
        #expect(!site.has("about/"))
        #expect(site.page("other/")?.contains("First words") == true)
        #expect(site.filesHolding("New words") == [])
    }

    @Test("A page that can't be read is an error, not an empty page")
    func unreadable() throws {
        let site = try TestSite(["about.md": "# About\n\nOld words\n"])
        try site.build()
        #expect(truncate("\(site.content)/about.md", 70 << 20) == 0)
        let report = try site.build()
        #expect(report.errors.map(\.path) == ["about.md"])
        #expect(site.page("about/")?.contains("Old words") == true)
    }

    static let lost: [(path: String, good: String, bad: String)] = [
        ("events/fair.md", "---\nstart: 2026-12-01T18:00\n---\nOld words\n", "---\ntitle: Fair\n---\nNew words\n"),
        ("news/welcome.md", "---\ndate: 2026-09-02\n---\nOld words\n", "---\ntitle: Welcome\n---\nNew words\n"),
    ]

    @Test("An event that loses its start, and a post that loses its date, stay too", arguments: lost)
    func missingDate(_ test: (path: String, good: String, bad: String)) throws {
        let site = try TestSite([test.path: test.good])
        #expect(try site.build().errors.isEmpty)
        try site.write(test.path, test.bad)
        let report = try site.build()
        #expect(report.errors.map(\.path) == [test.path])
        #expect(site.filesHolding("Old words").contains { $0.hasSuffix("index.html") })
        #expect(site.filesHolding("New words") == [])
    }

    @Test("Of two pages with one address the first by name has it, and the other is an error")
    func sameAddress() throws {
        let site = try TestSite([
            "about.md": "Words of one\n", "about/index.md": "Words of the other\n", "Board Games.md": "x\n", "board-games.md": "y\n",
        ])
        let report = try site.build()
        #expect(report.errors.map(\.rule) == ["same-address", "same-address"])
        #expect(report.errors.map(\.path) == ["about/index.md", "board-games.md"])
        #expect(site.page("about/")?.contains("Words of one") == true)
        #expect(site.filesHolding("Words of the other") == [])
    }

    @Test("When the target of a link is deleted, the page stays with the words of the link")
    func deletedTarget() throws {
        let site = try TestSite(["about.md": "See [the rules](rules.md) first.\n", "rules.md": "Rules\n"])
        try site.build()
        #expect(site.page("about/")?.contains("<a href=\"/rules/\">the rules</a>") == true)
        try site.remove("rules.md")
        let report = try site.build()
        #expect(report.errors.map(\.path) == ["about.md"])
        #expect(report.errors.first?.line == 1)
        #expect(report.errors.first?.column == 5)
        #expect(!site.has("rules/"))
        #expect(site.page("about/")?.contains("See the rules first.") == true)
    }

    @Test("When a picture is deleted, the page stays with the words that stand for it")
    func deletedPicture() throws {
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><rect width=\"40\" height=\"30\" fill=\"red\"/></svg>"
        let site = try TestSite(["about.md": "![An oak](media/oak.svg)\n\nText\n", "media/oak.svg": drawing])
        #expect(try site.build().errors.isEmpty)
        #expect(site.page("about/")?.contains("<figure><img") == true)
        try site.remove("media/oak.svg")
        #expect(try site.build().errors.map(\.rule) == ["picture"])
        #expect(site.page("about/")?.contains("An oak") == true)
        #expect(site.page("about/")?.contains("<img") == false)
        #expect(site.files().keys.filter { $0.hasPrefix("media/") } == [])
    }

    @Test("A link to a page that isn't published yet is a warning, and words until then")
    func unpublishedTarget() throws {
        let site = try TestSite(["about.md": "See [the plan](plan.md).\n", "plan.md": "---\npublish: 2026-12-01\n---\nPlan\n"])
        let report = try site.build()
        #expect(report.errors.isEmpty)
        #expect(report.warnings.map(\.rule) == ["unpublished-link"])
        #expect(site.page("about/")?.contains("See the plan.") == true)
        try site.build(now: "2026-12-02T00:00:00Z")
        #expect(site.page("about/")?.contains("<a href=\"/plan/\">the plan</a>") == true)
    }

    // MARK: Data and settings

    static let dataFiles: [(path: String, good: String, page: String, word: String)] = [
        ("data/board.yaml", "officers:\n  - {role: President, name: Ana Oak}\n", "board/", "Ana Oak"),
        ("data/committees.yaml", "- {name: Garden, chairs: [Kim Elm]}\n", "board/", "Kim Elm"),
        ("data/sponsors.yaml", "- {name: Acorn Books, url: https://example.org/}\n", "sponsors/", "Acorn Books"),
        ("documents/index.yaml", "- {file: rules.txt, title: Rules of order, visibility: public}\n", "documents/", "Rules of order"),
    ]

    @Test("What a data file said stays when the file has an error", arguments: dataFiles)
    func dataFile(_ test: (path: String, good: String, page: String, word: String)) throws {
        let site = try TestSite([test.path: test.good, "documents/rules.txt": "x\n", "about.md": "Old\n"])
        #expect(try site.build().errors.isEmpty)
        #expect(site.page(test.page)?.contains(test.word) == true)
        try site.write(test.path, "officers: [\n<<<<<<< HEAD\n")
        try site.write("about.md", "New\n")
        let report = try site.build()
        #expect(report.errors.map(\.path) == [test.path])
        #expect(report.errors.first?.rule == "data-file")
        #expect(site.page("about/")?.contains("New") == true)
        #expect(site.page(test.page)?.contains(test.word) == true)
    }

    @Test(
        "Broken settings keep the last good ones, while pages move on",
        arguments: ["name: Oak: PTSA\n", "- a list\n", "timezone: UTC\n", "", "name: [\n", "\u{8}"])
    func settings(_ text: String) throws {
        let site = try TestSite(["about.md": "Old\n"])
        try site.build()
        try site.write("site.yaml", text)
        try site.write("about.md", "New\n")
        let report = try site.build()
        #expect(report.isBuilt)
        #expect(report.errors.contains { $0.path == "site.yaml" })
        #expect(site.page("about/")?.contains("New") == true)
        #expect(site.page("about/")?.contains("Oak School PTSA") == true)
    }

    @Test(
        "A slip in the settings that has a default doesn't stop the site",
        arguments: [
            "timezone: Mars/Olympus\n", "colors: {primary: blueish}\n", "membership_year_starts: 13-45\n", "navigation: nonsense\n",
            "languages: [tlh]\n", "home: [hero, nws]\n",
            "url: not-an-address\n", "theme: {header: huge}\n", "social: {facebook: \"javascript:alert(1)\"}\n",
            "announcement: {text: x, until: someday}\n", "unknown: 1\n",
        ])
    func slip(_ line: String) throws {
        let site = try TestSite(["site.yaml": "name: Oak School PTSA\n\(line)", "about.md": "Words\n"])
        let report = try site.build()
        #expect(report.isBuilt)
        #expect(report.findings.contains { $0.path == "site.yaml" && $0.line == 2 && $0.severity >= .warning }, "\(report.findings)")
        #expect(site.page("about/")?.contains("Words") == true)
    }

    @Test("A new site without usable settings isn't built, and says why", arguments: [nil, "", "title: x\n", "name: a: b\n"] as [String?])
    func noSettings(_ text: String?) throws {
        let site = try TestSite(["about.md": "x\n"])
        if let text { try site.write("site.yaml", text) } else { try site.remove("site.yaml") }
        let report = try site.build()
        #expect(report.failure?.contains("site.yaml") == true, "\(report.outcome)")
        #expect(site.folders.liveID == nil)
    }

    @Test("When the whole folder's settings are gone, the last release stays live")
    func settingsGone() throws {
        let site = try TestSite(["about.md": "x\n"])
        try site.build()
        try site.remove("site.yaml")
        let report = try site.build()
        #expect(report.failure != nil || report.errors.contains { $0.path == "site.yaml" })
        #expect(site.has("about/"))
    }
}
