import StructuredData

/// The lines of a YAML text, of which those that belong to one value can be exchanged.
///
/// An entry (a name with its value, or an item of a list) begins on the line of its name or dash and ends before the blank lines and comments
/// that stand before the next one. Whoever edits reads the result again: a text that was misunderstood is seen there.
struct YAMLLines {
    private struct Line {
        var text: ArraySlice<UInt8>
        /// What ends it; nothing for the last line of a text without a final line end.
        var ending: ArraySlice<UInt8>
    }

    private let byteOrderMark: ArraySlice<UInt8>
    private var lines: [Line]
    private let lineEnd: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        byteOrderMark = Self.byteOrderMark(of: bytes)
        lines = Self.split(bytes[byteOrderMark.endIndex...])
        lineEnd = lines.first { $0.ending.first == 0x0A || $0.ending.first == 0x0D }?.ending ?? [0x0A]
    }

    /// Throws as `YAMLReader` does; marks count without the byte order mark.
    static func read(_ bytes: [UInt8]) throws(StructuredDataError) -> Node? {
        let mark = byteOrderMark(of: bytes)
        return try YAMLReader.read(mark.isEmpty ? bytes : Array(bytes[mark.endIndex...]))
    }

    var bytes: [UInt8] {
        lines.reduce(into: Array(byteOrderMark)) {
            $0.append(contentsOf: $1.text)
            $0.append(contentsOf: $1.ending)
        }
    }

    private static func byteOrderMark(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[..<3] : bytes[..<0]
    }

    /// Where YAML 1.1 ends lines, because the places of nodes are counted so: CR LF, LF, CR, NEL, LS and PS.
    private static func split(_ bytes: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            let rest = bytes[index...]
            let length =
                switch bytes[index] {
                case 0x0D: rest.dropFirst().first == 0x0A ? 2 : 1
                case 0x0A: 1
                case 0xC2: rest.dropFirst().first == 0x85 ? 2 : 0
                case 0xE2: rest.starts(with: [0xE2, 0x80, 0xA8]) || rest.starts(with: [0xE2, 0x80, 0xA9]) ? 3 : 0
                default: 0
                }
            if length == 0 {
                index += 1
            } else {
                lines.append(Line(text: bytes[start..<index], ending: bytes[index..<index + length]))
                index += length
                start = index
            }
        }
        if start < bytes.endIndex { lines.append(Line(text: bytes[start...], ending: [])) }
        return lines
    }

    // MARK: Editing

    /// Exchanges the lines in which `meant` differs from `root`. False, with the lines in any state, where that can't be told line by line.
    /// - Parameter isOneName: at the top, only what stands under one name is different; if it is new, it may take the place that a note keeps for it.
    mutating func edit(_ root: Node, to meant: YAMLValue, isOneName: Bool) -> Bool {
        edit(root, to: meant, in: 0..<endOfDocument(from: root.mark.line - 1), mayTakePlace: isOneName)
    }

    /// Writes everything anew, except for the notes at the top if they are kept.
    mutating func rewrite(_ root: Node?, to meant: YAMLValue, keepsHead: Bool) {
        let isEmpty = meant.pairs?.isEmpty == true
        let head = keepsHead ? lines.prefix { isBlankOrComment($0) || $0.text.starts(with: "%".utf8) || $0.text.elementsEqual("---".utf8) } : []
        let last = lines.last
        lines = Array(head)
        let text = isEmpty ? [] : YAMLWriter.document(meant)
        if !text.isEmpty, let last = lines.last, last.ending.isEmpty { lines[lines.count - 1].ending = lineEnd }
        lines += text.map { Line(text: ArraySlice($0.utf8), ending: lineEnd) }
        if last?.ending.isEmpty == true, !lines.isEmpty { lines[lines.count - 1].ending = [] }
    }

    private mutating func edit(_ old: Node, to new: YAMLValue, in range: Range<Int>, mayTakePlace: Bool = false) -> Bool {
        if let pairs = old.pairs, let wanted = new.pairs { return edit(pairs, to: wanted, in: range, mayTakePlace: mayTakePlace) }
        if let items = old.items, let wanted = new.items { return edit(items, to: wanted, in: range) }
        return false
    }

    private mutating func edit(_ pairs: [Node.Pair], to wanted: [YAMLValue.Pair], in range: Range<Int>, mayTakePlace: Bool) -> Bool {
        guard let first = pairs.first else { return false }
        let column = first.keyMark.column - 1
        guard pairs.allSatisfy({ $0.keyMark.column - 1 == column }), let entries = entries(at: pairs.map(\.keyMark.line), column, in: range)
        else { return false }
        // All but the first stand behind nothing but spaces; the first may be behind a dash.
        for (index, entry) in entries.enumerated() {
            let before = lines[entry.lowerBound].text.prefix(column)
            guard before.allSatisfy({ $0 == UInt8(ascii: " ") || (index == 0 && $0 == UInt8(ascii: "-")) }) else { return false }
            guard lines[entry.lowerBound].text.dropFirst(column).first.map({ !"{[?".utf8.contains($0) }) == true else { return false }
        }
        let isBehindDash = lines[entries[0].lowerBound].text.prefix(column).contains(UInt8(ascii: "-"))
        guard
            pairs.map(\.key).filter({ key in wanted.contains { $0.key == key } })
                == wanted.map(\.key).filter({ key in pairs.contains { $0.key == key } }),
            wanted.first.map({ new in pairs.contains { $0.key == new.key } }) == true
        else { return false }
        // From the end, so that the lines before keep their numbers.
        for (index, entry) in entries.enumerated().reversed() {
            let pair = pairs[index]
            guard let place = wanted.firstIndex(where: { $0.key == pair.key }) else {
                if index == 0 && isBehindDash { return false }
                remove(notes(above: entry.lowerBound, isFirst: index == 0, column, in: range)..<entry.upperBound)
                continue
            }
            let added = wanted[(place + 1)...].prefix { new in !pairs.contains { $0.key == new.key } }
            for new in added.reversed() where !(mayTakePlace && takePlace(of: new, outside: entries)) {
                insert(YAMLWriter.lines(of: new, indentation: column), at: entry.upperBound)
            }
            guard !YAMLValue(pair.value).means(wanted[place].value) else { continue }
            let isBelow = pair.value.mark.line - 1 > entry.lowerBound
            let copy = lines
            if isBelow, edit(pair.value, to: wanted[place].value, in: entry.lowerBound + 1..<entry.upperBound) { continue }
            lines = copy
            replace(entry, by: YAMLWriter.lines(of: wanted[place], indentation: column), keeping: column)
        }
        return true
    }

    private mutating func edit(_ items: [Node], to wanted: [YAMLValue], in range: Range<Int>) -> Bool {
        guard let first = items.first, !wanted.isEmpty, lines.indices.contains(first.mark.line - 1) else { return false }
        let column = lines[first.mark.line - 1].text.prefix { $0 == UInt8(ascii: " ") }.count
        guard let entries = entries(at: items.map(\.mark.line), column, in: range) else { return false }
        for (item, entry) in zip(items, entries) {
            let before = lines[entry.lowerBound].text.prefix(item.mark.column - 1)
            guard before.prefix(column).allSatisfy({ $0 == UInt8(ascii: " ") }), before.dropFirst(column).first == UInt8(ascii: "-"),
                before.dropFirst(column + 1).allSatisfy({ $0 == UInt8(ascii: " ") })
            else { return false }
        }
        let same = zip(items, wanted).prefix { YAMLValue($0).means($1) }.count
        let sameAtEnd = min(
            zip(items.reversed(), wanted.reversed()).prefix { YAMLValue($0).means($1) }.count, min(items.count, wanted.count) - same)
        let changed = same..<items.count - sameAtEnd
        let new = same..<wanted.count - sameAtEnd
        if changed.count == new.count {
            for index in changed.reversed() {
                let copy = lines
                if edit(items[index], to: wanted[index], in: entries[index]) { continue }
                lines = copy
                replace(entries[index], by: YAMLWriter.lines(ofItem: wanted[index], indentation: column), keeping: column)
            }
            return true
        }
        let text = wanted[new].flatMap { YAMLWriter.lines(ofItem: $0, indentation: column) }
        if changed.isEmpty {
            insert(
                text,
                at: same < items.count ? notes(above: entries[same].lowerBound, isFirst: false, column, in: range) : entries[same - 1].upperBound)
        } else {
            let end = entries[changed.upperBound - 1].upperBound
            remove(notes(above: entries[same].lowerBound, isFirst: same == 0, column, in: range)..<end, inserting: text)
        }
        return true
    }

    // MARK: Entries

    /// The lines of each entry; nil where they can't be told apart.
    private func entries(at marks: [Int], _ column: Int, in range: Range<Int>) -> [Range<Int>]? {
        let starts = marks.map { $0 - 1 }
        guard let first = starts.first, range.contains(first), zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }),
            let last = starts.last, last < range.upperBound, range.upperBound <= lines.count
        else { return nil }
        return zip(starts, starts.dropFirst() + [range.upperBound]).map { start, next in
            var end = next
            while end > start + 1, isBlankOrComment(lines[end - 1], atMost: column) { end -= 1 }
            return start..<end
        }
    }

    /// A line with `...` ends the document.
    private func endOfDocument(from start: Int) -> Int {
        lines.indices.first { $0 > start && lines[$0].text.starts(with: "...".utf8) } ?? lines.count
    }

    /// Blank, or a comment that isn't indented deeper than `column`.
    private func isBlankOrComment(_ line: Line, atMost column: Int = .max) -> Bool {
        let spaces = line.text.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = line.text.dropFirst(spaces.count).first else { return true }
        return first == UInt8(ascii: "#") && spaces.count <= column
    }

    /// The first line of the comments directly above an entry, which go with it. Settings that are commented out stay, and so does what stands
    /// at the top.
    private func notes(above start: Int, isFirst: Bool, _ column: Int, in range: Range<Int>) -> Int {
        guard !isFirst else { return start }
        var line = start
        while line > range.lowerBound {
            let text = lines[line - 1].text.drop { $0 == UInt8(ascii: " ") }
            guard text.first == UInt8(ascii: "#"), isBlankOrComment(lines[line - 1], atMost: column), !isCommentedOut(text) else { break }
            line -= 1
        }
        return line
    }

    /// `# name: …`, or a line below such a one.
    private func isCommentedOut(_ text: ArraySlice<UInt8>) -> Bool {
        let words = text.dropFirst().drop { $0 == UInt8(ascii: " ") }
        let name = words.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") }
        return text.starts(with: "#   ".utf8) || words.starts(with: "- ".utf8)
            || (!name.isEmpty && words.dropFirst(name.count).first == UInt8(ascii: ":"))
    }

    /// Puts a new entry where exactly one line keeps a place for it: `# name: …`, with the deeper lines below it.
    private mutating func takePlace(of new: YAMLValue.Pair, outside entries: [Range<Int>]) -> Bool {
        let places = lines.indices.filter { index in
            let text = lines[index].text
            return text.starts(with: "# \(new.key):".utf8) && !entries.contains { $0.contains(index) }
        }
        guard let start = places.first, places.count == 1 else { return false }
        var end = start + 1
        while end < lines.count, lines[end].text.starts(with: "#   ".utf8) { end += 1 }
        remove(start..<end, inserting: YAMLWriter.lines(of: new, indentation: 0))
        return true
    }

    // MARK: Lines

    private mutating func insert(_ text: [String], at index: Int) {
        remove(index..<index, inserting: text)
    }

    private mutating func remove(_ range: Range<Int>, inserting text: [String] = []) {
        let isAtEnd = range.upperBound == lines.count
        let hadNoEnd = isAtEnd && lines.last?.ending.isEmpty == true
        var new = text.map { Line(text: ArraySlice($0.utf8), ending: lineEnd) }
        if hadNoEnd, !new.isEmpty { new[new.count - 1].ending = [] }
        if range.lowerBound > 0, lines[range.lowerBound - 1].ending.isEmpty, !new.isEmpty { lines[range.lowerBound - 1].ending = lineEnd }
        lines.replaceSubrange(range, with: new)
        if hadNoEnd, new.isEmpty, !lines.isEmpty { lines[lines.count - 1].ending = [] }
    }

    /// Exchanges an entry; what stands before its name (a dash) and a comment behind its first line stay.
    private mutating func replace(_ entry: Range<Int>, by text: [String], keeping column: Int) {
        let old = lines[entry.lowerBound].text
        let before = String(decoding: old.prefix(column), as: UTF8.self)
        let comment = String(decoding: comment(of: old), as: UTF8.self)
        var text = text
        if let first = text.first { text[0] = before + first.dropFirst(column) + comment }
        remove(entry, inserting: text)
    }

    /// The comment at the end of a line, with the spaces before it; nothing where a quote stays open.
    private func comment(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var quote: UInt8?
        var previous = UInt8(ascii: " ")
        var isEscaped = false
        for index in line.indices {
            let byte = line[index]
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if open == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == open {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), " [{,:-".utf8.contains(previous) {
                quote = byte
            } else if byte == UInt8(ascii: "#"), previous == UInt8(ascii: " ") || previous == UInt8(ascii: "\t") {
                var start = index
                while start > line.startIndex, line[start - 1] == UInt8(ascii: " ") || line[start - 1] == UInt8(ascii: "\t") { start -= 1 }
                return line[start...]
            }
            previous = byte
        }
        return line[line.endIndex...]
    }
}
