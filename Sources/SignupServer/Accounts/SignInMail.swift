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

/// Puts a mail into the queue, in the transaction that writes what its link leads to.
typealias SignInMail = @Sendable (SignInMessage, Connection) throws -> Void
