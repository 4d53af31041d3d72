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

    init(id: UniqueID, organization: OrganizationID, user: UniqueID, role: Role, title: String = "", startsAt: Instant, endsAt: Instant? = nil) {
        self.id = id
        self.organization = organization
        self.user = user
        self.role = role
        self.title = title
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

extension Role: SQLConvertible {}

/// The seats of the platform's organizations: their SQL.
struct MembershipStore: Sendable {
    let database: PlatformDatabase

    /// The seats of a user that are in force at this moment, in all organizations: see `Roster`.
    func seats(of user: UniqueID, at now: Instant) async throws -> [Membership] {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT \(Membership.columns) FROM membership
                WHERE organization_id IN (SELECT organization_id FROM membership WHERE user_id = :user) AND (user_id = :user OR role = 'owner')
                ORDER BY organization_id, role
                """, ["user": user])
            let rosters = Dictionary(grouping: try rows.map { try Membership($0) }, by: \.organization)
            return rosters.sorted { $0.key < $1.key }.flatMap { Roster(seats: $0.value).inForce(at: now).filter { $0.user == user } }
        }
    }

    /// All seats of an organization, also those that have ended.
    static func roster(of organization: OrganizationID, in connection: Connection) throws -> Roster {
        Roster(
            seats: try connection.rows(
                "SELECT \(Membership.columns) FROM membership WHERE organization_id = :id ORDER BY created_at, id", ["id": organization]
            ).map { try Membership($0) })
    }

    /// To whom the platform writes: those whose seat as an owner is in force.
    static func owners(
        of organization: OrganizationID, at now: Instant, in connection: Connection
    ) throws -> [(email: EmailAddress, language: Language)] {
        try PeoplePlatform.owners(roster(of: organization, in: connection), at: now, connection).map { ($0.email, $0.language) }
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
