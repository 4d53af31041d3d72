import Markdown
import TestSupport
import Testing

@Suite("Markdown documents")
struct MarkdownDocumentTests {
    private let parser = MarkdownParser()

    private func html(_ text: String) -> String {
        let html = parser.document(text).html(tableLabel: "Table") { number, reference in
            switch reference.kind {
            case .link: .init(opening: "<a \(number)>", closing: "</a>")
            case .picture: .init(opening: "<img \(number)>", closing: "")
            case .figure: .init(opening: "<figure \(number)></figure>", closing: "")
            }
        }
        return String(decoding: html, as: UTF8.self)
    }

    // MARK: Headings

    static let ids: [(text: String, id: String)] = [
        ("Meet the Board!", "meet-the-board"), ("  Spaces   inside  ", "spaces-inside"), ("C'est l'été", "c-est-l-été"),
        ("¿Qué hacemos?", "qué-hacemos"),
        ("2026–27", "2026-27"), ("snake_case", "snake_case"), ("漢字 見出し", "漢字-見出し"), ("Привет", "привет"),
        ("*Emphasis* and `code`", "emphasis-and-code"),
        ("[A link](/x/)", "a-link"), ("!!!", "section"), ("🎒", "section"), ("A & B < C", "a-b-c"), ("\"quoted\" & 'x'", "quoted-x"),
    ]

    @Test("An id is made of a heading's letters and digits", arguments: ids)
    func id(_ test: (text: String, id: String)) {
        let document = parser.document("## \(test.text)\n")
        #expect(document.headings.map(\.id) == [test.id])
        #expect(html("## \(test.text)\n").hasPrefix("<h2 id=\"\(test.id)\">"))
    }

    @Test(
        "No two headings of a page have one id",
        arguments: ["## A\n## A\n## A\n", "## A\n## A\n## A 2\n", "## A 2\n## A\n## A\n## A-2\n", "## !\n## ?\n## Section\n## Section 2\n"])
    func uniqueIDs(_ text: String) {
        let ids = parser.document(text).headings.map(\.id)
        #expect(Set(ids).count == ids.count, "\(ids)")
    }

    @Test("A very long heading has a short id")
    func longHeading() {
        let id = parser.document("## " + String(repeating: "word ", count: 1000)).headings.first?.id ?? ""
        #expect((40...90).contains(id.utf8.count))
    }

    @Test("Headings tell level, words and line")
    func headings() {
        let document = parser.document("# One\n\ntext\n\nTwo *b*\n---\n\n> ### In a `quote`\n", firstLine: 10)
        #expect(document.headings.map(\.level) == [1, 2, 3])
        #expect(document.headings.map(\.text) == ["One", "Two b", "In a quote"])
        #expect(document.headings.map(\.line) == [10, 14, 17])
    }

    // MARK: References

    @Test("Links and pictures tell where they lead, their words and their place")
    func references() {
        let document = parser.document(
            """
            See [the *board*](about/board.md "Who") and <https://example.org>.

            ![A tree](media/tree.jpg "Oak")

            - text ![small](b.png) [ref]

            [ref]: /x/ 'Y'
            """, firstLine: 5)
        let references = document.references
        #expect(references.map(\.kind) == [.link, .link, .figure, .picture, .link])
        #expect(references.map(\.destination) == ["about/board.md", "https://example.org", "media/tree.jpg", "b.png", "/x/"])
        #expect(references.map(\.title) == ["Who", "", "Oak", "", "Y"])
        #expect(references.map(\.text) == ["the board", "https://example.org", "A tree", "small", "ref"])
        #expect(references.map(\.line) == [5, 5, 7, 9, 9])
        #expect(references.map(\.column) == [5, 45, 1, 8, 24])
    }

    @Test("A link is replaced around its words")
    func links() {
        #expect(html("a [b *c*](/d/) e [f](/g/)\n") == "<p>a <a 0>b <em>c</em></a> e <a 1>f</a></p>\n")
        #expect(html("[![pic](a.png)](/b/)\n") == "<p><a 1><img 0></a></p>\n")
    }

    @Test("A picture by itself is a figure outside any paragraph, one in a text is not")
    func figures() {
        #expect(html("a\n\n![b](c.jpg)\n\nd\n") == "<p>a</p>\n<figure 0></figure>\n<p>d</p>\n")
        #expect(html("a ![b](c.jpg)\n") == "<p>a <img 0></p>\n")
        #expect(html("- ![b](c.jpg)\n").contains("<figure 0></figure>"))
        #expect(html("> ![b](c.jpg)\n").contains("<figure 0></figure>"))
        #expect(!html("![b](c.jpg)\n").contains("<p>"))
    }

    @Test("Figures in a list and in a footnote keep the document whole")
    func figuresElsewhere() {
        #expect(html("1. a\n\n   ![b](c.jpg)\n\n2. d[^1]\n\n[^1]: ![e](f.jpg)\n").contains("<figure 0></figure>"))
    }

    @Test("Tables stand in an element that scrolls, with a label")
    func tables() {
        let text = html("| a | [b](/c/) |\n|---|---|\n| d | e |\n\n| f |\n|---|\n")
        #expect(text.hasPrefix("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table\">\n<table>"))
        #expect(text.components("</table>\n</div>") == 2)
        #expect(text.contains("<th><a href=\"/c/\">b</a></th>") || text.contains("<th><a 0>b</a></th>"))
    }

