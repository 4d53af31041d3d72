import Database
import Tenancy

/// Handing a seat over: the successor takes the same role by a link, the predecessor stays for some days more, and a checklist with notes says
/// what there is to know. Who and when is in the platform's file, checklist and notes are in the organization's own.
struct Handovers: Sendable {
    let people: PeoplePlatform
    let invitations: Invitations

    private var platform: Platform { people.platform }

    /// What an officer of a PTSA hands over. The raw value is kept.
    enum Item: String, Sendable, Hashable, CaseIterable, Codable {
        case mail, bank, accounts, keys, insurance, calendar, documents, contacts, board
    }

    /// What one board tells the next.
    struct Papers: Sendable, Hashable {
        var done: Set<Item>
        var notes: String

        static let empty = Papers(done: [], notes: "")
        static let longestNotes = 4_000
    }

    /// Days that both hold the seat.
    static let usualOverlap = 14
    /// More would be a second seat that nobody has given.
    static let longestOverlap = 90

    // MARK: Beginning and ending

    /// Who may hand a seat over: whoever holds it, and the owners.
    static func mayHandOver(_ seat: Membership, _ actor: PeopleActor, _ roster: Roster, at now: Instant) -> Bool {
        roster.isInForce(seat, at: now) && (actor.holds(seat) || actor.roles(roster, at: now).contains(.owner))
    }

    /// - Parameter lastMoment: when the predecessor's seat ends, if the successor comes.
    /// Throws `PeopleRefusal`.
    func begin(
        _ id: UniqueID, to email: EmailAddress, seatEndsAt: Instant?, lastMoment: Instant, _ papers: Papers, by actor: PeopleActor
    ) async throws {
        let now = platform.now()
        let handover = platform.newID()
        // First, so that nobody follows the link to nothing. What is left when the rest fails belongs to no handover, and is seen by nobody.
        try await save(papers, handover, of: actor.organization)
        do {
            try await platform.database.write { connection in
                let roster = try MembershipStore.roster(of: actor.organization, in: connection)
                guard let seat = roster.seat(id), Self.mayHandOver(seat, actor, roster, at: now) else { throw PeopleRefusal.unknown }
                guard try Self.current(of: id, at: now, connection) == nil else { throw PeopleRefusal.handoverUnderWay }
                // Those that nobody came for.
                try connection.execute("DELETE FROM invitation WHERE handover_seat_id = :seat AND accepted_at IS NULL", ["seat": id])
                let draft = InvitationDraft(
                    email: email, role: seat.role, title: seat.title, seatEndsAt: seatEndsAt, handover: (seat: id, endsAt: lastMoment))
                try invitations.add(draft, handover, by: actor, template: "handover", at: now, connection)
                try AuditLog.add(
                    .handoverBegun, id.description, ["role": seat.role.rawValue, "invitation": handover.description], by: actor.access.actor,
                    to: actor.organization, at: now, in: connection)
            }
        } catch {
            try? await forget(handover, of: actor.organization)
            throw error
        }
    }

    /// Takes one back that nobody has accepted. Throws `PeopleRefusal`.
    func withdraw(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            guard let handover = try Invitations.find(id, of: actor.organization, connection), handover.isHandover, handover.acceptedAt == nil else {
                throw PeopleRefusal.unknown
            }
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            let isHolder = handover.handoverSeat.flatMap { roster.seat($0) }.map { actor.holds($0) && roster.isInForce($0, at: now) } ?? false
            guard isHolder || actor.roles(roster, at: now).contains(.owner) else { throw PeopleRefusal.unknown }
            try connection.execute("DELETE FROM invitation WHERE id = :id", ["id": id])
            try AuditLog.add(
                .invitationWithdrawn, id.description, ["role": handover.role.rawValue], by: actor.access.actor, to: actor.organization, at: now,
                in: connection)
        }
        try await forget(id, of: actor.organization)
    }

    /// The handover of a seat that is under way or done; nil if there is none, or nobody came for it.
    static func current(of seat: UniqueID, at now: Instant, _ connection: Connection) throws -> Invitation? {
        // Who takes a seat anew may hand it over again: one that was accepted before its term began is another term's.
        try connection.row(
            """
            SELECT invitation.* FROM invitation JOIN membership ON membership.id = invitation.handover_seat_id
            WHERE handover_seat_id = :seat AND invitation.created_at >= membership.starts_at
                AND (accepted_at IS NOT NULL OR expires_at > :now) ORDER BY accepted_at IS NULL, invitation.created_at LIMIT 1
            """, ["seat": seat, "now": now]
        ).map { try Invitation($0) }
    }

    // MARK: Checklist and notes

    /// Who sees them: the one who hands over, the successor when they have come, and the owners.
    static func maySee(_ handover: Invitation, _ actor: PeopleActor, _ roster: Roster, at now: Instant) -> Bool {
        guard handover.isHandover else { return false }
        if actor.roles(roster, at: now).contains(.owner) { return true }
        let holder = handover.handoverSeat.flatMap { roster.seat($0) }
        return holder.map { actor.holds($0) } ?? false || handover.acceptedBy.map { actor.access.actor == .user($0) } ?? false
    }

    func papers(_ id: UniqueID, of organization: OrganizationID) async throws -> Papers {
        try await platform.tenants.database(of: organization).read { connection in
            guard let row = try connection.row("SELECT done, notes FROM handover WHERE id = :id", ["id": id]) else { return .empty }
            let done: JSONText = try row["done"]
            return Papers(done: Set(try done.decode(as: [String].self).compactMap { Item(rawValue: $0) }), notes: try row["notes"])
        }
    }

    /// Of a seat's handover that nobody came for: it need not be written twice.
    func earlierPapers(of seat: UniqueID, _ organization: OrganizationID) async throws -> Papers? {
        let id: UniqueID? = try await platform.database.read { connection in
            try connection.row(
                """
                SELECT id FROM invitation WHERE handover_seat_id = :seat AND organization_id = :organization AND accepted_at IS NULL
                ORDER BY created_at DESC LIMIT 1
                """, ["seat": seat, "organization": organization])?["id"]
        }
        guard let id else { return nil }
        return try await papers(id, of: organization)
    }

    func save(_ papers: Papers, _ id: UniqueID, of organization: OrganizationID) async throws {
        let now = platform.now()
        let done = try JSONText(Item.allCases.filter(papers.done.contains))
        try await platform.tenants.database(of: organization).write { connection in
            try connection.execute(
                """
                INSERT INTO handover (id, organization_id, done, notes, changed_at) VALUES (:id, :organization_id, :done, :notes, :now)
                ON CONFLICT (id) DO UPDATE SET done = :done, notes = :notes, changed_at = :now
                """, ["id": id, "done": done, "notes": papers.notes, "now": now])
        }
    }

    private func forget(_ id: UniqueID, of organization: OrganizationID) async throws {
        try await platform.tenants.database(of: organization).write { connection in
            try connection.execute("DELETE FROM handover WHERE id = :id", ["id": id])
        }
    }
}
