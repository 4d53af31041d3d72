import Database
import Tenancy

/// What has to be told about seats as time passes, and recoveries that come due: one job per organization, which asks to be called again at the
/// next moment.
struct SeatJobs: Sendable {
    let people: PeoplePlatform
    let recoveries: OwnerRecoveries

    static let kind = "seats"

    private var platform: Platform { people.platform }

    var handler: JobHandler {
        JobHandler(kind: Self.kind, limit: 2, isExclusive: true) { job in
            guard let id = job.organization else { return }
            try await look(at: id)
        }
    }

    /// Has the seats of an organization looked at, now and from then on whenever something is due. Part of every transaction that changes one.
    static func look(at id: OrganizationID, _ platform: Platform, in connection: Connection) throws {
        try platform.jobs.enqueue(NewJob(kind: kind, payload: NoPayload(), organization: id, key: kind), in: connection)
    }

    /// A closed organization may be opened again: nobody is written to meanwhile.
    private static let closedSeconds: Int64 = 86_400

    private func look(at id: OrganizationID) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            guard let row = try connection.row("SELECT \(Organization.columns) FROM organization WHERE id = :id", ["id": id]) else { return }
            let organization = try Organization(row)
            var moments: [Instant] = []
            if organization.closedAt == nil {
                if let moment = try recoveries.look(at: organization, at: now, connection) { moments.append(moment) }
                moments += try tell(organization, at: now, connection)
            } else {
                moments.append(now.adding(seconds: Self.closedSeconds))
            }
            guard let next = moments.min() else { return }
            try platform.jobs.enqueue(
                NewJob(kind: Self.kind, payload: NoPayload(), organization: id, runAt: next, key: Self.kind), in: connection)
        }
    }

    /// - Returns: when there is more to tell.
    private func tell(_ organization: Organization, at now: Instant, _ connection: Connection) throws -> [Instant] {
        let roster = try MembershipStore.roster(of: organization.id, in: connection)
        var moments: [Instant] = []
        for seat in roster.seats {
            guard let end = seat.endsAt else { continue }
            let told = try connection.rows(
                "SELECT days FROM seat_notice WHERE membership_id = :id AND ends_at = :end", ["id": seat.id, "end": end]
            ).compactMap { SeatTerm.Notice(rawValue: try $0["days"]) }
            let term = SeatTerm(endsAt: end, isOverdue: roster.isOverdue(seat, at: now), told: Set(told))
            if let notice = term.step(at: now) {
                try Self.note(notice, of: seat.id, end, at: now, connection)
                try tell(notice, of: seat, end, organization, roster, at: now, connection)
            }
            if let moment = term.next(after: now) { moments.append(moment) }
        }
        return moments
    }

    static func note(_ notice: SeatTerm.Notice, of seat: UniqueID, _ end: Instant, at now: Instant, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO seat_notice (membership_id, ends_at, days, told_at) VALUES (:id, :end, :days, :now)
            ON CONFLICT (membership_id, ends_at, days) DO NOTHING
            """, ["id": seat, "end": end, "days": notice.rawValue, "now": now])
    }

    private func tell(
        _ notice: SeatTerm.Notice, of seat: Membership, _ end: Instant, _ organization: Organization, _ roster: Roster, at now: Instant,
        _ connection: Connection
    ) throws {
        switch notice {
        case .month, .week: try remind(seat, end, organization, roster, at: now, connection)
        case .ended:
            try AuditLog.add(
                .seatEnded, seat.id.description, ["role": seat.role.rawValue], by: .platform, to: organization.id, at: now, in: connection)
            try Self.tellEnd(of: seat, people, connection)
        case .overdue:
            guard let holder = try PeoplePlatform.recipient(seat.user, connection) else { return }
            try mail("seat-overdue", to: holder, ["link": people.address(PeopleRoutes.path(organization.slug))], organization, connection)
        }
    }

    /// The holder; and the owners, where a seat of the board will be empty.
    private func remind(
        _ seat: Membership, _ end: Instant, _ organization: Organization, _ roster: Roster, at now: Instant, _ connection: Connection
    ) throws {
        guard let holder = try PeoplePlatform.recipient(seat.user, connection) else { return }
        // Said as it is now: after a pause of the server fewer days may be left.
        let days = String(max(1, (end.seconds - now.seconds + 43_200) / 86_400))
        let path = PeopleRoutes.path(organization.slug).appending(seat.id.description)
        try mail(
            "seat-ending", to: holder,
            ["role": people.role(seat.role, in: holder.language), "days": days, "link": people.address(path.appending("handover"))], organization,
            until: end, connection)
        guard Permission.board.contains(seat.role) else { return }
        for owner in try PeoplePlatform.owners(roster, at: now, connection) where owner.user != holder.user {
            try mail(
                "seat-ending-owner", to: owner,
                ["holder": holder.name, "role": people.role(seat.role, in: owner.language), "days": days, "link": people.address(path)],
                organization, until: end, connection)
        }
    }

    static func tellEnd(of seat: Membership, _ people: PeoplePlatform, _ connection: Connection) throws {
        guard let holder = try PeoplePlatform.recipient(seat.user, connection) else { return }
        let organization = try PeoplePlatform.organization(seat.organization, connection)
        _ = try people.mail(
            MailDraft(
                to: holder.email, template: "seat-ended", language: holder.language,
                values: ["organization": organization.name, "role": people.role(seat.role, in: holder.language)], organization: organization.id),
            connection)
    }

    private func mail(
        _ template: String, to recipient: PeoplePlatform.Recipient, _ values: [String: String], _ organization: Organization, until: Instant? = nil,
        _ connection: Connection
    ) throws {
        _ = try people.mail(
            MailDraft(
                to: recipient.email, template: template, language: recipient.language,
                values: values.merging(["organization": organization.name]) { given, _ in given }, organization: organization.id, usefulUntil: until),
            connection)
    }
}
