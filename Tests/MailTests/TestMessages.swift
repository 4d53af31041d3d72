import Tenancy
import TestSupport

@testable import Mail

extension MailMessage {
    static let noon = Instant(seconds: 1_795_492_945)

    /// The same for the same arguments.
    static func test(
        _ number: Int = 1, to recipient: String = "pat@school.example", from sender: String = "hello@marquee.example",
        subject: String = "Your sign-in link", text: String = "Hello,\n\nhere it is.\n", html: String? = nil, options: Options = Options()
    ) throws -> MailMessage {
        var random = SeededGenerator(seed: UInt64(number))
        return try MailMessage(
            id: MessageID(UniqueID(at: noon, using: &random), at: Hostname("app.marquee.example")), date: noon.adding(seconds: Int64(number)),
            from: Mailbox(EmailAddress(sender), name: "Marquee"), to: Mailbox(EmailAddress(recipient)), subject: subject, text: text,
            html: html, options: options)
    }

    var written: String { String(decoding: bytes, as: UTF8.self) }
}