    @Test("Task lists, strikethrough and footnotes are rendered")
    func extensions() {
        #expect(html("- [x] done\n- [ ] open\n").components("type=\"checkbox\"") == 2)
        #expect(html("~~gone~~\n") == "<p><del>gone</del></p>\n")
        #expect(html("a[^1]\n\n[^1]: note\n").contains("<section class=\"footnotes\""))
    }

    @Test(
        "A line may end after the @ of an address, and only the address's own",
        arguments: [
            ("Ask us@school.example.\n", "us@<wbr>school.example</a>"), ("<us@school.example>\n", "us@<wbr>school.example</a>"),
            ("[us@school.example](mailto:us@school.example)\n", "us@<wbr>school.example</a>"), ("[us](mailto:us@school.example)\n", ">us</a>"),
            ("[*us*@x](mailto:us@school.example)\n", "<em>us</em>@x</a>"), ("[a@b](/c/)\n", "a@b</a>"), ("[](mailto:us@school.example)\n", "></a>"),
        ])
    func mailAddresses(_ test: (markdown: String, html: String)) {
        #expect(html(test.markdown).contains(test.html), "\(html(test.markdown))")
        #expect(!String(decoding: parser.document(test.markdown).plainText, as: UTF8.self).contains("wbr"))
    }

    // MARK: Words

    static let words: [(markdown: String, plain: String, first: String)] = [
        ("Hello *big* world\n", "Hello big world ", "Hello big world"),
        ("# Title\n\nFirst one.\n\nSecond.\n", "Title First one. Second. ", "First one."),
        ("a\nb  \nc\n", "a b c ", "a b c"), ("- one\n- two\n", "one two ", "one"), ("`code` and\n\n    block\n", "code and block\n ", "code and"),
        ("| a | b |\n|---|---|\n| c | d |\n\nAfter.\n", "a b c d After. ", "After."), ("![alt words](a.jpg)\n\nText\n", "Text ", "Text"),
        ("<b>raw</b> text\n", "raw text ", "raw text"), ("[link](/a/) here\n", "link here ", "link here"), ("", "", ""),
        ("&amp; &eacute;\n", "& é ", "& é"),
    ]

    @Test("The words of a text, and its first paragraph", arguments: words)
    func plainText(_ test: (markdown: String, plain: String, first: String)) {
        let document = parser.document(test.markdown)
        #expect(String(decoding: document.plainText, as: UTF8.self) == test.plain)
        #expect(document.firstParagraph == test.first)
    }

    @Test(
        "Raw HTML is noticed",
        arguments: [("a <b>c</b>", true), ("<div>\n", true), ("<!-- x -->", true), ("a < b", false), ("`<b>`", false), ("&lt;b&gt;", false)])
    func rawHTML(_ test: (markdown: String, hasRawHTML: Bool)) {
        #expect(parser.document(test.markdown).hasRawHTML == test.hasRawHTML)
    }

    // MARK: Hostile texts

    static let imitations = [
        "&#1;o0&#1; [a](/b/)\n", "&#x01;h0&#x01;\n\n# A\n", "```&#1;o0&#1;\ncode\n```\n\n[a](/b/ \"c\")\n", "[a](/b/ \"&#1;o0&#1;\")\n",
        "![&#1;c0&#1;](a.jpg) [a](/b/)\n",
        "| a |\n|---|\n| &#1;t0&#1; |\n", "[a](</b&#1;o0&#1;>)\n", "[a&#1;c0&#1;b](/b/)\n",
    ]

    @Test("A text can't imitate the place of a link, by character references either", arguments: imitations)
    func imitation(_ text: String) {
        var asked: [Int] = []
        let document = parser.document(text)
        let html = String(
            decoding: document.html(tableLabel: "LABEL") { number, _ in
                asked.append(number)
                return .init(opening: "OPEN", closing: "CLOSE")
            }, as: UTF8.self)
        #expect(asked == document.references.indices.map { $0 })
        #expect(html.components("CLOSE") == document.references.count { $0.kind == .link })
        #expect(html.components("LABEL") == html.components("<table>"))
    }

    @Test(
        "A text that is nothing but openings is parsed in time", .timeLimit(.minutes(1)),
        arguments: ["[", "![", "*a ", "> ", "`", "<", "[a](", "| ", "[^", "- ", "&", "~~"])
    func openings(_ opening: String) {
        let text = String(repeating: opening, count: 50_000 / opening.utf8.count)
        let clock = ContinuousClock()
        let time = clock.measure { _ = parser.document(text).html { _, _ in .init(opening: "", closing: "") } }
        #expect(time < .seconds(10))
    }

    @Test("Any text gives a document without placeholders", arguments: [21, 22] as [UInt64])
    func anyText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "# ", "*", "**", "[", "](", ")", "![", "\n", "\n\n", "a", "b c", "`", "```\n", "| ", "|---|\n", "- ", "1. ", "> ", "<b>", "</b>", "&amp;",
            "~~", "[^1]", "[^1]: ",
            "    ", "é", "漢", "www.a.org", "- [ ] ", "\\", "<!--", "-->", "/x/", "\"t\"", "&#1;", "o0", "---\n",
        ]
        var references = 0
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 1...25, using: &random)).map { _ in parts[Int.random(in: 0..<parts.count, using: &random)] }.joined()
            let document = parser.document(text)
            references += document.references.count
            let html = document.html(tableLabel: "T") { _, _ in .init(opening: "<a>", closing: "</a>") }
            guard String(validating: html, as: UTF8.self) != nil, !html.contains(1) else {
                Issue.record("\(text.debugDescription)")
                return
            }
        }
        #expect(references > 300)
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(_ part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
