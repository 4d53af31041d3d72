import TestSupport
import Testing

@testable import Markdown

@Suite("Extensions that a text needs")
struct SyntaxNeedsTests {
    private static let pieces = [
        "word", " ", "\n", "\n\n", "- ", "- [ ] ", "- [x] ", "1. ", "[X]", "|", "| a | b |\n", "|---|:-:|\n", "a\n:--\n", "a\n--:\n", ":-:\n",
        "---\n", "~~", "~",
        "www.", "www.example.org", "https://example.org", "://", ":", "w", "ww", "me@example.org", "mailto:", "<https://example.org>", "@", "**", "_",
        "`", "```\n",
        "[a](/b)", "![p](p.png)", "# ", "> ", "<b>", "[^1]", "[^1]: note\n", "\\", "é", "漢",
    ]

    @Test("A text with the extensions it needs is the same as with all of them", arguments: [1, 2, 3, 4] as [UInt64])
    func sameAsAll(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let chosen = MarkdownParser(enrichments: [])
        let all = MarkdownParser(enrichments: [], needs: .all)
        var bare = 0
        for _ in 0..<6_000 {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
            if Array(text.utf8).withUnsafeBufferPointer({ SyntaxNeeds($0).extensions.isEmpty }) { bare += 1 }
            let (left, right) = (chosen.document(text), all.document(text))
            #expect(rendered(left) == rendered(right), "\(text.debugDescription)")
            #expect(left.plainText == right.plainText, "\(text.debugDescription)")
        }
        #expect(bare > 300)
    }

    @Test("Texts with and without strikethrough, parsed side by side, all come out right")
    func sideBySide() async {
        let parser = MarkdownParser()
        let texts = ["~~gone~~ and www.example.org", "plain words with a www and a colon: so", "me@example.org ~~x~~", "**bold** word: wow"]
        let expected = texts.map { rendered(parser.document($0)) }
        await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<4_000 {
                        let index = (task + round) % texts.count
                        if rendered(parser.document(texts[index])) != expected[index] { wrong += 1 }
                    }
                    return wrong
                }
            }
            for await wrong in group { #expect(wrong == 0) }
        }
    }
}

private func rendered(_ document: MarkdownDocument) -> String {
    String(decoding: document.html { number, _ in .init(opening: "[\(number)]", closing: "[/]") }, as: UTF8.self)
}
