/// Makes the search index of one language of a site: files that `Templates/site/search.js` reads from any static host.
///
/// Words are found by their beginning ("carn" finds "carnival"), in all the spellings that `SearchFolding` unites. Same documents, same
/// bytes, in whatever order they are added.
///
/// ## Format
/// `index.json` is
/// ```json
/// {"count":2,"perChunk":64,"chunks":[…],"starts":["","m"],"shards":[…]}
/// ```
/// - `chunks` are lists of documents, `perChunk` in each but the last: `["/about/", title, description, kind, date text]`. Documents are
///   numbered from the oldest to the newest, so that a new one leaves most files as they are.
/// - `shards` are objects from terms to posting lists (see `SearchPostings`). The terms are sorted by UTF-16 code units; shard *i* has
///   those from `starts[i]` on that come before `starts[i + 1]`. A query loads only the shards in which its words can begin.
///
/// A small index holds its chunks and shards itself. In a large one they are names of further files: `documents-<fingerprint>` and
/// `terms-<fingerprint>`, with `.json` at the end. Offline, each file is a script `marqueeSearch("<name>",<JSON>)` with `.js` at the end.
package struct SearchIndexBuilder: Sendable {
    private let options: SearchIndexOptions
    private var documents: [Entry] = []
    private var terms = SearchTermTable()
    /// By term: where its last posting is, plus one.
    private var lastPostings: [UInt32] = []
    /// Those of one document after those of another: the term's number, two bits of its best field, two bits of its occurrences less one.
    private var postings: [UInt32] = []

    private struct Entry {
        var document: SearchDocument
        var firstPosting: Int
    }

    private enum Field: UInt32 {
        case text, description, topics, title
    }

    package init(options: SearchIndexOptions = SearchIndexOptions()) {
        self.options = options
    }

    /// Adds a page. The text is plain UTF-8, without markup; other bytes separate words.
    package mutating func add(_ document: SearchDocument, text: Span<UInt8>) {
        let first = postings.count
        documents.append(Entry(document: document, firstPosting: first))
        read(document.title.utf8.span, as: .title, from: first)
        for topic in document.topics { read(topic.utf8.span, as: .topics, from: first) }
        read(document.description.utf8.span, as: .description, from: first)
        read(text, as: .text, from: first)
    }

    private mutating func read(_ text: Span<UInt8>, as field: Field, from first: Int) {
        SearchTokenizer.forEachTerm(in: text, singles: true) { term in
            guard let number = terms.number(of: term) else { return }
            if number == lastPostings.count { lastPostings.append(0) }
            let last = Int(lastPostings[number])
            if last > first {
                // Fields come from the best to the least, so that only the occurrences change.
                if postings[last &- 1] & 3 < 3 { postings[last &- 1] &+= 1 }
            } else {
                postings.append(UInt32(truncatingIfNeeded: number) << 4 | field.rawValue << 2)
                lastPostings[number] = UInt32(truncatingIfNeeded: postings.count)
            }
        }
    }

    /// The files of the index, the entry point first.
    package consuming func finish() -> [SearchFile] {
        let order = documents.indices.sorted { left, right in
            let (left, right) = (documents[left].document, documents[right].document)
            return (left.date, left.url, left.title) < (right.date, right.url, right.title)
        }
        let chunks = writeChunks(order)
        let (starts, shards) = writeShards(order)
        let size = chunks.reduce(0) { $0 + $1.count } + shards.reduce(0) { $0 + $1.count }
        let isSingle = size <= options.largestSingleFile

        var files: [SearchFile] = []
        var index = SearchJSON()
        index.add(#"{"count":\#(documents.count),"perChunk":\#(max(1, options.documentsPerChunk)),"chunks":["#)
        add(chunks, named: "documents", inline: isSingle, to: &index, files: &files)
        index.add(#"],"starts":["#)
        index.addList(starts) { $0.addQuoted($1) }
        index.add(#"],"shards":["#)
        add(shards, named: "terms", inline: isSingle, to: &index, files: &files)
        index.add("]}")
        return [file("index", index.bytes)] + files
    }

    private func add(_ parts: [[UInt8]], named kind: String, inline: Bool, to index: inout SearchJSON, files: inout [SearchFile]) {
        index.addList(parts) { index, part in
            guard !inline else {
                index.add(part)
                return
            }
            let name = "\(kind)-\(Fingerprint(of: part).short)"
            files.append(file(name, part))
            index.addString(name)
        }
    }

    private func file(_ name: String, _ json: [UInt8]) -> SearchFile {
        guard options.offline else { return SearchFile(name: name + ".json", bytes: json) }
        return SearchFile(name: name + ".js", bytes: Array("marqueeSearch(\"\(name)\",".utf8) + json + Array(")".utf8))
    }

    // MARK: - Documents

    private static let longestDescription = 320

    private func writeChunks(_ order: [Int]) -> [[UInt8]] {
        let perChunk = max(1, options.documentsPerChunk)
        return stride(from: 0, to: order.count, by: perChunk).map { start in
            var chunk = SearchJSON()
            chunk.add("[")
            chunk.addList(order[start..<min(start + perChunk, order.count)]) { chunk, entry in
                let document = documents[entry].document
                let fields = [document.url, document.title, Self.shortened(document.description), document.kind, document.dateText]
                chunk.add("[")
                chunk.addList(fields) { $0.addString($1) }
                chunk.add("]")
            }
            chunk.add("]")
            return chunk.bytes
        }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > longestDescription else { return text }
        // An index inside of a character is rounded down to its start.
        return text[..<text.utf8.index(text.startIndex, offsetBy: longestDescription)] + "…"
    }

    // MARK: - Terms

    /// The shards with, for each, the term that it starts at. They hold whole posting lists and are filled one after the other.
    private func writeShards(_ order: [Int]) -> (starts: [ArraySlice<UInt8>], shards: [[UInt8]]) {
        let sorted = terms.sorted()
        let (lists, ends) = writePostings(order)
        var starts: [ArraySlice<UInt8>] = [[]]
        var shards: [[UInt8]] = []
        var shard = SearchJSON()
        shard.add("{")
        for term in sorted {
            let name = terms.bytes(of: term)
            let list = lists[(term == 0 ? 0 : ends[term - 1])..<ends[term]]
            if shard.bytes.count > 1 {
                if shard.bytes.count + name.count + list.count + 7 > options.largestShard {
                    shard.add("}")
                    shards.append(shard.bytes)
                    starts.append(name)
                    shard = SearchJSON()
                    shard.add("{")
                } else {
                    shard.add(",")
                }
            }
            // Neither terms nor lists hold a character that JSON wants escaped.
            shard.addQuoted(name)
            shard.add(":")
            shard.addQuoted(list)
        }
        shard.add("}")
        shards.append(shard.bytes)
        return (starts, shards)
    }

    /// The posting lists of all terms, by their numbers, one after the other, and where each ends.
    private func writePostings(_ order: [Int]) -> (lists: [UInt8], ends: [Int]) {
        // First how long each list becomes, then the lists in their places: one array in place of one for each term.
        var positions = [Int](repeating: 0, count: terms.count)
        forEachNumber(order) { term, number in positions[term] &+= SearchPostings.length(of: number) }
        var end = 0
        for term in positions.indices {
            let length = positions[term]
            positions[term] = end
            end &+= length
        }
        var lists = [UInt8](repeating: 0, count: end)
        forEachNumber(order) { term, number in positions[term] = SearchPostings.write(number, to: &lists, at: positions[term]) }
        return (lists, positions)
    }

    /// All postings, those of the oldest document first, as the numbers that stand in the lists.
    private func forEachNumber(_ order: [Int], _ use: (_ term: Int, _ number: Int) -> Void) {
        var previous = [Int32](repeating: -1, count: terms.count)
        for (position, entry) in order.enumerated() {
            let end = entry + 1 < documents.count ? documents[entry + 1].firstPosting : postings.count
            for posting in postings[documents[entry].firstPosting..<end] {
                let term = Int(posting >> 4)
                let level = Int(posting >> 1 & 6) | (posting & 3 >= 2 ? 1 : 0)
                use(term, SearchPostings.number(distance: position &- Int(previous[term]), level: level))
                previous[term] = Int32(truncatingIfNeeded: position)
            }
        }
    }
}
