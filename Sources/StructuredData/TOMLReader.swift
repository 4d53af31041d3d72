/// Reads the TOML (1.0) that front matter is written in: tables, arrays of tables, dotted and quoted keys, all kinds of values.
///
/// The library that was tried, toml++ through TOMLKit, ends the whole process on some wrong texts; front matter comes from strangers.
/// Numbers and dates stay text, as everywhere in this module; a date is checked by whoever asks for it, but one that can't be is refused.
package struct TOMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line: Int
    private var lineStart = 0
    private let root = Table(mark: Mark(line: 1, column: 1))
    private var count = 0

    /// A table while it is being filled.
    private final class Table {
        enum Value {
            case node(Node)
            case table(Table)
            case tables([Table])
        }

        let mark: Mark
        var members: [(key: String, mark: Mark, value: Value)] = []
        /// Whether a header has opened it already; a second one is a mistake.
        var isOpened = false

        init(mark: Mark) { self.mark = mark }

        subscript(key: String) -> Value? { members.first { $0.key == key }?.value }

        var node: Node {
            Node(
                .mapping(
                    members.map { member in
                        let value: Node
                        switch member.value {
                        case .node(let node): value = node
                        case .table(let table): value = table.node
                        case .tables(let tables): value = Node(.sequence(tables.map(\.node)), at: member.mark)
                        }
                        return Node.Pair(key: member.key, keyMark: member.mark, value: value)
                    }), at: mark)
        }
    }

    /// Reads `text`; `lineOffset` lines stand before it in the file.
    package static func read(_ text: String, lineOffset: Int = 0) throws(StructuredDataError) -> Node {
        var reader = TOMLReader(text, lineOffset: lineOffset)
        try reader.document()
        return reader.root.node
    }

    private init(_ text: String, lineOffset: Int) {
        bytes = Array(text.utf8)
        line = lineOffset + 1
    }

    // MARK: Lines

    private mutating func document() throws(StructuredDataError) {
        var current = root
        while true {
            skipBlank(includingLines: true)
            guard let byte = peek() else { return }
            if byte == UInt8(ascii: "[") {
                current = try header()
            } else {
                try pair(into: current)
            }
            try endOfLine()
        }
    }

    private mutating func header() throws(StructuredDataError) -> Table {
        let mark = mark
        position += 1
        let isArray = take("[")
        skipBlank()
        let keys = try key()
        skipBlank()
        guard take("]"), !isArray || take("]") else { throw error("the name of a table is not closed", "write [name] on a line of its own") }
        guard let last = keys.last else { throw error("a table has no name", "write [name]") }
        let parent = try descend(root, keys.dropLast(), mark)
        if isArray {
            let table = Table(mark: mark)
            switch parent[last] {
            case .tables(let tables)?: set(.tables(tables + [table]), last, mark, in: parent)
            case nil: set(.tables([table]), last, mark, in: parent)
            default: throw error("`\(last)` stands here twice", "keep one of the two", at: mark)
            }
            try note(mark)
            return table
        }
        switch parent[last] {
        case .table(let table)?:
            guard !table.isOpened else { throw error("`\(last)` stands here twice", "keep one of the two", at: mark) }
            table.isOpened = true
            return table
        case nil:
            let table = Table(mark: mark)
            table.isOpened = true
            set(.table(table), last, mark, in: parent)
            try note(mark)
            return table
        default: throw error("`\(last)` stands here twice", "keep one of the two", at: mark)
        }
    }

    private mutating func pair(into table: Table) throws(StructuredDataError) {
        let mark = mark
        let keys = try key()
        skipBlank()
        guard take("=") else { throw error("a line here is not of the form name = value", "write name = \"value\"; texts need quotes") }
        skipBlank()
        guard let last = keys.last else { throw error("a value has no name", "write name = \"value\"", at: mark) }
        let target = try descend(table, keys.dropLast(), mark)
        guard target[last] == nil else { throw error("`\(last)` stands here twice", "keep one of the two lines", at: mark) }
        let value = try value(depth: keys.count)
        set(.node(value), last, mark, in: target)
        try note(mark)
    }

    private mutating func descend(_ table: Table, _ keys: ArraySlice<String>, _ mark: Mark) throws(StructuredDataError) -> Table {
        guard keys.count < YAMLReader.maximumDepth else {
            throw error("tables are nested too deeply", "use at most \(YAMLReader.maximumDepth) levels", at: mark)
        }
        var table = table
        for key in keys {
            switch table[key] {
            case .table(let inner)?: table = inner
            case .tables(let tables)?:
                guard let last = tables.last else { throw error("`\(key)` is not a table", "choose another name", at: mark) }
                table = last
            case nil:
                let inner = Table(mark: mark)
                set(.table(inner), key, mark, in: table)
                try note(mark)
                table = inner
            case .node?: throw error("`\(key)` is a value already", "choose another name", at: mark)
            }
        }
        return table
    }

    private func set(_ value: Table.Value, _ key: String, _ mark: Mark, in table: Table) {
        if let index = table.members.firstIndex(where: { $0.key == key }) {
            table.members[index].value = value
        } else {
            table.members.append((key, mark, value))
        }
    }

    // MARK: Keys

    private mutating func key() throws(StructuredDataError) -> [String] {
        var keys: [String] = []
        repeat {
            skipBlank()
            guard let byte = peek() else { break }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                keys.append(try string(isMultiline: false))
            } else {
                let start = position
                while let byte = peek(), Self.isBareKeyByte(byte) { position += 1 }
                guard position > start else { break }
                keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            guard keys.count <= YAMLReader.maximumDepth else {
                throw error("tables are nested too deeply", "use at most \(YAMLReader.maximumDepth) levels")
            }
            skipBlank()
        } while take(".")
        guard !keys.isEmpty else { throw error("a name is missing here", "write name = \"value\"") }
        return keys
    }

    private static func isBareKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(StructuredDataError) -> Node {
        guard depth < YAMLReader.maximumDepth else { throw error("lists are nested too deeply", "use at most \(YAMLReader.maximumDepth) levels") }
        let mark = mark
        try note(mark)
        switch peek() {
        case UInt8(ascii: "\"")?, UInt8(ascii: "'")?: return Node(.scalar(try string(isMultiline: true), plain: false), at: mark)
        case UInt8(ascii: "[")?: return try array(depth: depth)
        case UInt8(ascii: "{")?: return try inlineTable(depth: depth)
        default: return try bare(mark)
        }
    }

    private mutating func array(depth: Int) throws(StructuredDataError) -> Node {
        let mark = mark
        position += 1
        var items: [Node] = []
        while true {
            skipBlank(includingLines: true)
            if take("]") { return Node(.sequence(items), at: mark) }
            guard peek() != nil else { throw error("a list is opened and never closed", "close it with ]", at: mark) }
            items.append(try value(depth: depth + 1))
            skipBlank(includingLines: true)
            if take(",") { continue }
            guard take("]") else { throw error("a list in brackets is not finished", "separate the entries by commas and close the bracket") }
            return Node(.sequence(items), at: mark)
        }
    }

    private mutating func inlineTable(depth: Int) throws(StructuredDataError) -> Node {
        let table = Table(mark: mark)
        position += 1
        skipBlank()
        if take("}") { return table.node }
        while true {
            let mark = mark
            let keys = try key()
            skipBlank()
            guard take("=") else { throw error("a group in braces is not of the form {name = value}", "write {name = \"value\"}") }
            skipBlank()
            let target = try descend(table, keys.dropLast(), mark)
            guard let last = keys.last, target[last] == nil else { throw error("a name stands here twice", "keep one of the two", at: mark) }
            set(.node(try value(depth: depth + keys.count)), last, mark, in: target)
            skipBlank()
            if take(",") { continue }
            guard take("}") else { throw error("a group in braces is not finished", "separate the entries by commas and close the brace") }
            return table.node
        }
    }

    /// A number, a date, true or false.
    private mutating func bare(_ mark: Mark) throws(StructuredDataError) -> Node {
        let start = position
        while let byte = peek(), Self.isBareKeyByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") {
            position += 1
        }
        var text = String(decoding: bytes[start..<position], as: UTF8.self)
        // A date and its time may have a space between them.
        if text.utf8.count == 10, text.utf8.filter({ $0 == UInt8(ascii: "-") }).count == 2, peek() == UInt8(ascii: " "), let digit = peek(1),
            Self.isDigit(digit)
        {
            position += 1
            let timeStart = position
            while let byte = peek(),
                Self.isDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: "Z")
            { position += 1 }
            text += "T" + String(decoding: bytes[timeStart..<position], as: UTF8.self)
        }
        let number = text.filter { $0 != "_" }
        if text == "true" || text == "false" || Int(number) != nil
            || (Double(number) != nil && number.utf8.first.map { !(0x61...0x7A).contains($0) } ?? false)
        {
            return Node(.scalar(number, plain: true), at: mark)
        }
        guard Self.isDate(text) || Self.isTime(text) else {
            throw error(
                text.isEmpty ? "a value is missing here" : "`\(text)` is neither a number, a date, true nor false",
                "put texts in quotes: name = \"value\"", at: mark)
        }
        return Node(.scalar(text, plain: true), at: mark)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.prefix(10).split(separator: "-")
        guard text.utf8.count == 10 || text.dropFirst(10).first.map({ "Tt".contains($0) }) == true else { return false }
        guard parts.count == 3, parts[0].utf8.count == 4, let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil else {
            return false
        }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(separator: ":")
        return (2...3).contains(parts.count) && parts.allSatisfy { Double($0) != nil && $0.utf8.first.map(isDigit) == true }
    }

    // MARK: Texts

    private mutating func string(isMultiline: Bool) throws(StructuredDataError) -> String {
        let mark = mark
        let quote = bytes[position]
        let isLiteral = quote == UInt8(ascii: "'")
        let isLong = isMultiline && peek(1) == quote && peek(2) == quote
        position += isLong ? 3 : 1
        if isLong, peek() == UInt8(ascii: "\n") { newLine() }
        var text: [UInt8] = []
        while let byte = peek() {
            if byte == quote, !isLong || (peek(1) == quote && peek(2) == quote) {
                position += isLong ? 3 : 1
                // Up to two quotes may stand before the closing three.
                while isLong, peek() == quote { text.append(quote); position += 1 }
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\n") {
                guard isLong else { break }
                text.append(byte)
                newLine()
            } else if byte == UInt8(ascii: "\\"), !isLiteral {
                position += 1
                try escape(into: &text, isLong: isLong)
            } else {
                text.append(byte)
                position += 1
            }
        }
        throw error("a quote is opened and never closed", "close it with the same sign", at: mark)
    }

    private mutating func escape(into text: inout [UInt8], isLong: Bool) throws(StructuredDataError) {
        guard let byte = peek() else { return }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let length = byte == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: bytes[position..<min(position + length, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == length, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
                throw error("\\\(Character(Unicode.Scalar(byte))) is not followed by a character's number", "write the character itself")
            }
            position += length
            text.append(contentsOf: String(Character(scalar)).utf8)
        case UInt8(ascii: "\n"), UInt8(ascii: " "):
            guard isLong else { throw error("a backslash stands in a text in double quotes", "use single quotes, or write two backslashes") }
            // A backslash at the end of a line joins it with the next words.
            position -= 1
            skipBlank(includingLines: true, includingComments: false)
        default: throw error("a backslash stands in a text in double quotes", "use single quotes, or write two backslashes")
        }
    }

    // MARK: Bytes

    private var mark: Mark { Mark(line: line, column: position - lineStart + 1) }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard let byte = peek(), UInt32(byte) == sign.value else { return false }
        position += 1
        return true
    }

    private mutating func newLine() {
        position += 1
        line += 1
        lineStart = position
    }

    private mutating func skipBlank(includingLines: Bool = false, includingComments: Bool = true) {
        while let byte = peek() {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0D {
                position += 1
            } else if byte == UInt8(ascii: "\n"), includingLines {
                newLine()
            } else if byte == UInt8(ascii: "#"), includingComments {
                while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
            } else {
                return
            }
        }
    }

    private mutating func endOfLine() throws(StructuredDataError) {
        skipBlank()
        guard let byte = peek() else { return }
        guard byte == UInt8(ascii: "\n") else {
            throw error("something stands behind the value", "write one name = value on each line; texts need quotes")
        }
    }

    private mutating func note(_ mark: Mark) throws(StructuredDataError) {
        count += 1
        guard count <= YAMLReader.maximumNodes else {
            throw error("too many values", "use at most \(YAMLReader.maximumNodes) values in one file", at: mark)
        }
    }

    private func error(_ problem: String, _ advice: String, at place: Mark? = nil) -> StructuredDataError {
        StructuredDataError(at: place ?? mark, problem, advice: advice)
    }
}
