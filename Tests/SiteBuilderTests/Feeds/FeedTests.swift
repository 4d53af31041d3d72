import Foundation
import Testing

@testable import SiteBuilder

@Suite("Feeds, sitemap and robots")
struct FeedTests {
    private static let files = [
        "site.yaml": "name: Oak & Elm PTSA\ntagline: Small school\ntimezone: America/Los_Angeles\nlanguages: [en, es]\n",
        "about.md": "---\nupdated: 2026-09-01\n---\n# About\n\nx\n", "about.es.md": "# Acerca\n\ny\n", "rules.md": "# Rules\n\nx\n",
        "news/2026-09-02-welcome.md":
            "---\ntitle: \"Welcome <all>\"\ndescription: Hello & good day\ntags: [families, \"a&b\"]\n---\nSee [about](../about.md) and [us](https://example.org/?a=b&c=d).\n",
        "news/2026-10-05-fair.md": "---\ntitle: Fair\ndate: 2026-10-05T18:30\nupdated: 2026-10-07T09:00\n---\nFair words\n",
        "news/2026-10-05-fair.es.md": "---\ntitle: Feria\n---\nPalabras\n", "static/robots.txt": "User-agent: GoodBot\nDisallow: /private/",
    ]

    private func site() throws -> TestSite {
        let site = try TestSite(Self.files)
        #expect(try site.build().errors.isEmpty)
        return site
    }

