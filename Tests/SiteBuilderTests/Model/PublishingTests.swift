import Testing

@testable import SiteBuilder

@Suite("What is published, and when")
struct PublishingTests {
    static let held: [(name: String, fields: String, visible: [(now: String, isVisible: Bool)])] = [
        ("a draft", "draft: true", [("2026-11-23T20:00:00Z", false)]),
        ("a draft that is none", "draft: false", [("2026-11-23T20:00:00Z", true)]),
        ("members only", "visibility: members", [("2026-11-23T20:00:00Z", false)]),
        ("for the public", "visibility: public", [("2026-11-23T20:00:00Z", true)]),
        ("from a day on", "publish: 2026-11-24", [("2026-11-24T07:59:59Z", false), ("2026-11-24T08:00:00Z", true)]),
        ("from a moment on", "publish: 2026-11-24T09:30", [("2026-11-24T17:29:59Z", false), ("2026-11-24T17:30:00Z", true)]),
        ("from a moment with an offset on", "publish: 2026-11-24T09:30:00Z", [("2026-11-24T09:29:59Z", false), ("2026-11-24T09:30:00Z", true)]),
        ("until the end of a day", "expire: 2026-11-24", [("2026-11-25T07:59:59Z", true), ("2026-11-25T08:00:00Z", false)]),
        ("until a moment", "expire: 2026-11-24T12:00", [("2026-11-24T19:59:59Z", true), ("2026-11-24T20:00:00Z", false)]),
        (
            "by the names that other programs use", "publishdate: 2026-11-24\nexpirydate: 2026-11-25",
            [
                ("2026-11-24T07:59:59Z", false), ("2026-11-24T20:00:00Z", true), ("2026-11-26T08:00:00Z", false),
            ]
        ),
    ]

    @Test("A page is there exactly when it should be", arguments: held.map(\.name))
    func page(_ name: String) throws {
        let test = try #require(Self.held.first { $0.name == name })
        let site = try TestSite(["about.md": "---\ntitle: About\n\(test.fields)\n---\nSecretword\n", "other.md": "Other\n"])
        for (now, isVisible) in test.visible {
            try site.build(now: now)
            #expect(site.has("about/") == isVisible, "\(now)")
            #expect(site.filesHolding("Secretword").isEmpty == !isVisible, "\(now)")
            #expect(try site.files() == site.cleanBuild(now: now))
        }
    }

    @Test("Nothing of what is for members, drafts or later is in any file, in no form")
    func nothingLeaks() throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual,
            "minutes.md":
                "---\ntitle: Membertitle\nvisibility: members\ntags: [Membertag]\ndescription: Memberdescription\naliases: [/memberalias/]\nimage: media/m.svg\n---\n## Memberheading\n\nMembertext\n\n![Memberpicture](media/m.svg)\n",
            "minutes.es.md": "---\ntitle: Membertitle\nvisibility: members\n---\nMembertext\n",
            "news/2026-11-01-memberpost.md": "---\ntitle: Membertitle\nvisibility: members\ntags: [Membertag]\n---\nMembertext\n",
            "news/2026-11-02-memberdraft.md": "---\ntitle: Membertitle\ndraft: true\n---\nMembertext\n",
            "events/memberevent.md":
                "---\ntitle: Membertitle\nstart: 2026-12-01T18:00\nvisibility: members\ncategory: Membercategory\nlocation: Memberplace\n---\nMembertext\n",
            "events/later.md": "---\ntitle: Membertitle\nstart: 2026-12-01T18:00\npublish: 2026-11-30\ncategory: Membercategory\n---\nMembertext\n",
            "media/m.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"><title>Memberdrawing</title></svg>",
            "documents/index.yaml":
                "- {file: member.txt, title: Membertitle, visibility: members}\n- {file: member2.txt, title: Membertitle}\n- {file: open.txt, title: Open, visibility: public}\n",
            "documents/member.txt": "Membertext\n", "documents/member2.txt": "Membertext\n", "documents/member3.txt": "Membertext\n",
            "documents/open.txt": "Opentext\n",
            "data/notes.yaml": "Membertext: x\n", "about.md": "# About\n\nWords about [the minutes](minutes.md).\n",
            "news/2026-11-03-open.md": "# Open post\n\nx\n",
            "events/open.md": "---\ntitle: Open event\nstart: 2026-12-02T18:00\n---\nx\n",
        ])
        #expect(try site.build().isBuilt)
        #expect(site.has("documents/open.txt") && site.has("about/") && site.has("events/open/"))
        for (path, bytes) in site.files() {
            #expect(!path.lowercased().contains("member") && !path.contains("later") && !path.contains("minutes"), "\(path)")
            let text = String(decoding: bytes, as: UTF8.self).lowercased()
            // The search index holds folded words, and may hold them in parts.
            for word in ["membert", "memberd", "memberh", "memberp", "membera", "memberc", "memberev"] {
                #expect(!text.contains(word), "\(path) holds \(word)")
            }
        }
        #expect(site.page("about/")?.contains("Words about the minutes.") == true)
    }

    @Test("A page that becomes private takes its picture, tags, feeds and search words with it")
    func withdrawn() throws {
        let page = "---\ntitle: Party\nimage: media/p.svg\ntags: [Fiesta]\n---\nSecretword\n"
        let site = try TestSite([
            "news/2026-11-01-party.md": page, "news/2026-11-02-x.md": "# X\n\ny\n",
            "media/p.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"><rect width=\"1\" height=\"1\"/></svg>",
        ])
        try site.build()
        #expect(site.filesHolding("Secretword").count >= 3)
        try site.write(
            "news/2026-11-01-party.md", page.split(separator: "title: Party", maxSplits: 1).joined(separator: "title: Party\nvisibility: members"))
        try site.build()
        #expect(site.filesHolding("Secretword", "Fiesta", "Party") == [])
        #expect(site.files().keys.filter { $0.hasPrefix("media/") || $0.hasPrefix("tags/") } == [])
        #expect(try site.files() == site.cleanBuild())
    }

    static let announcements: [(yaml: String, now: String, isShown: Bool)] = [
        ("announcement: {text: Snowday, until: 2026-11-23}", "2026-11-24T07:59:59Z", true),
        ("announcement: {text: Snowday, until: 2026-11-23}", "2026-11-24T08:00:00Z", false),
        ("announcement: {text: Snowday, until: 2026-11-23T12:30}", "2026-11-23T20:29:59Z", true),
        ("announcement: {text: Snowday, until: 2026-11-23T12:30}", "2026-11-23T20:30:00Z", false),
        ("announcement: Snowday", "2036-01-01T00:00:00Z", true),
    ]

    @Test("An announcement ends when it says", arguments: announcements)
    func announcement(_ test: (yaml: String, now: String, isShown: Bool)) throws {
        let site = try TestSite(["site.yaml": TestSite.settings + test.yaml + "\n", "about.md": "x\n"])
        try site.build(now: test.now)
        #expect(site.page("about/")?.contains("Snowday") == test.isShown)
    }

    @Test("A banner of the home page stands before the announcement of the settings")
    func banner() throws {
        let site = try TestSite([
            "site.yaml": TestSite.settings + "announcement: Of the settings\n",
            "index.md": "---\nbanner: {text: Of the home page, level: urgent}\n---\nx\n", "about.md": "x\n",
        ])
        try site.build()
        #expect(site.filesHolding("Of the home page").contains("about/index.html"))
        #expect(site.filesHolding("Of the settings") == [])
    }
}
