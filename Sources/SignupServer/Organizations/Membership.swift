import Database
import Tenancy

/// A user's seat in an organization: a role, held for a term.
struct Membership: Sendable, Hashable {
    let id: UniqueID
    let organization: OrganizationID
    let user: UniqueID
    var role: Role
    /// In the organization's own words: Treasurer, Webmaster.
    var title: String
    var startsAt: Instant
    /// Nil for a seat without an end.
    var endsAt: Instant?

    static let columns = "id, organization_id, user_id, role, title, starts_at, ends_at"

    init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        organization = try row["organization_id"]
        user = try row["user_id"]
        role = try row["role"]
        title = try row["title"]
        startsAt = try row["starts_at"]
        endsAt = try row["ends_at"]
    }
}

extension Role: SQLConvertible {}

/// The seats of the platform's organizations: their SQL.
struct MembershipStore: Sendable {
    let database: PlatformDatabase

    /// The seats that a user holds at this moment.
    func seats(of user: UniqueID, at now: Instant) async throws -> [Membership] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT \(Membership.columns) FROM membership
                WHERE user_id = :user AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now) ORDER BY organization_id, role
                """, ["user": user, "now": now]
            ).map { try Membership($0) }
        }
    }

    /// To whom the platform writes: those whose seat has not ended.
    static func owners(
        of organization: OrganizationID, at now: Instant, in connection: Connection
    ) throws -> [(email: EmailAddress, language: Language)] {
        try connection.rows(
            """
            SELECT user.email, user.language FROM membership JOIN user ON user.id = membership.user_id
            WHERE membership.organization_id = :id AND membership.role = 'owner' AND (membership.ends_at IS NULL OR membership.ends_at > :now)
            ORDER BY membership.id
            """, ["id": organization, "now": now]
        ).compactMap { row in
            guard let email = try? EmailAddress(try row["email"] as String) else { return nil }
            return (email, PageLanguage.language(try row["language"]) ?? .english)
        }
    }

    /// Gives a seat. One that the user has already is left as it is.
    static func add(
        _ id: UniqueID, organization: OrganizationID, user: UniqueID, role: Role, title: String, endsAt: Instant? = nil, invitedBy: UniqueID? = nil,
        at now: Instant, in connection: Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO membership (id, organization_id, user_id, role, title, starts_at, ends_at, invited_by, created_at)
            VALUES (:id, :organization, :user, :role, :title, :now, :ends_at, :invited_by, :now)
            ON CONFLICT (organization_id, user_id, role) DO NOTHING
            """,
            [
                "id": id, "organization": organization, "user": user, "role": role, "title": title, "ends_at": endsAt, "invited_by": invitedBy,
                "now": now,
            ])
    }
}
