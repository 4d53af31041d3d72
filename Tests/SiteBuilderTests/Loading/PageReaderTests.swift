import Markdown
import Markdown
import StructuredData
import Tenancy
import TestSupport
import Testing

@testable import SiteBuilder

@Suite("Pages as volunteers write them")
struct PageReaderTests {
    private let reader = PageReader(languages: [.english, Language(code: "es") ?? .english])

    private func read(_ text: String, path: String = "about.md") -> SourcePage { reader.read(path: path, bytes: Array(text.utf8)) }

    private func html(_ page: SourcePage) -> String {
        String(decoding: page.document.html { _, _ in .init(opening: "", closing: "") }, as: UTF8.self)
    }

    // MARK: Accepted

    static let accepted = [
        "---\ntitle: Hello\n---\nText\n", "\u{FEFF}---\ntitle: Hello\n---\nText\n", "---\r\ntitle: Hello\r\n---\r\nText\r\n",
        "---\rtitle: Hello\r---\rText\r",
        "---  \ntitle: Hello\n---\t\n\n\nText\n", "---\ntitle: Hello\n...\nText\n", "+++\ntitle = \"Hello\"\n+++\nText\n",
        "\u{FEFF}+++\r\ntitle = 'Hello'\r\n+++\r\nText\r\n",
        "# Hello\n\nText\n", "# Hello ##\nText\n", "---\ndate: 2026-09-02\n---\n# Hello\nText\n", "---\n---\n# Hello\n\nText",
        "---\ntitle: Hello\n---\n# Hello\nText\n",
        "\n\n# Hello\nText\n", "---\ntitle: Hel\u{0}lo\u{7}\n---\nTe\u{1}xt\n",
    ]

    @Test("A title and a text are read, whatever editor or system wrote them", arguments: accepted)
    func accepts(_ text: String) {
        let page = read(text)
        #expect(page.findings.isEmpty)
        #expect(page.title == "Hello")
        #expect(html(page) == "<p>Text</p>\n")
    }

    static let titles: [(path: String, text: String, title: String)] = [
        ("about.md", "Text", "About"), ("meet-the_board.md", "Text", "Meet the board"), ("news/2026-09-02-welcome-back.md", "Text", "Welcome back"),
        ("programs/index.md", "Text", "programs"), ("año escolar.md", "Text", "Año escolar"), ("about.es.md", "Text", "About"),
        ("minutes.v2.md", "", "Minutes.v2"),
        ("about.md", "---\ntitle: Ours\n---\n# Other\n", "Ours"), ("about.md", "## Second level\n", "About"), ("about.md", "#\n\nx", "About"),
        ("about.md", "---\ntitle: 2026\n---\n", "2026"), ("about.md", "---\ntitle: ~\n---\n# Heading\n", "Heading"),
    ]

    @Test("The title is the front matter's, else the first heading's, else the file name's", arguments: titles)
    func title(_ test: (path: String, text: String, title: String)) {
        #expect(read(test.text, path: test.path).title == test.title)
    }

    @Test("A first heading that says something else than the title stays")
    func otherHeading() {
        #expect(html(read("---\ntitle: Ours\n---\n# Other\n")).contains("Other</h1>"))
    }

    @Test("Lines in a text are counted in the file")
    func lines() {
        let page = read("---\r\ntitle: x\r\n---\r\n\r\n# x\r\n\r\n## Two\r\n\r\n[a](/b/)\r\n")
        #expect(page.document.headings.map(\.line) == [7])
        #expect(page.document.references.map(\.line) == [9])
    }

    @Test(
        "A line across the page is not the beginning of front matter",
        arguments: ["---\n\nText\n", "----\ntitle: x\n", "--- a\ntitle: x\n---\n"])
    func rule(_ text: String) {
        #expect(read(text).findings.allSatisfy { $0.severity != .error })
    }

    @Test("Two braces mean nothing", arguments: ["{{ site.name }}", "{{{html}}}", "{{> partial}}", "{{#each}}x{{/each}}", "{% include x %}"])
    func braces(_ text: String) {
        #expect(html(read("Text \(text)\n")) == "<p>Text \(text.replacingGreaterThan)</p>\n")
    }

    // MARK: Names

