import Database
import SiteBuilder
import Tenancy

/// What those who run the platform can do with an organization, in a browser or at a terminal.
struct OperatorActions: Sendable {
    let platform: Platform
    /// Tells the owners, in the transaction that does it. Without it nobody is told: for looking, and for deleting.
    var mail: @Sendable (MailDraft, Connection) throws -> Void = { _, _ in }

    /// Why an action was not done. The description is for the operator.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case unknown(Slug)
        case wrongStatus(Slug, SubscriptionStatus, action: String)
        case endIsPast(Instant)
        case slugTaken(Slug)
        case isBeingDeleted(Slug)
        case isOwner(Slug)

        var description: String {
            switch self {
            case .unknown(let slug): "there is no organization \(slug)"
            case .wrongStatus(let slug, let status, let action): "\(slug) is \(status.rawValue): \(action)"
            case .endIsPast(let end): "\(end) is past: write a day that is to come"
            case .slugTaken(let slug): "the short name \(slug) is or was somebody's: choose another"
            case .isBeingDeleted(let slug): "\(slug) was closed \(OrganizationLife.daysUntilDeletion) days ago: it is being deleted"
            case .isOwner(let slug): "this address has an owner's seat of \(slug) already, without an end"
            }
        }
    }

    // MARK: Looking

    /// Those first that were last. `search` is looked for in name, slug and the addresses of members.
    /// - Parameter id: only older ones than this.
    func list(
        search: String = "", status: SubscriptionStatus? = nil, before id: OrganizationID? = nil, limit: Int = 1_000
    ) async throws -> [Organization] {
        let pattern = Self.pattern(search)
        return try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT \(Organization.columns) FROM organization
                WHERE (:status IS NULL OR subscription_status = :status) AND (:before IS NULL OR id < :before) AND (
                    lower(name) LIKE :pattern ESCAPE '\\' OR slug LIKE :pattern ESCAPE '\\' OR EXISTS (
                        SELECT 1 FROM membership JOIN user ON user.id = membership.user_id
                        WHERE membership.organization_id = organization.id AND user.email_key LIKE :pattern ESCAPE '\\'))
                ORDER BY id DESC LIMIT :limit
                """, ["status": status, "before": id, "pattern": pattern, "limit": limit]
            ).map { try Organization($0) }
        }
    }

    /// For LIKE, whose own signs mean themselves.
    private static func pattern(_ search: String) -> String {
        "%" + search.lowercased().map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "%"
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
    @discardableResult
    func extend(_ slug: Slug, until end: Instant, by actor: AuditActor) async throws -> Organization {
        let now = platform.now()
        guard end > now else { throw Refusal.endIsPast(end) }
        return try await change(slug, from: [.trialing, .frozen], advice: "only a trial has an end: resume or reopen it first") {
            connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'trialing', trial_ends_at = :end WHERE id = :id", ["end": end, "id": organization.id])
            try AuditLog.add(.trialExtended, "\(end)", by: actor, to: organization.id, at: now, in: connection)
        }
    }

    /// Stops all work on it. The site stays up.
    @discardableResult
    func suspend(_ slug: Slug, by actor: AuditActor) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.trialing, .active, .frozen], advice: "it is stopped already") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'suspended', suspended_at = :now WHERE id = :id", ["now": now, "id": organization.id])
            try AuditLog.add(.suspended, by: actor, to: organization.id, at: now, in: connection)
            try tellOwners(of: organization, "organization-suspended", at: now, connection)
        }
    }

    /// Takes a suspension back: the subscription goes on where it stands, and a trial that has ended meanwhile is over.
    @discardableResult
    func resume(_ slug: Slug, by actor: AuditActor) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.suspended], advice: "only a suspended organization can be resumed") { connection, organization in
            try connection.execute("UPDATE organization SET suspended_at = NULL WHERE id = :id", ["id": organization.id])
            try AuditLog.add(.resumed, by: actor, to: organization.id, at: now, in: connection)
            try tellOwners(of: organization, "organization-resumed", at: now, connection)
            try goOn(organization, at: now, connection)
        }
    }

    /// Ends it. It can be exported and opened again until it is deleted, `OrganizationLife.daysUntilDeletion` later.
    @discardableResult
    func close(_ slug: Slug, by actor: AuditActor) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.trialing, .active, .frozen, .suspended], advice: "it is closed already") { connection, organization in
            try connection.execute(
                "UPDATE organization SET subscription_status = 'closed', closed_at = :now WHERE id = :id", ["now": now, "id": organization.id])
            try AuditLog.add(.closed, by: actor, to: organization.id, at: now, in: connection)
            let zone = try OrganizationStore.timeZone(of: organization.id, in: connection)
            let deletion = zone.local(Self.deletion(after: now)).date
            try tellOwners(of: organization, "organization-closed", at: now, connection) { language in
                let dates = DateText.text(for: language).date
                return ["last_day": dates.text(deletion.adding(days: -1)), "deletion_day": dates.text(deletion)]
            }
        }
    }

    /// Takes a closing back: what was suspended is so again, and a trial that has ended meanwhile is over. Not any more when it is being deleted.
    @discardableResult
    func reopen(_ slug: Slug, by actor: AuditActor) async throws -> Organization {
        let now = platform.now()
        return try await change(slug, from: [.closed], advice: "only a closed organization can be reopened") { connection, organization in
            if let closed = organization.closedAt, now >= Self.deletion(after: closed) { throw Refusal.isBeingDeleted(slug) }
            try connection.execute("UPDATE organization SET closed_at = NULL WHERE id = :id", ["id": organization.id])
            try AuditLog.add(.reopened, by: actor, to: organization.id, at: now, in: connection)
            try tellOwners(of: organization, "organization-reopened", at: now, connection)
            try goOn(organization, at: now, connection)
        }
    }

    static let trialPlan = "trial"

    private static func deletion(after closed: Instant) -> Instant { closed.adding(seconds: OrganizationLife.daysUntilDeletion * 86_400) }

    private func change(
        _ slug: Slug, from allowed: [SubscriptionStatus], advice: String,
        _ body: @escaping @Sendable (Connection, Organization) throws -> Void
    ) async throws -> Organization {
        try await platform.database.write { connection in
            let organization = try find(slug, connection)
            guard allowed.contains(organization.status) else { throw Refusal.wrongStatus(slug, organization.status, action: advice) }
            try body(connection, organization)
            try OrganizationJobs.look(at: organization.id, platform, in: connection)
            return try find(slug, connection)
        }
    }

    private func find(_ slug: Slug, _ connection: Connection) throws -> Organization {
        guard let row = try connection.row("SELECT \(Organization.columns) FROM organization WHERE slug = :slug", ["slug": slug]) else {
            throw Refusal.unknown(slug)
        }
        return try Organization(row)
    }

    /// Gives an organization that was stopped the status that it would have without that, at once: nobody edits in a trial that is over.
    /// - Parameter organization: as it was while it was stopped.
    private func goOn(_ organization: Organization, at now: Instant, _ connection: Connection) throws {
        let isSuspended = organization.status == .closed && organization.suspendedAt != nil
        let isOver = organization.plan == Self.trialPlan && organization.trialEndsAt.map { $0 <= now } == true
        let status: SubscriptionStatus =
            isSuspended ? .suspended : isOver ? .frozen : organization.plan == Self.trialPlan ? .trialing : .active
        try connection.execute(
            "UPDATE organization SET subscription_status = :status WHERE id = :id", ["status": status, "id": organization.id])
        // Its owners hear once that a trial is over.
        guard status == .frozen, try !hasEnded(organization, connection) else { return }
        try AuditLog.add(.trialEnded, by: .platform, to: organization.id, at: now, in: connection)
        try tellOwners(of: organization, "trial-over", at: now, connection)
    }

    /// Whether the end of this trial was noted, since it has this end.
    private func hasEnded(_ organization: Organization, _ connection: Connection) throws -> Bool {
        try connection.row(
            "SELECT 1 AS found FROM audit_entry WHERE organization_id = :id AND action = :action AND at >= :end LIMIT 1",
            ["id": organization.id, "action": AuditAction.trialEnded, "end": organization.trialEndsAt]) != nil
    }

    /// - Parameter more: values of the mail besides the organization's name and the way to it.
    private func tellOwners(
        of organization: Organization, _ template: String, at now: Instant, _ connection: Connection,
        _ more: (Language) -> [String: String] = { _ in [:] }
    ) throws {
        let link = platform.addresses.app + DashboardRoutes.path(organization.slug).text
        for owner in try MembershipStore.owners(of: organization.id, at: now, in: connection) {
            let values = ["organization": organization.name, "link": link].merging(more(owner.language)) { $1 }
            try mail(
                MailDraft(to: owner.email, template: template, language: owner.language, values: values, organization: organization.id), connection)
        }
    }

    /// Gives somebody an owner's seat without an end, for an organization that has lost its owners. Whoever has the address is nobody yet, or a
    /// user. All owners are told.
    func restoreOwner(_ slug: Slug, _ email: EmailAddress, by actor: AuditActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let organization = try find(slug, connection)
            if let known = try User.find(email: email.key, connection)?.id, try isOwner(known, of: organization.id, at: now, connection) {
                throw Refusal.isOwner(slug)
            }
            try Seats.restoreOwner(email: email, of: organization.id, by: actor, platform, in: connection)
            try tellOwners(of: organization, "owner-restored", at: now, connection)
        }
    }

    private func isOwner(_ user: UniqueID, of organization: OrganizationID, at now: Instant, _ connection: Connection) throws -> Bool {
        try connection.row(
            """
            SELECT 1 AS found FROM membership WHERE organization_id = :organization AND user_id = :user AND role = 'owner'
                AND starts_at <= :now AND ends_at IS NULL
            """, ["organization": organization, "user": user, "now": now]) != nil
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

    /// One that was made, without the code itself.
    struct Invite: Sendable, Hashable {
        /// Of the code: which one is meant, when one is ended.
        let hash: TokenHash
        let note: String
        let usesLeft: Int
        let expiresAt: Instant
        let createdAt: Instant

        func isGood(at now: Instant) -> Bool { usesLeft > 0 && expiresAt > now }
    }

    /// The newest first.
    func invites(limit: Int = 200) async throws -> [Invite] {
        try await platform.database.read { connection in
            try connection.rows("SELECT * FROM invite_code ORDER BY created_at DESC, code_hash LIMIT :limit", ["limit": limit]).map { row in
                Invite(
                    hash: try row["code_hash"], note: try row["note"], usesLeft: try row["uses_left"], expiresAt: try row["expires_at"],
                    createdAt: try row["created_at"])
            }
        }
    }

    /// From now on nobody can sign up with it. False if there is no such code that is good.
    func endInvite(_ hash: TokenHash) async throws -> Bool {
        let now = platform.now()
        return try await platform.database.write { connection in
            try connection.execute(
                "UPDATE invite_code SET expires_at = :now WHERE code_hash = :hash AND expires_at > :now", ["now": now, "hash": hash]) == 1
        }
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

    /// A user as operators see one.
    struct UserFacts: Sendable, Hashable {
        let user: User
        let createdAt: Instant
        let lastSeenAt: Instant?
        let sessions: Int
        let seats: [Seat]

        struct Seat: Sendable, Hashable {
            let slug: Slug
            let role: Role
            let endsAt: Instant?
        }
    }

    /// The newest first. `search` is looked for in addresses and names.
    func users(search: String = "", limit: Int = 100) async throws -> [UserFacts] {
        let (pattern, now) = (Self.pattern(search), platform.now())
        return try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT * FROM user WHERE email_key LIKE :pattern ESCAPE '\\' OR lower(name) LIKE :pattern ESCAPE '\\'
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """, ["pattern": pattern, "limit": limit]
            ).map { try Self.facts($0, at: now, connection) }
        }
    }

    /// Nil if nobody has the address.
    func user(_ email: EmailAddress) async throws -> UserFacts? {
        let now = platform.now()
        return try await platform.database.read { connection in
            try connection.row("SELECT * FROM user WHERE email_key = :key", ["key": email.key]).map { try Self.facts($0, at: now, connection) }
        }
    }

    private static func facts(_ row: Row, at now: Instant, _ connection: Connection) throws -> UserFacts {
        let user = try User(row)
        let seats = try connection.rows(
            """
            SELECT organization.slug, membership.role, membership.ends_at FROM membership
            JOIN organization ON organization.id = membership.organization_id
            WHERE membership.user_id = :user AND (membership.ends_at IS NULL OR membership.ends_at > :now) ORDER BY organization.slug, membership.role
            """, ["user": user.id, "now": now])
        return UserFacts(
            user: user, createdAt: try row["created_at"], lastSeenAt: try row["last_seen_at"],
            sessions: try Session.all(of: user.id, at: now, connection).count,
            seats: try seats.map { UserFacts.Seat(slug: try $0["slug"], role: try $0["role"], endsAt: try $0["ends_at"]) })
    }

    /// Ends all sessions of a user, who can sign in again. Returns how many there were; nil if there is no such user.
    func signOut(_ user: UniqueID) async throws -> Int? {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard try User.find(user, connection) != nil else { return nil }
            let count = try Session.all(of: user, at: now, connection).count
            try Session.endAll(of: user, connection)
            return count
        }
    }
}
