import Foundation
import Tenancy
import Testing

@testable import SiteBuilder

@Suite("Pages")
struct PageRenderingTests {
    private func page(_ text: String, files: [String: String] = [:], settings: String = TestSite.settings) throws -> String {
        let site = try TestSite(["about.md": text, "site.yaml": settings].merging(files) { _, new in new })
        let report = try site.build()
        #expect(report.errors.isEmpty, "\(report.errors)")
        return try #require(site.page("about/"))
    }

    private static let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><rect width=\"9\" height=\"9\"/></svg>"

    @Test("The head names title, description, address and picture")
    func head() throws {
        let html = try page("---\ntitle: About & us\ndescription: \"What \\\"we\\\" do\"\n---\nWords\n")
        #expect(html.contains("<title>About &amp; us · Oak School PTSA</title>"))
        #expect(html.contains("<meta name=\"description\" content=\"What &quot;we&quot; do\">"))
        #expect(html.contains("<link rel=\"canonical\" href=\"https://school.sites.localhost/about/\">"))
        #expect(html.contains("<meta property=\"og:title\" content=\"About &amp; us\">"))
        #expect(html.contains("<meta property=\"og:url\" content=\"https://school.sites.localhost/about/\">"))
        #expect(html.hasPrefix("<!doctype html>\n<html lang=\"en\" dir=\"ltr\""))
    }

    @Test("Without a description the beginning of the text stands for it")
    func excerpt() throws {
        #expect(try page("# About\n\nFirst *words* here.\n\nSecond.\n").contains("<meta name=\"description\" content=\"First words here.\">"))
        let long = try page(String(repeating: "word ", count: 100))
        #expect(long.contains("word…\">"))
    }

