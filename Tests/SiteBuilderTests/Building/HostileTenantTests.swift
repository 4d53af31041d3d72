import Foundation
import Tenancy
import Testing

import Tenancy
@testable import SiteBuilder

@Suite("What one tenant does")
struct HostileTenantTests {
    private static let long = String(repeating: "a", count: 300)

    static let hostile: [(name: String, files: [String: String])] = [
        ("a tag longer than a file name", ["about.md": "---\ntags: [\(long)]\n---\nx\n"]),
        ("a category longer than a file name", ["events/x.md": "---\nstart: 2026-12-01\ncategory: \(long)\n---\nx\n"]),
        ("a tag of dots", ["about.md": "---\ntags: ['..', '.', '...', '../..', '/', '\\', ' ']\n---\nx\n"]),
        (
            "an event with a name as long as a file system takes",
            ["events/\(String(repeating: "e", count: 252)).md": "---\nstart: 2026-12-01\n---\nx\n"]
        ),
        ("a deep alias", ["about.md": "---\naliases: [\"/\(String(repeating: "bbbbbbbbbb/", count: 500))\"]\n---\nx\n"]),
        ("an alias below a file", ["about.md": "---\naliases: [/sitemap.xml/old/, /404.html/x/, /robots.txt/y]\n---\nx\n"]),
        (
            "an alias where the site has a file",
            ["about.md": "---\naliases: [/manifest.webmanifest, /search/en/index.json, /sitemap.xml, /index.html, /assets/]\n---\nx\n"]
        ),
        (
            "aliases that lead out",
            ["about.md": "---\naliases: [/../../x/, //evil.example/, \"/a\\\\b/\", '/.hidden/', '/%2e%2e/x/', '/_redirects', '/%00/']\n---\nx\n"]
        ),
        ("aliases inside one another", ["about.md": "---\naliases: [/old.v2, /old.v2/page, /old.v2/page/deep]\n---\nx\n"]),
        ("an alias of another page", ["about.md": "---\naliases: [/other/, /]\n---\nx\n", "other.md": "Other\n"]),
        (
            "static files where the site has its own",
            [
                "static/manifest.webmanifest": "{}", "static/search/en/index.json": "{}", "static/index.html": "x", "static/sitemap.xml": "<a/>",
                "static/_redirects": "x", "static/404.html": "x",
                "static/about/index.html": "x", "about.md": "x\n", "static/search/index.html": "x",
            ]
        ),
        ("a static file below another's name", ["static/about.txt/x.txt": "x", "static/about.txt.md/y.txt": "y", "about.txt.md": "x\n"]),
        (
            "pages named like files of the site",
            [
                "404.html.md": "x\n", "sitemap.xml.md": "x\n", "events/calendar.ics.md": "---\nstart: 2026-12-01\n---\nx\n", "robots.txt.md": "x\n",
                "assets.md": "x\n",
            ]
        ),
        (
            "a page below a page's file",
            [
                "events/x.md": "---\nstart: 2026-12-01\n---\nx\n", "events/x/x.ics.md": "---\nstart: 2026-12-02\n---\nx\n",
                "events/x/flyer.md": "---\nstart: 2026-12-02\n---\nx\n",
            ]
        ),
        (
            "names of signs only",
            [
                "!!!.md": "x\n", "---.md": "x\n", "🎒.md": "x\n", " .md": "x\n", "%2e%2e.md": "x\n", "a?b#c.md": "x\n", "<b>.md": "x\n",
                "\"quote\".md": "x\n",
            ]
        ),
        ("a front matter of dangerous TOML", ["about.md": "+++\na = [}\n+++\nx\n", "other2.md": "+++\n[|\n+++\nx\n"]),
        (
            "a bomb of aliases",
            [
                "data/board.yaml":
                    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
            ]
        ),
        ("a rule without end", ["events/x.md": "---\nstart: 0001-01-01\nrrule: FREQ=DAILY;INTERVAL=1\n---\nx\n"]),
        ("a rule that never comes", ["events/x.md": "---\nstart: 2026-01-01\nrrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n---\nx\n"]),
        (
            "dates at the ends of time",
            ["events/x.md": "---\nstart: 0001-01-01\nend: 9999-12-31\n---\nx\n", "news/9999-12-31-x.md": "x\n", "news/0001-01-01-y.md": "y\n"]
        ),
        (
            "numbers out of range",
            [
                "events/x.md": "---\nstart: 2026-12-01\ncapacity: 9223372036854775807\nsequence: -9223372036854775808\n---\nx\n",
                "about.md": "---\nweight: -9223372036854775808\n---\n",
            ]
        ),
        (
            "nested Markdown",
            [
                "about.md": String(repeating: "> ", count: 5000) + "x\n", "b.md": String(repeating: "*a **b ", count: 5000),
                "c.md": String(repeating: "<div>", count: 20_000),
            ]
        ),
        (
            "a picture bomb by SVG",
            [
                "about.md": "![a](media/a.svg)\n",
                "media/a.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\">" + String(repeating: "<g>", count: 50_000),
            ]
        ),
        ("a template that calls itself", ["theme/header.mustache": "{{> header}}{{> footer}}", "theme/footer.mustache": "{{> header}}"]),
        (
            "a broken template",
            ["theme/layouts/page.mustache": "{{#a}}", "theme/frame.mustache": "<script>", "theme/style.css": "@import url(//evil.example/x.css);"]
        ),
        (
            "settings that are hostile",
            [
                "site.yaml":
                    "name: \"</title><script>alert(1)</script>\"\ntimezone: ../../etc/passwd\nlogo: ../../../etc/passwd\nlanguages: [../x, en]\nhero: {image: /etc/hostname}\n"
            ]
        ),
    ]

