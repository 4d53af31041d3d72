import StructuredData
import Testing

@Suite("TOML")
struct TOMLReaderTests {
    @Test("Values of every kind")
    func values() throws {
        let node = try TOMLReader.read(
            """
            title = "A \\"quoted\\" title"
            literal = 'C:\\path'
            weight = 3
            price = 2.5
            draft = true
            tags = ["a", "b"]
            date = 2026-09-02
            moment = 2026-09-02T18:00:00-07:00
            local = 2026-09-02T18:00:00
            lines = \"\"\"
            one
            two\"\"\"
            [banner]
            text = "hello"
            [[hero.buttons]]
            title = "Join"
            """)
        #expect(node["title"]?.text == "A \"quoted\" title")
        #expect(node["literal"]?.text == "C:\\path")
        #expect(node["weight"]?.text == "3")
        #expect(node["price"]?.text == "2.5")
        #expect(node["draft"]?.text == "true")
        #expect(node["tags"]?.items?.compactMap(\.text) == ["a", "b"])
        #expect(node["date"]?.text == "2026-09-02")
        #expect(node["moment"]?.text?.hasPrefix("2026-09-02T18:00:00") == true)
        #expect(node["moment"]?.text?.hasSuffix("-07:00") == true)
        #expect(node["local"]?.text?.hasPrefix("2026-09-02T18:00:00") == true)
        #expect(node["lines"]?.text == "one\ntwo")
        #expect(node["banner"]?["text"]?.text == "hello")
        #expect(node["hero"]?["buttons"]?.items?.first?["title"]?.text == "Join")
    }

    @Test("Nothing at all is an empty group")
    func nothing() throws {
        #expect(try TOMLReader.read("").pairs == [])
    }

    static let errors: [(toml: String, line: Int)] = [
        ("title = unquoted", 1), ("a = 1\nb = \"never closed\n", 2), ("a = 1\na = 2", 2), ("a = [1, 2", 1), ("= 3", 1), ("a: 3", 1), ("[a\nb = 1", 1),
        ("a = 2026-13-40", 1),
    ]

    @Test("What is wrong is said on its line", arguments: errors)
    func error(_ test: (toml: String, line: Int)) {
        let error = #expect(throws: StructuredDataError.self) { try TOMLReader.read(test.toml, lineOffset: 1) }
        #expect(error?.mark.line == test.line + 1)
        #expect(error?.problem.isEmpty == false && error?.advice.isEmpty == false)
    }

    @Test("Deep nesting is refused", arguments: [40, 20_000])
    func depth(_ count: Int) {
        #expect(throws: StructuredDataError.self) {
            try TOMLReader.read("a = " + (0..<count).map { _ in "[" }.joined() + (0..<count).map { _ in "]" }.joined())
        }
        #expect(throws: StructuredDataError.self) {
            try TOMLReader.read("[" + (0..<count).map { "a\($0)" }.joined(separator: ".") + "]\nx = 1")
        }
    }
}
