import Database
import Foundation
import SiteBuilder
import Tenancy

/// From a form to an organization: what was typed waits for the link in a mail, and becomes an organization when its button is pressed.
///
/// All that belongs to an organization in the platform's database comes in one transaction, so there is all of it or nothing, and pressing the
/// button again, or starting the server again, goes on from there.
struct SignUp: Sendable {
    /// Who may sign up.
    enum Mode: String, Sendable, CaseIterable {
        case open
        /// Who has a code.
        case invite
        /// Nobody; there is a waiting list.
        case closed
    }

    /// What a link leads to before its button is pressed.
    enum Link: Sendable {
        case ready(SignUpAnswers, slugIsFree: Bool)
        case over
    }

    /// What became of pressing the button.
    enum Outcome: Sendable {
        case confirmed(OrganizationID, Slug, session: SecretToken)
        /// Somebody else was faster: another short name is needed.
        case slugTaken(SignUpAnswers)
        case inviteUsedUp
        case over
    }

    /// A day: people read their mail in the evening.
    static let validSeconds: Int64 = 86_400
    /// For so long the same browser may press the button again, if it did not get the answer.
    static let repeatSeconds: Int64 = 3_600
    private static let linkPath: LocalPath = "/sign-up/confirm"

    let platform: Platform
    private let mail: SignUpMail

    init(_ platform: Platform, mail: @escaping SignUpMail) {
        self.platform = platform
        self.mail = mail
    }

    // MARK: The short name

    /// Whether a new organization can have this short name now.
    func isFree(_ slug: Slug) async throws -> Bool {
        guard !isFolder(slug) else { return false }
        return try await platform.database.read { try OrganizationStore.isFree(slug, in: $0) }
    }

    /// Short names that suit and are free, at most three.
    func suggestions(for answers: (name: String, school: String, kind: String, state: String)) async throws -> [Slug] {
        let candidates = SlugSuggestions.all(name: answers.name, school: answers.school, kind: answers.kind, state: answers.state)
            .filter { !isFolder($0) }
        return try await platform.database.read { connection in
            var free: [Slug] = []
            for slug in candidates where free.count < 3 {
                if try OrganizationStore.isFree(slug, in: connection) { free.append(slug) }
            }
            return free
        }
    }

    /// The platform's own sites have no organization.
    private func isFolder(_ slug: Slug) -> Bool { TenantFolder.named(slug.text, in: platform.settings.content) != nil }

    // MARK: Asking

    /// Keeps what was typed, and mails a link. The same for every address: nobody learns here who is known.
    func ask(_ answers: SignUpAnswers, _ email: EmailAddress) async throws {
        let now = platform.now()
        let id = platform.newID()
        let token = SecretToken(platform.random)
        let form = try Self.json(answers)
        let message = SignUpMessage(
            to: email, language: Language(code: answers.language) ?? .english, organization: answers.organizationName,
            link: platform.addresses.app + Self.linkPath.with("token", token.text).text, hours: Int(Self.validSeconds / 3_600))
        try await platform.database.write { connection in
            try forget(at: now, connection)
            try connection.execute(
                """
                INSERT INTO sign_up (id, token_hash, form, email_key, created_at, expires_at)
                VALUES (:id, :hash, :form, :email, :now, :end)
                """,
                [
                    "id": id, "hash": token.hash, "form": form, "email": email.key, "now": now, "end": now.adding(seconds: Self.validSeconds),
                ])
            try mail(message, connection)
        }
    }

    /// What was never confirmed is nobody's business any more.
    private func forget(at now: Instant, _ connection: Connection) throws {
        try connection.execute("DELETE FROM sign_up WHERE expires_at <= :now", ["now": now])
    }

