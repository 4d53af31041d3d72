import Foundation
import Testing

@testable import SiteBuilder

@Suite("Search index")
struct SearchTests {
    // MARK: - Terms

    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        var group: String
        var text: String
        var terms: [String]

        var testDescription: String { "\(group): \(text.prefix(60))" }
    }

    static let vectors: [Vector] = {
        guard let data = try? Data(contentsOf: fixtures.appending(path: "search_vectors.json")) else { return [] }
        return (try? JSONDecoder().decode([Vector].self, from: data)) ?? []
    }()

    @Test("there are vectors of every language")
    func vectorsExist() {
        #expect(Self.vectors.count >= 80)
        #expect(Set(Self.vectors.map(\.group)).isSuperset(of: ["English", "Spanish", "Chinese", "Vietnamese", "Arabic", "French"]))
        #expect(Set(Self.vectors.map(\.group)).isSuperset(of: ["Korean", "Russian and Ukrainian", "Long words", "Mixed scripts"]))
    }

    @Test("text becomes the terms that the script in the browser makes of it", arguments: vectors)
    func terms(vector: Vector) {
        // By scalars: Swift calls é and e with an accent equal, the index does not.
        #expect(Self.terms(of: Array(vector.text.utf8)).map { Array($0.utf8) } == vector.terms.map { Array($0.utf8) })
    }

    @Test("accents go exactly where canonical decomposition finds them")
    func foldingAgreesWithDecomposition() {
        let expansions = ["æ": "ae", "œ": "oe", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ς": "σ"]
        for code in [0x00C0...0x024F, 0x0370...0x052F, 0x1E00...0x1FFF].joined() {
            guard let scalar = Unicode.Scalar(UInt32(code)), scalar.properties.isAlphabetic, scalar != "й", scalar != "Й" else { continue }
            let small = String(scalar).lowercased().decomposedStringWithCanonicalMapping
            let bare = String(String.UnicodeScalarView(small.unicodeScalars.filter { !(0x0300...0x036F).contains($0.value) }))
            let expected = expansions[bare] ?? bare
            let found = Self.terms(of: Array(String(scalar).utf8))
            #expect(found == (expected.isEmpty ? [] : [expected]), "U+\(String(code, radix: 16))")
        }
    }

    @Test("the last character of a run without spaces is a term where the index asks for it")
    func singles() {
        #expect(Self.terms(of: Array("학교에서 읽기 책 reading".utf8), singles: true) == ["학교", "교에", "에서", "서", "읽기", "기", "책", "reading"])
    }

    @Test(
        "bytes that are no UTF-8 separate words",
        arguments: [
            [0x61, 0xFF, 0x62], [0x61, 0xC3, 0x62], [0x61, 0xC0, 0xAF, 0x62], [0x61, 0xED, 0xA0, 0x80, 0x62], [0x61, 0xF4, 0x90, 0x80, 0x80, 0x62],
            [0x61, 0xE4, 0xB8, 0x20, 0x62], [0x61, 0xF0, 0x9F, 0x8E, 0x20, 0x62], [0x61, 0x80, 0x62, 0xE4, 0xB8], [0x61, 0x20, 0x62, 0xC3],
        ] as [[UInt8]])
    func invalidBytes(bytes: [UInt8]) {
        #expect(Self.terms(of: bytes) == ["a", "b"])
    }

    @Test("any bytes give terms that are UTF-8, not empty and of bounded length")
    func randomBytes() {
        let pieces: [[UInt8]] = [
            Array("школа".utf8), Array("é".utf8), Array("学".utf8), Array("𠮷".utf8), Array("œ".utf8), [0x20], [0x61], [0x80], [0xE4, 0xB8], [0xF0],
            [0xCC, 0x86], [0xD0, 0xB8], [0xE1, 0x84, 0x92], [0xE1, 0x85, 0xA1], [0xE1, 0x86, 0xA8], [0xE3, 0x82, 0x99], [0xE3, 0x83, 0xAF],
            [0xEF, 0xBC, 0xA1],
        ]
        for _ in 0..<2_000 {
            var bytes: [UInt8] = []
            for _ in 0..<40 { bytes += Bool.random() ? pieces[Int.random(in: pieces.indices)] : [UInt8.random(in: .min ... .max)] }
            SearchTokenizer.forEachTerm(in: bytes.span, singles: true) { term in
                var copy: [UInt8] = []
                for index in term.indices { copy.append(term[index]) }
                #expect(!copy.isEmpty && copy.count <= 128 && String(validating: copy, as: UTF8.self) != nil, "\(bytes)")
            }
        }
    }

    // MARK: - Posting lists

    @Test("numbers of posting lists are read back, and JSON needs to escape none of their characters")
    func postings() {
        for number in Array(0...3_000) + [46_655, 46_656, 80_007, 80_000_007] {
            var bytes = [UInt8](repeating: 0, count: SearchPostings.length(of: number))
            #expect(SearchPostings.write(number, to: &bytes, at: 0) == bytes.count)
            #expect(Self.numbers(in: bytes) == [number])
            #expect(bytes.allSatisfy { (0x23...0x7E).contains($0) && $0 != 0x5C }, "\(number)")
        }
    }

    // MARK: - Files

    @Test("a small site has one file, and it holds every word with its best field")
    func singleFile() throws {
        var builder = SearchIndexBuilder()
        builder.add(
            SearchDocument(url: "/b/", title: "Carnival", description: "", topics: ["Fun"], date: "2026-02-01"), text: "fun fun carnival".utf8.span)
        builder.add(SearchDocument(url: "/a/", title: "About", description: "All the fun", date: "2026-01-01"), text: "no words".utf8.span)
        let files = builder.finish()
        #expect(files.map(\.name) == ["index.json"])
        let index = try Index(files)
        #expect(index.count == 2)
        #expect(index.documents.map { $0[0] } == ["/a/", "/b/"])
        #expect(index.postings["carnival"] == [.init(document: 1, level: 6)])
        #expect(index.postings["fun"] == [.init(document: 0, level: 2), .init(document: 1, level: 5)])
        #expect(index.postings["words"] == [.init(document: 0, level: 0)])
        #expect(index.postings["none"] == nil)
    }

    @Test("an index of nothing is valid")
    func empty() throws {
        let index = try Index(SearchIndexBuilder().finish())
        #expect(index.count == 0 && index.documents.isEmpty && index.postings.isEmpty)
    }

    @Test("a large site is cut into files of bounded size that hold the same as one file would")
    func shards() throws {
        var large = SearchIndexOptions()
        large.largestSingleFile = 10_000
        large.largestShard = 4_000
        large.documentsPerChunk = 16
        let files = Self.builder(of: 300, options: large).finish()
        #expect(files.count > 20)
        #expect(Set(files.map(\.name)).count == files.count)
        #expect(files.dropFirst().allSatisfy { $0.bytes.count <= 4_002 })
        var one = SearchIndexOptions()
        one.largestSingleFile = .max
        let single = Self.builder(of: 300, options: one).finish()
        #expect(single.count == 1)
        let (cut, whole) = (try Index(files), try Index(single))
        #expect(cut.documents == whole.documents)
        #expect(cut.postings == whole.postings)
        #expect(cut.postings.count > 1_000)
    }

    @Test("every term is in the shard that the starts lead to, by UTF-16 as JavaScript compares")
    func shardOrder() throws {
        var options = SearchIndexOptions()
        options.largestSingleFile = 0
        options.largestShard = 1
        var builder = SearchIndexBuilder(options: options)
        let words = "zebra 𠮷𠮷 \u{F900}\u{F900} \u{FB01}ne école 学校 abc abcdefghij abcdefghik 𝒳 \u{FDF2}"
        builder.add(SearchDocument(url: "/", title: "", description: ""), text: words.utf8.span)
        let index = try Index(builder.finish())
        #expect(index.starts.count == index.shards.count && index.starts.count > 10)
        for (number, shard) in index.shards.enumerated() {
            for term in shard.keys {
                let units = Array(term.utf16)
                #expect(!units.lexicographicallyPrecedes(Array(index.starts[number].utf16)))
                if number + 1 < index.starts.count { #expect(units.lexicographicallyPrecedes(Array(index.starts[number + 1].utf16))) }
            }
        }
    }

    @Test("the order of adding changes nothing")
    func deterministic() {
        var large = SearchIndexOptions()
        large.largestSingleFile = 10_000
        #expect(Self.builder(of: 200, options: large).finish() == Self.builder(of: 200, options: large, reversed: true).finish())
    }

    @Test("a new page leaves the documents of full chunks as they are")
    func stable() {
        var options = SearchIndexOptions()
        options.largestSingleFile = 0
        func names(_ count: Int) -> [String] {
            Self.builder(of: count, options: options).finish().map(\.name).filter { $0.hasPrefix("documents") }
        }
        #expect(names(129).dropLast() == names(130).dropLast())
        #expect(names(129) != names(130))
    }

    @Test("titles with quotes, control characters and markup stay what they are")
    func escaping() throws {
        let title = "\"Quoted\" \\ back\u{0}\u{1F}\n</script><b>\u{2028}🎃"
        var builder = SearchIndexBuilder()
        builder.add(SearchDocument(url: "/x/", title: title, description: title, kind: title, dateText: title), text: title.utf8.span)
        #expect(try Index(builder.finish()).documents == [["/x/", title, title, title, title]])
    }

    @Test("a long description is cut between characters")
    func longDescription() throws {
        var builder = SearchIndexBuilder()
        builder.add(SearchDocument(url: "/", title: "", description: "a" + String(repeating: "学", count: 200)), text: "".utf8.span)
        #expect(try Index(builder.finish()).documents[0][2] == "a" + String(repeating: "学", count: 106) + "…")
    }

    @Test("an offline index is the same in scripts")
    func offline() throws {
        var options = SearchIndexOptions()
        options.largestSingleFile = 0
        let files = Self.builder(of: 100, options: options).finish()
        options.offline = true
        let scripts = Self.builder(of: 100, options: options).finish()
        for (file, script) in zip(files, scripts) {
            let name = file.name.dropLast(".json".count)
            #expect(script.name == name + ".js")
            #expect(script.bytes == Array("marqueeSearch(\"\(name)\",".utf8) + file.bytes + Array(")".utf8))
        }
        #expect(files.count == scripts.count && files.count > 2)
    }

    /// Tests/JavaScript/search.test.mjs searches in these. `UPDATE_GOLDEN=1` writes them anew.
    @Test("the index of the sample pages is the recorded one", arguments: ["small", "large"])
    func golden(size: String) throws {
        let pages = try JSONDecoder().decode([Page].self, from: Data(contentsOf: Self.fixtures.appending(path: "search_pages.json")))
        var options = SearchIndexOptions()
        if size == "large" {
            options.largestSingleFile = 0
            options.largestShard = 250
            options.documentsPerChunk = 2
        }
        var builder = SearchIndexBuilder(options: options)
        for page in pages { builder.add(page.document, text: page.text.utf8.span) }
        let files = Dictionary(uniqueKeysWithValues: builder.finish().map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
        let golden = Self.fixtures.appending(path: "search_index_\(size).json")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try (encoder.encode(files) + Data("\n".utf8)).write(to: golden)
        }
        #expect(try JSONDecoder().decode([String: String].self, from: Data(contentsOf: golden)) == files)
    }

    // MARK: - Helpers

    struct Page: Decodable {
        var url: String
        var title: String
        var description: String
        var topics: [String]
        var kind: String
        var date: String
        var text: String

        var document: SearchDocument {
            SearchDocument(url: url, title: title, description: description, topics: topics, kind: kind, dateText: date, date: date)
        }
    }

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func terms(of bytes: [UInt8], singles: Bool = false) -> [String] {
        var terms: [String] = []
        SearchTokenizer.forEachTerm(in: bytes.span, singles: singles) { term in
            var copy: [UInt8] = []
            for index in term.indices { copy.append(term[index]) }
            terms.append(String(decoding: copy, as: UTF8.self))
        }
        return terms
    }

    /// A site of invented words, the same every time.
    static func builder(of count: Int, options: SearchIndexOptions, reversed: Bool = false) -> SearchIndexBuilder {
        var builder = SearchIndexBuilder(options: options)
        for number in reversed ? Array((0..<count).reversed()) : Array(0..<count) {
            let text = (0..<80).map { "common word\((number * 31 + $0 * $0 * 7) % 1_500) 学校\(number % 7)" }.joined(separator: " ")
            let date = "2026-\(10 + number / 200)-\(100 + number % 200 / 4)"
            let document = SearchDocument(url: "/page-\(number)/", title: "Page \(number)", description: "What page \(number) says", date: date)
            builder.add(document, text: text.utf8.span)
        }
        return builder
    }

    /// Reads a posting list, as the script does.
    static func numbers(in list: [UInt8]) -> [Int] {
        var numbers: [Int] = []
        var high = 0
        for byte in list {
            let digit = Int(byte) - (byte > 0x5C ? 36 : 35)
            if digit > 63 {
                high = high * 27 + digit - 64
            } else {
                numbers.append(high * 64 + digit)
                high = 0
            }
        }
        return numbers
    }

    struct Posting: Equatable {
        var document: Int
        var level: Int
    }

    /// An index that was read back from its files.
    struct Index {
        var count: Int
        var documents: [[String]]
        var starts: [String]
        var shards: [[String: String]]
        var postings: [String: [Posting]] = [:]

        init(_ files: [SearchFile]) throws {
            var values: [String: Any] = [:]
            for file in files { values[String(file.name.dropLast(".json".count))] = try JSONSerialization.jsonObject(with: Data(file.bytes)) }
            let index = try #require(values["index"] as? [String: Any])
            func parts<Part>(_ key: String, as type: Part.Type) throws -> [Part] {
                try #require(index[key] as? [Any]).map { try #require(($0 as? String).map { values[$0] } ?? $0 as? Part) }.map {
                    try #require($0 as? Part)
                }
            }
            count = try #require(index["count"] as? Int)
            starts = try #require(index["starts"] as? [String])
            documents = try parts("chunks", as: [[String]].self).flatMap { $0 }
            shards = try parts("shards", as: [String: String].self)
            for (term, list) in shards.joined() {
                var document = -1
                postings[term] = SearchTests.numbers(in: Array(list.utf8)).map { number in
                    document += number / 8 + 1
                    return Posting(document: document, level: number % 8)
                }
            }
        }
    }
}
