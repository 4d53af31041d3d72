import StructuredData
import TestSupport
import Testing

@Suite("Writing YAML")
struct YAMLWriterTests {
    static let scalars: [(value: YAMLValue, yaml: String)] = [
        ("PTA", "PTA"), ("Take part", "Take part"), ("media/logo.svg", "media/logo.svg"), ("", "\"\""), ("12", "\"12\""), ("01234", "\"01234\""),
        ("true", "\"true\""), ("No", "\"No\""), ("null", "\"null\""), ("~", "\"~\""), ("y", "\"y\""), ("#123456", "\"#123456\""),
        ("Bingo: a night", "\"Bingo: a night\""), ("- x", "\"- x\""), ("{a}", "\"{a}\""), ("it's", "\"it's\""), ("say \"hi\"", #""say \"hi\"""#),
        (#"a\b"#, #""a\\b""#), ("two\nlines", #""two\nlines""#), ("tab\t", #""tab\t""#),
        ("\u{0}\u{85}\u{2028}\u{FEFF}", #""\u0000\u0085\u2028\ufeff""#),
        ("end ", "\"end \""), (" begin", "\" begin\""), ("学校", "\"学校\""), ("2026-09-02", "\"2026-09-02\""), (.plain("true"), "true"),
        (.bool(false), "false"), (.integer(12), "12"), ("*a", "\"*a\""), ("&a", "\"&a\""), ("!a", "\"!a\""), ("%a", "\"%a\""), ("@a", "\"@a\""),
        ("`a", "\"`a\""), ("a # b", "\"a # b\""), ("a, b", "\"a, b\""), ("?", "\"?\""), ("---", "\"---\""), ("...", "\"...\""),
    ]

    @Test("scalars are in quotes unless they are surely plain", arguments: scalars)
    func scalar(_ test: (value: YAMLValue, yaml: String)) throws {
        #expect(YAMLWriter.flow(test.value) == test.yaml)
        for text in ["a: \(test.yaml)\n", "a: {b: \(test.yaml), c: d}\n", "- \(test.yaml)\n"] {
            let node = try #require(try YAMLReader.read(Array(text.utf8)))
            let read = node.items?.first ?? node["a"]?["b"] ?? node["a"]
            #expect(read.map { YAMLValue($0).means(test.value) } == true, "\(text)")
        }
    }

    static let long = String(repeating: "word ", count: 25) + "end"

    static let documents: [(value: YAMLValue, lines: [String])] = [
        (["unit": ["kind": "PTA", "state": "WA"]], ["unit: {kind: PTA, state: WA}"]),
        (["languages": ["en", "es"]], ["languages: [en, es]"]),
        (["title": ["en": "Join", "es": "Únete"]], ["title: {en: Join, es: \"Únete\"}"]),
        (["school": ["name": ["en": "A", "es": "B"], "mascot": "Lions"]], ["school: {name: {en: A, es: B}, mascot: Lions}"]),
        (
            ["hero": ["title": "Hello", "text": .text(long), "buttons": [["title": "Join", "page": "join.md"]]]],
            ["hero:", "  title: Hello", "  text: \(long)", "  buttons:", "    - {title: Join, page: join.md}"]
        ),
        (
            ["navigation": [["title": "About", "children": [["title": "Board", "url": "/board/"]]], ["title": "News", "url": "/news/"]]],
            [
                "navigation:", "  - title: About", "    children:", "      - {title: Board, url: \"/board/\"}", "  - {title: News, url: \"/news/\"}",
            ]
        ),
        ([["name": "Garden"], "x", []], ["- {name: Garden}", "- x", "- []"]), (["a": [], "b": [:], "c": .plain("")], ["a: []", "b: {}", "c:"]),
        (["a": ["b", ["c": "d"]]], ["a:", "  - b", "  - {c: d}"]), ([], ["[]"]), ([:], ["{}"]),
        (["no": "x", "two words": "z"], ["\"no\": x", "two words: z"]),
    ]

    @Test("short groups stand in braces, long ones on lines of their own; what is read again is the same", arguments: documents)
    func document(_ test: (value: YAMLValue, lines: [String])) throws {
        let lines = YAMLWriter.document(test.value)
        #expect(lines == test.lines)
        let node = try #require(try YAMLReader.read(Array(lines.joined(separator: "\n").utf8)))
        #expect(YAMLValue(node).means(test.value))
    }

    @Test("whatever the value is, what is read again is the same", arguments: 1...300)
    func anything(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let value = RandomYAML.value(&random, depth: 4)
        let text = YAMLWriter.document(value).joined(separator: "\n")
        let node = try #require(try YAMLReader.read(Array(text.utf8)), "\(text)")
        #expect(YAMLValue(node).means(value), "\(text)")
    }
}
