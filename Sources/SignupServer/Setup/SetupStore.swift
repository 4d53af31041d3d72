import Database
import Repositories
import SiteBuilder
import Tenancy

/// Where the set-up of organizations has got to.
struct SetupStore: Sendable {
    let platform: Platform
    let publisher: SitePublisher
    /// Invitations that nobody has accepted yet.
    let openInvitations: @Sendable (OrganizationID, Instant, Connection) throws -> Int

    /// The site as it was last published. Throws `BuildError` if it can't be read at all.
    func overview(of organization: OrganizationID, _ slug: Slug) async throws -> SiteOverview {
        let folder = TenantFolder(slug: slug.text, path: platform.repository(of: organization).contentFolder)
        let output = platform.settings.output
        return try await publisher.read { environment, now in
            Result { () throws(BuildError) in
                try TenantInspector(environment: environment, output: output, now: now, jobs: 1).overview(folder)
            }
        }.get()
    }

    func facts(_ organization: OrganizationID, _ overview: SiteOverview) async throws -> SetupFacts {
        let now = platform.now()
        var facts = SetupFacts(settings: overview.settings, board: overview.board)
        facts.upcomingEvents = overview.events.count
        facts.ownPosts = overview.posts.count { !SetupChecklist.isStarters($0) }
        (facts.people, facts.openInvitations, facts.savedSteps) = try await platform.database.read { connection in
            let people: Int =
                try connection.row(
                    """
                    SELECT COUNT(DISTINCT user_id) AS people FROM membership
                    WHERE organization_id = :id AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
                    """, ["id": organization, "now": now])?["people"] ?? 0
            return (people, try openInvitations(organization, now, connection), try Self.savedSteps(of: organization, connection))
        }
        return facts
    }

    func savedSteps(of organization: OrganizationID) async throws -> Set<SetupStep> {
        try await platform.database.read { try Self.savedSteps(of: organization, $0) }
    }

    private static func savedSteps(of organization: OrganizationID, _ connection: Connection) throws -> Set<SetupStep> {
        let rows = try connection.rows("SELECT step FROM setup_step WHERE organization_id = :id", ["id": organization])
        return Set(try rows.compactMap { SetupStep(rawValue: try $0["step"]) })
    }

    /// - Parameter name: what the organization is called from now on.
    func note(_ step: SetupStep, of organization: OrganizationID, name: String? = nil) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            try connection.execute(
                """
                INSERT INTO setup_step (organization_id, step, saved_at) VALUES (:id, :step, :now)
                ON CONFLICT (organization_id, step) DO UPDATE SET saved_at = :now
                """, ["id": organization, "step": step.rawValue, "now": now])
            if let name { try connection.execute("UPDATE organization SET name = :name WHERE id = :id", ["name": name, "id": organization]) }
        }
    }
}
