import Database
import Tenancy

/// What somebody shows besides the mail's link: digits of an app, a passkey, or one of the recovery codes that come with either. Whoever reads
/// another's mail has no such thing; so nothing here can be had back by mail.
///
/// A session of a user who has a second factor is half open until it was shown: it is worth nothing but showing it.
struct SecondFactor: Sendable {
    enum Kind: Sendable {
        case app
        case passkey
    }

    /// An app, as far as it is set up.
    enum App: Sendable {
        case none
        /// No code was right yet: it counts for nothing.
        case pending(secret: [UInt8])
        case on(since: Instant)
    }

    /// What became of a code.
    enum Outcome<Value: Sendable>: Sendable {
        case accepted(Value)
        /// Others may be tried.
        case wrong
        /// Too many were wrong in a row: the app's codes rest for a day. Recovery codes and passkeys work.
        case resting
        /// Too many were wrong in this session, or it is over: signing in again helps.
        case over
    }

    /// Wrong codes in one session.
    static let failuresOfSession = 5
    /// Wrong codes in a row of one user, over all sessions (NIST SP 800-63B-4, 3.2.2).
    static let failuresOfUser = 10
    private static let failureSeconds: Int64 = 86_400
    /// How long a session may stay half open.
    static let halfOpenSeconds: Int64 = 600
    /// Changing second factors needs one that was shown so recently.
    static let freshSeconds: Int64 = 300

    let platform: Platform
    private let sealing: Sealing
    private let digests: Signature
    private let mail: SecondFactorMail

    init(_ platform: Platform, key: ServerKey, mail: @escaping SecondFactorMail) {
        self.platform = platform
        self.mail = mail
        sealing = Sealing(key, purpose: "TOTP secret")
        digests = Signature(key, purpose: "recovery code")
    }

    // MARK: Whether there is one

    /// SQL: whether the user that an expression names has a second factor.
    static func condition(_ user: StaticString) -> String {
        """
        (EXISTS (SELECT 1 FROM totp WHERE totp.user_id = \(user) AND totp.confirmed_at IS NOT NULL)
            OR EXISTS (SELECT 1 FROM passkey WHERE passkey.user_id = \(user)))
        """
    }

    static func isOn(for user: UniqueID, _ connection: Connection) throws(DatabaseError) -> Bool {
        try connection.row("SELECT 1 AS one WHERE \(condition(":user"))", ["user": user]) != nil
    }

    /// Takes all second factors of a user away: for the operator, after making sure who asks. Nobody else can help who has lost everything.
    static func removeAll(of user: UniqueID, _ connection: Connection) throws(DatabaseError) {
        for table in ["totp", "passkey", "recovery_code", "second_factor_failure"] {
            try connection.execute("DELETE FROM \(table) WHERE user_id = :user", ["user": user])
        }
        try Session.endAll(of: user, connection)
    }

    func app(of user: UniqueID) async throws -> App {
        guard let row = try await platform.database.read({ try $0.row("SELECT * FROM totp WHERE user_id = :user", ["user": user]) }) else {
            return .none
        }
        if let since: Instant = try row["confirmed_at"] { return .on(since: since) }
        return try secret(row, of: user).map { .pending(secret: $0) } ?? .none
    }

    func recoveryCodesLeft(of user: UniqueID) async throws -> Int {
        try await platform.database.read { try Self.recoveryCodesLeft(of: user, $0) }
    }

    private static func recoveryCodesLeft(of user: UniqueID, _ connection: Connection) throws -> Int {
        try connection.row("SELECT count(*) AS count FROM recovery_code WHERE user_id = :user AND used_at IS NULL", ["user": user])?["count"] ?? 0
    }

    // MARK: Setting an app up

    /// Makes a secret for an app. One that counts already is left as it is.
    func beginApp(of user: UniqueID) async throws {
        let now = platform.now()
        let sealed = Base64URL.text(try sealing.seal(platform.random.bytes(OneTimeCode.secretSize), of: user.description))
        try await platform.database.write { connection in
            try connection.execute(
                """
                INSERT INTO totp (user_id, sealed_secret, created_at) VALUES (:user, :sealed, :now)
                ON CONFLICT (user_id) DO UPDATE SET sealed_secret = :sealed, created_at = :now WHERE totp.confirmed_at IS NULL
                """, ["user": user, "sealed": sealed, "now": now])
        }
    }

