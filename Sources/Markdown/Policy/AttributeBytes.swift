/// What bytes the values of simple attributes are made of.
enum AttributeBytes {
    static func isValid(_ value: ArraySlice<UInt8>, _ rule: HTMLAttributeRule) -> Bool {
        switch rule {
        case .identifier: isIdentifier(value)
        case .identifiers: !value.isEmpty && value.split(whereSeparator: ASCII.isSpace).allSatisfy(isIdentifier)
        case .integer: (1...5).contains(value.count) && value.allSatisfy(ASCII.isDigit)
        case .number: isNumber(value)
        case .length: isNumber(value.last == UInt8(ascii: "%") ? value.dropLast() : value)
        case .token: !value.isEmpty && value.allSatisfy(isToken)
        case .mediaCondition: !value.isEmpty && value.allSatisfy(isMediaCondition)
        default: false
        }
    }

    static func isClassName(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// The one of the words, which stand with spaces between, that equals a value; in the same case where there is one.
    static func word(of words: StaticString, matching value: ArraySlice<UInt8>) -> [UInt8]? {
        words.withUTF8Buffer { buffer in
            let words = buffer.split(separator: UInt8(ascii: " "))
            let same = words.first { $0.elementsEqual(value) }
            let found = same ?? words.first { $0.elementsEqual(value) { ASCII.lowercased($0) == ASCII.lowercased($1) } }
            return found.map(Array.init)
        }
    }

    /// Letters of every script may be in a heading's id. Names that begin otherwise than with a letter or digit are refused.
    private static func isIdentifier(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first, value.count <= 256 else { return false }
        return (isAlphanumeric(first) || first == UInt8(ascii: "_") || first >= 0x80)
            && value.allSatisfy { isAlphanumeric($0) || $0 >= 0x80 || "_:.%-".utf8.contains($0) }
    }

    private static func isNumber(_ value: ArraySlice<UInt8>) -> Bool {
        let digits = value.first == UInt8(ascii: "-") ? value.dropFirst() : value
        let points = digits.count { $0 == UInt8(ascii: ".") }
        return (1...16).contains(digits.count) && points <= 1 && digits.count > points
            && digits.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-/.+_".utf8.contains(byte)
    }

    private static func isMediaCondition(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || " ().,:%<>=+*/-".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte)
    }
}
