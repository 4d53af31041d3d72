import Testing

@testable import SiteBuilder

@Suite("Layouts of pages")
struct LayoutTests {
    private static let sections = "## One\n\na\n\n## Two\n\nb\n\n## Three\n\nc\n"

    @Test("A landing page begins with a hero, and has neither breadcrumbs nor a table of contents")
    func landing() throws {
        let site = try TestSite([
            "about.md": "x\n", "campaigns/index.md": "# Campaigns\n",
            "campaigns/swings.md": """
            ---
            layout: landing
            toc: true
            title: New swings
            description: By June.
            hero: {text: "The old ones squeak.", buttons: [{title: Give, url: "https://give.example/"}, {title: About, page: about.md}]}
            ---
            \(Self.sections)
            """,
        ])
        #expect(try site.build().findings.isEmpty)
        let html = try #require(site.page("campaigns/swings/"))
        #expect(html.contains("<section class=\"hero"))
        #expect(html.contains("<h1>New swings</h1>\n<p class=\"lead\">The old ones squeak.</p>"))
        #expect(html.contains("<a class=\"btn\" href=\"https://give.example/\">Give</a> <a class=\"btn\" href=\"/about/\">About</a>"))
        #expect(html.contains("<h2 id=\"one\">"))
        #expect(!html.contains("class=\"crumbs\"") && !html.contains("class=\"toc\""))
        #expect(html.split(separator: "<h1").count == 2)
    }

    @Test("The hero of a landing page says title, description and picture of the page where its front matter says nothing of a hero")
    func landingWithoutHero() throws {
        let site = try TestSite([
            "site.yaml": TestSite.settings + "hero: {title: Welcome home, buttons: [{title: Join, url: \"https://join.example/\"}]}\n",
            "swings.md": "---\nlayout: landing\ntitle: Swings\ndescription: By June.\nimage: media/d.svg\nimage_alt: A swing\n---\nWords\n",
            "media/d.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><rect width=\"9\" height=\"9\"/></svg>",
        ])
        #expect(try site.build().findings.isEmpty)
        let html = try #require(site.page("swings/"))
        #expect(html.contains("<h1>Swings</h1>\n<p class=\"lead\">By June.</p>"))
        #expect(html.contains("alt=\"A swing\""))
        #expect(!html.contains("Welcome home") && !html.contains("join.example"))
    }

    @Test("A page is shown by a layout of the tenant's own, which the HTML policy cleans")
    func own() throws {
        let site = try TestSite([
            "plain.md": "---\nlayout: poster\ntitle: Plain\n---\nWords\n",
            "theme/layouts/poster.mustache":
                "<section class=\"poster\" onclick=\"x()\"><h1>{{page.title}}</h1>{{{page.body}}}{{hero.title}}</section>\n",
        ])
        #expect(try site.build().errors.isEmpty)
        let html = try #require(site.page("plain/"))
        #expect(html.contains("<section class=\"poster\"><h1>Plain</h1><p>Words</p>\nPlain</section>"))
    }

    @Test("A page is rendered anew when its layout changes, appears or goes, and others are not")
    func incremental() throws {
        let site = try TestSite(["a.md": "---\nlayout: poster\n---\nA\n", "b.md": "B\n"])
        func poster(_ text: String) throws { try site.write("theme/layouts/poster.mustache", "<p>\(text) {{page.title}}</p>\n") }
        try site.build()
        #expect(site.page("a/")?.contains("<p>A</p>") == true)
        let steps: [(change: () throws -> Void, shows: String)] = [
            ({ try poster("First") }, "<p>First A</p>"), ({ try poster("Second") }, "<p>Second A</p>"),
            ({ try site.remove("theme") }, "<p>A</p>"),
        ]
        for step in steps {
            let before = TestSite.inodes(in: site.live)
            try step.change()
            try site.build()
            let after = TestSite.inodes(in: site.live)
            #expect(site.page("a/")?.contains(step.shows) == true)
            #expect(before["a/index.html"] != after["a/index.html"])
            #expect(before["b/index.html"] == after["b/index.html"])
            #expect(try site.files() == site.cleanBuild())
        }
    }

    @Test("A translation has the original's layout unless it names one")
    func translation() throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual, "a.md": "---\nlayout: landing\n---\nA\n", "a.es.md": "A\n", "b.md": "---\nlayout: landing\n---\nB\n",
            "b.es.md": "---\nlayout: page\n---\nB\n",
        ])
        try site.build()
        #expect(site.page("es/a/")?.contains("class=\"hero") == true)
        #expect(site.page("es/b/")?.contains("class=\"hero") == false)
    }

    @Test("A layout that isn't there is a warning at its place with the names that are, and the page has the usual one")
    func unknown() throws {
        let site = try TestSite(["a.md": "---\ntitle: A\nlayout: lading\n---\nWords\n", "theme/layouts/poster.mustache": "<p>x</p>\n"])
        let report = try site.build()
        #expect(report.findings.map(\.description) == ["a.md:3:9: there is no layout \"lading\": write one of page, landing, poster"])
        #expect(report.warnings.map(\.rule) == ["layout"])
        #expect(site.page("a/")?.contains("class=\"page-head\"") == true)
    }

    @Test(
        "A layout has no effect on the home page, posts, events and lists, and a warning says so",
        arguments: ["index.md", "news/2026-09-02-x.md", "events/x.md", "documents.md"])
    func noEffect(_ path: String) throws {
        let site = try TestSite([path: "---\nlayout: landing\nstart: 2026-12-01\n---\nWords\n", "documents/index.yaml": "[]\n"])
        let report = try site.build()
        let description =
            "\(path):2:9: `layout` has no effect on the home page, posts, events and lists: remove the line; only other pages choose a layout"
        #expect(report.findings.map(\.description) == [description])
    }

    @Test("A hero of a page that names what isn't there is a warning at its place")
    func brokenHero() throws {
        let site = try TestSite([
            "a.md": "---\nlayout: landing\nhero:\n  image: media/gone.jpg\n  buttons:\n    - {title: Gone, page: gone.md}\n---\nWords\n"
        ])
        let report = try site.build()
        #expect(report.warnings.map { "\($0.rule) \($0.path):\($0.line)" } == ["picture a.md:4", "dead-link a.md:6"])
        #expect(report.errors.isEmpty)
    }
}
