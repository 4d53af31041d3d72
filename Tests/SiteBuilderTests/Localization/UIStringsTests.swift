import StructuredData
import Tenancy
import Testing

@testable import SiteBuilder

@Suite("The theme's words")
struct UIStringsTests {
    private func table() throws -> StringTable { try StringTable(folder: TestSite.templates + "/strings") }

    /// The file of a language, without what English lends it.
    private func own(_ language: Language) throws -> [String: String] {
        let bytes = try #require(readFile("\(TestSite.templates)/strings/\(language.code).yaml"))
        let pairs = try #require(try YAMLReader.read(bytes)?.pairs)
        return Dictionary(pairs.map { ($0.key, $0.value.text ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    @Test("Every language has every text that English has", arguments: Language.all)
    func complete(_ language: Language) throws {
        func bases(_ keys: some Sequence<String>) -> Set<String> { Set(keys.map { String($0.split(separator: ".").first ?? "") }) }
        let (english, own) = (try own(.english), try own(language))
        #expect(bases(own.keys) == bases(english.keys))
        #expect(own.values.allSatisfy { !$0.isEmpty })
    }

    @Test("Every plural has the forms that the language needs, and no others", arguments: Language.all)
    func plurals(_ language: Language) throws {
        let own = try own(language)
        let needed = Set((0...200).map { language.pluralCategory($0) } + [language.pluralCategory(1_000_000), "other"])
        for base in Set(own.keys.filter { $0.contains(".") }.compactMap { $0.split(separator: ".").first }) {
            let forms = Set(own.keys.filter { $0.hasPrefix("\(base).") }.map { String($0.dropFirst(base.utf8.count + 1)) })
            #expect(forms == needed, "\(base)")
        }
    }

    static let categories: [(language: String, counts: [Int: String])] = [
        ("en", [0: "other", 1: "one", 2: "other", 21: "other"]), ("fr", [0: "one", 1: "one", 2: "other", 1_000_000: "many"]),
        ("es", [0: "other", 1: "one", 2: "other", 2_000_000: "many"]), ("zh-Hans", [0: "other", 1: "other"]), ("ko", [1: "other"]),
        ("vi", [1: "other"]),
        (
            "ru",
            [0: "many", 1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 21: "one", 22: "few", 25: "many", 111: "many", 121: "one"]
        ),
        ("ar", [0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 102: "other", 103: "few", 111: "many"]),
    ]

    @Test("Counts have the plural category that CLDR gives them", arguments: categories)
    func category(_ test: (language: String, counts: [Int: String])) throws {
        let language = try #require(Language(code: test.language))
        for (count, category) in test.counts { #expect(language.pluralCategory(count) == category, "\(count)") }
    }

    @Test("Names in braces are filled in, unknown ones stay, values are not looked at again")
    func parameters() {
        let strings = UIStrings(language: .english, texts: ["a": "{x} and {y} {z", "b": "plain", "n.one": "{n} entry", "n.other": "{n} entries"])
        #expect(strings("a", ["x": "{y}", "y": "2"]) == "{y} and 2 {z")
        #expect(strings("a", ["x": "1"]) == "1 and {y} {z")
        #expect(strings("b", ["x": "1"]) == "plain")
        #expect(strings("missing") == "missing")
        #expect(strings.plural("n", 1) == "1 entry")
        #expect(strings.plural("n", 12) == "12 entries")
        #expect(strings.pluralForms("n").map(\.category) == ["one", "other"])
    }

    @Test("A count is named in every language, whatever its plural form", arguments: Language.all)
    func counts(_ language: Language) throws {
        let strings = try table()[language]
        for count in [3, 5, 11, 21, 100, 1_000_000] { #expect(strings.plural("tag_count", count).contains(String(count)), "\(count)") }
    }

    @Test("A broken file of words is an error with its place")
    func broken() throws {
        let site = try TestSite(["en.yaml": "home: Home\nmenu: \"x\n"])
        let error = #expect(throws: BuildError.self) { try StringTable(folder: site.content) }
        #expect(error?.description.contains("en.yaml:2:") == true, "\(error?.description ?? "")")
        #expect(throws: BuildError.self) { try StringTable(folder: "/nowhere") }
    }
}
