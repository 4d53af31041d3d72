/// The value of a response header. It has only visible ASCII characters and spaces, by construction: every other byte, CR and LF above
/// all, is left out when the value is made, so no input can end the header and begin another one (RFC 9110 5.5).
package struct HeaderValue: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text.utf8.allSatisfy(Self.isAllowed) ? text : String(decoding: text.utf8.filter(Self.isAllowed), as: UTF8.self)
    }

    package init(stringLiteral text: String) {
        self.init(text)
    }

    package var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }
}
