import Database
import Tenancy

/// What those who run the platform can do with an organization, in a browser or at a terminal.
struct OperatorActions: Sendable {
    let platform: Platform

    /// Why an action was not done. The description is for the operator.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case unknown(Slug)
        case wrongStatus(Slug, SubscriptionStatus, action: String)
        case endIsPast(Instant)
        case slugTaken(Slug)

        var description: String {
            switch self {
            case .unknown(let slug): "there is no organization \(slug)"
            case .wrongStatus(let slug, let status, let action): "\(slug) is \(status.rawValue): \(action)"
            case .endIsPast(let end): "\(end) is past: write a day that is to come"
            case .slugTaken(let slug): "the short name \(slug) is or was somebody's: choose another"
            }
        }
    }

    // MARK: Looking

    /// By name, those first that were last. `search` is looked for in name, slug and the addresses of members.
    func list(search: String = "", status: SubscriptionStatus? = nil, limit: Int = 1_000) async throws -> [Organization] {
        // LIKE's own signs mean themselves.
        let pattern = "%" + search.lowercased().map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "%"
        return try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT \(Organization.columns) FROM organization
                WHERE (:status IS NULL OR subscription_status = :status) AND (
                    lower(name) LIKE :pattern ESCAPE '\\' OR slug LIKE :pattern ESCAPE '\\' OR EXISTS (
                        SELECT 1 FROM membership JOIN user ON user.id = membership.user_id
                        WHERE membership.organization_id = organization.id AND user.email_key LIKE :pattern ESCAPE '\\'))
                ORDER BY id DESC LIMIT :limit
                """, ["status": status, "pattern": pattern, "limit": limit]
            ).map { try Organization($0) }
        }
    }

    func organization(_ slug: Slug) async throws -> Organization {
        guard let organization = try await platform.organizations.organization(slug: slug) else { throw Refusal.unknown(slug) }
        return organization
    }

    /// The members' addresses with their seats, owners first.
    func members(of organization: OrganizationID) async throws -> [(email: String, role: Role, title: String, endsAt: Instant?)] {
        let rows = try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT user.email, membership.role, membership.title, membership.ends_at FROM membership JOIN user ON user.id = membership.user_id
                WHERE membership.organization_id = :id ORDER BY membership.role = 'owner' DESC, membership.created_at, membership.id
                """, ["id": organization])
        }
        return try rows.map { (try $0["email"], try $0["role"], try $0["title"], try $0["ends_at"]) }
    }

    // MARK: The life of an organization

    /// Gives a trial another end, later or earlier, and thaws a frozen one.
    func extend(_ slug: Slug, until end: Instant) async throws -> Organization {
        let now = platform.now()
        guard end > now else { throw Refusal.endIsPast(end) }
        return try await change(slug, from: [.trialing, .frozen], advice: "only a trial has an end: resume or reopen it first") {
            connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'trialing', trial_ends_at = :end WHERE id = :id", ["end": end, "id": organization.id])
        }
    }

    /// Stops all work on it. The site stays up.
    func suspend(_ slug: Slug) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.trialing, .active, .frozen], advice: "it is stopped already") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'suspended', suspended_at = :now WHERE id = :id", ["now": now, "id": organization.id])
        }
    }

    /// Takes a suspension back: the trial goes on where it stands.
    func resume(_ slug: Slug) async throws -> Organization {
        try await change(slug, from: [.suspended], advice: "only a suspended organization can be resumed") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = :status, suspended_at = NULL WHERE id = :id",
                ["status": organization.plan == Self.trialPlan ? SubscriptionStatus.trialing : .active, "id": organization.id])
        }
    }

    /// Ends it. It can be exported and opened again until it is deleted, `OrganizationLife.daysUntilDeletion` later.
    func close(_ slug: Slug) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.trialing, .active, .frozen, .suspended], advice: "it is closed already") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'closed', closed_at = :now WHERE id = :id", ["now": now, "id": organization.id])
        }
    }

    /// Takes a closing back.
    func reopen(_ slug: Slug) async throws -> Organization {
        try await change(slug, from: [.closed], advice: "only a closed organization can be reopened") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = :status, closed_at = NULL, suspended_at = NULL WHERE id = :id",
                ["status": organization.plan == Self.trialPlan ? SubscriptionStatus.trialing : .active, "id": organization.id])
        }
    }

    static let trialPlan = "trial"

    private func change(
        _ slug: Slug, from allowed: [SubscriptionStatus], advice: String,
        _ body: @escaping @Sendable (Connection, Organization) throws -> Void
    ) async throws -> Organization {
        try await platform.database.write { connection in
            let find = "SELECT \(Organization.columns) FROM organization WHERE slug = :slug"
            guard let row = try connection.row(find, ["slug": slug]) else { throw Refusal.unknown(slug) }
            let organization = try Organization(row)
            guard allowed.contains(organization.status) else { throw Refusal.wrongStatus(slug, organization.status, action: advice) }
            try body(connection, organization)
            try OrganizationJobs.look(at: organization.id, platform, in: connection)
            guard let changed = try connection.row(find, ["slug": slug]) else { throw Refusal.unknown(slug) }
            return try Organization(changed)
        }
    }

    // MARK: Invitations to sign up

    /// A new code; only its hash is kept.
    func invite(uses: Int, until end: Instant, note: String) async throws -> String {
        let code = InviteCode.make(platform.random)
        let now = platform.now()
        try await platform.database.write { connection in
            try connection.execute(
                "INSERT INTO invite_code (code_hash, note, uses_left, expires_at, created_at) VALUES (:hash, :note, :uses, :end, :now)",
                ["hash": InviteCode.hash(code), "note": note, "uses": uses, "end": end, "now": now])
        }
        return code
    }

    // MARK: Users

    /// Lets a user run the platform, or no longer. The first one is nobody yet, and becomes a user by this. False if nobody has the address.
    func setOperator(_ email: EmailAddress, _ isOperator: Bool) async throws -> Bool {
        let (id, now) = (platform.newID(), platform.now())
        return try await platform.database.write { connection in
            if isOperator, try User.find(email: email.key, connection) == nil {
                try User.add(id, email: email, name: "", language: .english, at: now, connection)
            }
            return try connection.execute(
                "UPDATE user SET is_operator = :value WHERE email_key = :email", ["value": isOperator, "email": email.key]) == 1
        }
    }
}
