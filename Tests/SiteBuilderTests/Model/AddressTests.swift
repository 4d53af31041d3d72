import Foundation
import Testing

@testable import SiteBuilder

@Suite("Addresses")
struct AddressTests {
    static let pages: [(file: String, address: String)] = [
        ("about.md", "about/"), ("programs/index.md", "programs/"), ("programs/art docents.md", "programs/art-docents/"),
        ("Días Festivos.md", "dias-festivos/"), ("ABOUT us.md", "about-us/"),
        ("a/b/c/d/e.md", "a/b/c/d/e/"), ("漢字.md", "漢字/"), ("v2.0 notes.md", "v2.0-notes/"), ("news/2026-09-02-welcome.md", "news/2026/welcome/"),
        ("news/2026-09-02 Not dated.md", "news/2026/2026-09-02-not-dated/"),
        ("news/sub/2025-01-02-x.md", "news/2025/x/"), ("events/Book Fair!.md", "events/book-fair/"), ("under_score.md", "under_score/"),
        ("a & b.md", "a-b/"),
    ]

    @Test("follow from the names of files", arguments: pages)
    func address(_ test: (file: String, address: String)) throws {
        let front =
            test.file.hasPrefix("events/") ? "---\nstart: 2026-12-01\n---\n" : test.file.contains("Not dated") ? "---\ndate: 2026-09-02\n---\n" : ""
        let site = try TestSite([test.file: "\(front)Words here\n"])
        #expect(try site.build().errors.isEmpty)
        #expect(site.page(test.address)?.contains("Words here") == true, "\(site.files().keys.sorted())")
    }

    @Test("The date of a post is the front matter's before its name's")
    func newsDate() throws {
        let site = try TestSite([
            "news/2026-09-02-a.md": "---\ndate: 2025-01-31\n---\nx\n", "news/b.md": "---\ndate: 2025-12-31T23:30:00-08:00\n---\nx\n",
        ])
        try site.build()
        #expect(site.has("news/2025/a/") && site.has("news/2025/b/"))
    }

    // MARK: Links

    static let links: [(written: String, href: String)] = [
        ("../about.md", "/about/"), ("/about/", "/about/"), ("/about", "/about/"), ("garden.md", "/programs/garden/"),
        ("./garden.md", "/programs/garden/"),
        ("garden.md#soil", "/programs/garden/#soil"), ("/about/?x=1#y", "/about/?x=1#y"), ("../news/2026-09-02-welcome.md", "/news/2026/welcome/"),
        ("/news/", "/news/"), ("index.md", "/programs/"),
        ("../index.md", "/"), ("#here", "#here"), ("https://example.org/a?b=c&d=e", "https://example.org/a?b=c&amp;d=e"),
        ("mailto:a@example.org", "mailto:a@example.org"), ("tel:+15551234", "tel:+15551234"),
        ("/documents/rules.txt", "/documents/rules.txt"), ("../documents/rules.txt", "/documents/rules.txt"), ("/static/a.txt", "/a.txt"),
        ("/a.txt", "/a.txt"), ("/news/feed.xml", "/news/feed.xml"), ("../", "/"), ("..", "/"),
        ("../días.md", "/dias/"), ("../d%C3%ADas.md", "/dias/"), ("<../two words.md>", "/two-words/"), ("../two%20words.md", "/two-words/"),
    ]

    private static let target = [
        "index.md": "x\n", "about.md": "x\n", "programs/index.md": "x\n", "programs/garden.md": "x\n", "news/2026-09-02-welcome.md": "x\n",
        "días.md": "x\n", "two words.md": "x\n",
        "documents/index.yaml": "- {file: rules.txt, title: R, visibility: public}\n", "documents/rules.txt": "x\n", "static/a.txt": "x\n",
    ]

