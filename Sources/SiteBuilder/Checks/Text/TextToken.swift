/// A word, a number or a sign of a text; spaces only separate.
struct TextToken: Sendable {
    enum Kind: Sendable, Equatable {
        case word
        /// Decimal digits of any script.
        case number(Int)
        case sign(Unicode.Scalar)
    }

    let kind: Kind
    let range: Range<Int>
    /// Lower case.
    let text: String
    let isCapitalized: Bool

    var number: Int? { if case .number(let value) = kind { value } else { nil } }
    var isWord: Bool { kind == .word }

    func isSign(_ signs: Unicode.Scalar...) -> Bool {
        if case .sign(let own) = kind { signs.contains(own) } else { false }
    }
}

extension CheckedText {
    func tokens(in range: Range<Int>) -> [TextToken] {
        var tokens: [TextToken] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let start = index
            let scalar = folded[index]
            if scalar.properties.isWhitespace {
                index += 1
            } else if Self.digit(scalar) != nil {
                var value = 0
                while index < range.upperBound, let digit = Self.digit(folded[index]) {
                    // Longer numbers are no dates, grades or house numbers; what they say doesn't matter.
                    if index - start < 9 { value = value * 10 + digit }
                    index += 1
                }
                tokens.append(TextToken(kind: .number(value), range: start..<index, text: "", isCapitalized: false))
            } else if Self.isLetter(scalar) {
                while index < range.upperBound, Self.isLetter(folded[index]) { index += 1 }
                tokens.append(
                    TextToken(
                        kind: .word, range: start..<index, text: String(String.UnicodeScalarView(folded[start..<index])),
                        isCapitalized: scalars[start].properties.isUppercase))
            } else {
                index += 1
                tokens.append(TextToken(kind: .sign(scalar), range: start..<index, text: "", isCapitalized: false))
            }
        }
        return tokens
    }

    /// Most sentences have none, and then no date or number has to be looked for.
    func hasDigit(in range: Range<Int>) -> Bool {
        folded[range].contains { Self.digit($0) != nil }
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        if scalar.isASCII { return ("0"..."9").contains(scalar) ? Int(scalar.value) - 48 : nil }
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else { return nil }
        return Int(value)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
        // ª and º are ordinal marks.
        return scalar != "ª" && scalar != "º" && (scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark)
    }
}
