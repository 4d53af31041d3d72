import Database
import Tenancy

/// What happened to somebody's second factors, and they should hear of.
enum SecondFactorEvent: Sendable {
    case added(SecondFactor.Kind)
    case removed(SecondFactor.Kind)
    case recoveryCodeUsed(left: Int)
}

struct SecondFactorMessage: Sendable {
    let to: EmailAddress
    let language: Language
    let event: SecondFactorEvent
    /// The whole address of the page about second factors.
    let link: String
}

extension SecondFactorMessage {
    var draft: MailDraft {
        let (template, values): (String, [String: String]) =
            switch event {
            case .added(.app): ("second-factor-app-added", [:])
            case .added(.passkey): ("second-factor-passkey-added", [:])
            case .removed(.app): ("second-factor-app-removed", [:])
            case .removed(.passkey): ("second-factor-passkey-removed", [:])
            case .recoveryCodeUsed(let left): ("recovery-code-used", ["left": String(left)])
            }
        return MailDraft(to: to, template: template, language: language, values: values.merging(["link": link]) { first, _ in first })
    }
}

/// Puts a mail into the queue, in the transaction of what it tells of.
typealias SecondFactorMail = @Sendable (SecondFactorMessage, Connection) throws -> Void
