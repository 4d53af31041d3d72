/// A character reference in HTML: `&amp;`, `&#38;`, `&#x26;`.
struct CharacterReference {
    enum Meaning {
        case scalar(Unicode.Scalar)
        /// A name that browsers know and this policy need not: all it can stand for is text.
        case name
    }

    let meaning: Meaning
    /// The bytes it takes, from `&` to `;`.
    let length: Int

    /// Reads the reference that `bytes` begin with; nil when they begin with a mere ampersand.
    init?(startOf bytes: ArraySlice<UInt8>) {
        let body = bytes.dropFirst()
        guard bytes.first == UInt8(ascii: "&"), let first = body.first else { return nil }
        if first == UInt8(ascii: "#") {
            guard let (scalar, end) = Self.number(body.dropFirst()) else { return nil }
            meaning = .scalar(scalar)
            length = end - bytes.startIndex
        } else {
            guard let end = Self.endOfName(body) else { return nil }
            meaning = Self.scalar(named: body[..<end]).map(Meaning.scalar) ?? .name
            length = end + 1 - bytes.startIndex
        }
    }

    // MARK: Numbers

    /// The character of `123` or `x7B` and where it ends. As in browsers, the semicolon may be missing.
    private static func number(_ digits: ArraySlice<UInt8>) -> (Unicode.Scalar, end: Int)? {
        let isHexadecimal = digits.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
        let digits = isHexadecimal ? digits.dropFirst() : digits
        var value: UInt32 = 0
        var end = digits.startIndex
        while end < digits.endIndex, let digit = digitValue(digits[end], isHexadecimal: isHexadecimal) {
            value = min(value &* (isHexadecimal ? 16 : 10) &+ digit, 0x110000)  // More is no character, and must not wrap around.
            end += 1
        }
        guard end > digits.startIndex else { return nil }
        if end < digits.endIndex, digits[end] == UInt8(ascii: ";") { end += 1 }
        return (scalar(numbered: value), end)
    }

    private static func digitValue(_ byte: UInt8, isHexadecimal: Bool) -> UInt32? {
        if ASCII.isDigit(byte) { return UInt32(byte &- UInt8(ascii: "0")) }
        let lower = byte | 0x20
        guard isHexadecimal, lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") else { return nil }
        return UInt32(lower &- UInt8(ascii: "a") &+ 10)
    }

    private static func scalar(numbered value: UInt32) -> Unicode.Scalar {
        if value >= 0x80, value < 0xA0 { return windows1252[Int(value &- 0x80)] }
        return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// What browsers read for 128…159, because old word processors wrote it so.
    private static let windows1252: [Unicode.Scalar] = [
        "\u{20AC}", "\u{FFFD}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{FFFD}", "\u{017D}", "\u{FFFD}",
        "\u{FFFD}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
        "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{FFFD}", "\u{017E}", "\u{0178}",
    ]

    // MARK: Names

    /// The semicolon after a name of letters and digits.
    private static func endOfName(_ name: ArraySlice<UInt8>) -> Int? {
        let limit = min(name.endIndex, name.startIndex + PackedName.maximumLength)
        guard let end = name[..<limit].firstIndex(where: { !ASCII.isLetter($0) && !ASCII.isDigit($0) }) else { return nil }
        return end > name.startIndex && name[end] == UInt8(ascii: ";") ? end : nil
    }

    /// The names that matter in an address. Any other stays as written there, and then is no part of a scheme.
    private static func scalar(named name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        switch String(decoding: name, as: UTF8.self) {
        case "amp", "AMP": "&"
        case "lt", "LT": "<"
        case "gt", "GT": ">"
        case "quot", "QUOT": "\""
        case "apos": "'"
        case "colon": ":"
        case "sol": "/"
        case "bsol": "\\"
        case "Tab": "\t"
        case "NewLine": "\n"
        case "num": "#"
        case "quest": "?"
        case "equals": "="
        case "period": "."
        case "comma": ","
        case "percnt": "%"
        case "plus": "+"
        case "lowbar": "_"
        case "commat": "@"
        case "nbsp": "\u{A0}"
        default: nil
        }
    }

    /// The bytes of an attribute's value with its references resolved.
    static func decoded(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard value.contains(UInt8(ascii: "&")) else { return value }
        var output: [UInt8] = []
        output.reserveCapacity(value.count)
        var rest = value
        while let byte = rest.first {
            if byte == UInt8(ascii: "&"), let reference = CharacterReference(startOf: rest), case .scalar(let scalar) = reference.meaning {
                output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                rest = rest.dropFirst(reference.length)
            } else {
                output.append(byte)
                rest = rest.dropFirst()
            }
        }
        return output[...]
    }
}
