/// The short name of an organization in addresses: `lincoln` in `lincoln.sites.example`, in `/org/lincoln/` and in `Content/lincoln/`.
///
/// A value of this type always follows the grammar: 3 to 40 characters, lower-case ASCII letters, digits and single hyphens, a letter
/// first, a letter or digit last. So it is safe as a folder name, as a DNS label and in a URL. `--` is kept for preview hosts
/// (`<slug>--<preview>`) and `xn--` labels, and 40 leaves room for the preview's part in a label of 63 (RFC 1035, 2.3.4).
///
/// The grammar does not say who may have the name: `init(claiming:)` also refuses reserved words, `init(_:)` takes the platform's own
/// sites (`www`, `help`) too.
package struct Slug: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The characters, exactly as they stand in addresses.
    package let text: String

    package static let minimumLength = 3
    package static let maximumLength = 40

    /// Checks the grammar only. Nothing is changed to make the text fit: upper case is an error, not lower-cased.
    package init(_ text: some StringProtocol) throws(SlugError) {
        let bytes = text.utf8
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        guard Self.isLetter(first) else { throw .badStart }
        var previous = first
        for byte in bytes.dropFirst() {
            guard Self.isLetter(byte) || Self.isDigit(byte) || byte == UInt8(ascii: "-") else { throw .badCharacter }
            if byte == UInt8(ascii: "-"), previous == byte { throw .doubleHyphen }
            previous = byte
        }
        guard previous != UInt8(ascii: "-") else { throw .hyphenAtEnd }
        guard bytes.count >= Self.minimumLength else { throw .tooShort }
        self.text = String(text)
    }

    /// Checks the grammar and the reserved words: for names that a new organization asks for.
    package init(claiming text: some StringProtocol) throws(SlugError) {
        try self.init(text)
        guard !isReserved else { throw .reserved }
    }

    /// True for words that only the platform itself may use, see `ReservedSlugs`.
    package var isReserved: Bool { ReservedSlugs.words.contains(text) }

    package var description: String { text }

    package static func < (left: Slug, right: Slug) -> Bool { left.text < right.text }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
