import Foundation
import Markdown
import Testing

/// Without the enrichments, our pipeline is cmark-gfm: the same bytes as its command writes.
///
/// `Fixtures/make_gfm_examples.py` made the examples with that command. A copy of cmark-gfm's own specification isn't part of this
/// repository; `GFM_EXAMPLES` may name more files of examples made from one by the same script.
@Suite("Markdown as cmark-gfm renders it")
struct CommonMarkSpecTests {
    struct Example: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let markdown: String
        let html: String

        var testDescription: String { name }
    }

    private static func examples(_ path: String) throws -> [Example] {
        try JSONDecoder().decode([Example].self, from: Data(contentsOf: URL(filePath: path)))
    }

    private static let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/gfm_examples.json").path(
        percentEncoded: false)

    private static let all: [Example] = {
        let others = ProcessInfo.processInfo.environment["GFM_EXAMPLES"]?.split(separator: ":").map(String.init) ?? []
        return ([own] + others).flatMap { (try? examples($0)) ?? [Example(name: "unreadable: \($0)", markdown: "x", html: "")] }
    }()

    @Test("There are examples of everything that the specification is about")
    func examples() throws {
        let examples = try Self.examples(Self.own)
        #expect(examples.count >= 150)
        #expect(Set(examples.compactMap { $0.name.split(separator: " ").first }).count >= 14)
    }

    @Test("Each example gives the same bytes", arguments: all)
    func example(_ example: Example) {
        let document = MarkdownParser(enrichments: []).document(example.markdown)
        #expect(String(decoding: document.html { _, _ in .init(opening: "", closing: "") }, as: UTF8.self) == example.html)
    }

    @Test("With the enrichments, the words of each example are the same", arguments: all)
    func words(_ example: Example) {
        let plain = MarkdownParser(enrichments: []).document(example.markdown)
        let enriched = MarkdownParser().document(example.markdown)
        #expect(enriched.plainText == plain.plainText)
        #expect(enriched.headings == plain.headings)
        #expect(enriched.references == plain.references)
        let html = enriched.html { _, reference in .init(opening: "<a href=\"\(reference.destination)\">", closing: "</a>") }
        #expect(!html.contains(1), "a placeholder is left over")
    }
}

extension MarkdownParser {
    func document(_ text: String, firstLine: Int = 1) -> MarkdownDocument {
        Array(text.utf8).withUnsafeBufferPointer { parse($0, firstLine: firstLine) }
    }
}
