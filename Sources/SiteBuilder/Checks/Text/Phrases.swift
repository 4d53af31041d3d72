import Tenancy

/// Phrases of each language, to be found in a text as whole words. One that ends with `*` is the beginning of words.
struct Phrases: Sendable {
    private struct Phrase: Sendable {
        let scalars: [Unicode.Scalar]
        let isPrefix: Bool
    }

    private let byLanguage: [String: [Phrase]]

    /// By language code. Phrases are written in lower case with plain apostrophes.
    init(_ phrases: [String: [String]]) {
        byLanguage = phrases.mapValues { list in
            list.map {
                Phrase(scalars: Array($0.hasSuffix("*") ? $0.dropLast().unicodeScalars : $0[...].unicodeScalars), isPrefix: $0.hasSuffix("*"))
            }
        }
    }

    /// The first phrase of a language in a range of a text.
    func first(in text: CheckedText, _ range: Range<Int>, _ language: Language) -> Range<Int>? {
        guard let phrases = byLanguage[language.code] else { return nil }
        for index in range where index == range.lowerBound || !Self.joins(text.folded[index - 1], text.folded[index]) {
            for phrase in phrases {
                let end = index + phrase.scalars.count
                guard end <= range.upperBound, matches(phrase.scalars, text.folded, at: index) else { continue }
                if phrase.isPrefix || end == range.upperBound || !Self.joins(text.folded[end - 1], text.folded[end]) { return index..<end }
            }
        }
        return nil
    }

    func contains(_ text: CheckedText, _ range: Range<Int>, _ language: Language) -> Bool { first(in: text, range, language) != nil }

    /// A space of the phrase stands for any white space, so that a phrase may go over the end of a line.
    private func matches(_ phrase: [Unicode.Scalar], _ text: [Unicode.Scalar], at start: Int) -> Bool {
        for (offset, scalar) in phrase.enumerated() where text[start + offset] != scalar {
            guard scalar == " ", text[start + offset] == "\n" else { return false }
        }
        return true
    }

    /// Whether two scalars beside each other are inside one word. Scripts that write no spaces have no such limits.
    static func joins(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool { isWordPart(left) && isWordPart(right) }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A, 0x41...0x5A: true
        case 0..<0x80: false
        case 0x1100...0x11FF, 0x3040...0x30FF, 0x3130...0x318F, 0x3400...0x9FFF, 0xAC00...0xD7A3: false
        default: scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
        }
    }
}
