import Foundation
import Tenancy
import Testing
import TestSupport

@testable import Mail

@Suite("Writing mails")
struct MailMessageTests {
    @Test("a mail has the bytes that it is expected to have")
    func bytes() throws {
        let message = try MailMessage.test(
            subject: "Confirm Lincoln PTSA", text: "Hello,\nit costs 5 € = nothing.\n.\nFrom us", html: "<p>Hello</p>",
            options: .init(replyTo: Mailbox(EmailAddress("help@marquee.example")), unsubscribe: "https://app.marquee.example/u/1"))
        #expect(
            message.written
                == """
                Date: Tue, 24 Nov 2026 04:02:26 +0000
                From: "Marquee" <hello@marquee.example>
                To: pat@school.example
                Reply-To: help@marquee.example
                Subject: Confirm Lincoln PTSA
                Message-ID: \(message.id)
                Auto-Submitted: auto-generated
                List-Unsubscribe: <https://app.marquee.example/u/1>
                List-Unsubscribe-Post: List-Unsubscribe=One-Click
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary="=_alternative_="

                --=_alternative_=
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Hello,
                it costs 5 =E2=82=AC =3D nothing.
                =2E
                =46rom us

                --=_alternative_=
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                <p>Hello</p>

                --=_alternative_=--

                """.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    private static let hostile = [
        "a\r\nBcc: everybody@school.example", "a\nBcc: x@school.example", "a\rBcc: x@school.example", "a\u{0}b", "\r\n", "a\u{85}b", "a\u{2028}b",
        "a\u{7}b", "a\u{202E}b", "a\u{1B}[2J",
    ]

    @Test("a text with a line break or another control character never gets into a header", arguments: hostile)
    func injection(text: String) throws {
        #expect(throws: MailMessageError.controlCharacter(.subject)) { try MailMessage.test(subject: text) }
        #expect(throws: MailMessageError.controlCharacter(.name)) { try Mailbox(EmailAddress("pat@school.example"), name: text) }
        #expect(throws: MailMessageError.controlCharacter(.unsubscribe)) {
            try MailMessage.test(options: .init(unsubscribe: "https://app.example/" + text))
        }
        #expect(throws: EmailAddressError.self) { try EmailAddress("pat" + text + "@school.example") }
        #expect(throws: EmailAddressError.self) { try EmailAddress("pat@school.example" + text + "x") }
    }

    @Test(
        "what has no line break stays one header, even if it looks like one or like an encoded one",
        arguments: ["a%0d%0aBcc: x@school.example", "%0%0ddgo", "a\\r\\nBcc: x", "=?utf-8?Q?a=0D=0ABcc:_x?=", "Bcc: x@school.example"])
    func harmless(text: String) throws {
        let message = try MailMessage.test(subject: text)
        let mail = WrittenMail(message.bytes)
        #expect(mail.headers.map(\.name) == WrittenMail(try MailMessage.test().bytes).headers.map(\.name))
        #expect(mail["Subject"] == text)
        #expect(!message.written.contains("=?utf-8?Q?"))
    }

    @Test("an address for unsubscribing is a web address", arguments: ["mailto:x@school.example", "https://a b", "https://a<b>", "", "//a"])
    func unsubscribe(address: String) {
        #expect(throws: MailMessageError.badAddress(.unsubscribe)) { try MailMessage.test(options: .init(unsubscribe: address)) }
    }

    @Test("what is too long is refused")
    func tooLong() {
        #expect(throws: MailMessageError.tooLong(.subject, limit: 500)) { try MailMessage.test(subject: String(repeating: "é", count: 251)) }
        #expect(throws: MailMessageError.tooLarge(limit: 1 << 20)) { try MailMessage.test(text: String(repeating: "x", count: 1 << 20 + 1)) }
    }

    @Test(
        "an operator writes a sender in any of the usual ways",
        arguments: [
            ("hello@marquee.example", nil, "hello@marquee.example"), ("Marquee <hello@marquee.example>", "Marquee", "hello@marquee.example"),
            ("\"Marquee, Inc.\" <hello@marquee.example>", "Marquee, Inc.", "hello@marquee.example"),
            ("<hello@marquee.example>", nil, "hello@marquee.example"),
            ("Marquee", nil, nil), ("Marquee <hello>", nil, nil), ("a <b> <hello@marquee.example>", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)])
    func mailbox(text: String, name: String?, address: String?) {
        let mailbox = Mailbox(text)
        #expect(mailbox?.address.text == address)
        #expect(mailbox?.name == name)
    }

    @Test(
        "an address with dots in unusual places is quoted; others are as they were written",
        arguments: [
            ("a.b@x.example", "a.b@x.example"), (".a@x.example", "\".a\"@x.example"), ("a..b@x.example", "\"a..b\"@x.example"),
            ("a.@x.example", "\"a.\"@x.example"),
        ])
    func route(address: String, route: String) throws {
        #expect(try Mailbox(EmailAddress(address)).route == route)
    }

    @Test("quoted-printable: what is decoded is what was encoded, and no line is longer than 76, for any bytes")
    func quotedPrintable() {
        var random = SeededGenerator(seed: 11)
        let alphabet = Array(" \t.=FAé€😀\u{0}x".unicodeScalars.map { String($0) })
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
                .joined()
            let encoded = QuotedPrintable.encode([Array(text.utf8)[...]])
            #expect(QuotedPrintable.decode(encoded) == Array(text.utf8) + [0x0D, 0x0A])
            for line in encoded.split(separator: 0x0A) {
                #expect(line.count <= 77)
                #expect(line.first != UInt8(ascii: ".") && line.first != UInt8(ascii: "F"))
                #expect(line.dropLast().last != UInt8(ascii: " ") && line.dropLast().last != UInt8(ascii: "\t"))
            }
        }
    }

    @Test("nothing in a file makes reading it fail")
    func reading() throws {
        var random = SeededGenerator(seed: 12)
        let good = try MailMessage.test(subject: "Größe 😀", text: "Text\n", html: "<p>x</p>").bytes
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) { bytes.remove(at: index) } else { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            }
            #expect(WrittenMail(bytes).headers.count < 40)
        }
        for text in ["", "\r\n", "\n", ":", " ", "=", "Content-Transfer-Encoding: quoted-printable\n\n=", "Subject: =?utf-8?B??="] {
            #expect(WrittenMail(Array(text.utf8)).html == nil)
        }
        let mail = WrittenMail(good)
        #expect(mail["subject"] == "Größe 😀")
        #expect(mail.text == "Text\r\n")
        #expect(mail.html == "<p>x</p>\r\n")
    }
}
