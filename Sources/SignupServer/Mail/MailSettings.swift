import Mail
import Tenancy

/// How mails leave the platform, as the operator has decided.
struct MailSettings: Sendable {
    enum Transport: String, CaseIterable, Sendable {
        /// Into a folder: nobody gets them.
        case file
        case smtp
        case sendmail
    }

    var transport: Transport
    var from: Mailbox
    /// There is one when the transport is smtp.
    var server: SMTPServer?
    var user: String
    var password: Secret?
    var encryption: SMTPTransport.Encryption
    /// A command with its arguments.
    var sendmail: String
    var outbox: String
    /// Mails to one address, and mails of one organization, in any hour.
    var hourlyPerRecipient: Int
    var hourlyPerOrganization: Int

    /// - Parameter host: what we call ourselves.
    func makeTransport(host: Hostname) -> any MailTransport {
        switch transport {
        case .smtp:
            guard let server else { break }
            return SMTPTransport(
                server: server,
                credentials: password.flatMap { user.isEmpty ? nil : SMTPTransport.Credentials(user: user, password: $0.revealed) },
                encryption: encryption, name: host)
        case .sendmail:
            guard let program = SendmailTransport(command: sendmail) else { break }
            return program
        case .file: break
        }
        return FileOutbox(folder: outbox)
    }
}
