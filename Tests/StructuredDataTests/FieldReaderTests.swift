import StructuredData
import Testing

@Suite("Reading fields")
struct FieldReaderTests {
    private func reader(_ yaml: String) throws -> FieldReader {
        FieldReader(try YAMLReader.read(Array(yaml.utf8)), describedAs: "the thing")
    }

    @Test("Texts")
    func texts() throws {
        var fields = try reader("a: word\nb: [x]\nc: ~\nd: ''\n")
        #expect(fields.text("a") == "word")
        #expect(fields.text("b") == nil)
        #expect(fields.text("c") == nil)
        #expect(fields.text("d") == "")
        #expect(fields.text("missing") == nil)
        #expect(fields.issues.count == 1)
        #expect(fields.issues.first?.mark == Mark(line: 2, column: 4))
        #expect(fields.issues.first?.severity == .error)
    }

    static let bools: [(text: String, value: Bool?)] = [
        ("true", true), ("True", true), ("yes", true), ("on", true), ("y", true), ("false", false), ("FALSE", false), ("no", false), ("off", false),
        ("n", false), ("'true'", true), ("maybe", nil), ("1", nil), ("[true]", nil),
    ]

    @Test("Yes and no", arguments: bools)
    func bool(_ test: (text: String, value: Bool?)) throws {
        var fields = try reader("a: \(test.text)")
        #expect(fields.bool("a") == test.value)
        #expect(fields.issues.isEmpty == (test.value != nil))
    }

    @Test("Whole numbers", arguments: [("3", 3), ("-4", -4), ("3.5", nil), ("three", nil), ("99999999999999999999", nil)] as [(String, Int?)])
    func integer(_ test: (text: String, value: Int?)) throws {
        var fields = try reader("a: \(test.text)")
        #expect(fields.integer("a") == test.value)
        #expect(fields.issues.isEmpty == (test.value != nil))
    }

    static let lists: [(yaml: String, texts: [String], issues: Int)] = [
        ("a: [x, y]", ["x", "y"], 0), ("a: x", ["x"], 0), ("a: x, y ,, z", ["x", "y", "z"], 0), ("a: []", [], 0), ("a:", [], 0), ("b: x", [], 0),
        ("a: [x, ~, y]", ["x", "y"], 0), ("a: [x, [y]]", ["x"], 1), ("a: {x: y}", [], 1), ("a: [\"x, y\"]", ["x, y"], 0),
    ]

    @Test("Lists of texts", arguments: lists)
    func list(_ test: (yaml: String, texts: [String], issues: Int)) throws {
        var fields = try reader(test.yaml)
        #expect(fields.texts("a") == test.texts)
        #expect(fields.issues.count == test.issues)
    }

    @Test("Nothing reads as no fields, a list or a text is an error", arguments: [("", 0), ("~", 0), ("[a]", 1), ("just words", 1)])
    func noGroup(_ test: (yaml: String, issues: Int)) throws {
        var fields = try reader(test.yaml)
        #expect(fields.text("a") == nil)
        #expect(fields.finish().count == test.issues)
    }

    static let names: [(written: String, advice: String)] = [
        ("titel", "did you mean `title`?"), ("Title", "did you mean `title`?"), ("tittle", "did you mean `title`?"), ("tgas", "remove the line"),
        ("tag", "did you mean `tags`?"), ("dat", "did you mean `date`?"), ("xyzzy", "remove the line"),
        ("descriptoin", "did you mean `description`?"),
    ]

    @Test("A name that nobody knows is a warning, with the name that was meant", arguments: names)
    func unknown(_ test: (written: String, advice: String)) throws {
        var fields = try reader("title: x\n\(test.written): y\n")
        for name in ["title", "tags", "date", "description"] { _ = fields.node(name) }
        let issues = fields.finish()
        #expect(issues.count == 1)
        #expect(issues.first?.severity == .warning)
        #expect(issues.first?.mark == Mark(line: 2, column: 1))
        #expect(issues.first?.advice.hasPrefix(test.advice) == true, "\(issues.first?.advice ?? "none")")
    }

    @Test("Allowed names and names that were asked for are no warning")
    func known() throws {
        var fields = try reader("a: 1\nb: 2\n")
        _ = fields.text("a")
        #expect(fields.finish(allowing: ["b"]).isEmpty)
    }

    @Test("The place of a name, or of the group")
    func marks() throws {
        let fields = try reader("a: x\nbb: y\n")
        #expect(fields.mark(of: "bb") == Mark(line: 2, column: 5))
        #expect(fields.mark(of: "c") == Mark(line: 1, column: 1))
    }

    static let near: [(String, String, Bool)] = [
        ("title", "titel", true), ("title", "title", true), ("title", "tile", true), ("date", "data", true), ("date", "dog", false),
        ("end", "and", true),
        ("end", "add", false), ("", "a", false), ("location", "locations", true), ("location", "category", false), ("TAGS", "tags", true),
    ]

    @Test("Near words differ by two letters, short ones by one", arguments: near)
    func nearness(_ test: (String, String, Bool)) {
        #expect(Spelling.isNear(test.0, test.1) == test.2)
        #expect(Spelling.isNear(test.1, test.0) == test.2)
    }

    @Test("White space is trimmed at both ends", arguments: [("  a b\t", "a b"), ("", ""), (" \n ", ""), ("\u{A0}x\u{3000}", "x")])
    func trimming(_ test: (String, String)) {
        #expect(test.0.trimmingSpaces == test.1)
    }
}
