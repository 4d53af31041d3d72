import StructuredData
import TestSupport
import Testing

@testable import SiteBuilder

@Suite("Editing settings as text")
struct SettingsFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var before: String
        var path: [String]
        var value: YAMLValue?
        var after: String

        init(_ name: String, _ before: String, _ path: [String], _ value: YAMLValue?, _ after: String) {
            (self.name, self.before, self.path, self.value, self.after) = (name, before, path, value, after)
        }

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case("a text", "# head\nname: A   # note\nx: y\n", ["name"], "B: c", "# head\nname: \"B: c\"   # note\nx: y\n"),
        Case("what is there already, written otherwise", "a: 'x'\nb: [ 1 , '2' ]\n", ["b"], [.plain("1"), "2"], "a: 'x'\nb: [ 1 , '2' ]\n"),
        Case(
            "a name in a group in braces", "unit: {state: \"WA\"}    # also: kind\nz: 1\n", ["unit", "kind"], "PTA",
            "unit: {state: WA, kind: PTA}    # also: kind\nz: 1\n"),
        Case(
            "a name in a group of lines", "join:\n  title: 'x'  # t\n  # about the text\n  text: >\n    long\n    words\n  url: u\n\nz: 1\n",
            ["join", "url"],
            "/v/", "join:\n  title: 'x'  # t\n  # about the text\n  text: >\n    long\n    words\n  url: \"/v/\"\n\nz: 1\n"),
        Case(
            "a new name in a group of lines", "join:\n  title: x\n\n# next\nz: 1\n", ["join", "url"], "/v/",
            "join:\n  title: x\n  url: \"/v/\"\n\n# next\nz: 1\n"),
        Case("a group that isn't there", "a: b\n", ["colors", "primary"], "#123456", "a: b\ncolors: {primary: \"#123456\"}\n"),
        Case("without a final line end", "a: b\nc: d", ["c"], "e", "a: b\nc: e"),
        Case("a new name without a final line end", "a: b", ["c"], "e", "a: b\nc: e"),
        Case("CR LF", "a: b\r\nc: d # e\r\nf: g\r\n", ["c"], ["x": "z"], "a: b\r\nc: {x: z} # e\r\nf: g\r\n"),
        Case("a byte order mark", "\u{FEFF}a: b\nc: d\n", ["a"], "x", "\u{FEFF}a: x\nc: d\n"),
        Case("document marks", "%YAML 1.1\n---\na: b\n...\n", ["c"], "d", "%YAML 1.1\n---\na: b\nc: d\n...\n"),
        Case(
            "a place that is kept", "a: b\n# timezone: America/New_York\nc: d\n", ["timezone"], "America/Denver",
            "a: b\ntimezone: America/Denver\nc: d\n"),
        Case(
            "a place of several lines that is kept", "a: b\n# join:\n#   title: Join\n#   url: https://…\n# donate: {}\n", ["join"], ["title": "J"],
            "a: b\njoin: {title: J}\n# donate: {}\n"),
        Case("two places are none", "a: b\n# c: d\n# c: e\n", ["c"], "f", "a: b\nc: f\n# c: d\n# c: e\n"),
        Case("a place inside a text isn't one", "a: |\n  x\nb: 'y\n\n  # c: z'\n", ["c"], "f", "a: |\n  x\nb: 'y\n\n  # c: z'\nc: f\n"),
        Case("removing takes the notes above", "a: b\n\n# about c\n# more\nc: d\ne: f\n", ["c"], nil, "a: b\n\ne: f\n"),
        Case("removing leaves settings that are commented out", "a: b\n# timezone: x\n# about c\nc: d\n", ["c"], nil, "a: b\n# timezone: x\n"),
        Case("removing the first leaves the head", "# head\na: b\nc: d\n", ["a"], nil, "# head\nc: d\n"),
        Case("removing what isn't there", "a: b\n", ["c", "d"], nil, "a: b\n"), Case("removing nothing", "a:\nc: d\n", ["a"], nil, "a:\nc: d\n"),
        Case("a group left empty goes", "a: b\nc: {d: e}\n", ["c", "d"], nil, "a: b\n"),
        Case("a group of lines left empty goes", "a: b\nc:\n  d: e\nf: g\n", ["c", "d"], nil, "a: b\nf: g\n"),
        Case("the last name", "# head\na: b\n", ["a"], nil, "# head\n"),
        Case("an empty text", "", ["a"], "b", "a: b\n"), Case("notes only", "# head\n\n", ["a"], "b", "# head\n\na: b\n"),
        Case("a text becomes a group", "name: A\nz: 1\n", ["name"], ["en": "A", "es": "B"], "name: {en: A, es: B}\nz: 1\n"),
        Case("a group of lines becomes a text", "name:\n  en: A\n  es: B\nz: 1\n", ["name"], "A", "name: A\nz: 1\n"),
        Case("a text of several lines", "a: >-\n  one\n  two\n\n# z\nz: 1\n", ["a"], "x", "a: x\n\n# z\nz: 1\n"),
        Case(
            "a list in brackets", "home: [hero, news]   # also: join\n", ["home"], ["news", "hero", "join"],
            "home: [news, hero, join]   # also: join\n"),
        Case(
            "an item is added to a list of lines", "n:\n  - {a: b}  # one\n  - c: d\n    e: f\nz: 1\n", ["n", "2"], ["g": "h"],
            "n:\n  - {a: b}  # one\n  - c: d\n    e: f\n  - {g: h}\nz: 1\n"),
        Case(
            "an item is changed inside", "n:\n  - {a: b}  # one\n  # two\n  - c: d\n    e: f   # g\n    h: 'i'\nz: 1\n", ["n", "1", "c"], "x y",
            "n:\n  - {a: b}  # one\n  # two\n  - c: x y\n    e: f   # g\n    h: 'i'\nz: 1\n"),
        Case("an item is removed", "n:\n- {a: b}  # one\n# two\n- c: d\n  e: f\n- g\nz: 1\n", ["n", "1"], nil, "n:\n- {a: b}  # one\n- g\nz: 1\n"),
        Case("a list at the top", "# board\n- {a: b}  # one\n- {c: d}\n", ["1"], ["c": "e"], "# board\n- {a: b}  # one\n- {c: e}\n"),
        Case("an empty list at the top", "# groups\n[]\n", [], [["name": "Garden"]], "# groups\n- {name: Garden}\n"),
        Case(
            "the whole file", "# board\nterm: 2026–27  # t\nofficers:\n  - {role: P}  # p\n  - {role: S}\n", [],
            ["term": "2026–27", "officers": [["role": "P"], ["role": "S", "name": "A"]]],
            "# board\nterm: 2026–27  # t\nofficers:\n  - {role: P}  # p\n  - {role: S, name: A}\n"),
        Case(
            "names in quotes and a hash in quotes", "\"a\": \"x # y\" # z\n'b': it's # c\n", ["b"], "d",
            "\"a\": \"x # y\" # z\n\"b\": d # c\n".replacing("\"b\"", with: "b")),
        Case("an alias elsewhere is written out where it must be", "a: &x b\nc: *x\n", ["a"], "d", "a: d\nc: b\n"),
        Case("a file in braces is written anew", "# head\n{a: b,\n c: d}\n", ["c"], "e", "# head\na: b\nc: e\n"),
        Case("hostile text", "a: b\nc: d\n", ["a"], "x\nname: evil\r\n--- #", "a: \"x\\nname: evil\\r\\n--- #\"\nc: d\n"),
        Case("a line separator in a note counts as a line", "# x\u{2028}# y\na: b\nc: d\n", ["c"], "e", "# x\u{2028}# y\na: b\nc: e\n"),
    ]

    @Test("what isn't changed keeps its bytes", arguments: cases)
    func edits(_ test: Case) throws {
        var file = try SettingsFile(Array(test.before.utf8))
        try file.set(test.path, test.value)
        #expect(String(decoding: file.bytes, as: UTF8.self) == test.after)
        let once = file.bytes
        try file.set(test.path, test.value.map { $0 })
        if test.name != "an item is added to a list of lines", test.path.last != "1" || test.value != nil { #expect(file.bytes == once) }
    }

    @Test("what no text can say is refused, and nothing is changed")
    func impossible() throws {
        var file = try SettingsFile(Array("a: b\n".utf8))
        #expect(throws: StructuredDataError.self) { try file.set(["c"], .mapping([.init("d", "e"), .init("d", "f")])) }
        #expect(throws: StructuredDataError.self) { try file.set(["c"], .plain("x: y: z")) }
        #expect(throws: StructuredDataError.self) { try file.set(["c"], (0..<40).reduce("deep") { inner, _ in .list([inner]) }) }
        #expect(String(decoding: file.bytes, as: UTF8.self) == "a: b\n")
        #expect(throws: StructuredDataError.self) { try SettingsFile(Array("a: [b\n".utf8)) }
    }

    @Test("reading by path")
    func reading() throws {
        let file = try SettingsFile(Array("a: {b: c}\nd:\n- e\n- {f: g}\nh: ~\n".utf8))
        #expect(file.text(["a", "b"]) == "c")
        #expect(file.text(["d", "1", "f"]) == "g")
        #expect(file.text(["d", "2"]) == nil && file.text(["d", "-1"]) == nil && file.node(["h"]) == nil && file.node(["a", "b", "c"]) == nil)
        #expect(file.value(["a"]) == ["b": "c"])
    }

    // MARK: Anything

    /// The text of each name at the top, with the notes above and below it.
    private static func blocks(_ bytes: [UInt8]) throws -> [String: [Substring]] {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let pairs = try YAMLReader.read(bytes)?.pairs ?? []
        var blocks: [String: [Substring]] = [:]
        for (index, pair) in pairs.enumerated() {
            let end = index + 1 < pairs.count ? pairs[index + 1].keyMark.line - 1 : lines.count
            var block = lines[(pair.keyMark.line - 1)..<end]
            while let last = block.last, last.isEmpty || last.hasPrefix("#") { block.removeLast() }
            blocks[pair.key] = Array(block)
        }
        return blocks
    }

    private static func setting(_ value: YAMLValue, _ path: ArraySlice<String>, _ new: YAMLValue?) -> YAMLValue? {
        guard let name = path.first else { return new }
        var pairs = value.pairs ?? []
        let index = pairs.firstIndex { $0.key == name }
        let inner = setting(index.map { pairs[$0].value } ?? .mapping([]), path.dropFirst(), new)
        if let index { pairs.remove(at: index) }
        if let inner { pairs.insert(.init(name, inner), at: index ?? pairs.count) }
        return pairs.isEmpty ? nil : .mapping(pairs)
    }

    private static func byName(_ value: YAMLValue) -> YAMLValue { value.pairs.map { .mapping($0.sorted { $0.key < $1.key }) } ?? value }

    private static let samples = ["_starter", "help", "lincoln", "riverside", "solana", "www"]

    @Test("random edits of the sample sites: what is read again is meant, the rest keeps its bytes, twice is once", arguments: samples, 1...12)
    func randomEdits(of slug: String, seed: Int) throws {
        var bytes = try #require(readFile(TestSite.templates + "/../Content/\(slug)/site.yaml"))
        var random = SeededGenerator(seed: UInt64(seed))
        if seed.isMultiple(of: 3) { bytes = Array(String(decoding: bytes, as: UTF8.self).replacing(": \"", with: ":   \"").utf8) }
        if seed.isMultiple(of: 4) { bytes.removeLast() }
        var file = try SettingsFile(bytes)
        for _ in 1...15 {
            let before = file
            let tree = YAMLValue(try #require(try YAMLReader.read(file.bytes)))
            let path = Self.path(in: tree, &random)
            let value = Int.random(in: 0..<4, using: &random) == 0 ? nil : RandomYAML.value(&random, depth: 3)
            try file.set(path, value)
            let after = YAMLValue(try #require(try YAMLReader.read(file.bytes)))
            let meant = try #require(Self.setting(tree, path[...], value))
            #expect(
                Self.byName(after).means(Self.byName(meant)), "\(path) \(String(describing: value))\n\(String(decoding: file.bytes, as: UTF8.self))")
            let (old, new) = (try Self.blocks(before.bytes), try Self.blocks(file.bytes))
            for (key, block) in old where key != path[0] { #expect(new[key] == block, "\(key) while changing \(path)") }
            let once = file.bytes
            try file.set(path, value)
            #expect(file.bytes == once)
        }
    }

    private static func path(in tree: YAMLValue, _ random: inout SeededGenerator) -> [String] {
        var path: [String] = []
        var here: YAMLValue? = tree
        repeat {
            let known = here?.pairs?.map(\.key) ?? []
            // The name is never touched, so that something is left.
            let choices = (known + ["new", "join", "en"]).filter { !path.isEmpty || $0 != "name" }
            let name = choices.randomElement(using: &random) ?? "new"
            path.append(name)
            here = here?[name]
        } while here?.pairs != nil && Bool.random(using: &random)
        return path
    }
}
