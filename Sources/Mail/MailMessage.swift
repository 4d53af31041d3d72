package import Tenancy

/// One mail to one recipient, ready to be written. Whatever stands in a header was checked when the value was made, so no text can begin a
/// header or a recipient of its own.
package struct MailMessage: Sendable, Hashable {
    /// The same for each try to send it, so that whoever gets it twice can tell (RFC 5322, 3.6.4).
    package let id: MessageID
    package let date: Instant
    package let sender: Mailbox
    package let recipient: Mailbox
    package let subject: String
    /// Lines end with LF, CRLF or CR; they are written as CRLF.
    package let text: String
    /// The same as a web page, for programs that show one.
    package let html: String?
    package let options: Options

    /// The headers that a mail may have besides. There is no way to give others.
    package struct Options: Sendable, Hashable {
        /// Where an answer goes, if not to the sender.
        package var replyTo: Mailbox?
        /// A web address that ends such mails by one POST (RFC 8058).
        package var unsubscribe: String?
        /// Written by a program on its own account: others need not answer (RFC 3834).
        package var isAutomatic: Bool

        package init(replyTo: Mailbox? = nil, unsubscribe: String? = nil, isAutomatic: Bool = true) {
            self.replyTo = replyTo
            self.unsubscribe = unsubscribe
            self.isAutomatic = isAutomatic
        }
    }

    /// Bytes of the text and the HTML part together.
    package static let maximumSize = 1 << 20

    package init(
        id: MessageID, date: Instant, from sender: Mailbox, to recipient: Mailbox, subject: String, text: String, html: String? = nil,
        options: Options = Options()
    ) throws(MailMessageError) {
        try HeaderText.check(subject, of: .subject)
        if let address = options.unsubscribe { try HeaderText.checkAddress(address, of: .unsubscribe) }
        guard text.utf8.count + (html?.utf8.count ?? 0) <= Self.maximumSize else { throw .tooLarge(limit: Self.maximumSize) }
        self.id = id
        self.date = date
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.html = html
        self.options = options
    }
}

/// A mail's name, unlike any other's: `<0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c@app.example>`.
package struct MessageID: Sendable, Hashable, CustomStringConvertible {
    package let unique: UniqueID
    package let domain: Hostname

    package init(_ unique: UniqueID, at domain: Hostname) {
        self.unique = unique
        self.domain = domain
    }

    package var description: String { "<\(unique)@\(domain)>" }
}