    func joinWaitingList(_ email: EmailAddress, school: String, language: Language) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            try connection.execute(
                """
                INSERT INTO waiting_list (email_key, email, school, language, created_at) VALUES (:key, :email, :school, :language, :now)
                ON CONFLICT (email_key) DO NOTHING
                """, ["key": email.key, "email": email.text, "school": school, "language": language.code, "now": now])
        }
    }

    // MARK: The link

    /// Looks without using it: programs that check mails open every link.
    func look(at token: SecretToken, browser: SecretToken?) async throws -> Link {
        let now = platform.now()
        let answers: SignUpAnswers? = try await platform.database.read { connection in
            guard let row = try connection.row(Self.find, ["hash": token.hash, "now": now]) else { return nil }
            let confirmed: Instant? = try row["confirmed_at"]
            guard confirmed == nil else { return nil }
            return try Self.answers(try row["form"])
        }
        guard let answers else { return .over }
        let slug = try? Slug(claiming: answers.slug)
        return .ready(answers, slugIsFree: try await slug.asyncMap(isFree) ?? false)
    }

    /// Makes the organization, its owner and their session, all or nothing. Its site comes after that, see `Provisioner`.
    /// - Parameters:
    ///   - slug: another than the one that was asked for.
    ///   - browser: what the browser's cookie holds: it may repeat this.
    func confirm(_ token: SecretToken, slug other: Slug?, browser: SecretToken, named name: String, replacing session: SecretToken?) async throws
        -> Outcome
    {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard let row = try connection.row(Self.find, ["hash": token.hash, "now": now]) else { return .over }
            if let confirmed: Instant = try row["confirmed_at"] {
                return try again(row, confirmed, browser, named: name, replacing: session, at: now, connection)
            }
            let answers = try Self.answers(try row["form"])
            guard let email = try? EmailAddress(answers.email) else { return .over }
            guard let slug = other ?? (try? Slug(claiming: answers.slug)), !isFolder(slug), try OrganizationStore.isFree(slug, in: connection)
            else {
                return .slugTaken(answers)
            }
            guard try useInvite(answers.inviteCode, at: now, connection) else { return .inviteUsedUp }
            let (id, user) = try found(answers, email, slug, at: now, connection)
            // Nothing of what was typed stays here.
            try connection.execute(
                """
                UPDATE sign_up SET confirmed_at = :now, form = '{}', organization_id = :organization, browser_hash = :browser, user_id = :user
                WHERE token_hash = :hash
                """, ["now": now, "organization": id, "browser": browser.hash, "user": user, "hash": token.hash])
            return .confirmed(id, slug, session: try open(user, named: name, replacing: session, at: now, connection))
        }
    }

    /// Makes an organization without a form: for operators.
    func found(_ answers: SignUpAnswers) async throws -> OrganizationID {
        let (email, slug, now) = (try EmailAddress(answers.email), try Slug(claiming: answers.slug), platform.now())
        return try await platform.database.write { connection in
            guard !isFolder(slug), try OrganizationStore.isFree(slug, in: connection) else { throw OperatorActions.Refusal.slugTaken(slug) }
            return try found(answers, email, slug, at: now, connection).organization
        }
    }

    private func found(
        _ answers: SignUpAnswers, _ email: EmailAddress, _ slug: Slug, at now: Instant, _ connection: Connection
    ) throws -> (organization: OrganizationID, user: UniqueID) {
        let user = try user(email, answers, at: now, connection)
        let id = OrganizationID(platform.newID())
        let zone = TimeZoneRules.named(answers.facts.timeZone) ?? .utc
        try OrganizationStore.add(
            id, name: answers.organizationName, slug: slug, settings: try Self.json(answers.facts),
            trialEndsAt: platform.settings.trial.end(from: now, in: zone), at: now, in: connection)
        try MembershipStore.add(platform.newID(), organization: id, user: user, role: .owner, title: answers.title, at: now, in: connection)
        try AuditLog.add(.organizationFounded, slug.text, by: .user(user), to: id, at: now, in: connection)
        try OrganizationJobs.promise(id, platform, in: connection)
        return (id, user)
    }

    private static let find = "SELECT * FROM sign_up WHERE token_hash = :hash AND expires_at > :now"

    /// The browser that has pressed the button, and perhaps got no answer, gets it now.
    private func again(
        _ row: Row, _ confirmed: Instant, _ browser: SecretToken, named name: String, replacing session: SecretToken?, at now: Instant,
        _ connection: Connection
    ) throws -> Outcome {
        guard let hash: TokenHash = try row["browser_hash"], hash == browser.hash, now.seconds - confirmed.seconds < Self.repeatSeconds,
            let id: OrganizationID = try row["organization_id"], let user: UniqueID = try row["user_id"],
            let slug: Slug = try connection.row("SELECT slug FROM organization WHERE id = :id", ["id": id])?["slug"]
        else { return .over }
        return .confirmed(id, slug, session: try open(user, named: name, replacing: session, at: now, connection))
    }

    private func open(_ user: UniqueID, named name: String, replacing session: SecretToken?, at now: Instant, _ connection: Connection) throws
        -> SecretToken
    {
        let token = SecretToken(platform.random)
        try Session.open(platform.newID(), token, of: user, browser: name, replacing: session, at: now, connection)
        return token
    }

    private func user(_ email: EmailAddress, _ answers: SignUpAnswers, at now: Instant, _ connection: Connection) throws -> UniqueID {
        if let known = try User.find(email: email.key, connection) { return known.id }
        let id = platform.newID()
        try User.add(id, email: email, name: "", language: Language(code: answers.language) ?? .english, at: now, connection)
        return id
    }

    // MARK: Invitations to sign up

    /// Whether a code would do now.
    func isGood(inviteCode code: String) async throws -> Bool {
        let now = platform.now()
        return try await platform.database.read { connection in
            try connection.row(
                "SELECT 1 AS good FROM invite_code WHERE code_hash = :hash AND uses_left > 0 AND expires_at > :now",
                ["hash": InviteCode.hash(code), "now": now]) != nil
        }
    }

    /// Takes one use. False if a code is needed and this is none, or used up.
    private func useInvite(_ code: String?, at now: Instant, _ connection: Connection) throws -> Bool {
        guard platform.settings.signUpMode == .invite else { return platform.settings.signUpMode == .open }
        return try connection.execute(
            "UPDATE invite_code SET uses_left = uses_left - 1 WHERE code_hash = :hash AND uses_left > 0 AND expires_at > :now",
            ["hash": InviteCode.hash(code ?? ""), "now": now]) == 1
    }

    // MARK: JSON

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func answers(_ text: String) throws -> SignUpAnswers {
        try JSONDecoder().decode(SignUpAnswers.self, from: Data(text.utf8))
    }
}

