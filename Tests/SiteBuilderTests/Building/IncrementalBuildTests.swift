import Foundation
import Testing

@testable import SiteBuilder

@Suite("Only what changed is made again")
struct IncrementalBuildTests {
    private static let files = [
        "index.md": "# Home\n\nWelcome\n", "about.md": "# About\n\nAbout words\n", "contact.md": "# Contact\n\nContact words\n",
        "programs/index.md": "# Programs\n\nAll\n", "programs/garden.md": "---\ntitle: Garden\ntags: [outdoors]\n---\nGarden words\n",
        "programs/art.md": "# Art\n\nArt words\n",
        "news/2026-09-02-welcome.md": "---\ntitle: Welcome\ntags: [families]\n---\nWelcome words\n",
        "news/2026-10-05-fair.md": "---\ntitle: Fair\n---\nFair words\n",
        "news/2026-11-01-thanks.md": "---\ntitle: Thanks\n---\nThanks words\n",
        "events/carnival.md": "---\ntitle: Carnival\nstart: 2026-12-04T17:00\nend: 2026-12-04T20:00\ncategory: family\n---\nCarnival words\n",
        "events/meeting.md": "---\ntitle: Meeting\nstart: 2026-12-08T18:30\ncategory: meeting\n---\nMeeting words\n",
        "data/board.yaml": "officers:\n  - {role: President, name: Ana}\n", "data/sponsors.yaml": "- {name: Acorn Books}\n",
        "documents/index.yaml": "- {file: rules.txt, title: Rules, visibility: public}\n", "documents/rules.txt": "Rules\n",
        "static/robots.txt": "# ours\n",
        "media/tree.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><rect width=\"9\" height=\"9\"/></svg>",
    ]

    private static let search = "search/en/"

    /// The paths that a build wrote, without the search index, whose files are made together.
    private func written(_ site: TestSite, _ change: () throws -> Void) throws -> Set<String> {
        try site.build()
        let before = TestSite.inodes(in: site.live)
        let contents = site.files()
        try change()
        let report = try site.build()
        let after = TestSite.inodes(in: site.live)
        let written = Set(after.filter { before[$0.key] != $0.value }.keys)
        #expect(report.rendered == written.count)
        #expect(report.linked == after.count - written.count)
        // What is the same must be a link, and the content of every link must be the same.
        for (path, bytes) in site.files() where contents[path] == bytes {
            #expect(!written.contains(path), "\(path) was written again with the same bytes")
        }
        #expect(try site.files() == site.cleanBuild())
        return written.filter { !$0.hasPrefix(Self.search) }
    }

    @Test("A changed text writes its page and the search index")
    func text() throws {
        let site = try TestSite(Self.files)
        #expect(try written(site) { try site.write("about.md", "# About\n\nOther words\n") } == ["about/index.html"])
        #expect(site.filesHolding("Other words").contains { $0.hasPrefix(Self.search) })
    }

    @Test("A new title of a page writes the pages that show it")
    func title() throws {
        let site = try TestSite(Self.files)
        let written = try written(site) { try site.write("programs/art.md", "# Art room\n\nArt words\n") }
        #expect(written == ["programs/art/index.html", "programs/index.html", "search/index.html"])
    }

