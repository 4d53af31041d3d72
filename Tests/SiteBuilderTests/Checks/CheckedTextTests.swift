import StructuredData
import Testing

@testable import SiteBuilder

@Suite("Prose of a page")
struct CheckedTextTests {
    private func body(_ text: String) -> CheckedText { CheckedText(body: TextFile(path: "a.md", bytes: Array(text.utf8)), fromLine: 1) }

    @Test(
        "what is no prose is blanked out, and nothing moves",
        arguments: [
            ("a `b` c", "a     c"), ("a ``b ` c`` d", "a           d"), ("[a](b \"c\") d", " a         d"), ("[a](b(c)d) e", " a         e"),
            ("![a](b)", "  a    "), ("<b>x</b>", "   x    "),
            ("a<!-- b -->c", "a          c"), ("<a@b.example>", " a@b.example "), ("**a** ~~b~~ c", "  a         c"),
            ("see https://x.example/a, b", "see                      b"), ("[a]: /b", "       "),
            ("[^a]: text", "      text"), ("1 < 2 > 0", "1   2 > 0"), ("a\\*b", "a *b"), ("`open", " open"), ("[a](open", " a (open"),
            ("~~~\nx\n~~~", "   \n \n   "), ("<é>", " é>"),
        ])
    func mask(text: String, expected: String) {
        let shown = body(text)
        #expect(String(String.UnicodeScalarView(shown.scalars)) == expected)
        #expect(shown.scalars.count == text.unicodeScalars.count && shown.folded.count == shown.scalars.count)
    }

    @Test(
        "sentences end where a reader would stop",
        arguments: [
            ("One. Two! Three?", 3), ("Meet Ms. Lee on Sept. 3 at 6 p.m. in the gym.", 1), ("See you at 6 p.m. Bring cups.", 2),
            ("Maya R. leads.", 1), ("一。二！", 2), ("A cat; a dog.", 2), ("Version 2.0 is out.", 1),
            ("“Yes.” She left.", 2), ("One\ntwo\nthree.", 1),
        ])
    func sentences(text: String, count: Int) throws {
        let shown = body(text)
        let block = try #require(shown.blocks.first)
        #expect(shown.sentences(of: block).count == count, "\(text)")
    }

    @Test("paragraphs, items, rows and headings are blocks of their own, and know their heading")
    func blocks() {
        let text = body("Intro\nmore\n\n## Dates\n\n- a\n  b\n- c\n1. d\n\n| x | y |\n|---|---|\n> quoted\n")
        #expect(text.blocks.map { text.string($0.range) } == ["Intro more", "## Dates", "- a b", "- c", "1. d", "| x | y |", "|---|---|", "quoted"])
        #expect(text.blocks.map(\.heading) == [nil, nil, 1, 1, 1, 1, 1, 1])
    }

    @Test("marks count lines and columns from 1, in characters")
    func marks() {
        let text = body("é one\nzwei drei")
        #expect(text.mark(of: 2..<5) == Mark(line: 1, column: 3))
        #expect(text.mark(of: 11..<15) == Mark(line: 2, column: 6))
    }

    @Test("a value's words are found in its file, quoted or folded")
    func valueMarks() {
        let file = TextFile(path: "site.yaml", bytes: Array("a: \"x one\"\nb: >-\n  two\n  three\n".utf8))
        let quoted = CheckedText(value: "x one", at: Mark(line: 1, column: 4), in: file)
        #expect(quoted.mark(of: 2..<5) == Mark(line: 1, column: 7))
        let folded = CheckedText(value: "two three", at: Mark(line: 2, column: 4), in: file)
        #expect(folded.mark(of: 4..<9) == Mark(line: 4, column: 3))
        #expect(folded.mark(of: 0..<9) == Mark(line: 2, column: 4))
    }

    @Test(
        "any bytes are read without harm",
        arguments: [
            "", "\n", "`", "[", "](", "<", "<!--", "~~", "\\", "![", "[^", "```", "|", "#", "> ", "1.", "@", "@@gmail.com", "(206)", "9/", "2026-",
            "2025–", "May", "Sept.", "10 de", "+1", "999999999999999999999",
        ])
    func hostile(text: String) throws {
        for tail in ["", "\n", " ", text] {
            _ = try CheckedSite(["about.md": text + tail, "data/board.yaml": "term: \"\(text.replacing("\\", with: ""))\"\n"]).findings()
        }
    }

    @Test(
        "a long text of nothing but opening signs is read in a moment", .timeLimit(.minutes(1)),
        arguments: ["<a", "](", "`a``", "~~ ~", "[^", "][", "<!--", "(206) ", "a@", "Sept. 9/", "2025–", "Maria Lopez, ", "home of "])
    func long(unit: String) throws {
        let text = String(repeating: unit, count: 20_000 / unit.count)
        _ = try CheckedSite(["about.md": text, "data/committees.yaml": "- {name: Garden, description: '\(text)'}\n"]).findings()
    }

    @Test("a value of TOML front matter is found as well")
    func toml() throws {
        let site = try CheckedSite(["about.md": "+++\ntitle = \"About\"\ndescription = \"The fair will be on October 3, 2026.\"\n+++\nText.\n"])
        #expect(try site.findings(.passedDate).map { "\($0.line):\($0.column)" } == ["3:36"])
    }
}
