/// Splits a style sheet into tokens (CSS Syntax Level 3, section 4), with escapes resolved and comments left out.
struct CSSTokenizer {
    enum Kind: Equatable {
        case identifier([UInt8])
        /// A name and the parenthesis after it.
        case function([UInt8])
        case atKeyword([UInt8])
        case string([UInt8])
        /// `url(address)` without quotes.
        case url([UInt8])
        case whitespace
        /// `( [ {`
        case open(UInt8)
        /// `) ] }`
        case close(UInt8)
        case other(UInt8)
        /// A string, address or comment without an end.
        case unfinished(String)
    }

    struct Token: Equatable {
        let kind: Kind
        let offset: Int
    }

    private let css: [UInt8]
    private var position = 0

    init(_ css: [UInt8]) {
        self.css = css
        if css.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func next() -> Token? {
        guard let byte = byte(at: 0) else { return nil }
        let start = position
        return Token(kind: kind(startingWith: byte), offset: start)
    }

    private mutating func kind(startingWith byte: UInt8) -> Kind {
        switch byte {
        case _ where ASCII.isSpace(byte):
            while let next = self.byte(at: 0), ASCII.isSpace(next) { position += 1 }
            return .whitespace
        case UInt8(ascii: "/") where self.byte(at: 1) == UInt8(ascii: "*"): return comment()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string(quote: byte)
        case UInt8(ascii: "@"):
            position += 1
            return startsName(at: 0) ? .atKeyword(name()) : .other(byte)
        case UInt8(ascii: "#"):
            position += 1
            _ = name()
            return .other(byte)
        case _ where ASCII.isDigit(byte):
            while let next = self.byte(at: 0), ASCII.isDigit(next) || next == UInt8(ascii: ".") { position += 1 }
            if startsName(at: 0) { _ = name() }
            return .other(byte)
        case _ where startsName(at: 0): return identifier()
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            position += 1
            return .open(byte)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            position += 1
            return .close(byte)
        default:
            position += 1
            return .other(byte)
        }
    }

    // MARK: Names

    private mutating func identifier() -> Kind {
        let name = name()
        guard byte(at: 0) == UInt8(ascii: "(") else { return .identifier(name) }
        position += 1
        guard name.elementsEqual("url".utf8, by: { ASCII.lowercased($0) == $1 }) else { return .function(name) }
        var ahead = 0
        while let next = byte(at: ahead), ASCII.isSpace(next) { ahead += 1 }
        let first = byte(at: ahead)
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") { return .function(name) }
        position += ahead
        return address()
    }

    /// Whether a name begins here: a letter, `_`, a character beyond ASCII or an escape, perhaps after hyphens.
    private func startsName(at offset: Int) -> Bool {
        guard let first = byte(at: offset) else { return false }
        if first != UInt8(ascii: "-") { return isNameStart(first) || isEscape(at: offset) }
        guard let second = byte(at: offset + 1) else { return false }
        return second == UInt8(ascii: "-") || isNameStart(second) || isEscape(at: offset + 1)
    }

    private mutating func name() -> [UInt8] {
        var name: [UInt8] = []
        while let next = byte(at: 0) {
            if isNameStart(next) || ASCII.isDigit(next) || next == UInt8(ascii: "-") {
                name.append(next)
                position += 1
            } else if isEscape(at: 0) {
                name += escape()
            } else {
                break
            }
        }
        return name
    }

    private func isNameStart(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    // MARK: Escapes

    private func isEscape(at offset: Int) -> Bool {
        guard byte(at: offset) == UInt8(ascii: "\\"), let next = byte(at: offset + 1) else { return false }
        return !isLineEnd(next)
    }

    /// The character of `\26 ` or `\&`.
    private mutating func escape() -> [UInt8] {
        position += 1
        var value: UInt32 = 0
        var digits = 0
        while digits < 6, let digit = byte(at: 0).flatMap(hexadecimalValue) {
            value = value << 4 | digit
            digits += 1
            position += 1
        }
        if digits == 0 {
            guard let character = byte(at: 0) else { return [] }
            position += 1
            return [character]
        }
        if byte(at: 0) == 0x0D, byte(at: 1) == 0x0A { position += 1 }
        if let next = byte(at: 0), ASCII.isSpace(next) { position += 1 }
        let scalar = value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
        return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private func hexadecimalValue(_ byte: UInt8) -> UInt32? {
        if ASCII.isDigit(byte) { return UInt32(byte &- UInt8(ascii: "0")) }
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f") ? UInt32(lower &- UInt8(ascii: "a") &+ 10) : nil
    }

    // MARK: Strings, addresses, comments

    private mutating func string(quote: UInt8) -> Kind {
        position += 1
        var text: [UInt8] = []
        while let next = byte(at: 0), next == UInt8(ascii: "\\") || !isLineEnd(next) {
            if next == quote {
                position += 1
                return .string(text)
            }
            if isEscape(at: 0) {
                text += escape()
            } else if next == UInt8(ascii: "\\") {
                position += 1  // An escaped line end is no part of the string.
                if byte(at: 0) == 0x0D, byte(at: 1) == 0x0A { position += 1 }
                position = min(position + 1, css.count)
            } else {
                text.append(next)
                position += 1
            }
        }
        return .unfinished("string")
    }

    private mutating func address() -> Kind {
        var address: [UInt8] = []
        while let next = byte(at: 0) {
            if next == UInt8(ascii: ")") {
                position += 1
                return .url(address)
            }
            if ASCII.isSpace(next) {
                while let space = byte(at: 0), ASCII.isSpace(space) { position += 1 }
                guard byte(at: 0) == UInt8(ascii: ")") else { break }
            } else if isEscape(at: 0) {
                address += escape()
            } else if next < 0x20 || next == 0x7F || "\"'(\\".utf8.contains(next) {
                break
            } else {
                address.append(next)
                position += 1
            }
        }
        return .unfinished("url(")
    }

    private mutating func comment() -> Kind {
        position += 2
        while let next = byte(at: 0) {
            if next == UInt8(ascii: "*"), byte(at: 1) == UInt8(ascii: "/") {
                position += 2
                return .whitespace
            }
            position += 1
        }
        return .unfinished("comment")
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    private func byte(at offset: Int) -> UInt8? {
        position + offset < css.count ? css[position + offset] : nil
    }
}
