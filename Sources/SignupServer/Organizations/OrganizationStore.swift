import Database
import SiteBuilder
import Tenancy

/// The organizations of the platform: their SQL.
struct OrganizationStore: Sendable {
    let database: PlatformDatabase

    /// Nil when nobody has this slug, or its organization is gone.
    func organization(slug: Slug) async throws -> Organization? {
        try await one("slug = :value", slug)
    }

    func organization(_ id: OrganizationID) async throws -> Organization? {
        try await one("id = :value", id)
    }

    private func one(_ condition: String, _ value: some SQLConvertible) async throws -> Organization? {
        try await database.read { connection in
            try connection.row("SELECT \(Organization.columns) FROM organization WHERE \(condition)", ["value": value]).map { try Organization($0) }
        }
    }

    /// Where the organization is, as its sign-up has told; UTC if that is not known.
    static func timeZone(of id: OrganizationID, in connection: Connection) throws -> TimeZoneRules {
        let settings: JSONText? = try connection.row("SELECT settings FROM organization WHERE id = :id", ["id": id])?["settings"]
        let facts = try? settings?.decode(as: OrganizationFacts.self)
        return facts.flatMap { TimeZoneRules.named($0.timeZone) } ?? .utc
    }

    /// Those whose sites are kept up to date, oldest first.
    func live() async throws -> [Organization] {
        try await database.read { connection in
            try connection.rows(
                "SELECT \(Organization.columns) FROM organization WHERE ready_at IS NOT NULL AND closed_at IS NULL ORDER BY id"
            ).map { try Organization($0) }
        }
    }

    /// Those that were confirmed, but whose site wasn't live when the program ended.
    func unfinished() async throws -> [OrganizationID] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM organization WHERE ready_at IS NULL AND closed_at IS NULL ORDER BY id").map { try $0["id"] }
        }
    }

    /// Whether a new organization can have this slug. Slugs that were once somebody's can't be had again.
    static func isFree(_ slug: Slug, in connection: Connection) throws -> Bool {
        try connection.row("SELECT 1 AS taken FROM claimed_slug WHERE slug = :slug", ["slug": slug]) == nil
    }

    /// Adds an organization with its slug. Throws `DatabaseError.constraint` if the slug is taken.
    static func add(
        _ id: OrganizationID, name: String, slug: Slug, settings: String, trialEndsAt: Instant, at now: Instant, in connection: Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO organization (id, name, slug, settings, subscription_status, plan, trial_ends_at, created_at)
            VALUES (:id, :name, :slug, :settings, :status, 'trial', :trial_ends_at, :now)
            """,
            [
                "id": id, "name": name, "slug": slug, "settings": settings, "status": SubscriptionStatus.trialing, "trial_ends_at": trialEndsAt,
                "now": now,
            ])
        try connection.execute(
            "INSERT INTO claimed_slug (slug, organization_id, claimed_at) VALUES (:slug, :id, :now)", ["slug": slug, "id": id, "now": now])
    }

    /// Notes that the first release is live. Returns false if that was noted before.
    static func becameReady(_ id: OrganizationID, at now: Instant, in connection: Connection) throws -> Bool {
        try connection.execute("UPDATE organization SET ready_at = :now WHERE id = :id AND ready_at IS NULL", ["id": id, "now": now]) == 1
    }
}

extension Platform {
    var organizations: OrganizationStore { OrganizationStore(database: database) }
    var memberships: MembershipStore { MembershipStore(database: database) }
}
