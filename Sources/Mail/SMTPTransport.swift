import CCurl
import Glibc
package import Tenancy

/// Hands mails to a mail server (RFC 5321), each on a connection of its own, through libcurl.
package struct SMTPTransport: MailTransport {
    package enum Encryption: String, CaseIterable, Sendable {
        /// With `smtps://` from the first byte, with `smtp://` by STARTTLS before anything is said: or nothing is sent.
        case required
        /// None at all: for a server on this machine.
        case none
    }

    package struct Credentials: Sendable {
        package let user: String
        package let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package let server: SMTPServer
    let credentials: Credentials?
    let encryption: Encryption
    /// What we call ourselves.
    let name: Hostname
    let connectTimeout: Duration
    /// Of the whole conversation.
    let timeout: Duration
    /// A PEM file of authorities to trust instead of the system's.
    let authorities: String?

    package init(
        server: SMTPServer, credentials: Credentials? = nil, encryption: Encryption = .required, name: Hostname,
        connectTimeout: Duration = .seconds(15), timeout: Duration = .seconds(60), authorities: String? = nil
    ) {
        self.server = server
        self.credentials = credentials
        self.encryption = encryption
        self.name = name
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.authorities = authorities
    }

    package func deliver(_ message: MailMessage) async throws(DeliveryError) {
        guard Self.isReady else { throw .temporary("libcurl does not start") }
        if let error = await onThread({ () -> DeliveryError? in error(send(message)) }) { throw error }
    }

    /// Once in a process. A connection that the server has closed must not end us: writing to it fails instead.
    private static let isReady: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return ccurl_init()
    }()

    private func send(_ message: MailMessage) -> ccurl_outcome {
        let bytes = message.bytes
        return withTexts([
            "\(server)/\(name)", credentials?.user, credentials?.password, message.sender.route, message.recipient.route, authorities,
        ]) { texts in
            bytes.withUnsafeBufferPointer { buffer in
                var mail = ccurl_mail()
                (mail.url, mail.user, mail.password) = (texts[0], texts[1], texts[2])
                (mail.sender, mail.recipient, mail.authorities) = (texts[3], texts[4], texts[5])
                mail.requires_tls = encryption == .required
                mail.connect_milliseconds = connectTimeout.milliseconds
                mail.total_milliseconds = timeout.milliseconds
                (mail.message, mail.message_count) = (buffer.baseAddress, buffer.count)
                return ccurl_send(&mail)
            }
        }
    }

    /// C strings of all texts, as long as `body` runs.
    private func withTexts<Value>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Value) -> Value {
        let copies = texts.map { text in text.flatMap { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { $0.map { UnsafePointer($0) } })
    }

    // MARK: Errors

    private func error(_ outcome: ccurl_outcome) -> DeliveryError? {
        guard outcome.code != 0 else { return nil }
        let reply = reply(outcome)
        switch outcome.stage {
        case CCURL_STAGE_AUTHENTICATION where outcome.reply >= 400:
            return .temporary("the mail server \(server.host) refuses the user or the password\(reply): see mail.smtp_user, mail.smtp_password")
        case CCURL_STAGE_SENDER where outcome.reply >= 400:
            // All mails have one sender, so this says nothing about this one; and it is often meant for us (530: sign in first).
            return .temporary("the mail server \(server.host) refuses the sender\(reply): see mail.from, mail.smtp_user")
        case CCURL_STAGE_RECIPIENT where outcome.reply >= 500: return .permanent("the mail server \(server.host) refuses the recipient\(reply)")
        case CCURL_STAGE_RECIPIENT where outcome.reply >= 400:
            return .temporary("the mail server \(server.host) does not take mail for the recipient now\(reply)")
        case CCURL_STAGE_MESSAGE where outcome.reply >= 500: return .permanent("the mail server \(server.host) refuses the message\(reply)")
        case CCURL_STAGE_MESSAGE where outcome.reply >= 400:
            return .temporary("the mail server \(server.host) does not take the message now\(reply)")
        default:
            let words = outcome.words.map { String(cString: $0) } ?? ""
            return .temporary("the mail server \(server.host): \(words)\(outcome.reply >= 400 ? reply : "")")
        }
    }

    /// ` (550 5.1.1)`
    private func reply(_ outcome: ccurl_outcome) -> String {
        let status = withUnsafePointer(to: outcome.status) {
            $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: outcome.status)) { String(cString: $0) }
        }
        return status.isEmpty ? " (\(outcome.reply))" : " (\(outcome.reply) \(status))"
    }
}

/// Where a mail server is: `smtp://mail.example:587` or `smtps://mail.example`.
package struct SMTPServer: Sendable, Hashable, CustomStringConvertible {
    package let isEncrypted: Bool
    package let host: Hostname
    /// 587 for smtp, 465 for smtps if none is given (RFC 8314, 7.3, 7.4).
    package let port: Int

    /// Nil for anything else: a user, a password or a path does not belong into it.
    package init?(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["smtp", "smtps"].contains(parts[0]) else { return nil }
        let rest = parts[1].hasSuffix("/") ? String(parts[1].dropLast()) : parts[1]
        guard let authority = try? Authority(rest) else { return nil }
        isEncrypted = parts[0] == "smtps"
        host = authority.host
        port = authority.port.map { Int($0) } ?? (isEncrypted ? 465 : 587)
    }

    package var description: String { "\(isEncrypted ? "smtps" : "smtp")://\(host):\(port)" }
}

extension Duration {
    fileprivate var milliseconds: Int { Int(clamping: components.seconds) * 1000 + Int(clamping: components.attoseconds / 1_000_000_000_000_000) }
}