/// What the mail says whose link confirms a sign-up.
struct SignUpMessage: Sendable {
    let to: EmailAddress
    let language: Language
    let organization: String
    /// The whole address.
    let link: String
    let hours: Int
}

extension SignUpMessage {
    func draft(at now: Instant) -> MailDraft {
        MailDraft(
            to: to, template: "confirm-sign-up", language: language,
            values: ["organization": organization, "link": link, "hours": String(hours)], usefulUntil: now.adding(seconds: Int64(hours) * 3600))
    }
}

/// Puts a mail into the queue, in the transaction that writes what its link leads to.
typealias SignUpMail = @Sendable (SignUpMessage, Connection) throws -> Void

/// A code that lets somebody sign up: `MAPLE-7K2Q-9DXF`. Case, spaces and hyphens don't matter.
enum InviteCode {
    /// Letters and digits that nobody mistakes for one another.
    private static let digits = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")

    /// A new one, of 60 random bits.
    static func make(_ random: SecureRandom) -> String {
        var random = random
        return (0..<3).map { _ in String((0..<4).map { _ in digits[Int(random.next(upperBound: UInt64(digits.count)))] }) }.joined(separator: "-")
    }

    static func hash(_ code: String) -> TokenHash {
        TokenHash(
            of: String(
                code.uppercased().unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) }.map {
                    Character($0)
                }))
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
