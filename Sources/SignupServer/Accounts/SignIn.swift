import Database
import Tenancy

/// Signing in with a mail: a link that works once, for ten minutes, in the browser that asked for it; and six digits for those who read their
/// mail elsewhere, to be typed into that browser.
///
/// Whether somebody has an address shows in nothing: for one that nobody has, the same is written, and only no mail goes out.
struct SignIn: Sendable {
    /// What became of a link or a code.
    enum Outcome: Sendable {
        case signedIn(SecretToken, then: LocalPath)
        /// The digits are wrong; others may be tried.
        case wrongCode
        /// Used, too old, another browser's, or guessed at too often: a new mail helps.
        case over
    }

    /// What a link leads to before its button is pressed.
    enum Link: Sendable {
        case ready
        case otherBrowser
        case over
    }

    static let validSeconds: Int64 = 600
    private static let linkPath: LocalPath = "/sign-in/link"
    /// Where one goes who wanted nothing in particular.
    static let start: LocalPath = "/organizations"
    /// Wrong codes for one mail.
    static let failuresOfMail = 5
    /// Wrong codes in a row for one address: a new mail does not set them back (NIST SP 800-63B-4, 3.2.2). After them only links work, until one
    /// has, or for a day.
    static let failuresOfAddress = 10
    private static let failureSeconds: Int64 = 86_400

    private let platform: Platform
    private let mail: SignInMail
    private let codes: Signature

    init(_ platform: Platform, key: ServerKey, mail: @escaping SignInMail) {
        self.platform = platform
        self.mail = mail
        codes = Signature(key, purpose: "sign-in code")
    }

    // MARK: Asking

    /// - Parameter browser: what the browser's cookie will hold.
    func ask(_ email: EmailAddress, language: Language, browser: SecretToken, then path: LocalPath) async throws {
        let now = platform.now()
        let id = platform.newID()
        let token = SecretToken(platform.random)
        let code = newCode()
        let message = SignInMessage(
            to: email, language: language, link: platform.addresses.app + Self.linkPath.with("token", token.text).text, code: code,
            minutes: Int(Self.validSeconds / 60))
        let digest = codes.digest("\(id) \(code)")
        try await platform.database.write { connection in
            try forget(before: now, connection)
            // Only the newest mail's digits count in a browser; the links of earlier mails still work.
            try connection.execute(
                "UPDATE sign_in_token SET failures = :limit WHERE browser_hash = :browser", ["limit": Self.failuresOfMail, "browser": browser.hash])
            try connection.execute(
                """
                INSERT INTO sign_in_token (id, token_hash, code_digest, email_key, browser_hash, return_path, created_at, expires_at)
                VALUES (:id, :hash, :digest, :email, :browser, :path, :now, :end)
                """,
                [
                    "id": id, "hash": token.hash, "digest": digest, "email": email.key, "browser": browser.hash, "path": path.text, "now": now,
                    "end": now.adding(seconds: Self.validSeconds),
                ])
            guard let user = try User.find(email: email.key, connection), let address = try? EmailAddress(user.email) else { return }
            // To the address that we know, however it was typed now.
            try mail(SignInMessage(to: address, language: message.language, link: message.link, code: code, minutes: message.minutes), connection)
        }
    }

    private func newCode() -> String {
        var random = platform.random
        return String(String(1_000_000 + random.next(upperBound: UInt64(1_000_000))).dropFirst())
    }

    private func forget(before now: Instant, _ connection: Connection) throws {
        try connection.execute("DELETE FROM sign_in_token WHERE expires_at <= :now", ["now": now])
        try connection.execute(
            "DELETE FROM sign_in_failure WHERE last_failed_at <= :then", ["then": now.adding(seconds: -Self.failureSeconds)])
    }

    // MARK: The link

    /// Looks without using it: programs that check mails open every link.
    func look(at token: SecretToken, browser: SecretToken?) async throws -> Link {
        let now = platform.now()
        return try await platform.database.read { connection in
            guard let row = try connection.row(Self.open, ["hash": token.hash, "now": now]) else { return .over }
            let hash: TokenHash = try row["browser_hash"]
            return hash == browser?.hash ? .ready : .otherBrowser
        }
    }

    private static let open = "SELECT * FROM sign_in_token WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now"

    func accept(_ token: SecretToken, browser: SecretToken?, named name: String, replacing session: SecretToken?) async throws -> Outcome {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard let browser, let row = try connection.row(Self.open, ["hash": token.hash, "now": now]) else { return .over }
            let hash: TokenHash = try row["browser_hash"]
            guard hash == browser.hash else { return .over }
            return try signIn(with: row, named: name, replacing: session, at: now, connection)
        }
    }

    // MARK: The code

    /// Counts what is wrong, in the same transaction: guesses at the same time don't get more tries.
    func accept(code: String, browser: SecretToken, named name: String, replacing session: SecretToken?) async throws -> Outcome {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard
                let row = try connection.row(
                    """
                    SELECT * FROM sign_in_token
                    WHERE browser_hash = :browser AND used_at IS NULL AND expires_at > :now AND failures < :limit
                    """, ["browser": browser.hash, "now": now, "limit": Self.failuresOfMail])
            else { return .over }
            let id: UniqueID = try row["id"]
            let email: String = try row["email_key"]
            let failures: Int = try row["failures"]
            guard try self.failures(of: email, at: now, connection) < Self.failuresOfAddress else { return .over }
            guard Secret(try row["code_digest"]).isSame(as: codes.digest("\(id) \(code)")) else {
                try connection.execute("UPDATE sign_in_token SET failures = failures + 1 WHERE id = :id", ["id": id])
                try connection.execute(
                    """
                    INSERT INTO sign_in_failure (email_key, failures, last_failed_at) VALUES (:email, 1, :now)
                    ON CONFLICT (email_key) DO UPDATE SET failures = sign_in_failure.failures + 1, last_failed_at = :now
                    """, ["email": email, "now": now])
                return failures + 1 < Self.failuresOfMail ? .wrongCode : .over
            }
            return try signIn(with: row, named: name, replacing: session, at: now, connection)
        }
    }

    private func failures(of email: String, at now: Instant, _ connection: Connection) throws -> Int {
        let row = try connection.row(
            "SELECT failures FROM sign_in_failure WHERE email_key = :email AND last_failed_at > :then",
            ["email": email, "then": now.adding(seconds: -Self.failureSeconds)])
        return try row?["failures"] ?? 0
    }

    // MARK: Both

    /// Uses a token up, with all others for its address, and opens a session.
    private func signIn(
        with row: Row, named name: String, replacing previous: SecretToken?, at now: Instant, _ connection: Connection
    ) throws -> Outcome {
        let email: String = try row["email_key"]
        try connection.execute("UPDATE sign_in_token SET used_at = :now WHERE email_key = :email AND used_at IS NULL", ["now": now, "email": email])
        guard let user = try User.find(email: email, connection) else { return .over }
        try connection.execute("DELETE FROM sign_in_failure WHERE email_key = :email", ["email": email])
        let token = SecretToken(platform.random)
        try Session.open(platform.newID(), token, of: user.id, browser: name, replacing: previous, at: now, connection)
        let path = LocalPath(checking: try row["return_path"]) ?? Self.start
        let isHalf = try SecondFactor.isOn(for: user.id, connection)
        return .signedIn(token, then: isHalf ? SecondFactorSignInRoutes.path.with("next", path.text) : path)
    }
}