    @Test("No page loads anything from another host")
    func ownHost() throws {
        let site = try TestSite([
            "index.md": "x\n", "about.md": "<iframe src=\"https://www.youtube.com/embed/abc\" title=\"A film\"></iframe>\n\n![d](media/d.svg)\n",
            "media/d.svg": Self.drawing,
            "events/x.md": "---\nstart: 2026-12-01T18:00\naddress: 1 Oak St\n---\nx\n",
        ])
        try site.build()
        for (path, bytes) in site.files() where path.hasSuffix(".html") {
            let html = String(decoding: bytes, as: UTF8.self)
            for tag in html.split(separator: "<").map({ $0.prefix { $0 != ">" } })
            where !["a ", "link rel=\"canonical", "link rel=\"alternate", "meta "].contains(where: tag.hasPrefix) {
                for attribute in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "srcset=\"http"] {
                    #expect(!tag.contains(" " + attribute), "\(path): \(tag)")
                }
            }
        }
    }

    @Test("A long page has a table of contents, a short one has none unless it wants one")
    func contents() throws {
        let sections = "## One\n\na\n\n### Inner\n\nb\n\n## Two\n\nc\n\n## Three\n\n"
        let long = try page("# About\n\n\(sections)\(String(repeating: "words and more ", count: 200))\n")
        for id in ["one", "inner", "two", "three"] { #expect(long.contains("href=\"#\(id)\"") && long.contains("id=\"\(id)\"")) }
        #expect(try !page("# About\n\n\(sections)").contains("href=\"#one\""))
        #expect(try page("---\ntoc: true\n---\n# About\n\n\(sections)").contains("href=\"#one\""))
        #expect(
            try !page("---\ntoc: false\n---\n# About\n\n\(sections)\(String(repeating: "words and more ", count: 200))\n").contains("href=\"#one\""))
    }

    @Test("Pictures have sizes, alternative text and a caption, and load late below the first")
    func pictures() throws {
        let html = try page("![First](media/d.svg)\n\nText\n\n![Second & more](media/d.svg \"A caption\")\n", files: ["media/d.svg": Self.drawing])
        #expect(html.contains("width=\"40\" height=\"30\" alt=\"First\" fetchpriority=\"high\">"))
        #expect(html.contains("alt=\"Second &amp; more\" loading=\"lazy\" decoding=\"async\"><figcaption>A caption</figcaption></figure>"))
    }

    @Test("The boxes of a task list have words")
    func tasks() throws {
        let html = try page("- [x] Buy apples\n- [ ] Bake\n")
        let strings = try TestSite.environment().strings[.english]
        #expect(html.contains("<input type=\"checkbox\" checked disabled aria-label=\"\(strings("task_done"))\">"))
        #expect(html.contains("<input type=\"checkbox\" disabled aria-label=\"\(strings("task_open"))\">"))
    }

    @Test("The way back from a footnote is named in the language of the page", arguments: Language.all)
    func footnotes(_ language: Language) throws {
        let html = try page(
            "Said.[^1] Done.[^b]\n\n[^1]: By *whom*.\n[^b]: By us.\n", settings: "name: Oak School PTSA\nlanguages: [\(language.code)]\n")
        let strings = try TestSite.environment().strings[language]
        let name = strings("back_to_text")
        #expect(html.split(separator: "data-footnote-backref").count == 3)
        #expect(html.split(separator: " aria-label=\"\(name)\">↩</a>").count == 3)
        #expect(!html.contains("Back to content") && !html.contains("Back to reference"))
    }

    @Test("Two braces in any field are text", arguments: ["{{site.name}}", "{{{t.home}}}", "{{#page}}x{{/page}}", "{{> header}}"])
    func braces(_ text: String) throws {
        let html = try page(
            "---\ntitle: '\(text)'\ndescription: '\(text)'\n---\nBody \(text)\n", settings: TestSite.settings + "tagline: '\(text)'\n")
        let shown = text.split(separator: ">", omittingEmptySubsequences: false).joined(separator: "&gt;")
        #expect(html.contains("<h1>\(shown)</h1>"))
        #expect(html.contains("Body \(shown)"))
        #expect(html.contains("<small>\(shown)</small>"))
    }

    @Test("The navigation marks where the reader is", arguments: [("about/", "About"), ("programs/garden/", "Garden")])
    func navigation(_ test: (page: String, title: String)) throws {
        let site = try TestSite([
            "site.yaml": TestSite.settings
                + "navigation:\n  - {title: About, page: about.md}\n  - title: Programs\n    page: programs/index.md\n    children: [{title: Garden, page: programs/garden.md}]\n  - {title: Other, url: https://example.org/}\n",
            "about.md": "x\n", "programs/index.md": "x\n", "programs/garden.md": "x\n",
        ])
        try site.build()
        let html = try #require(site.page(test.page))
        let header = html.split(separator: "<main", maxSplits: 1).first ?? ""
        #expect(header.contains("aria-current=\"page\">\(test.title)</a>"))
        #expect(header.split(separator: "aria-current", omittingEmptySubsequences: false).count == 2)
    }

    @Test("A navigation item that leads nowhere is left out with a warning at its place")
    func deadNavigation() throws {
        let site = try TestSite([
            "site.yaml": TestSite.settings + "navigation:\n  - {title: Gone, page: gone.md}\n  - {title: About, page: about.md}\n", "about.md": "x\n",
        ])
        let report = try site.build()
        #expect(report.warnings.map(\.line) == [5])
        #expect(site.page("about/")?.contains("Gone") == false)
    }

    @Test("JSON-LD can't end its script, whatever a title says")
    func jsonLD() throws {
        let site = try TestSite(["news/2026-09-02-x.md": "---\ntitle: \"</script><b> <!-- \\u2028\"\n---\nx\n"])
        try site.build()
        let html = try #require(site.page("news/2026/x/"))
        let blocks = html.split(separator: "<script type=\"application/ld+json\">").dropFirst().compactMap {
            $0.split(separator: "</script>", maxSplits: 1).first
        }
        #expect(blocks.count >= 1)
        for block in blocks {
            let object = try JSONSerialization.jsonObject(with: Data(block.utf8)) as? [String: Any]
            #expect(object?["@context"] as? String == "https://schema.org")
        }
        #expect(html.contains("<\\/script>") || html.contains("\\u003C/script") || html.contains("\\u003c/script"))
    }
}