    @Test("A link may name a file, a page of the site or another site", arguments: links)
    func link(_ test: (written: String, href: String)) throws {
        let site = try TestSite(Self.target.merging(["programs/art.md": "[the link](\(test.written))\n"]) { old, _ in old })
        #expect(try site.build().errors.isEmpty)
        #expect(
            site.page("programs/art/")?.contains("<a href=\"\(test.href)\">the link</a>") == true,
            "\(site.page("programs/art/")?.split(separator: "\n").first { $0.contains("the link") } ?? "")")
    }

    static let dead = [
        "../../other/", "../../../etc/passwd", "/etc/passwd", "/../x/", "%2e%2e/%2e%2e/x", "..\\..\\x", "/documents/secret.txt",
        "../documents/secret.txt", "/garden/", "nothing.md", "%zz", "/site.yaml", "../data/board.yaml",
        "/.git/config", "/programs/garden/garden.md",
    ]

    @Test("A link that leads nowhere, or out of the folder, is an error with its place", arguments: dead)
    func deadLink(_ written: String) throws {
        let site = try TestSite(
            Self.target.merging([
                "programs/art.md": "One\n\ntwo [the link](\(written))\n", "documents/secret.txt": "x\n", "data/board.yaml": "term: x\n",
            ]) { old, _ in old })
        let report = try site.build()
        #expect(report.errors.first?.description.hasPrefix("programs/art.md:3:5: ") == true, "\(report.errors)")
        #expect(report.errors.first?.advice.isEmpty == false)
    }

    @Test(
        "A misspelled address is met with the one that was meant",
        arguments: [("/abuot/", "/about/"), ("/program/", "/programs/"), ("/old/place/garden/", "/programs/garden/")])
    func advice(_ test: (written: String, meant: String)) throws {
        let site = try TestSite(Self.target.merging(["art.md": "[x](\(test.written))\n"]) { old, _ in old })
        #expect(try site.build().errors.first?.advice == "did you mean \(test.meant)?")
    }

    // MARK: Redirects

    @Test("Old addresses lead on, from their own page and from the list for servers")
    func aliases() throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual, "about.md": "---\naliases: [/old/, /older, /2019/about.html, \"/with space/\"]\n---\nx\n",
            "about.es.md": "---\naliases: [/viejo/]\n---\ny\n",
        ])
        #expect(try site.build().errors.isEmpty)
        for path in ["old/", "older/", "2019/about.html", "with space/"] {
            #expect(site.page(path)?.contains("content=\"0; url=/about/\"") == true, "\(path)")
            #expect(site.page(path)?.contains("noindex") == true)
        }
        #expect(site.page("viejo/")?.contains("url=/es/about/\"") == true)
        #expect(
            site.page("_redirects")
                == "/2019/about.html /about/ 301\n/old/ /about/ 301\n/older/ /about/ 301\n/viejo/ /es/about/ 301\n/with%20space/ /about/ 301\n")
    }

    @Test("Without aliases there is no list of redirects")
    func noAliases() throws {
        let site = try TestSite(["about.md": "x\n"])
        try site.build()
        #expect(!site.has("_redirects"))
    }

    @Test("An alias never takes the place of a page", arguments: ["/other/", "/", "../x", "https://example.org/", "/.hidden/", "/a/../../b/"])
    func badAlias(_ alias: String) throws {
        let site = try TestSite(["about.md": "---\naliases: [\"\(alias)\"]\n---\nx\n", "other.md": "Other words\n", "index.md": "Home words\n"])
        let report = try site.build()
        #expect(site.page("other/")?.contains("Other words") == true && site.page("/")?.contains("Home words") == true)
        #expect(report.errors.map(\.rule) == ["alias"])
        #expect(report.errors.first?.line == 2)
    }

    // MARK: Tags and neighbours

    @Test("Tags that differ only in case and accents are one, and long lists have pages")
    func tags() throws {
        var files = ["a.md": "---\ntags: [Música, Art]\n---\nx\n", "b.md": "---\ntags: musica\n---\nx\n"]
        for number in 10..<35 { files["news/2026-01-\(number < 31 ? number : number - 22)-n\(number).md"] = "---\ntags: [art]\n---\nx\n" }
        let site = try TestSite(files)
        try site.build()
        let page = try #require(site.page("tags/musica/"))
        #expect(page.contains("href=\"/a/\"") && page.contains("href=\"/b/\""))
        #expect(site.has("tags/") && site.has("tags/art/page/2/") && !site.has("tags/art/page/3/"))
        #expect(site.page("tags/art/page/2/")?.contains("noindex") == true)
        #expect(site.page("a/")?.contains("href=\"/tags/musica/\"") == true)
    }

    @Test("Posts lead to the next newer and older one, and the archive has pages")
    func neighbours() throws {
        var files: [String: String] = [:]
        for number in 1...30 { files["news/2026-09-\(number < 10 ? "0" : "")\(number)-n\(number).md"] = "# Post \(number)\n\nx\n" }
        let site = try TestSite(files)
        try site.build()
        let middle = try #require(site.page("news/2026/n15/"))
        #expect(middle.contains("href=\"/news/2026/n16/\"") && middle.contains("href=\"/news/2026/n14/\""))
        let newest = try #require(site.page("news/2026/n30/"))
        #expect(newest.contains("href=\"/news/2026/n29/\"") && !newest.contains("href=\"/news/2026/n31/\""))
        #expect(site.page("news/")?.contains("Post 30") == true && site.page("news/")?.contains("Post 18<") == false)
        #expect(site.page("news/page/2/")?.contains("Post 18") == true)
        #expect(site.page("news/page/3/")?.contains("Post 6<") == true)
        #expect(!site.has("news/page/4/") && !site.has("news/page/1/"))
    }

    @Test("Pages know those above them and those below")
    func hierarchy() throws {
        let site = try TestSite([
            "programs/index.md": "# Programs\n", "programs/b.md": "---\ntitle: Bee\nweight: 2\n---\n",
            "programs/a.md": "---\ntitle: Ant\nweight: 1\n---\n", "programs/deep/index.md": "# Deep\n", "programs/deep/x.md": "# Deepest\n",
        ])
        try site.build()
        let list = try #require(site.page("programs/"))
        let order = ["Ant", "Bee", "Deep"].compactMap { list.range(of: "\">\($0)</a></h2>")?.lowerBound }
        #expect(order.count == 3 && order == order.sorted())
        #expect(!list.contains("Deepest"))
        let deepest = try #require(site.page("programs/deep/x/"))
        #expect(deepest.contains("href=\"/programs/deep/\"") && deepest.contains("href=\"/programs/\"") && deepest.contains("BreadcrumbList"))
    }

    @Test(
        "An editor's page where the site makes a list is that list's introduction",
        arguments: [
            ("news.md", "news/"), ("events/index.md", "events/"), ("board.md", "board/"), ("documents.md", "documents/"),
            ("sponsors.md", "sponsors/"),
        ])
    func introduction(_ test: (file: String, page: String)) throws {
        let site = try TestSite([
            test.file: "# Our own title\n\nOur own words\n", "news/2026-09-02-x.md": "# Listed post\n",
            "events/x.md": "---\ntitle: Listed event\nstart: 2026-12-01\n---\n",
            "data/board.yaml": "officers: [{role: Listed role, name: A}]\n", "data/sponsors.yaml": "- {name: Listed sponsor}\n",
            "documents/index.yaml": "- {file: a.txt, title: Listed file, visibility: public}\n", "documents/a.txt": "x\n",
        ])
        #expect(try site.build().errors.isEmpty)
        let page = try #require(site.page(test.page))
        #expect(page.contains("Our own title") && page.contains("Our own words"))
        #expect(page.contains("Listed "))
    }
}
