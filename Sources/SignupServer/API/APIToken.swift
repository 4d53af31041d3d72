import Database
import Tenancy

/// With what a program uses the API for one organization. The program has the token; here is its hash.
struct APIToken: Sendable, Hashable {
    let id: UniqueID
    let organization: OrganizationID
    /// In its maker's words.
    let name: String
    let scopes: Set<APIScope>
    /// Nil when their account is gone.
    let maker: UniqueID?
    let createdAt: Instant
    let expiresAt: Instant
    /// Nil if it never was.
    let lastUsedOn: String?
    let revokedAt: Instant?

    /// What a token begins with, so that programs that look for secrets in public places know it.
    static let prefix = "mq_"
    /// Tokens that an organization has at a time.
    static let maximumCount = 20
    /// Days that a token can be valid for.
    static let lives = [30, 90, 365]

    private static let columns = "id, organization_id, name, scopes, created_by, created_at, expires_at, last_used_on, revoked_at"

    private init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        organization = try row["organization_id"]
        name = try row["name"]
        scopes = Set(text: try row["scopes"])
        maker = try row["created_by"]
        createdAt = try row["created_at"]
        expiresAt = try row["expires_at"]
        lastUsedOn = try row["last_used_on"]
        revokedAt = try row["revoked_at"]
    }

    /// The text that the program gets.
    static func text(of secret: SecretToken) -> String { prefix + secret.text }

    /// What a header `Authorization` holds (RFC 6750, 2.1). Nil for what can't be a token.
    static func secret(inHeader value: String) -> SecretToken? {
        let parts = value.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].hasPrefix(prefix) else { return nil }
        return SecretToken(parts[1].dropFirst(prefix.count))
    }

    /// What an organization calls its tokens, for the log.
    @Sendable static func names(_ ids: Set<UniqueID>, of organization: OrganizationID, _ connection: Connection) throws -> [UniqueID: String] {
        var names: [UniqueID: String] = [:]
        for row in try connection.rows("SELECT id, name FROM api_token WHERE organization_id = :id", ["id": organization]) {
            let id: UniqueID = try row["id"]
            if ids.contains(id) { names[id] = try row["name"] }
        }
        return names
    }

    /// A token that is valid at this moment. It is looked for by its hash, so how long that takes tells nothing of it.
    static func find(_ secret: SecretToken, at now: Instant, _ connection: Connection) throws(DatabaseError) -> APIToken? {
        let row = try connection.row(
            "SELECT \(columns) FROM api_token WHERE token_hash = :hash AND expires_at > :now AND revoked_at IS NULL",
            ["hash": secret.hash, "now": now])
        return try row.map { row throws(DatabaseError) in try APIToken(row) }
    }

    /// Those that are valid, the newest first.
    static func all(of organization: OrganizationID, at now: Instant, _ connection: Connection) throws(DatabaseError) -> [APIToken] {
        var all: [APIToken] = []
        for row in try connection.rows(
            """
            SELECT \(columns) FROM api_token WHERE organization_id = :id AND expires_at > :now AND revoked_at IS NULL
            ORDER BY created_at DESC, id DESC
            """, ["id": organization, "now": now])
        { all.append(try APIToken(row)) }
        return all
    }

    /// False if there is one of this id.
    static func add(
        _ id: UniqueID, _ secret: SecretToken, name: String, scopes: Set<APIScope>, days: Int, maker: UniqueID, to organization: OrganizationID,
        at now: Instant, _ connection: Connection
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            """
            INSERT INTO api_token (id, organization_id, token_hash, name, scopes, created_by, created_at, expires_at)
            VALUES (:id, :organization, :hash, :name, :scopes, :maker, :now, :end) ON CONFLICT (id) DO NOTHING
            """,
            [
                "id": id, "organization": organization, "hash": secret.hash, "name": name, "scopes": scopes.text, "maker": maker, "now": now,
                "end": now.adding(seconds: Int64(days) * 86_400),
            ]) == 1
    }

    /// One of the organization's own. False if there is none that is valid.
    static func revoke(_ id: UniqueID, of organization: OrganizationID, at now: Instant, _ connection: Connection) throws(DatabaseError) -> Bool {
        try connection.execute(
            "UPDATE api_token SET revoked_at = :now WHERE id = :id AND organization_id = :organization AND revoked_at IS NULL",
            ["now": now, "id": id, "organization": organization]) == 1
    }

    /// Notes the day, which tells an owner what is not needed any more; nothing more precise is kept.
    func notice(on day: String, _ connection: Connection) throws(DatabaseError) {
        try connection.execute("UPDATE api_token SET last_used_on = :day WHERE id = :id", ["day": day, "id": id])
    }
}

extension Instant {
    /// `2026-09-02`, in UTC.
    var day: String { local(offset: 0).date.description }
}
