import Database
import Tenancy

/// A browser in which a user is signed in. The browser has a token; here is its hash.
struct Session: Sendable, Hashable {
    let id: UniqueID
    let user: UniqueID
    /// `Firefox, Windows`
    let browser: String
    let created: Instant
    let lastUsed: Instant
    /// When a second factor was shown last.
    let secondFactorAt: Instant?
    /// Of the user.
    let hasSecondFactor: Bool

    /// The user's second factor was not shown yet: it is worth nothing but showing it.
    var isHalfOpen: Bool { hasSecondFactor && secondFactorAt == nil }

    /// A session that is not used ends after 30 days, and every one after 90.
    static let idleSeconds: Int64 = 30 * 86_400
    static let longestSeconds: Int64 = 90 * 86_400
    /// Being used is noted so often at most: not every page is worth a write.
    static let noticeSeconds: Int64 = 600

    private init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        user = try row["user_id"]
        browser = try row["browser"]
        created = try row["created_at"]
        lastUsed = try row["last_used_at"]
        secondFactorAt = try row["second_factor_at"]
        hasSecondFactor = try row["has_second_factor"]
    }

    private static let columns =
        "session.*, CASE WHEN \(SecondFactor.condition("session.user_id")) THEN 1 ELSE 0 END AS has_second_factor"

    /// The open session that a token belongs to, with its user.
    static func find(_ token: SecretToken, at now: Instant, _ connection: Connection) throws(DatabaseError) -> (session: Session, user: User)? {
        guard
            let row = try connection.row(
                "SELECT \(columns) FROM session WHERE token_hash = :hash AND expires_at > :now", ["hash": token.hash, "now": now])
        else { return nil }
        let session = try Session(row)
        guard let user = try User.find(session.user, connection) else { return nil }
        return (session, user)
    }

    static func all(of user: UniqueID, at now: Instant, _ connection: Connection) throws(DatabaseError) -> [Session] {
        var sessions: [Session] = []
        for row in try connection.rows(
            "SELECT \(columns) FROM session WHERE user_id = :user AND expires_at > :now ORDER BY last_used_at DESC, id", ["user": user, "now": now])
        { sessions.append(try Session(row)) }
        return sessions
    }

    /// Opens one, half for a user who has a second factor. The browser's earlier session ends, so that a token from before signing in is worth
    /// nothing after it.
    /// - Parameter previous: what the browser has sent.
    static func open(
        _ id: UniqueID, _ token: SecretToken, of user: UniqueID, browser: String, replacing previous: SecretToken?, at now: Instant,
        _ connection: Connection
    ) throws(DatabaseError) {
        if let previous { try end(previous, connection) }
        try connection.execute("DELETE FROM session WHERE expires_at <= :now", ["now": now])
        let seconds = try SecondFactor.isOn(for: user, connection) ? SecondFactor.halfOpenSeconds : idleSeconds
        try connection.execute(
            """
            INSERT INTO session (id, token_hash, user_id, browser, created_at, last_used_at, expires_at)
            VALUES (:id, :hash, :user, :browser, :now, :now, :end)
            """,
            ["id": id, "hash": token.hash, "user": user, "browser": browser, "now": now, "end": now.adding(seconds: seconds)])
        try connection.execute("UPDATE user SET last_seen_at = :now WHERE id = :user", ["now": now, "user": user])
    }

    /// The second factor was shown: the session is wholly open, under a new token.
    static func complete(
        _ id: UniqueID, _ token: SecretToken, of user: UniqueID, at now: Instant, _ connection: Connection
    ) throws(DatabaseError) {
        guard let row = try connection.row("SELECT created_at FROM session WHERE id = :id AND user_id = :user", ["id": id, "user": user]) else {
            return
        }
        let end = min(now.adding(seconds: idleSeconds), (try row["created_at"] as Instant).adding(seconds: longestSeconds))
        try connection.execute(
            """
            UPDATE session SET token_hash = :hash, second_factor_at = :now, second_factor_failures = 0, last_used_at = :now, expires_at = :end
            WHERE id = :id
            """, ["hash": token.hash, "now": now, "end": end, "id": id])
    }

    func isWorthNoticing(at now: Instant) -> Bool { now.seconds - lastUsed.seconds >= Self.noticeSeconds }

    /// Notes that it is used, which keeps it open.
    func notice(at now: Instant, _ connection: Connection) throws(DatabaseError) {
        let end = min(now.adding(seconds: Self.idleSeconds), created.adding(seconds: Self.longestSeconds))
        try connection.execute("UPDATE session SET last_used_at = :now, expires_at = :end WHERE id = :id", ["now": now, "end": end, "id": id])
        try connection.execute("UPDATE user SET last_seen_at = :now WHERE id = :user", ["now": now, "user": user])
    }

    static func end(_ token: SecretToken, _ connection: Connection) throws(DatabaseError) {
        try connection.execute("DELETE FROM session WHERE token_hash = :hash", ["hash": token.hash])
    }

    /// One of the user's own; another's stays.
    static func end(_ id: UniqueID, of user: UniqueID, _ connection: Connection) throws(DatabaseError) {
        try connection.execute("DELETE FROM session WHERE id = :id AND user_id = :user", ["id": id, "user": user])
    }

    static func endAll(of user: UniqueID, _ connection: Connection) throws(DatabaseError) {
        try connection.execute("DELETE FROM session WHERE user_id = :user", ["user": user])
    }
}