    @Test("A new title of a post writes its neighbours, the lists and the feeds")
    func newsTitle() throws {
        let site = try TestSite(Self.files)
        let written = try written(site) { try site.write("news/2026-10-05-fair.md", "---\ntitle: Book fair\n---\nFair words\n") }
        #expect(
            written == [
                "news/2026/fair/index.html", "news/2026/welcome/index.html", "news/2026/thanks/index.html", "news/index.html", "news/feed.xml",
                "news/feed.json", "index.html", "search/index.html",
            ])
    }

    @Test("Another text of an event writes its page, calendars and flyer")
    func eventText() throws {
        let site = try TestSite(Self.files)
        let written = try written(site) {
            try site.write(
                "events/carnival.md", "---\ntitle: Carnival\nstart: 2026-12-04T17:00\nend: 2026-12-04T20:00\ncategory: family\n---\nMore words\n")
        }
        #expect(
            written == [
                "events/carnival/index.html", "events/carnival/carnival.ics", "events/carnival/flyer/index.html", "events/calendar.ics",
                "events/category/family/calendar.ics",
            ])
    }

    @Test("A new officer writes the board's page alone")
    func board() throws {
        let site = try TestSite(Self.files)
        #expect(try written(site) { try site.write("data/board.yaml", "officers:\n  - {role: President, name: Kim}\n") } == ["board/index.html"])
    }

    @Test("A new file for download is copied, and listed")
    func document() throws {
        let site = try TestSite(Self.files)
        #expect(try written(site) { try site.write("documents/rules.txt", "Other rules\n") } == ["documents/rules.txt", "documents/index.html"])
    }

    @Test("A post too many writes lists, not old posts")
    func addedNews() throws {
        let site = try TestSite(Self.files)
        let written = try written(site) { try site.write("news/2026-11-20-new.md", "---\ntitle: New\n---\nNew words\n") }
        #expect(
            written == [
                "news/2026/new/index.html", "news/2026/thanks/index.html", "news/index.html", "news/feed.xml", "news/feed.json", "index.html",
                "search/index.html",
                "sitemap.xml",
            ])
    }

    @Test("A new name of the site writes every page")
    func siteName() throws {
        let site = try TestSite(Self.files)
        let written = try written(site) { try site.write("site.yaml", "name: Elm School PTSA\ntimezone: America/Los_Angeles\nlanguages: [en]\n") }
        #expect(Set(site.files().keys.filter { $0.hasSuffix(".html") }).isSubset(of: written))
        #expect(!written.contains("documents/rules.txt"))
    }

    @Test("A change back makes the first release again")
    func back() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let first = site.files()
        try site.write("about.md", "# About\n\nOther\n")
        try site.build()
        #expect(site.files() != first)
        try site.write("about.md", Self.files["about.md"] ?? "")
        try site.build()
        #expect(site.files() == first)
    }

    @Test("When nothing changed there is no new release, by the state and by the files")
    func unchanged() throws {
        let site = try TestSite(Self.files)
        #expect(try site.build().isBuilt)
        let live = site.folders.liveID
        // Just written files may still change within the clock's grain, so this build looks at everything.
        #expect(try site.build().outcome == .unchanged)
        Thread.sleep(forTimeInterval: 0.12)
        #expect(try site.build().outcome == .unchanged)
        let quick = try site.build()
        #expect(quick.outcome == .unchanged)
        #expect(quick.timings.phases.keys.sorted() == ["scan"])
        #expect(site.folders.liveID == live)
        #expect(site.folders.releaseIDs.count == 1)
    }

    @Test("A file that is written again with the same content makes no new release")
    func touched() throws {
        let site = try TestSite(Self.files)
        try site.build()
        Thread.sleep(forTimeInterval: 0.12)
        for (path, text) in Self.files { try site.write(path, text) }
        #expect(try site.build().outcome == .unchanged)
        #expect(site.folders.releaseIDs.count == 1)
    }

    @Test("Some other file in the folder makes no new release")
    func unrelated() throws {
        let site = try TestSite(Self.files)
        try site.build()
        try site.write("README.md", "Notes\n")
        try site.write("data/notes.txt", "Notes\n")
        #expect(try site.build().outcome == .unchanged)
    }

    @Test("Same input, same bytes, with one thread and with two, from nothing and again")
    func deterministic() throws {
        let site = try TestSite(Self.files)
        try site.build(jobs: 2)
        #expect(try site.files() == site.cleanBuild(jobs: 1))
        #expect(try site.cleanBuild(jobs: 2) == site.cleanBuild(jobs: 1))
    }

    @Test("A forced build writes everything, and the same bytes")
    func forced() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let before = site.files()
        let report = try site.build(environment: try TestSite.environment(force: true))
        #expect(report.linked == 0)
        #expect(site.files() == before)
    }

    @Test("A build for an earlier moment is made again")
    func earlier() throws {
        let site = try TestSite(Self.files)
        try site.build(now: "2026-12-20T00:00:00Z")
        #expect(site.page("events/")?.contains("Carnival") == false)
        Thread.sleep(forTimeInterval: 0.12)
        try site.build(now: "2026-11-23T20:00:00Z")
        #expect(site.page("events/")?.contains("Carnival") == true)
    }

    // MARK: The theme

    /// The theme in a folder of its own, to be changed.
    private func templates(_ site: TestSite) throws -> String {
        let folder = "\(site.root)/templates"
        try FileManager.default.copyItem(atPath: TestSite.templates, toPath: folder)
        return folder
    }

    private func append(_ text: String, to file: String) throws {
        try Data(((readFile(file).map { String(decoding: $0, as: UTF8.self) } ?? "") + text).utf8).write(to: URL(filePath: file))
    }

    static let themeChanges: [(file: String, text: String, changes: [String], keeps: [String])] = [
        (
            "site/layouts/news-article.mustache", "<p>mark</p>\n", ["news/2026/welcome/index.html"],
            ["about/index.html", "events/carnival/index.html", "news/index.html"]
        ),
        (
            "site/partials/event-card.mustache", "<li>mark</li>\n", ["events/index.html", "index.html"],
            ["about/index.html", "news/2026/welcome/index.html", "board/index.html"]
        ),
        (
            "site/frame.mustache", "<!-- mark -->\n", ["about/index.html", "news/index.html", "404.html"],
            ["news/feed.xml", "events/carnival/flyer/index.html"]
        ),
        ("site/theme.css", ".mark{color:red}\n", ["about/index.html", "events/index.html"], ["news/feed.xml", "events/calendar.ics"]),
        ("site/layouts/flyer.mustache", "<!-- mark -->\n", ["events/carnival/flyer/index.html"], ["events/carnival/index.html", "about/index.html"]),
    ]

    @Test("A changed template writes what is made with it", arguments: themeChanges)
    func template(_ test: (file: String, text: String, changes: [String], keeps: [String])) throws {
        let site = try TestSite(Self.files)
        let templates = try templates(site)
        try site.build(environment: try TestSite.environment(templates: templates))
        let before = TestSite.inodes(in: site.live)
        try append(test.text, to: "\(templates)/\(test.file)")
        let changed = try TestSite.environment(templates: templates)
        try site.build(environment: changed)
        let after = TestSite.inodes(in: site.live)
        for path in test.changes { #expect(before[path] != nil && after[path] != nil && before[path] != after[path], "\(path) is not new") }
        for path in test.keeps { #expect(before[path] != nil && before[path] == after[path], "\(path) is new") }
        #expect(try site.files() == site.cleanBuild(environment: changed))
    }

    @Test(
        "A changed word of the theme reaches everything that shows it, the search index too",
        arguments: ["kind_page", "kind_news", "news", "when", "search"])
    func string(_ key: String) throws {
        let site = try TestSite(Self.files)
        let templates = try templates(site)
        try site.build(environment: try TestSite.environment(templates: templates))
        let file = "\(templates)/strings/en.yaml"
        let lines = String(decoding: readFile(file) ?? [], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains { $0.hasPrefix("\(key):") })
        try Data(lines.map { $0.hasPrefix("\(key):") ? "\(key): Changedword" : String($0) }.joined(separator: "\n").utf8).write(
            to: URL(filePath: file))
        let changed = try TestSite.environment(templates: templates)
        try site.build(environment: changed)
        #expect(site.filesHolding("Changedword") != [])
        #expect(try site.files() == site.cleanBuild(environment: changed))
    }

    @Test("A tenant's own template and style replace the theme's, and go again")
    func ownTheme() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let plain = site.files()
        try site.write("theme/footer.mustache", "<footer>Our own footer</footer>\n")
        try site.write("theme/style.css", ".ours { color: green; }\n")
        #expect(try site.build().errors.isEmpty)
        #expect(site.filesHolding("Our own footer").contains("about/index.html"))
        #expect(site.filesHolding(".ours{color:green}").count == 1)
        #expect(try site.files() == site.cleanBuild())
        try site.remove("theme")
        try site.build()
        #expect(site.files() == plain)
    }

    @Test("Switching compressed files on and off makes and removes them")
    func precompress() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let plain = site.files()
        let compressing = try TestSite.environment(precompress: true)
        try site.build(environment: compressing)
        let files = site.files()
        #expect(files["about/index.html.gz"] != nil && files["about/index.html.br"] != nil)
        #expect(files.filter { !$0.key.hasSuffix(".gz") && !$0.key.hasSuffix(".br") } == plain)
        try site.write("about.md", "# About\n\nOther words\n")
        try site.build(environment: compressing)
        #expect(try site.files() == site.cleanBuild(environment: compressing))
        try site.build()
        #expect(site.files().keys.filter { $0.hasSuffix(".gz") || $0.hasSuffix(".br") } == [])
    }
}
