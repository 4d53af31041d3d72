import Database
import Tenancy

/// What the mail says that lets somebody sign in.
struct SignInMessage: Sendable {
    let to: EmailAddress
    let language: Language
    /// The whole address.
    let link: String
    /// Six digits.
    let code: String
    let minutes: Int
}

extension SignInMessage {
    func draft(at now: Instant) -> MailDraft {
        MailDraft(
            to: to, template: "sign-in-link", language: language, values: ["link": link, "code": code, "minutes": String(minutes)],
            usefulUntil: now.adding(seconds: Int64(minutes) * 60))
    }
}

/// Puts a mail into the queue, in the transaction that writes what its link leads to.
typealias SignInMail = @Sendable (SignInMessage, Connection) throws -> Void