    static let names: [(path: String, stem: String, language: String?, kind: SourcePage.Kind)] = [
        ("index.md", "index", nil, .home), ("index.es.md", "index", "es", .home), ("about.es.md", "about", "es", .page),
        ("about.ES.md", "about", "es", .page),
        ("about.fr.md", "about.fr", nil, .page), ("news/2026-09-02-x.md", "news/2026-09-02-x", nil, .news),
        ("news/index.md", "news/index", nil, .page),
        ("news/2026/x.md", "news/2026/x", nil, .news), ("events/x.es.md", "events/x", "es", .event), ("events/index.md", "events/index", nil, .page),
        ("news.md", "news", nil, .page), ("a/b/c/index.md", "a/b/c/index", nil, .page), ("minutes.v2.md", "minutes.v2", nil, .page),
        ("a.es/b.md", "a.es/b", nil, .page),
    ]

    @Test("A file's name tells address, language and kind", arguments: names)
    func name(_ test: (path: String, stem: String, language: String?, kind: SourcePage.Kind)) {
        let page = read("x", path: test.path)
        #expect(page.stem == test.stem)
        #expect(page.language?.code == test.language)
        #expect(page.kind == test.kind)
    }

    // MARK: Dates

    static let dates = [
        "2026-09-02", "2026-09-02T18:00", "2026-09-02 18:00", "2026-09-02T18:00:00", "2026-09-02 18:00:00 -0700", "2026-09-02T18:00:00-07:00",
        "2026-09-03T01:00:00Z",
        "\"2026-09-02\"", "September 2, 2026", "2 September 2026", "Sep 2, 2026", "2026/09/02",
    ]

    @Test("Dates are read in the forms that people and programs write", arguments: dates)
    func date(_ written: String) throws {
        let page = read("---\ndate: \(written)\n---\nx\n")
        #expect(page.findings.isEmpty, "\(page.findings)")
        let zone = try #require(TimeZoneRules.named("America/Los_Angeles"))
        #expect(page.frontMatter.date?.local(in: zone).date == CivilDate(year: 2026, month: 9, day: 2))
    }

    // MARK: Errors

    struct Wrong: Sendable, CustomTestStringConvertible {
        let rule: String
        let line: Int
        let column: Int
        let text: [UInt8]

        init(_ rule: String, _ line: Int, _ column: Int, _ text: String) { self.init(rule, line, column, Array(text.utf8)) }

        init(_ rule: String, _ line: Int, _ column: Int, _ text: [UInt8]) {
            self.rule = rule
            self.line = line
            self.column = column
            self.text = text
        }

        var testDescription: String { "\(rule): \(String(decoding: text.prefix(60), as: UTF8.self).debugDescription)" }
    }

    static let wrong = [
        Wrong("front-matter", 2, 13, "---\ntitle: Bingo: a night\n---\n"), Wrong("front-matter", 3, 7, "---\ntitle: x\ndate: 2026-02-30\n---\n"),
        Wrong("front-matter", 2, 7, "---\ndate: someday\n---\n"), Wrong("front-matter", 1, 1, "---\ntitle: never ends\n\nText\n"),
        Wrong("front-matter", 3, 1, "---\ntitle: a\ntitle: b\n---\n"), Wrong("front-matter", 2, 8, "---\ndraft: perhaps\n---\n"),
        Wrong("front-matter", 2, 9, "---\nweight: heavy\n---\n"), Wrong("front-matter", 2, 13, "---\nvisibility: staff\n---\n"),
        Wrong("front-matter", 2, 8, "---\ntitle: [a, b]\n---\n"), Wrong("front-matter", 2, 1, "---\njust words\n---\nText\n"),
        Wrong("front-matter", 2, 1, "+++\n= 3\n+++\n"), Wrong("front-matter", 3, 1, "---\r\ntitle: a\r\ntitle: b\r\n---\r\n"),
        Wrong("merge-conflict", 3, 1, "# Title\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n"),
        Wrong("merge-conflict", 2, 1, "---\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> other\n---\n"),
        Wrong("encoding", 2, 4, [0x61, 0x0A, 0x63, 0x61, 0x66, 0xE9, 0x20, 0x78]), Wrong("encoding", 1, 3, [0xC3, 0xA9, 0x20, 0xC3]),
        Wrong("encoding", 1, 1, [0xFF, 0xFE, 0x61, 0x00]), Wrong("encoding", 1, 2, [0x61, 0xED, 0xA0, 0x80]),
    ]

