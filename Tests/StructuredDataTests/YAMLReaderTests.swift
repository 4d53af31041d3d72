import StructuredData
import Testing

@Suite("YAML")
struct YAMLReaderTests {
    private func read(_ text: String, lineOffset: Int = 0) throws(StructuredDataError) -> Node? {
        try YAMLReader.read(Array(text.utf8), lineOffset: lineOffset)
    }

    static let scalars: [(yaml: String, text: String?)] = [
        ("a: plain words", "plain words"), ("a: 'single'", "single"), ("a: \"double \\\"x\\\"\"", "double \"x\""), ("a: 'it''s'", "it's"),
        ("a: 2.6.45", "2.6.45"), ("a: 01234", "01234"), ("a: 1e3", "1e3"), ("a: yes", "yes"), ("a: 2026-09-02", "2026-09-02"), ("a: 12:30", "12:30"),
        ("a: \"#0b5394\"", "#0b5394"), ("a: word # a comment", "word"), ("a: |\n  one\n  two\n", "one\ntwo\n"), ("a: >\n  one\n  two\n", "one two\n"),
        ("a: ñandú 漢字 🎒", "ñandú 漢字 🎒"), ("a: \"\\u00e9\"", "é"), ("a: https://example.org/x?y=1", "https://example.org/x?y=1"),
        ("a: one\n  two", "one two"), ("a:", nil), ("a: ~", nil), ("a: null", nil), ("a: \"\"", ""), ("a: \"null\"", "null"), ("a: '~'", "~"),
        ("a: !!str 5", "5"), ("? a\n: b", "b"),
    ]

    @Test("Scalars stay as they were written", arguments: scalars)
    func scalar(_ test: (yaml: String, text: String?)) throws {
        #expect(try read(test.yaml)?["a"]?.text == test.text)
    }

    @Test("Lists and groups, in both notations")
    func collections() throws {
        let node = try #require(try read("list: [a, 'b']\nblock:\n  - c\n  - d: e\n    f: g\nflow: {h: i, j: [k]}\nempty: []\n"))
        #expect(node["list"]?.items?.compactMap(\.text) == ["a", "b"])
        #expect(node["block"]?.items?.count == 2)
        #expect(node["block"]?.items?[1]["f"]?.text == "g")
        #expect(node["flow"]?["j"]?.items?.first?.text == "k")
        #expect(node["empty"]?.items == [])
        #expect(node.pairs?.map(\.key) == ["list", "block", "flow", "empty"])
        #expect(node.count == 22)
    }

    @Test("Every value knows its place, counted in characters from 1")
    func marks() throws {
        let node = try #require(try read("a: b\nñame: [c, d]\ngroup:\n  inner: x\n", lineOffset: 10))
        let pairs = try #require(node.pairs)
        #expect(pairs[0].keyMark == Mark(line: 11, column: 1))
        #expect(pairs[0].value.mark == Mark(line: 11, column: 4))
        #expect(pairs[1].value.items?.map(\.mark) == [Mark(line: 12, column: 8), Mark(line: 12, column: 11)])
        #expect(pairs[2].value.pairs?.first?.keyMark == Mark(line: 14, column: 3))
        #expect(pairs[2].value["inner"]?.mark == Mark(line: 14, column: 10))
    }

    @Test("Nothing at all is nil", arguments: ["", "\n\n", "# only a comment\n", "---\n...\n"])
    func nothing(_ text: String) throws {
        let node = try read(text)
        #expect(node == nil || node?.isNull == true)
    }

    @Test("Aliases stand for what they name")
    func aliases() throws {
        let node = try #require(try read("a: &x {b: c}\nd: *x\ne: [*x]\n"))
        #expect(node["d"]?["b"]?.text == "c")
        #expect(node["e"]?.items?.first?["b"]?.text == "c")
    }

