import Crypto
import Database
import Mail
import SiteBuilder
import Tenancy

/// A mail that a feature wants to be sent.
struct MailDraft: Sendable {
    let to: EmailAddress
    /// `Templates/mail/<language>/<template>.txt`
    let template: String
    let language: Language
    /// Exactly those that the template has in braces.
    let values: [String: String]
    /// Whose mail it is; nil for the platform's own.
    var organization: OrganizationID?
    /// Later than this it would only be a nuisance: it is dropped.
    var usefulUntil: Instant?
    /// A web address that ends such mails by one POST (RFC 8058).
    var unsubscribe: String?

    init(
        to: EmailAddress, template: String, language: Language, values: [String: String], organization: OrganizationID? = nil,
        usefulUntil: Instant? = nil, unsubscribe: String? = nil
    ) {
        self.to = to
        self.template = template
        self.language = language
        self.values = values
        self.organization = organization
        self.usefulUntil = usefulUntil
        self.unsubscribe = unsubscribe
    }
}

/// Where features put their mails. A mail is a job: it goes out after the transaction that asks for it, and again and again for a day if the
/// mail server does not take it.
///
/// **What is promised.** A mail whose transaction is committed is sent at least once, or the operator finds it among the dead jobs. It is sent
/// twice only when the server is killed, or the connection breaks, between the mail server's taking it and our note of that; both have the same
/// bytes and the same Message-ID, by which mail programs tell. In the outbox of development they are one file.
struct MailQueue: Sendable {
    enum Outcome: Sendable {
        case queued
        /// The recipient, or the organization, had its mails for this hour: nothing is sent. Whoever asked is told the same as always.
        case capped
    }

    static let kind = "mail"

    private let queue: JobQueue
    private let platform: Platform
    private let settings: MailSettings
    private let templates: MailTemplates
    private let transport: any MailTransport
    private let metrics: ServerMetrics
    private let key: SymmetricKey

    /// Minutes, then hours: a day together.
    static let retryDelays = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 28_800]
    private static let hour: Int64 = 3600

    /// Reads the templates. Throws `BuildError` for what is wrong with them.
    init(_ platform: Platform, queue: JobQueue, key: ServerKey, metrics: ServerMetrics, transport: (any MailTransport)? = nil) throws(BuildError) {
        self.queue = queue
        self.platform = platform
        self.metrics = metrics
        settings = platform.settings.mail
        templates = try MailTemplates(folder: "\(platform.settings.templates)/mail")
        self.transport = transport ?? settings.makeTransport(host: platform.settings.appHost)
        self.key = key.key(for: "mail recipients")
    }

    /// Promises a mail as part of the caller's transaction. Throws `MailProblem` for a draft that can't be written, or `DatabaseError`.
    @discardableResult
    func enqueue(_ draft: MailDraft, in connection: Connection) throws -> Outcome {
        _ = try templates.content(draft.template, draft.language, draft.values)
        guard try count(draft, connection) else {
            metrics.mail("capped")
            return .capped
        }
        try queue.enqueue(NewJob(kind: Self.kind, payload: MailPayload(draft), organization: draft.organization), in: connection)
        return .queued
    }

    // MARK: Caps

    /// False if there were too many.
    private func count(_ draft: MailDraft, _ connection: Connection) throws -> Bool {
        let now = platform.now()
        let recipient = HMAC<SHA256>.authenticationCode(for: Array(draft.to.key.utf8), using: key).hexDigits
        // Also what a clock that has been set back since has noted for later.
        try connection.execute(
            "DELETE FROM mail_count WHERE counted_at <= :begin OR counted_at > :now", ["begin": now.adding(seconds: -Self.hour), "now": now])
        let toRecipient = try connection.row("SELECT count(*) AS count FROM mail_count WHERE recipient_hash = :hash", ["hash": recipient])
        guard try toRecipient?["count"] as Int? ?? 0 < settings.hourlyPerRecipient else { return false }
        if let organization = draft.organization {
            let own = try connection.row("SELECT count(*) AS count FROM mail_count WHERE organization_id = :id", ["id": organization])
            guard try own?["count"] as Int? ?? 0 < settings.hourlyPerOrganization else { return false }
        }
        try connection.execute(
            "INSERT INTO mail_count (id, recipient_hash, organization_id, counted_at) VALUES (:id, :hash, :organization, :now)",
            ["id": platform.newID(), "hash": recipient, "organization": draft.organization, "now": now])
        return true
    }

    // MARK: Sending

    /// Four at once: a slow mail server holds a thread for each.
    var handler: JobHandler {
        JobHandler(kind: Self.kind, limit: 4, retryDelays: Self.retryDelays) { job in try await send(job) }
    }

    private func send(_ job: Job) async throws {
        let payload: MailPayload
        let message: MailMessage
        do {
            payload = try job.payload.decode(as: MailPayload.self)
            message = try compose(payload, job)
        } catch {
            metrics.mail("broken")
            throw JobFailure.permanent("the mail can't be written: \(error)")
        }
        if let end = payload.usefulUntil.flatMap({ Instant($0) }), end <= platform.now() { return metrics.mail("late") }
        do throws(DeliveryError) {
            try await transport.deliver(message)
            metrics.mail("sent")
        } catch {
            switch error {
            case .temporary(let reason):
                metrics.mail("delayed")
                throw JobFailure.temporary(reason)
            case .permanent(let reason):
                metrics.mail("refused")
                throw JobFailure.permanent(reason)
            }
        }
    }

    /// The same bytes for every attempt: name and date are the job's.
    private func compose(_ payload: MailPayload, _ job: Job) throws -> MailMessage {
        let content = try templates.content(payload.template, Language(code: payload.language) ?? .english, payload.values)
        return try MailMessage(
            id: MessageID(job.id, at: platform.settings.appHost), date: job.createdAt, from: settings.from, to: Mailbox(EmailAddress(payload.to)),
            subject: content.subject, text: content.text, html: content.html, options: .init(unsubscribe: payload.unsubscribe))
    }
}

/// A draft as it waits in its job. It goes with the job when the mail is sent; a mail that was given up keeps it for 30 days.
struct MailPayload: Codable {
    var to: String
    var template: String
    var language: String
    var values: [String: String]
    var usefulUntil: String?
    var unsubscribe: String?

    init(_ draft: MailDraft) {
        to = draft.to.text
        template = draft.template
        language = draft.language.code
        values = draft.values
        usefulUntil = draft.usefulUntil?.description
        unsubscribe = draft.unsubscribe
    }
}

extension Sequence<UInt8> {
    fileprivate var hexDigits: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
