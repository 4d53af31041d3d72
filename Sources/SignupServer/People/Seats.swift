import Database
import Tenancy

/// What is done with seats: given, changed, ended. Each is one transaction, which looks itself at who may do it, writes the audit entry, and
/// promises what has to be told later.
struct Seats: Sendable {
    let people: PeoplePlatform

    private var platform: Platform { people.platform }

    // MARK: Changing

    /// - Parameter endsAt: nil for no end.
    /// Throws `PeopleRefusal`.
    func change(_ id: UniqueID, role: Role, title: String, endsAt: Instant?, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let seat = roster.seat(id), roster.isInForce(seat, at: now) else { throw PeopleRefusal.unknown }
            let given = SeatPolicy.roles(givenBy: actor.roles(roster, at: now))
            guard given.contains(seat.role), given.contains(role) else { throw PeopleRefusal.forbidden }
            guard role != seat.role || title != seat.title || endsAt != seat.endsAt else { return }
            // An end that stays is no new one: the last owner's may be past.
            let isEnding = role != seat.role || endsAt != seat.endsAt
            guard !isEnding || roster.mayEnd(seat, at: role == seat.role ? endsAt : now, now: now) else { throw PeopleRefusal.lastOwner }
            if role != seat.role, let other = roster.seats.first(where: { $0.user == seat.user && $0.role == role }) {
                guard !roster.isInForce(other, at: now) else { throw PeopleRefusal.taken }
                // An earlier term in that role: the log has it.
                try connection.execute("DELETE FROM membership WHERE id = :id", ["id": other.id])
            }
            try connection.execute(
                "UPDATE membership SET role = :role, title = :title, ends_at = :end WHERE id = :id",
                ["role": role, "title": title, "end": endsAt, "id": id])
            var details = ["role": role.rawValue]
            if role != seat.role { details["role_before"] = seat.role.rawValue }
            if endsAt != seat.endsAt { details["ends_at"] = endsAt?.description ?? "" }
            try AuditLog.add(.seatChanged, id.description, details, by: actor.access.actor, to: actor.organization, at: now, in: connection)
            if role != seat.role { try withdrawPromises(of: seat, by: actor, at: now, connection) }
            try Self.noteTerm(id, of: actor.organization, endsAt, platform, in: connection)
        }
    }

    /// Ends a seat at once: the next request of whoever held it is refused. Throws `PeopleRefusal`.
    func end(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let seat = roster.seat(id), roster.isInForce(seat, at: now) else { throw PeopleRefusal.unknown }
            guard SeatPolicy.roles(givenBy: actor.roles(roster, at: now)).contains(seat.role) else { throw PeopleRefusal.forbidden }
            try end(seat, roster, by: actor, at: now, connection)
            try withdrawPromises(of: seat, by: actor, at: now, connection)
        }
    }

    /// Gives the own seat back. Throws `PeopleRefusal`.
    func leave(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let seat = roster.seat(id), roster.isInForce(seat, at: now), actor.holds(seat) else { throw PeopleRefusal.unknown }
            try end(seat, roster, by: actor, at: now, connection)
        }
    }

    private func end(_ seat: Membership, _ roster: Roster, by actor: PeopleActor, at now: Instant, _ connection: Connection) throws {
        guard roster.mayEnd(seat, at: now, now: now) else { throw PeopleRefusal.lastOwner }
        try connection.execute("UPDATE membership SET ends_at = :now WHERE id = :id", ["now": now, "id": seat.id])
        try AuditLog.add(
            .seatEnded, seat.id.description, ["role": seat.role.rawValue], by: actor.access.actor, to: actor.organization, at: now, in: connection)
        try SeatJobs.note(.ended, of: seat.id, now, at: now, connection)
        try SeatJobs.tellEnd(of: seat, people, connection)
        try SeatJobs.look(at: actor.organization, platform, in: connection)
    }

    /// Takes back what somebody has promised whose seat was taken away or made smaller: the seat's handover, and invitations to what they may not
    /// give any more. Whoever leaves, or comes to the end of a term, has invited the next board in good order.
    private func withdrawPromises(of seat: Membership, by actor: PeopleActor, at now: Instant, _ connection: Connection) throws {
        let roster = try MembershipStore.roster(of: actor.organization, in: connection)
        let given = SeatPolicy.roles(givenBy: roster.roles(of: seat.user, at: now))
        for row in try connection.rows(
            """
            SELECT id, role, is_handover, handover_seat_id FROM invitation
            WHERE organization_id = :organization AND accepted_at IS NULL AND (handover_seat_id = :seat OR invited_by = :user)
            """, ["organization": actor.organization, "seat": seat.id, "user": seat.user])
        {
            let (id, role): (UniqueID, Role) = (try row["id"], try row["role"])
            let handedOver: UniqueID? = try row["handover_seat_id"]
            guard handedOver == seat.id || !given.contains(role) else { continue }
            try connection.execute("DELETE FROM invitation WHERE id = :id", ["id": id])
            try AuditLog.add(
                .invitationWithdrawn, id.description, ["role": role.rawValue], by: actor.access.actor, to: actor.organization, at: now, in: connection
            )
        }
    }

    // MARK: Giving

    /// Gives a seat, as part of the caller's transaction, which writes the audit entry. A seat that the user has in that role gets the new title
    /// and the later end of both.
    @discardableResult
    static func give(
        _ role: Role, title: String, endsAt: Instant?, to user: UniqueID, of organization: OrganizationID, invitedBy: UniqueID?, _ platform: Platform,
        in connection: Connection
    ) throws -> UniqueID {
        let now = platform.now()
        let roster = try MembershipStore.roster(of: organization, in: connection)
        let id: UniqueID
        var end = endsAt
        if let seat = roster.seats.first(where: { $0.user == user && $0.role == role }) {
            id = seat.id
            let isOpen = seat.isOpen(at: now)
            if isOpen { end = seat.endsAt.flatMap { present in endsAt.map { max(present, $0) } } }
            try connection.execute(
                "UPDATE membership SET title = :title, starts_at = :start, ends_at = :end, invited_by = :by WHERE id = :id",
                [
                    "title": title.isEmpty ? seat.title : title, "start": isOpen ? seat.startsAt : now, "end": end, "by": invitedBy, "id": id,
                ])
        } else {
            id = platform.newID()
            try MembershipStore.add(
                id, organization: organization, user: user, role: role, title: title, endsAt: end, invitedBy: invitedBy, at: now, in: connection)
        }
        try noteTerm(id, of: organization, end, platform, in: connection)
        return id
    }

    /// The user with an address: the one who is there, or a new one.
    static func user(_ email: EmailAddress, language: Language, _ platform: Platform, in connection: Connection) throws -> UniqueID {
        if let known = try User.find(email: email.key, connection) { return known.id }
        let id = platform.newID()
        try User.add(id, email: email, name: "", language: language, at: platform.now(), connection)
        return id
    }

    /// Makes somebody owner, without an end, whom the operator has found to be entitled. The caller asks the operator for reasons and proof.
    @discardableResult
    static func restoreOwner(
        email: EmailAddress, of organization: OrganizationID, by actor: AuditActor, _ platform: Platform, in connection: Connection
    ) throws -> UniqueID {
        let user = try user(email, language: .english, platform, in: connection)
        let seat = try give(.owner, title: "", endsAt: nil, to: user, of: organization, invitedBy: nil, platform, in: connection)
        try AuditLog.add(
            .ownerRestored, seat.description, ["user": user.description], by: actor, to: organization, at: platform.now(), in: connection)
        return user
    }

    /// Gives a seat another end, as part of the caller's transaction, which has asked whether it may be.
    static func setEnd(of seat: Membership, _ end: Instant, _ platform: Platform, in connection: Connection) throws {
        try connection.execute("UPDATE membership SET ends_at = :end WHERE id = :id", ["end": end, "id": seat.id])
        try noteTerm(seat.id, of: seat.organization, end, platform, in: connection)
    }

    /// Promises what is to be told of a seat's end. Part of every transaction that sets one.
    private static func noteTerm(
        _ id: UniqueID, of organization: OrganizationID, _ endsAt: Instant?, _ platform: Platform, in connection: Connection
    ) throws {
        let now = platform.now()
        if let endsAt {
            for notice in SeatTerm.missed(of: endsAt, at: now) { try SeatJobs.note(notice, of: id, endsAt, at: now, connection) }
        }
        try SeatJobs.look(at: organization, platform, in: connection)
    }
}