    static let errors: [(yaml: String, mark: Mark, problem: String)] = [
        ("title: Bingo: a night", Mark(line: 1, column: 13), "a colon followed by a space"),
        ("a: b\n\ttitle: x", Mark(line: 2, column: 1), "a tab"),
        ("a: b\ntitle: @home", Mark(line: 2, column: 8), "a tab, @"),
        ("a: `code`", Mark(line: 1, column: 4), "a tab, @, `"),
        ("a: b\nwords without a colon\nc: d", Mark(line: 2, column: 1), "`name: value`"),
        ("a: \"one\" two\nb: c", Mark(line: 1, column: 10), "ends too early"),
        ("a: b\nb: \"never closed\nc: d\n", Mark(line: 2, column: 4), "never closed"),
        ("a: [one, two\nb: c", Mark(line: 1, column: 4), "list in brackets"),
        ("a: \"C:\\path\"", Mark(line: 1, column: 7), "a backslash"),
        ("a: b\nc: d\na: e", Mark(line: 3, column: 1), "`a` stands here twice"),
        ("x:\n  a: b\n  a: c", Mark(line: 3, column: 3), "`a` stands here twice"),
        ("{a: b}: c", Mark(line: 1, column: 1), "a list or a group stands where a name"),
        ("? [a]\n: c", Mark(line: 1, column: 3), "a list or a group stands where a name"),
        ("a: *nobody", Mark(line: 1, column: 4), "*nobody refers to nothing"),
        ("a: b\n---\nc: d", Mark(line: 3, column: 1), "a second document"),
    ]

    @Test("What is wrong is said at its place, in an editor's words", arguments: errors)
    func error(_ test: (yaml: String, mark: Mark, problem: String)) {
        let error = #expect(throws: StructuredDataError.self) { try read(test.yaml) }
        #expect(error?.mark == test.mark)
        #expect(error?.problem.contains(test.problem) == true, "\(error?.problem ?? "no error")")
        #expect(error?.advice.isEmpty == false)
        let moved = #expect(throws: StructuredDataError.self) { try read(test.yaml, lineOffset: 5) }
        #expect(moved?.mark == Mark(line: test.mark.line + 5, column: test.mark.column))
    }

    @Test("A control character is reported on its own line")
    func controlCharacter() {
        let error = #expect(throws: StructuredDataError.self) { try read("a: b\nc: d\u{8}e\n") }
        #expect(error?.mark.line == 2)
    }

    @Test("Bytes that are no UTF-8 are an error", arguments: [[0xFF], [0x61, 0x3A, 0x20, 0xE9, 0x0A], [0x61, 0x3A, 0x20, 0xC3]] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        #expect(throws: StructuredDataError.self) { try YAMLReader.read(bytes) }
    }

    // MARK: Bounds

    @Test("20 levels are read, 30 and 200,000 are refused", arguments: ["[", "{a: ", "- "])
    func depth(_ opening: String) throws {
        func text(_ count: Int) -> String {
            if opening == "- " { return (0..<count).map { _ in opening }.joined() + "x" }
            return (0..<count).map { _ in opening }.joined() + "x" + (0..<count).map { _ in opening == "[" ? "]" : "}" }.joined()
        }
        _ = try read(text(20))
        for count in [30, 200_000] {
            let error = #expect(throws: StructuredDataError.self) { try read(text(count)) }
            #expect(error?.problem.contains("nested too deeply") == true, "\(error?.problem ?? "no error")")
        }
    }

    @Test("A text that multiplies itself by aliases is refused, fast", .timeLimit(.minutes(1)))
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [" + (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ") + "]\n"
        }
        let clock = ContinuousClock()
        let time = clock.measure {
            let error = #expect(throws: StructuredDataError.self) { try read(text) }
            #expect(error?.problem.contains("too many values") == true)
        }
        #expect(time < .seconds(2))
    }

    @Test("A quarter of a million values are refused, 20,000 are read")
    func count() throws {
        func list(_ count: Int) -> String { "a: [" + (0..<count).map { String($0) }.joined(separator: ",") + "]" }
        #expect(try read(list(20_000))?["a"]?.items?.count == 20_000)
        #expect(throws: StructuredDataError.self) { try read(list(250_000)) }
    }

    @Test("An alias to the group that it stands in is an error")
    func selfReference() {
        #expect(throws: StructuredDataError.self) { try read("a: &a [*a]") }
    }
}
