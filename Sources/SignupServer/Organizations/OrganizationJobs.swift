import Database
import Tenancy

/// What has to happen with an organization sooner or later, as jobs: promised in the transaction that makes it necessary.
struct OrganizationJobs: Sendable {
    let platform: Platform
    let provisioner: Provisioner
    let mail: @Sendable (MailDraft, Connection) throws -> Void

    static let provision = "provision"
    static let life = "life"

    /// Whoever confirms a sign-up makes the organization ready at once; if that is cut off, this job does after so many seconds.
    static let patience: Int64 = 20

    private var deletion: OrganizationDeletion { OrganizationDeletion(platform: platform) }

    var handlers: [JobHandler] {
        [
            JobHandler(kind: Self.provision, limit: 2, isExclusive: true) { job in
                guard let id = job.organization else { return }
                try await makeReady(id)
            },
            JobHandler(kind: Self.life, limit: 2, isExclusive: true) { job in
                guard let id = job.organization else { return }
                try await live(id)
            },
            deletion.handler,
        ]
    }

    // MARK: Becoming ready

    /// Promises, as part of the transaction that makes an organization, that it becomes ready.
    static func promise(_ id: OrganizationID, _ platform: Platform, in connection: Connection) throws {
        try platform.jobs.enqueue(
            NewJob(
                kind: provision, payload: NoPayload(), organization: id, runAt: platform.now().adding(seconds: patience), key: provision),
            in: connection)
    }

    /// Makes an organization ready, or finds that it is. The last step takes the promise back, welcomes the owners, and begins the clock.
    func makeReady(_ id: OrganizationID) async throws {
        try await provisioner.provision(id) { connection, organization in
            try platform.jobs.withdraw(kind: Self.provision, organization: id, key: Self.provision, in: connection)
            try Self.look(at: id, platform, in: connection)
            for owner in try owners(of: id, connection) {
                try mail(
                    MailDraft(
                        to: owner.email, template: "welcome", language: owner.language,
                        values: [
                            "organization": organization.name, "site_link": platform.addresses.site(organization.slug) + "/",
                            "dashboard_link": dashboard(organization),
                        ], organization: id), connection)
            }
        }
    }

    // MARK: As time passes

    /// Has the life of an organization looked at, now and from then on whenever something is due. Part of every transaction that changes its
    /// status, its trial or its end.
    static func look(at id: OrganizationID, _ platform: Platform, in connection: Connection) throws {
        try platform.jobs.enqueue(NewJob(kind: life, payload: NoPayload(), organization: id, key: life), in: connection)
    }

    /// Does what is due, and asks to be called again at the next moment. One transaction has the change, its mails and that.
    private func live(_ id: OrganizationID) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            guard let row = try connection.row("SELECT \(Organization.columns) FROM organization WHERE id = :id", ["id": id]) else { return }
            let organization = try Organization(row)
            var life = OrganizationLife(
                status: organization.status, trialEndsAt: organization.trialEndsAt, closedAt: organization.closedAt,
                reminders: try reminders(organization, connection))
            while let step = life.step(at: now) {
                switch step {
                case .remind(let days):
                    try remind(organization, days, at: now, connection)
                    life.reminders.insert(days)
                case .freeze:
                    try freeze(organization, at: now, connection)
                    life.status = .frozen
                case .delete: return try deletion.begin(organization, at: now, in: connection)
                }
            }
            if let next = life.next(after: now) {
                try platform.jobs.enqueue(
                    NewJob(kind: Self.life, payload: NoPayload(), organization: id, runAt: next, key: Self.life), in: connection)
            }
        }
    }

    private func reminders(_ organization: Organization, _ connection: Connection) throws -> Set<Int> {
        Set(
            try connection.rows(
                "SELECT days FROM trial_reminder WHERE organization_id = :id AND trial_ends_at = :end",
                ["id": organization.id, "end": organization.trialEndsAt]
            ).map { try $0["days"] })
    }

    /// Notes a mail about an end of a trial. False if it went out before.
    private func note(_ organization: Organization, _ days: Int, at now: Instant, _ connection: Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO trial_reminder (organization_id, trial_ends_at, days, sent_at) VALUES (:id, :end, :days, :now)
            ON CONFLICT (organization_id, trial_ends_at, days) DO NOTHING
            """, ["id": organization.id, "end": organization.trialEndsAt, "days": days, "now": now]) == 1
    }

    private func remind(_ organization: Organization, _ days: Int, at now: Instant, _ connection: Connection) throws {
        guard try note(organization, days, at: now, connection) else { return }
        // Said as it is now: after a pause of the server fewer days may be left.
        let left = max(1, ((organization.trialEndsAt?.seconds ?? 0) - now.seconds + 43_200) / 86_400)
        for owner in try owners(of: organization.id, connection) {
            try mail(
                MailDraft(
                    to: owner.email, template: "trial-ending", language: owner.language,
                    values: ["organization": organization.name, "days": String(left), "link": plan(organization)], organization: organization.id,
                    usefulUntil: organization.trialEndsAt), connection)
        }
    }

    private func freeze(_ organization: Organization, at now: Instant, _ connection: Connection) throws {
        try connection.execute(
            "UPDATE organization SET subscription_status = 'frozen' WHERE id = :id AND subscription_status = 'trialing'", ["id": organization.id])
        try AuditLog.add(.trialEnded, by: .platform, to: organization.id, at: now, in: connection)
        // One that was suspended since, or opened again, comes here a second time.
        guard try note(organization, 0, at: now, connection) else { return }
        for owner in try owners(of: organization.id, connection) {
            try mail(
                MailDraft(
                    to: owner.email, template: "trial-over", language: owner.language,
                    values: ["organization": organization.name, "link": plan(organization)], organization: organization.id), connection)
        }
    }

    private func dashboard(_ organization: Organization) -> String {
        platform.addresses.app + DashboardRoutes.path(organization.slug).text
    }

    private func plan(_ organization: Organization) -> String {
        platform.addresses.app + PlanRoutes.path(organization.slug).text
    }

    private func owners(of id: OrganizationID, _ connection: Connection) throws -> [(email: EmailAddress, language: Language)] {
        try MembershipStore.owners(of: id, at: platform.now(), in: connection)
    }
}

/// For a job that needs to know nothing but its organization: the facts are read when it runs.
struct NoPayload: Encodable {}
