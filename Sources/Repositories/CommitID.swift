/// The name of a commit: 40 lower-case hexadecimal digits (git's SHA-1 object names).
///
/// A value of this type always has that form, so it can't be taken for an option or for an expression such as `main~1`.
package struct CommitID: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// Nil for anything else, abbreviations included.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40, text.utf8.allSatisfy({ isLowerHexadecimalDigit($0) }) else { return nil }
        self.text = String(text)
    }

    package var description: String { text }
}

func isLowerHexadecimalDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
