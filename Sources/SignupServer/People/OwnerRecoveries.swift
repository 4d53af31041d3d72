import Database
import Tenancy

/// Officers who ask for a new owner because the owners are gone: the rule is `OwnerRecovery`, this is its SQL and its mails.
struct OwnerRecoveries: Sendable {
    let people: PeoplePlatform

    private var platform: Platform { people.platform }

    /// One that is under way.
    struct Open: Sendable, Hashable {
        let id: UniqueID
        let rule: OwnerRecovery
    }

    enum Outcome: String, Sendable, SQLConvertible {
        case done, refused, withdrawn, lapsed
    }

    static func open(of organization: OrganizationID, _ connection: Connection) throws -> Open? {
        guard
            let row = try connection.row(
                "SELECT * FROM owner_recovery WHERE organization_id = :id AND ended_at IS NULL", ["id": organization])
        else { return nil }
        return Open(
            id: try row["id"],
            rule: OwnerRecovery(
                candidate: try row["candidate_id"], asker: try row["asked_by"], askedAt: try row["asked_at"], approver: try row["approved_by"],
                dueAt: try row["due_at"]))
    }

    // MARK: What officers do

    /// The first officer's part. One that nobody has agreed to gives way. Throws `PeopleRefusal`.
    func ask(for candidate: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard case .user(let user) = actor.access.actor, roster.roles(of: user, at: now).contains(.officer) else { throw PeopleRefusal.forbidden }
            guard OwnerRecovery.mayAsk(user, for: candidate, roster, at: now) else { throw PeopleRefusal.unknown }
            if let open = try Self.open(of: actor.organization, connection) {
                guard open.rule.approver == nil || open.rule.step(roster, at: now) == .lapse else { throw PeopleRefusal.taken }
                try end(open.id, open.rule.step(roster, at: now) == .lapse ? .lapsed : .withdrawn, at: now, connection)
            }
            try connection.execute(
                """
                INSERT INTO owner_recovery (id, organization_id, candidate_id, asked_by, asked_at)
                VALUES (:id, :organization, :candidate, :user, :now)
                """,
                ["id": platform.newID(), "organization": actor.organization, "candidate": candidate, "user": user, "now": now])
            try AuditLog.add(
                .recoveryAsked, candidate.description, by: actor.access.actor, to: actor.organization, at: now, in: connection)
            try SeatJobs.look(at: actor.organization, platform, in: connection)
        }
    }

    /// The second officer's part: the owners hear of it, and the week begins. Throws `PeopleRefusal`; `tooManyMails` if an owner can't be written to
    /// now, because then nothing would begin.
    func approve(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let open = try Self.open(of: actor.organization, connection), open.id == id else { throw PeopleRefusal.unknown }
            guard case .user(let user) = actor.access.actor, open.rule.mayApprove(user, roster, at: now) else { throw PeopleRefusal.forbidden }
            let due = OwnerRecovery.due(roster, approvedAt: now)
            try connection.execute(
                "UPDATE owner_recovery SET approved_by = :user, approved_at = :now, due_at = :due WHERE id = :id",
                ["user": user, "now": now, "due": due, "id": id])
            try AuditLog.add(
                .recoveryApproved, open.rule.candidate.description, by: actor.access.actor, to: actor.organization, at: now, in: connection)
            let organization = try PeoplePlatform.organization(actor.organization, connection)
            let candidate = try PeoplePlatform.recipient(open.rule.candidate, connection)
            for owner in try PeoplePlatform.owners(roster, at: now, connection) {
                let outcome = try people.mail(
                    MailDraft(
                        to: owner.email, template: "recovery-asked", language: owner.language,
                        values: [
                            "organization": organization.name, "candidate": candidate?.name ?? "", "officer": actor.user.shownName,
                            "days": String((due.seconds - now.seconds) / 86_400),
                            "link": people.address(PeopleRoutes.path(organization.slug).appending("recovery")),
                        ], organization: organization.id), connection)
                guard case .queued = outcome else { throw PeopleRefusal.tooManyMails }
            }
            try SeatJobs.look(at: actor.organization, platform, in: connection)
        }
    }

    /// An owner's no, or the first officer's second thoughts. Throws `PeopleRefusal`.
    func refuse(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let open = try Self.open(of: actor.organization, connection), open.id == id else { throw PeopleRefusal.unknown }
            let isOwner = actor.roles(roster, at: now).contains(.owner)
            guard isOwner || actor.access.actor == .user(open.rule.asker) else { throw PeopleRefusal.forbidden }
            try end(id, isOwner ? .refused : .withdrawn, at: now, connection)
            try AuditLog.add(
                .recoveryRefused, open.rule.candidate.description, by: actor.access.actor, to: actor.organization, at: now, in: connection)
        }
    }

    private func end(_ id: UniqueID, _ outcome: Outcome, at now: Instant, _ connection: Connection) throws {
        try connection.execute(
            "UPDATE owner_recovery SET ended_at = :now, outcome = :outcome WHERE id = :id AND ended_at IS NULL",
            ["now": now, "outcome": outcome, "id": id])
    }

    // MARK: As time passes

    /// Does what is due, in the job's transaction.
    /// - Returns: when to look again.
    func look(at organization: Organization, at now: Instant, _ connection: Connection) throws -> Instant? {
        guard let open = try Self.open(of: organization.id, connection) else { return nil }
        let roster = try MembershipStore.roster(of: organization.id, in: connection)
        switch open.rule.step(roster, at: now) {
        case .wait(let moment): return moment
        case .lapse:
            try end(open.id, .lapsed, at: now, connection)
            return nil
        case .makeOwner:
            // Whoever was owner hears of it while they can still do something.
            let owners = try PeoplePlatform.owners(roster, at: now, connection)
            let seat = try Seats.give(
                .owner, title: "", endsAt: nil, to: open.rule.candidate, of: organization.id, invitedBy: open.rule.asker, platform, in: connection)
            try end(open.id, .done, at: now, connection)
            try AuditLog.add(
                .ownerRestored, seat.description, ["user": open.rule.candidate.description], by: .platform, to: organization.id, at: now,
                in: connection)
            guard let new = try PeoplePlatform.recipient(open.rule.candidate, connection) else { return nil }
            for recipient in [new] + owners {
                _ = try people.mail(
                    MailDraft(
                        to: recipient.email, template: "recovery-done", language: recipient.language,
                        values: [
                            "organization": organization.name, "owner": new.name, "link": people.address(PeopleRoutes.path(organization.slug)),
                        ], organization: organization.id), connection)
            }
            return nil
        }
    }
}
