import Testing

@testable import SiteBuilder

@Suite("Titles, descriptions, tags, colours")
struct TitleCheckTests {
    @Test("pages, coming events and this year's posts need a description")
    func missingDescription() throws {
        let site = try CheckedSite([
            "index.md": "Hi.", "about.md": "About.", "said.md": "---\ndescription: Said.\n---\nText.\n",
            "empty.md": "---\ndescription: \" \"\n---\nText.\n", "news/index.md": "News.",
            "news/2026-09-01-new.md": "New.", "news/2026-05-01-old.md": "Old.", "events/coming.md": "---\nstart: 2026-12-01\n---\n",
            "events/past.md": "---\nstart: 2026-10-01\n---\n",
        ])
        #expect(try site.findings(.missingDescription).map(\.path) == ["about.md", "empty.md", "events/coming.md", "news/2026-09-01-new.md"])
        #expect(try CheckedSite(["index.md": "Hi.", "site.yaml": "name: Lincoln\n"]).findings(.missingDescription).map(\.path) == ["index.md"])
    }

    @Test(
        "titles and descriptions have a length that search results show",
        arguments: [(70, 160, []), (71, 160, ["long-title 2"]), (70, 161, ["long-description 3"])])
    func lengths(title: Int, description: Int, expected: [String]) throws {
        func text(_ count: Int) -> String { String(repeating: "é", count: count) }
        let site = try CheckedSite(["about.md": "---\ntitle: \(text(title))\ndescription: \(text(description))\n---\nText.\n"])
        #expect(try site.findings(.longTitle, .longDescription).map { "\($0.rule) \($0.line)" } == expected)
    }

    @Test("two pages with one title are found; languages, events and other years' posts don't count")
    func sameTitle() throws {
        func page(_ title: String, _ more: String = "") -> String { "---\ntitle: \(title)\n\(more)---\nText.\n" }
        let site = try CheckedSite([
            "site.yaml": CheckedSite.settings + "languages: [en, es]\n", "a.md": page("Privacy"), "b.md": page("privacy"), "c.md": page("Other"),
            "a.es.md": page("Privacy"),
            "events/one.md": page("Fair", "start: 2026-12-01\n"), "events/two.md": page("Fair", "start: 2027-12-01\n"),
            "news/2026-09-01-welcome.md": page("Welcome"),
            "news/2025-09-01-welcome.md": page("Welcome"), "news/2026-10-01-again.md": page("Welcome"), "fair.md": page("Fair"),
        ])
        #expect(try site.findings(.sameTitle).map { "\($0.path):\($0.line):\($0.column)" } == ["b.md:2:8", "news/2026-10-01-again.md:2:8"])
    }

    @Test("tags that differ by capitals, hyphens or the plural are found at the rarer spelling")
    func similarTags() throws {
        func post(_ tags: String) -> String { "---\ntitle: Post\ndescription: Text.\ntags: [\(tags)]\n---\nText.\n" }
        let site = try CheckedSite([
            "news/2026-09-01-a.md": post("volunteers, field-trips"), "news/2026-09-02-b.md": post("volunteers, art"),
            "news/2026-09-03-c.md": post("volunteer, Field Trips"),
            "news/2026-09-04-d.md": post("arts, class, classes"), "news/2026-09-05-e.md": post("field-trips"),
        ])
        let found = try site.findings(.similarTags)
        #expect(
            found.map { "\($0.path):\($0.line) \($0.advice)" } == [
                "news/2026-09-03-c.md:4 write field-trips here, too", "news/2026-09-03-c.md:4 write volunteers here, too",
                "news/2026-09-04-d.md:4 write art here, too",
            ])
    }

    @Test("a colour that had to be changed is found at its place, and one that can be read is not")
    func colors() throws {
        let pale = try CheckedSite(["site.yaml": CheckedSite.settings + "colors: {primary: \"#ffff66\", accent: \"#f1c232\"}\n"]).findings(
            .adjustedColor)
        #expect(!pale.isEmpty)
        #expect(pale.allSatisfy { $0.path == "site.yaml" && $0.line == 4 && $0.column == 19 && $0.problem.hasPrefix("the primary colour #ffff66") })
        #expect(
            try CheckedSite(["site.yaml": CheckedSite.settings + "colors: {primary: \"#0b5394\", accent: \"#f1c232\"}\n"]).findings(.adjustedColor)
                == [])
    }

    @Test("every rule has a name in kebab case and one sentence")
    func rules() {
        for rule in CheckRule.allCases {
            #expect(rule.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
            #expect(rule.summary.hasSuffix(".") && rule.summary.count > 20)
            #expect(rule.severity < .error)
        }
    }
}
