/// An address that mail can be sent to: `president@lincolnptsa.example`.
///
/// The grammar is that of the `email` field of browsers (HTML Standard, "valid e-mail address"), so that a form says the same before and
/// after it is sent: no quoted names, no comments, nothing outside ASCII. It needs a domain with a dot. A value of this type has no spaces
/// and no control characters, so it can stand in a header and in SQL; it is personal data and belongs in neither logs nor git.
package struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// As it was typed: mail goes there. Servers may tell upper from lower case in front of the @, though none is known to.
    package let text: String
    /// Where the mail goes to.
    package let domain: Hostname

    /// In bytes (RFC 5321, 4.5.3.1, less the angle brackets).
    package static let maximumLength = 254

    /// White space around it is left out.
    package init(_ text: some StringProtocol) throws(EmailAddressError) {
        var trimmed = Array(text.utf8)[...].drop { Self.isSpace($0) }
        while let last = trimmed.last, Self.isSpace(last) { trimmed.removeLast() }
        guard !trimmed.isEmpty else { throw .empty }
        guard trimmed.count <= Self.maximumLength else { throw .tooLong }
        guard let at = trimmed.lastIndex(of: UInt8(ascii: "@")) else { throw .noAt }
        let name = trimmed[..<at]
        guard !name.isEmpty else { throw .noName }
        guard name.count <= 64 else { throw .tooLong }
        guard name.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
        guard name.allSatisfy(Self.isNameCharacter) else { throw .badCharacter }
        let host = String(decoding: trimmed[(at + 1)...], as: UTF8.self)
        guard let domain = try? Hostname(host), !domain.isAddress, domain.text.contains("."), !host.hasSuffix(".") else { throw .badDomain }
        self.text = String(decoding: name, as: UTF8.self) + "@" + domain.text
        self.domain = domain
    }

    /// The sender where there is no other: mail to it goes nowhere.
    package static let local = EmailAddress(name: "no-reply", domain: .localSitesDomain)

    private init(name: StaticString, domain: Hostname) {
        text = "\(name)@\(domain)"
        self.domain = domain
    }

    /// The form that is compared and looked up.
    package var key: String { text.lowercased() }

    package var description: String { text }

    /// Whether it is an address of this domain or of one below it. Only whole labels count.
    package func isAt(_ domain: Hostname) -> Bool { self.domain == domain || self.domain.labels(below: domain) != nil }

    package static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.key == right.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
        }
    }
}

/// Why a text is no e-mail address. The description is meant for the person who typed it.
package enum EmailAddressError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case tooLong
    case noAt
    case noName
    case notASCII
    case badCharacter
    case badDomain

    package var description: String {
        switch self {
        case .empty: "The e-mail address is missing: write one, for example president@lincolnptsa.example."
        case .tooLong: "The e-mail address is too long."
        case .noAt: "The e-mail address has no @: write it in full, for example president@lincolnptsa.example."
        case .noName: "The e-mail address has nothing in front of the @."
        case .notASCII: "The part in front of the @ has letters that mail can't be sent to yet: use another address."
        case .badCharacter: "The part in front of the @ has a character that an address can't have, perhaps a space or a comma."
        case .badDomain: "The part after the @ is no domain: look for a missing dot, a space or a comma."
        }
    }
}
