import Database
import Tenancy

/// What an authenticator signs, so that nothing which was signed before can be shown again. Signed by us instead of kept: strangers can ask for
/// as many as they like. What was answered is kept, for as long as it is valid.
struct PasskeyChallenges: Sendable {
    enum Purpose: String, Sendable {
        case registration
        /// In place of a mail.
        case signIn = "sign-in"
        case secondFactor = "second-factor"
    }

    static let validSeconds: Int64 = 300

    private let key: ServerKey

    init(_ key: ServerKey) {
        self.key = key
    }

    private func signature(_ purpose: Purpose) -> Signature { Signature(key, purpose: "passkey \(purpose.rawValue)") }

    /// - Parameter holder: whose it is: the id of a session, or nothing for a stranger's.
    func make(_ purpose: Purpose, for holder: String, at now: Instant, _ random: SecureRandom) -> String {
        signature(purpose).sign([Base64URL.text(random.bytes(16)), String(now.adding(seconds: Self.validSeconds).seconds), holder])
    }

    /// Uses one up. False for what is not ours, too old, another's, or used.
    func use(_ text: String, _ purpose: Purpose, for holder: String, at now: Instant, _ connection: Connection) throws -> Bool {
        guard let parts = signature(purpose).parts(of: text), parts.count == 3, parts[2] == holder, let end = Int64(parts[1]), end > now.seconds,
            // From before a clock was set back.
            end <= now.seconds + Self.validSeconds
        else { return false }
        try connection.execute("DELETE FROM used_challenge WHERE expires_at <= :now", ["now": now])
        return try connection.execute(
            "INSERT INTO used_challenge (id, expires_at) VALUES (:id, :end) ON CONFLICT (id) DO NOTHING",
            ["id": parts[0], "end": Instant(seconds: end)]) == 1
    }
}