    /// Switches an app on with its first code.
    /// - Returns: new recovery codes, to be shown once; none if the user has some.
    func confirmApp(_ code: String, of user: SignedInUser) async throws -> Outcome<[String]> {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard let row = try connection.row("SELECT * FROM totp WHERE user_id = :user AND confirmed_at IS NULL", ["user": user.id]),
                let secret = try secret(row, of: user.id)
            else { return .over }
            guard let step = OneTimeCode.step(of: code, secret, at: now, after: -1) else { return .wrong }
            let isFirst = try !Self.isOn(for: user.id, connection)
            try connection.execute(
                "UPDATE totp SET confirmed_at = :now, last_step = :step WHERE user_id = :user", ["now": now, "step": Int(step), "user": user.id])
            return .accepted(try wasAdded(.app, isFirst: isFirst, of: user, at: now, connection))
        }
    }

    /// What follows when a user has one more second factor.
    /// - Returns: new recovery codes, if there were none.
    func wasAdded(_ kind: Kind, isFirst: Bool, of user: SignedInUser, at now: Instant, _ connection: Connection) throws -> [String] {
        if isFirst {
            // Other browsers have not shown it.
            try connection.execute("DELETE FROM session WHERE user_id = :user AND id <> :own", ["user": user.id, "own": user.session])
        }
        try connection.execute("UPDATE session SET second_factor_at = :now WHERE id = :id", ["now": now, "id": user.session])
        try send(.added(kind), to: user.id, at: now, connection)
        return try Self.recoveryCodesLeft(of: user.id, connection) == 0 ? makeRecoveryCodes(of: user.id, at: now, connection) : []
    }

    // MARK: Showing it

    /// Opens a session wholly, or shows anew who uses it. The session gets another token: the one from before is worth nothing after it.
    func prove(_ code: String, in session: UniqueID, of user: UniqueID) async throws -> Outcome<SecretToken> {
        let now = platform.now()
        let token = SecretToken(platform.random)
        return try await platform.database.write { connection in
            try check(code, in: session, of: user, at: now, connection) {
                try Session.complete(session, token, of: user, at: now, connection)
                return token
            }
        }
    }

    /// A passkey has shown that a session is the user's.
    func complete(_ session: UniqueID, _ token: SecretToken, of user: UniqueID, at now: Instant, _ connection: Connection) throws {
        try connection.execute("DELETE FROM second_factor_failure WHERE user_id = :user", ["user": user])
        try Session.complete(session, token, of: user, at: now, connection)
    }

    /// Counts what is wrong, in the same transaction: guesses at the same time don't get more tries.
    private func check<Value: Sendable>(
        _ code: String, in session: UniqueID, of user: UniqueID, at now: Instant, _ connection: Connection, accepted: () throws -> Value
    ) throws -> Outcome<Value> {
        let row = try connection.row(
            "SELECT second_factor_failures FROM session WHERE id = :id AND user_id = :user AND expires_at > :now",
            ["id": session, "user": user, "now": now])
        guard let failures: Int = try row?["second_factor_failures"] else { return .over }
        let isApps = OneTimeCode.isCode(code)
        guard try !isApps || self.failures(of: user, at: now, connection) < Self.failuresOfUser else { return .resting }
        guard try isApps ? useAppCode(code, of: user, at: now, connection) : useRecoveryCode(code, of: user, at: now, connection) else {
            return try fail(session, of: user, after: failures, at: now, connection) ? .wrong : .over
        }
        try connection.execute("DELETE FROM second_factor_failure WHERE user_id = :user", ["user": user])
        return .accepted(try accepted())
    }

    private func failures(of user: UniqueID, at now: Instant, _ connection: Connection) throws -> Int {
        let row = try connection.row(
            "SELECT failures FROM second_factor_failure WHERE user_id = :user AND last_failed_at > :then",
            ["user": user, "then": now.adding(seconds: -Self.failureSeconds)])
        return try row?["failures"] ?? 0
    }

    /// - Returns: whether the session may try again. If not, it is over: whoever guesses needs another mail first.
    private func fail(_ session: UniqueID, of user: UniqueID, after failures: Int, at now: Instant, _ connection: Connection) throws -> Bool {
        try connection.execute(
            "DELETE FROM second_factor_failure WHERE last_failed_at <= :then", ["then": now.adding(seconds: -Self.failureSeconds)])
        try connection.execute(
            """
            INSERT INTO second_factor_failure (user_id, failures, last_failed_at) VALUES (:user, 1, :now)
            ON CONFLICT (user_id) DO UPDATE SET failures = second_factor_failure.failures + 1, last_failed_at = :now
            """, ["user": user, "now": now])
        guard failures + 1 < Self.failuresOfSession else {
            try Session.end(session, of: user, connection)
            return false
        }
        try connection.execute("UPDATE session SET second_factor_failures = second_factor_failures + 1 WHERE id = :id", ["id": session])
        return true
    }

    private func useAppCode(_ code: String, of user: UniqueID, at now: Instant, _ connection: Connection) throws -> Bool {
        guard let row = try connection.row("SELECT * FROM totp WHERE user_id = :user AND confirmed_at IS NOT NULL", ["user": user]),
            let secret = try secret(row, of: user)
        else { return false }
        let last: Int = try row["last_step"]
        guard let step = OneTimeCode.step(of: code, secret, at: now, after: Int64(last)) else { return false }
        try connection.execute("UPDATE totp SET last_step = :step WHERE user_id = :user", ["step": Int(step), "user": user])
        return true
    }

    /// Nil when the server's key is another than the one it was sealed with.
    private func secret(_ row: Row, of user: UniqueID) throws -> [UInt8]? {
        let sealed: String = try row["sealed_secret"]
        return Base64URL.bytes(sealed).flatMap { sealing.open($0, of: user.description) }
    }

    // MARK: Recovery codes

    /// Makes new ones; the old ones end.
    func renewRecoveryCodes(of user: UniqueID) async throws -> [String] {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard try Self.isOn(for: user, connection) else { return [] }
            return try makeRecoveryCodes(of: user, at: now, connection)
        }
    }

    private func makeRecoveryCodes(of user: UniqueID, at now: Instant, _ connection: Connection) throws -> [String] {
        try connection.execute("DELETE FROM recovery_code WHERE user_id = :user", ["user": user])
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.make(platform.random) }
        for code in codes {
            try connection.execute(
                "INSERT INTO recovery_code (digest, user_id, created_at) VALUES (:digest, :user, :now)",
                ["digest": digests.digest("\(user) \(code)"), "user": user, "now": now])
        }
        return codes
    }

    private func useRecoveryCode(_ text: String, of user: UniqueID, at now: Instant, _ connection: Connection) throws -> Bool {
        guard let code = RecoveryCode.read(text) else { return false }
        // Whoever would learn something from the time that looking for a keyed hash takes would need the key.
        let used = try connection.execute(
            "UPDATE recovery_code SET used_at = :now WHERE digest = :digest AND user_id = :user AND used_at IS NULL",
            ["now": now, "digest": digests.digest("\(user) \(code)"), "user": user])
        guard used == 1 else { return false }
        try send(.recoveryCodeUsed(left: try Self.recoveryCodesLeft(of: user, connection)), to: user, at: now, connection)
        return true
    }

    // MARK: Taking it away

    /// Switches the app off: with one of its codes, or with a recovery code when the phone is gone.
    func removeApp(_ code: String, of user: SignedInUser) async throws -> Outcome<Bool> {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard try connection.row("SELECT 1 AS one FROM totp WHERE user_id = :user AND confirmed_at IS NOT NULL", ["user": user.id]) != nil else {
                return .accepted(false)
            }
            return try check(code, in: user.session, of: user.id, at: now, connection) {
                try connection.execute("DELETE FROM totp WHERE user_id = :user", ["user": user.id])
                try wasRemoved(.app, of: user, at: now, connection)
                return true
            }
        }
    }

    /// What follows when a user has one second factor less.
    func wasRemoved(_ kind: Kind, of user: SignedInUser, at now: Instant, _ connection: Connection) throws {
        try send(.removed(kind), to: user.id, at: now, connection)
        guard try !Self.isOn(for: user.id, connection) else { return }
        try connection.execute("DELETE FROM recovery_code WHERE user_id = :user", ["user": user.id])
        // Whoever has half signed in elsewhere must not be in now.
        try connection.execute("DELETE FROM session WHERE user_id = :user AND second_factor_at IS NULL", ["user": user.id])
    }

    private func send(_ event: SecondFactorEvent, to user: UniqueID, at now: Instant, _ connection: Connection) throws {
        guard let user = try User.find(user, connection), let address = try? EmailAddress(user.email) else { return }
        try mail(
            SecondFactorMessage(to: address, language: user.language, event: event, link: platform.addresses.app + SecondFactorRoutes.path.text),
            connection)
    }
}
