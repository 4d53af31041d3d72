import Foundation
import Synchronization
import Tenancy
import Testing
import TestSupport

@testable import Mail

@Suite("Mails through a mail server", .serialized)
struct SMTPTransportTests {
    private func transport(
        _ server: MailServer, scheme: String = "smtp", encryption: SMTPTransport.Encryption = .none, credentials: SMTPTransport.Credentials? = nil,
        timeout: Duration = .seconds(20), authorities: String? = nil
    ) throws -> SMTPTransport {
        SMTPTransport(
            server: try #require(SMTPServer("\(scheme)://127.0.0.1:\(server.port)")), credentials: credentials, encryption: encryption,
            name: try Hostname("app.marquee.example"), timeout: timeout, authorities: authorities)
    }

    private static let subjectCases = [
        "Your sign-in link", "Größe und Maß", "签到链接：您的学校", "رابط تسجيل الدخول", "😀👩‍👩‍👧 a", "a =?utf-8?B?eA==?= b", "\"quoted\" \\ <b>, (c)",
        String(repeating: "word ", count: 60).trimmingCharacters(in: .whitespaces), String(repeating: "x", count: 400),
        String(repeating: "Ä", count: 200),
        "two  spaces", " edges ", "", "Lincoln PTSA’s mail — to you",
    ]

    @Test("another program reads every subject as it was written, on lines of at most 76 characters", arguments: subjectCases)
    func subjects(subject: String) async throws {
        let server = try await MailServer.start()
        try await transport(server).deliver(MailMessage.test(subject: subject))
        let report = try await server.next()
        #expect(report.subject == subject)
        #expect(report.longest_header <= 76)
        #expect(report.defects == [])
        #expect(report.is_ascii && report.bare == 0)
        #expect(report.name == "app.marquee.example")
    }

    private static let textCases = [
        "", "one line", "\n", "a\nb\n", "a\r\nb\rc\n\nd", ".\n..\n.hidden\n", "From here\n>From there\n", "ends in a space \nand a tab\t\n",
        String(repeating: "x", count: 5000), "50 % = half\n=\n==\n", "您好，请点击链接登录。\n" + String(repeating: "学校", count: 300),
        "--=_alternative_=\n--=_alternative_=--\n",
        "😀é\u{301}\n", "\t\n \n",
    ]

    @Test("another program reads every text as it was written", arguments: textCases)
    func texts(text: String) async throws {
        let server = try await MailServer.start()
        let message = try MailMessage.test(text: text, html: "<pre>\(text)</pre>")
        try await transport(server).deliver(message)
        let report = try await server.next()
        // The protocol ends every line, and has one kind of end.
        var expected = text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
        if !expected.isEmpty, !expected.hasSuffix("\n") { expected += "\n" }
        func lines(_ text: String?) -> String? { text?.replacingOccurrences(of: "\r\n", with: "\n") }
        #expect(lines(report.text) == expected)
        #expect(lines(report.html)?.hasPrefix("<pre>\(expected.dropLast(expected.hasSuffix("\n") && !text.hasSuffix("\n") ? 1 : 0))") == true)
        #expect(report.type == "multipart/alternative")
        #expect(report.defects == [])
        #expect(report.longest <= 78)
        #expect(report.is_ascii && report.bare == 0)
        // And so do we.
        #expect(lines(WrittenMail(message.bytes).text) == expected)
    }

    @Test(
        "another program reads every name as it was written",
        arguments: [
            "Pat", "Pat \"the boss\" Lee", "Lee, Pat (treasurer) <x@y.example>", "Zoë", "李雷", "a\\b", "=?utf-8?B?eA==?=",
            String(repeating: "n", count: 300),
        ])
    func names(name: String) async throws {
        let server = try await MailServer.start()
        let message = try MailMessage(
            id: MailMessage.test().id, date: MailMessage.noon, from: Mailbox(EmailAddress("hello@marquee.example"), name: name),
            to: Mailbox(EmailAddress("a..b@school.example"), name: name), subject: "x", text: "x",
            options: .init(replyTo: Mailbox(EmailAddress("help@marquee.example"), name: name), unsubscribe: "https://a.example/?a=1&b=2"))
        try await transport(server).deliver(message)
        let report = try await server.next()
        // Python before 3.13 keeps the spaces between two encoded words of a name, which RFC 2047, 6.2 takes out.
        let isLong = name.utf8.count > 39
        #expect(report.from.map { [isLong ? $0[0].filter { $0 != " " } : $0[0], $0[1]] } == [[name, "hello@marquee.example"]])
        #expect(report.to.first?.first?.hasPrefix(name.prefix(39)) == true)
        #expect(report.to.count == 1)
        #expect(report.sender == "hello@marquee.example")
        #expect(report.recipients.map { $0.filter { $0 != "\"" } } == ["a..b@school.example"])
        #expect(report.date == "2026-11-24T04:02:25+00:00")
        #expect(report.id == message.id.description)
        #expect(report.others["List-Unsubscribe"] == "<https://a.example/?a=1&b=2>")
        #expect(report.others["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
        #expect(report.others["Auto-Submitted"] == "auto-generated")
        #expect(report.defects == [])
    }

    private static let refusalCases: [(recipient: String, error: DeliveryError)] = [
        ("busy", .temporary("the mail server 127.0.0.1 does not take mail for the recipient now (450 4.2.1)")),
        ("gone", .permanent("the mail server 127.0.0.1 refuses the recipient (550 5.1.1)")),
        ("old", .permanent("the mail server 127.0.0.1 refuses the recipient (550)")),
        ("later", .temporary("the mail server 127.0.0.1 does not take the message now (451 4.3.0)")),
        ("spam", .permanent("the mail server 127.0.0.1 refuses the message (554 5.7.1)")),
    ]