    @Test("never stops its own other pages", arguments: hostile.map(\.name))
    func own(_ name: String) throws {
        let site = try TestSite(try #require(Self.hostile.first { $0.name == name }).files)
        try site.write("good.md", "Good words\n")
        let report = try site.build()
        #expect(report.failure == nil)
        #expect(site.page("good/")?.contains("Good words") == true)
        try site.write("good.md", "Better words\n")
        #expect(try site.build().failure == nil)
        #expect(site.page("good/")?.contains("Better words") == true)
        // The same, made at once and bit by bit.
        #expect(try site.files() == site.cleanBuild())
    }

    @Test("never leaves its folder", arguments: hostile.map(\.name))
    func confined(_ name: String) throws {
        let site = try TestSite(try #require(Self.hostile.first { $0.name == name }).files)
        let before = try FileManager.default.contentsOfDirectory(atPath: site.root).sorted()
        try site.build()
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.root).sorted() == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.output).allSatisfy { [".hosts", ".releases", "school"].contains($0) })
        #expect(site.filesHolding("root:", "<script>alert") == [])
        #expect(site.files().keys.allSatisfy { !$0.split(separator: "/").contains("..") && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x5C } })
    }

    @Test("never stops another tenant")
    func others() throws {
        let good = try TestSite(["about.md": "Good words\n"], slug: "good")
        let content = "\(good.root)/content"
        for (number, (_, files)) in Self.hostile.enumerated() {
            for (path, text) in ["site.yaml": TestSite.settings].merging(files, uniquingKeysWith: { _, new in new }) {
                let file = "\(content)/hostile\(number)/\(path)"
                try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(filePath: file))
            }
        }
        try FileManager.default.createSymbolicLink(atPath: "\(content)/linked", withDestinationPath: good.content)
        try FileManager.default.createDirectory(atPath: "\(content)/Not A Slug", withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(content)/file"))
        let (tenants, problems) = try TenantFolder.all(in: content)
        #expect(tenants.count == Self.hostile.count + 1)
        #expect(problems.count == 1)
        let fleet = FleetBuilder(environment: try TestSite.environment(), output: good.output, now: Instant(seconds: 1_795_000_000), jobs: 2)
        let reports = fleet.build(tenants)
        #expect(reports.map(\.slug) == tenants.map(\.slug))
        #expect(reports.first { $0.slug == "good" }?.isBuilt == true)
        #expect(good.page("about/")?.contains("Good words") == true)
    }
}