    @Test("What is wrong is an error at its line and column", arguments: wrong)
    func error(_ test: Wrong) {
        let page = reader.read(path: "about.md", bytes: test.text)
        let errors = page.findings.filter { $0.severity == .error }
        #expect(page.hasErrors)
        #expect(errors.contains { $0.rule == test.rule && $0.line == test.line && $0.column == test.column }, "\(errors.map(\.description))")
        #expect(errors.allSatisfy { $0.path == "about.md" && !$0.problem.isEmpty && !$0.advice.isEmpty })
    }

    @Test(
        "A line of seven signs alone is no merge conflict",
        arguments: ["=======\n", "Title\n=======\n", ">>>>>>> x\n", "text <<<<<<< a\n>>>>>>> b\n", "<<<<<<<\n>>>>>>>\n"])
    func noConflict(_ text: String) {
        #expect(read(text).findings.isEmpty)
    }

    @Test("A page of more than a mebibyte is refused")
    func size() {
        #expect(read(String(repeating: "a", count: 1 << 20)).findings.isEmpty)
        #expect(read(String(repeating: "a", count: (1 << 20) + 1)).findings.map(\.rule) == ["page-size"])
    }

    @Test("A misspelled name is a warning, with the name that was meant")
    func misspelled() {
        let finding = read("---\ntitle: x\ntgas: [a]\ndescripton: y\n---\n").findings
        #expect(finding.map(\.severity) == [.warning, .warning])
        #expect(finding.last?.description == "about.md:4:1: `descripton` is not a name that is known here: did you mean `description`?")
    }

    static let events: [(fields: String, problem: String)] = [
        ("start: 2026-09-02T18:00\nend: 2026-09-02T17:00", "ends before it starts"), ("start: 2026-09-02\nrrule: FREQ=SOMETIMES", "`rrule`"),
        ("start: 2026-09-02\nexdate: [2026-99-01]", "`exdate`"), ("start: 2026-09-02\nstatus: perhaps", "is not a status"),
        ("start: 2026-09-02\nsignup_url: javascript:alert(1)", "is not an address"), ("start: 2026-09-02\ncapacity: many", "not a whole number"),
        ("start: soon", "`start`"),
    ]

    @Test("What is wrong with an event is an error", arguments: events)
    func event(_ test: (fields: String, problem: String)) {
        let page = read("---\n\(test.fields)\n---\n", path: "events/x.md")
        #expect(page.findings.contains { $0.severity == .error && $0.problem.contains(test.problem) }, "\(page.findings)")
    }

    @Test("The American spelling of cancelled, and any case, are taken", arguments: ["cancelled", "canceled", "Cancelled", "CANCELED"])
    func cancelled(_ word: String) {
        #expect(read("---\nstart: 2026-09-02\nstatus: \(word)\n---\n", path: "events/x.md").frontMatter.status == .cancelled)
    }

    @Test("Any bytes are a page, with findings or without", arguments: [31, 32] as [UInt64])
    func anyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let samples = [
            "---\ntitle: Harvest\ndate: 2026-10-02\nstart: 2026-10-16T17:00\nrrule: FREQ=MONTHLY;BYDAY=2TU\nexdate: [2026-12-08]\ntags: [a, b]\n---\n# Hi\n\n[a](b.md) ![c](d.jpg)\n",
            "---\nbanner: {text: x, until: 2026-11-30}\nhero: {buttons: [{title: a, page: b.md}]}\naliases: [/a/, /b/]\nvisibility: members\n---\n<b>text</b>\n",
        ]
        var errors = 0
        for _ in 0..<1_500 {
            var bytes = Array(samples[Int.random(in: 0..<samples.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: bytes[index...].prefix(12), at: Int.random(in: 0...bytes.count, using: &random))
                }
            }
            let page = reader.read(path: "events/x.md", bytes: bytes)
            if page.hasErrors { errors += 1 }
            #expect(page.findings.allSatisfy { $0.line >= 1 && $0.column >= 1 })
        }
        #expect(errors > 300)
    }
}

extension String {
    fileprivate var replacingGreaterThan: String { split(separator: ">", omittingEmptySubsequences: false).joined(separator: "&gt;") }
}