    @Test("a refusal says whether to try again, and not who was refused", arguments: refusalCases)
    func refusals(recipient: String, error: DeliveryError) async throws {
        let server = try await MailServer.start()
        let transport = try transport(server)
        await #expect(throws: error) { try await transport.deliver(MailMessage.test(to: "\(recipient)@school.example")) }
        // The server goes on.
        try await transport.deliver(MailMessage.test())
        #expect(try await server.next().recipients == ["pat@school.example"])
    }

    /// The error of one that must fail.
    private func failure(_ transport: SMTPTransport, to recipient: String = "pat", from sender: String = "hello") async throws -> DeliveryError {
        let message = try MailMessage.test(to: "\(recipient)@school.example", from: "\(sender)@marquee.example")
        return try #require(await #expect(throws: DeliveryError.self) { try await transport.deliver(message) })
    }

    @Test("a connection that ends or a server that is slow is tried again", arguments: ["hangs-up", "cut", "slow"])
    func broken(recipient: String) async throws {
        let server = try await MailServer.start()
        let clock = ContinuousClock()
        let begin = clock.now
        let error = try await failure(transport(server, timeout: .seconds(2)), to: recipient)
        guard case .temporary(let reason) = error else { return #expect(Bool(false), "\(error)") }
        #expect(!reason.contains("school.example"))
        #expect(clock.now - begin < .seconds(40))
    }

    @Test("a server that isn't there, that serves nobody or that refuses the sender says nothing about the mail: it is tried again")
    func notOurs() async throws {
        let nobody = SMTPTransport(
            server: try #require(SMTPServer("smtp://127.0.0.1:1")), encryption: .none, name: try Hostname("app.marquee.example"))
        #expect(try await failure(nobody) == .temporary("the mail server 127.0.0.1: Couldn't connect to server"))
        let closed = try await MailServer.start(["--refuse-all"])
        #expect(try await failure(transport(closed)) == .temporary("the mail server 127.0.0.1: Weird server reply (554 5.3.2)"))
        let server = try await MailServer.start()
        let error = try await failure(transport(server), from: "stranger")
        #expect(error == .temporary("the mail server 127.0.0.1 refuses the sender (550 5.7.1): see mail.from, mail.smtp_user"))
    }

    @Test("with STARTTLS or from the first byte: encrypted, and with a certificate that is known, or not at all")
    func encryption() async throws {
        let folder = try TemporaryFolder()
        let certificate = try TestCertificate(in: folder.path)
        let files = ["--certificate", certificate.certificate, "--key", certificate.key]
        for (scheme, flags) in [("smtp", files), ("smtps", files + ["--implicit"])] {
            let server = try await MailServer.start(flags)
            let known = try transport(server, scheme: scheme, encryption: .required, authorities: certificate.certificate)
            try await known.deliver(MailMessage.test())
            #expect(try await server.next().encrypted)
            let error = try await failure(transport(server, scheme: scheme, encryption: .required))
            #expect(error == .temporary("the mail server 127.0.0.1: SSL peer certificate or SSH remote key was not OK"))
        }
        // It offers no STARTTLS, perhaps because somebody between us has taken that out.
        let plain = try await MailServer.start()
        let error = try await failure(transport(plain, encryption: .required, authorities: certificate.certificate))
        #expect(error == .temporary("the mail server 127.0.0.1: Requested SSL level failed"))
    }

    @Test("user and password open the server; wrong ones are for the operator to mend, and not shown")
    func credentials() async throws {
        let server = try await MailServer.start(["--user", "marquee:open sesame"])
        try await transport(server, credentials: .init(user: "marquee", password: "open sesame")).deliver(MailMessage.test())
        #expect(try await server.next().signed_in)
        let error = try await failure(transport(server, credentials: .init(user: "marquee", password: "s3cret")))
        guard case .temporary(let reason) = error else { return #expect(Bool(false), "\(error)") }
        #expect(reason == "the mail server 127.0.0.1 refuses the user or the password (535 5.7.8): see mail.smtp_user, mail.smtp_password")
        let without = try await failure(transport(server))
        #expect(without == .temporary("the mail server 127.0.0.1 refuses the sender (530 5.7.0): see mail.from, mail.smtp_user"))
    }

    @Test("many at once arrive once each, and don't keep other tasks from their threads")
    func atOnce() async throws {
        let server = try await MailServer.start()
        let transport = try transport(server, timeout: .seconds(8))
        let slow = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    _ = try await failure(transport, to: "slow")
                    slow.raise()
                }
            }
            for number in 0..<20 { group.addTask { try await transport.deliver(MailMessage.test(number)) } }
            try await Task.sleep(for: .milliseconds(100))
            // The 8 slow ones would keep all threads until they are given up.
            #expect(!slow.isRaised)
            try await group.waitForAll()
        }
        var ids: Set<String> = []
        for _ in 0..<20 { ids.insert(try await server.next().id) }
        #expect(ids.count == 20)
    }

    @Test(
        "where a mail server is",
        arguments: [
            ("smtp://mail.example", "smtp://mail.example:587"), ("smtps://mail.example/", "smtps://mail.example:465"),
            ("smtp://mail.example:25", "smtp://mail.example:25"), ("smtp://[::1]:1025", "smtp://[::1]:1025"), ("http://mail.example", nil),
            ("smtp://user:password@mail.example", nil), ("smtp://mail.example/path", nil), ("mail.example", nil), ("smtp://", nil),
            ("smtp://mail.example\r\n", nil), ("smtp://mail.example:99999", nil),
        ] as [(String, String?)])
    func servers(text: String, expected: String?) {
        #expect(SMTPServer(text)?.description == expected)
    }
}

/// Raised by one task, seen by another.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
