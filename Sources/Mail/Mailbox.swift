package import Tenancy

/// Who sends or gets a mail: an address, and perhaps a name (RFC 5322, 3.4).
package struct Mailbox: Sendable, Hashable {
    package let address: EmailAddress
    package let name: String?

    /// Throws `MailMessageError` when the name has control characters or is too long.
    package init(_ address: EmailAddress, name: String? = nil) throws(MailMessageError) {
        if let name { try HeaderText.check(name, of: .name) }
        self.address = address
        self.name = name?.isEmpty == true ? nil : name
    }

    /// The sender where there is no other.
    package static let local = Mailbox(local: "Marquee")

    private init(local name: String) {
        address = .local
        self.name = name
    }

    /// Reads `Marquee <hello@marquee.example>`, `"Marquee, Inc." <…>` or an address alone: what an operator writes. Nil for anything else.
    package init?(_ text: String) {
        guard let bracket = text.lastIndex(of: "<"), text.hasSuffix(">") else {
            guard let address = try? EmailAddress(text), let mailbox = try? Mailbox(address) else { return nil }
            self = mailbox
            return
        }
        var name = text[..<bracket].drop { $0 == " " }
        while name.last == " " { name.removeLast() }
        if name.count > 1, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        guard !name.contains("\""), !name.contains("<") else { return nil }
        let inner = text[text.index(after: bracket)...].dropLast()
        guard let address = try? EmailAddress(inner), let mailbox = try? Mailbox(address, name: String(name)) else { return nil }
        self = mailbox
    }

    /// The address as it stands in headers and commands. The form field's grammar knows no quotes, but RFC 5321, 4.1.2 wants them where
    /// dots stand at an edge or together.
    package var route: String {
        let local = address.text.dropLast(address.domain.text.utf8.count + 1)
        let isAtom = !local.hasPrefix(".") && !local.hasSuffix(".") && !local.contains("..")
        return isAtom ? address.text : "\"\(local)\"@\(address.domain.text)"
    }
}
