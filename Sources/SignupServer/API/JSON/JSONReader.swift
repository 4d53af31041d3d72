import SiteBuilder

/// Reads JSON (RFC 8259) from strangers: strictly, and within bounds that are checked while reading, so that no nesting fills the stack.
///
/// An object in which a name stands twice is refused, because programs disagree on what it means (RFC 7493, 2.3); so are halves of surrogate
/// pairs, which are no text.
struct JSONReader {
    struct Failure: Error, Hashable {
        /// What is wrong, for a programmer.
        let problem: String
        /// Bytes before it.
        let offset: Int
    }

    static let maximumDepth = 20
    static let maximumValues = 10_000

    private let bytes: [UInt8]
    private var position = 0
    private var count = 0

    static func read(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        // What stands in quotes is UTF-8 if all is.
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Failure(problem: "the text is not UTF-8", offset: 0) }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.failure("there is something behind the value") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth < Self.maximumDepth else { throw failure("lists and objects are nested more than \(Self.maximumDepth) levels deep") }
        count += 1
        guard count <= Self.maximumValues else { throw failure("there are more than \(Self.maximumValues) values") }
        skipSpace()
        guard let byte = peek() else { throw failure("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value is missing")
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var members: [(String, JSONValue)] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw failure("the name of a member is missing") }
            let name = try text()
            guard names.insert(name).inserted else { throw failure("a name stands twice in an object") }
            skipSpace()
            guard take(":") else { throw failure("a colon is missing") }
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("an object doesn't end") }
        return .object(members)
    }

    private mutating func list(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .list([]) }
        repeat {
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("a list doesn't end") }
        return .list(items)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let text = word.description.utf8
        guard bytes[position...].starts(with: text) else { throw failure("a value is missing") }
        position += text.count
        return value
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { guard digits() else { throw failure("a number has no digits") } }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() else { throw failure("a number has no digits behind its point") }
        }
        if take("e") || take("E") {
            isWhole = false
            _ = take("+") || take("-")
            guard digits() else { throw failure("a number has no digits in its exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard isWhole, text != "-0", let number = Int(text) else { return .decimal(text) }
        return .number(number)
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }

    // MARK: Texts

    private mutating func text() throws(Failure) -> String {
        position += 1
        var output: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"): output.append(contentsOf: String(try escaped()).utf8)
            case 0..<0x20: throw failure("a text holds a control character")
            default: output.append(byte)
            }
        }
        throw failure("a text doesn't end")
    }

    private mutating func escaped() throws(Failure) -> Character {
        guard let byte = peek() else { throw failure("a text doesn't end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xD800..<0xDC00).contains(code) {
                guard take("\\"), take("u") else { throw failure("half of a surrogate pair is no character") }
                let low = try unit()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair is no character") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair is no character") }
            return Character(scalar)
        default: throw failure("an escape is unknown")
        }
    }

    /// Four digits.
    private mutating func unit() throws(Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure("an escape has not four digits")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func failure(_ problem: String) -> Failure { Failure(problem: problem, offset: position) }
}