    @Test("The Atom feed, byte for byte")
    func atom() throws {
        #expect(
            try site().page("news/feed.xml") == """
                <?xml version="1.0" encoding="utf-8"?>
                <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
                <title>Oak &amp; Elm PTSA</title>
                <subtitle>Small school</subtitle>
                <id>https://school.sites.localhost/</id>
                <updated>2026-10-07T16:00:00Z</updated>
                <link rel="self" type="application/atom+xml" href="https://school.sites.localhost/news/feed.xml"/>
                <link rel="alternate" type="text/html" href="https://school.sites.localhost/news/"/>
                <author><name>Oak &amp; Elm PTSA</name></author>
                <entry>
                <title>Fair</title>
                <id>https://school.sites.localhost/news/2026/fair/</id>
                <link rel="alternate" type="text/html" href="https://school.sites.localhost/news/2026/fair/"/>
                <published>2026-10-06T01:30:00Z</published>
                <updated>2026-10-07T16:00:00Z</updated>
                <summary>Fair words</summary>
                <content type="html">&lt;p&gt;Fair words&lt;/p&gt;
                </content>
                </entry>
                <entry>
                <title>Welcome &lt;all&gt;</title>
                <id>https://school.sites.localhost/news/2026/welcome/</id>
                <link rel="alternate" type="text/html" href="https://school.sites.localhost/news/2026/welcome/"/>
                <published>2026-09-02T07:00:00Z</published>
                <updated>2026-09-02T07:00:00Z</updated>
                <summary>Hello &amp; good day</summary>
                <category term="families"/>
                <category term="a&amp;b"/>
                <content type="html">&lt;p&gt;See &lt;a href=&quot;https://school.sites.localhost/about/&quot;&gt;about&lt;/a&gt; and &lt;a href=&quot;https://example.org/?a=b&amp;amp;c=d&quot;&gt;us&lt;/a&gt;.&lt;/p&gt;
                </content>
                </entry>
                </feed>

                """)
    }

    @Test("The feed of another language has its titles and addresses")
    func spanish() throws {
        let feed = try #require(site().page("es/news/feed.xml"))
        #expect(feed.contains("xml:lang=\"es\"") && feed.contains("<title>Feria</title>") && feed.contains("/es/news/2026/fair/</id>"))
        #expect(feed.contains("href=\"https://school.sites.localhost/es/news/feed.xml\""))
    }

    @Test("The JSON feed says the same")
    func json() throws {
        let bytes = try #require(site().page("news/feed.json"))
        let feed = try #require(try JSONSerialization.jsonObject(with: Data(bytes.utf8)) as? [String: Any])
        #expect(feed["version"] as? String == "https://jsonfeed.org/version/1.1")
        #expect(feed["title"] as? String == "Oak & Elm PTSA")
        #expect(feed["home_page_url"] as? String == "https://school.sites.localhost/")
        #expect(feed["feed_url"] as? String == "https://school.sites.localhost/news/feed.json")
        #expect(feed["language"] as? String == "en")
        let items = try #require(feed["items"] as? [[String: Any]])
        #expect(
            items.map { $0["id"] as? String } == [
                "https://school.sites.localhost/news/2026/fair/", "https://school.sites.localhost/news/2026/welcome/",
            ])
        #expect(items[0]["date_published"] as? String == "2026-10-06T01:30:00Z")
        #expect(items[0]["date_modified"] as? String == "2026-10-07T16:00:00Z")
        #expect(items[1]["title"] as? String == "Welcome <all>")
        #expect(items[1]["tags"] as? [String] == ["families", "a&b"])
        #expect((items[1]["content_html"] as? String)?.contains("href=\"https://school.sites.localhost/about/\"") == true)
    }

    @Test("A feed holds the latest twenty posts")
    func length() throws {
        var files: [String: String] = [:]
        for number in 10..<35 { files["news/2026-0\(number % 9 + 1)-\(number % 18 + 10)-p\(number).md"] = "# P\(number)\n\nx\n" }
        let site = try TestSite(files)
        try site.build()
        #expect(site.page("news/feed.xml")?.split(separator: "<entry>").count == 21)
    }

    @Test("Without news there is no feed")
    func none() throws {
        let site = try TestSite(["about.md": "x\n"])
        try site.build()
        #expect(!site.has("news/feed.xml") && !site.has("news/feed.json") && !site.has("news/"))
        #expect(site.page("about/")?.contains("atom+xml") == false)
    }

    @Test("The sitemap names every page of its own language once, with its translations")
    func sitemap() throws {
        let site = try site()
        let sitemap = try #require(site.page("sitemap.xml"))
        let lines = sitemap.split(separator: "\n").filter { $0.hasPrefix("<url>") }.map(String.init)
        #expect(
            lines.contains(
                "<url><loc>https://school.sites.localhost/about/</loc><lastmod>2026-09-01</lastmod>"
                    + "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://school.sites.localhost/about/\"/>"
                    + "<xhtml:link rel=\"alternate\" hreflang=\"es\" href=\"https://school.sites.localhost/es/about/\"/></url>"))
        #expect(lines.contains("<url><loc>https://school.sites.localhost/rules/</loc></url>"))
        #expect(!sitemap.contains("/es/rules/") && !sitemap.contains("404") && !sitemap.contains("/search/"))
        let addresses = lines.compactMap { $0.split(separator: "<loc>").last?.split(separator: "</loc>").first.map(String.init) }
        #expect(Set(addresses).count == addresses.count)
        for address in addresses { #expect(site.has(String(address.dropFirst("https://school.sites.localhost/".utf8.count))), "\(address)") }
    }

    @Test("robots.txt names the sitemap and holds the tenant's own lines")
    func robots() throws {
        #expect(
            try site().page("robots.txt")
                == "User-agent: *\nDisallow: /search/\n\nSitemap: https://school.sites.localhost/sitemap.xml\n\nUser-agent: GoodBot\nDisallow: /private/\n"
        )
    }

    @Test("The address that a site gives itself is in feeds, sitemap and pages")
    func ownOrigin() throws {
        let site = try TestSite(Self.files.merging(["site.yaml": TestSite.settings + "url: https://www.oakptsa.example/\n"]) { _, new in new })
        try site.build()
        #expect(site.page("sitemap.xml")?.contains("<loc>https://www.oakptsa.example/about/</loc>") == true)
        #expect(site.page("about/")?.contains("<link rel=\"canonical\" href=\"https://www.oakptsa.example/about/\">") == true)
        #expect(site.filesHolding("school.sites.localhost") == [])
    }
}
