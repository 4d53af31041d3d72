import Database
import Tenancy

/// Invitations: a link in a mail that gives a seat, once, to whoever reads the mail.
///
/// Neither the form nor its answer depends on whether the address is known: it is the link's button that makes a user, or finds one.
struct Invitations: Sendable {
    /// What a link leads to before its button is pressed.
    enum Link: Sendable {
        case ready(Invitation, organization: String)
        /// Editing rests in the organization: it may be accepted later.
        case resting
        case over
    }

    /// What became of pressing the button.
    enum Outcome: Sendable {
        case accepted(Invitation, Slug, session: SecretToken)
        /// Somebody is signed in in this browser whom the mail was not for.
        case otherUser
        case resting
        case over
    }

    static let validSeconds: Int64 = 14 * 86_400
    /// For so long the same browser may press the button again, if it did not get the answer.
    static let repeatSeconds: Int64 = 3_600
    /// Of one organization.
    static let maximumOpen = 50
    static let linkPath: LocalPath = "/invitation"

    let people: PeoplePlatform

    private var platform: Platform { people.platform }

    // MARK: Inviting

    /// An earlier one to the same address for the same role gives way. Throws `PeopleRefusal`.
    func invite(_ draft: InvitationDraft, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard SeatPolicy.roles(givenBy: actor.roles(roster, at: now)).contains(draft.role) else { throw PeopleRefusal.forbidden }
            // What nobody came for is nobody's business any more.
            try connection.execute(
                """
                DELETE FROM invitation WHERE organization_id = :organization AND accepted_at IS NULL AND is_handover = 0
                    AND (expires_at <= :now OR (email_key = :email AND role = :role))
                """, ["organization": actor.organization, "now": now, "email": draft.email.key, "role": draft.role])
            let id = try add(draft, platform.newID(), by: actor, template: "invitation", at: now, connection)
            try AuditLog.add(
                .invited, id.description, ["role": draft.role.rawValue], by: actor.access.actor, to: actor.organization, at: now, in: connection)
        }
    }

    /// How many wait for an answer.
    static func countOpen(of organization: OrganizationID, at now: Instant, _ connection: Connection) throws -> Int {
        try connection.row(
            "SELECT count(*) AS count FROM invitation WHERE organization_id = :id AND accepted_at IS NULL AND expires_at > :now",
            ["id": organization, "now": now])?["count"] ?? 0
    }

    /// Writes an invitation and promises its mail, as part of the caller's transaction.
    @discardableResult
    func add(
        _ draft: InvitationDraft, _ id: UniqueID, by actor: PeopleActor, template: String, at now: Instant, _ connection: Connection
    ) throws -> UniqueID {
        guard try Self.countOpen(of: actor.organization, at: now, connection) < Self.maximumOpen else { throw PeopleRefusal.tooManyInvitations }
        let token = SecretToken(platform.random)
        // A seat whose term is over can't be taken any more.
        let end = min(now.adding(seconds: Self.validSeconds), draft.seatEndsAt ?? now.adding(seconds: Self.validSeconds))
        try connection.execute(
            """
            INSERT INTO invitation (
                id, token_hash, organization_id, email, email_key, role, title, seat_ends_at, is_handover, handover_seat_id, handover_ends_at,
                invited_by, created_at, expires_at)
            VALUES (
                :id, :hash, :organization, :email, :key, :role, :title, :seat_end, :is_handover, :seat, :handover_end, :by, :now, :end)
            """,
            [
                "id": id, "hash": token.hash, "organization": actor.organization, "email": draft.email.text, "key": draft.email.key,
                "role": draft.role, "title": draft.title, "seat_end": draft.seatEndsAt, "is_handover": draft.handover != nil,
                "seat": draft.handover?.seat, "handover_end": draft.handover?.endsAt, "by": actor.user.id, "now": now, "end": end,
            ])
        let language = try User.find(email: draft.email.key, connection)?.language ?? actor.user.language
        let role = people.role(draft.role, in: language)
        _ = try people.mail(
            MailDraft(
                to: draft.email, template: template, language: language,
                values: [
                    "organization": actor.access.name, "inviter": actor.user.shownName,
                    "role": draft.title.isEmpty ? role : "\(draft.title) (\(role))",
                    "link": people.address(Self.linkPath.with("token", token.text)), "days": String(max(1, (end.seconds - now.seconds) / 86_400)),
                ], organization: actor.organization, usefulUntil: end), connection)
        return id
    }

    /// Takes one back that nobody has accepted, and is not part of a handover. Throws `PeopleRefusal`.
    func withdraw(_ id: UniqueID, by actor: PeopleActor) async throws {
        let now = platform.now()
        try await platform.database.write { connection in
            guard let invitation = try Self.find(id, of: actor.organization, connection), !invitation.isHandover, invitation.acceptedAt == nil else {
                throw PeopleRefusal.unknown
            }
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard SeatPolicy.roles(givenBy: actor.roles(roster, at: now)).contains(invitation.role) else { throw PeopleRefusal.forbidden }
            try connection.execute("DELETE FROM invitation WHERE id = :id", ["id": id])
            try AuditLog.add(
                .invitationWithdrawn, id.description, ["role": invitation.role.rawValue], by: actor.access.actor, to: actor.organization, at: now,
                in: connection)
        }
    }

    // MARK: Looking

    static func find(_ id: UniqueID, of organization: OrganizationID, _ connection: Connection) throws -> Invitation? {
        try connection.row("SELECT * FROM invitation WHERE id = :id AND organization_id = :organization", ["id": id, "organization": organization])
            .map { try Invitation($0) }
    }

    /// Those that can be accepted, handovers among them, oldest first.
    static func open(of organization: OrganizationID, at now: Instant, _ connection: Connection) throws -> [Invitation] {
        try connection.rows(
            "SELECT * FROM invitation WHERE organization_id = :id AND accepted_at IS NULL AND expires_at > :now ORDER BY created_at, id",
            ["id": organization, "now": now]
        ).map { try Invitation($0) }
    }

    // MARK: The link

    private static let byToken = "SELECT * FROM invitation WHERE token_hash = :hash AND expires_at > :now"

    /// Looks without using it: programs that check mails open every link.
    func look(at token: SecretToken) async throws -> Link {
        let now = platform.now()
        return try await platform.database.read { connection in
            guard let row = try connection.row(Self.byToken, ["hash": token.hash, "now": now]) else { return .over }
            let invitation = try Invitation(row)
            guard invitation.acceptedAt == nil else { return .over }
            let organization = try PeoplePlatform.organization(invitation.organization, connection)
            return organization.status.allowsEditing ? .ready(invitation, organization: organization.name) : .resting
        }
    }

    /// Gives the seat to the user with the invited address, who is made if there is none, and opens a session: the mail proves the address.
    /// - Parameters:
    ///   - browser: what the browser's cookie holds: it may repeat this.
    ///   - user: who is signed in there now.
    func accept(
        _ token: SecretToken, browser: SecretToken, user current: SignedInUser?, language: Language, named name: String,
        replacing session: SecretToken?
    ) async throws -> Outcome {
        let now = platform.now()
        return try await platform.database.write { connection in
            guard let row = try connection.row(Self.byToken, ["hash": token.hash, "now": now]) else { return .over }
            let invitation = try Invitation(row)
            let organization = try PeoplePlatform.organization(invitation.organization, connection)
            let user: UniqueID
            if let acceptedAt = invitation.acceptedAt {
                // The browser that has pressed the button, and perhaps got no answer, gets it now.
                let hash: TokenHash? = try row["browser_hash"]
                guard hash == browser.hash, now.seconds - acceptedAt.seconds < Self.repeatSeconds, let known = invitation.acceptedBy else {
                    return .over
                }
                user = known
            } else {
                guard organization.status.allowsEditing else { return .resting }
                guard let email = try? EmailAddress(invitation.email) else { return .over }
                guard current.map({ $0.email.lowercased() == email.key }) ?? true else { return .otherUser }
                user = try Seats.user(email, language: language, platform, in: connection)
                try take(invitation, user, at: now, connection)
                try connection.execute(
                    """
                    UPDATE invitation SET accepted_at = :now, accepted_by = :user, browser_hash = :browser, email = '', email_key = ''
                    WHERE id = :id
                    """, ["now": now, "user": user, "browser": browser.hash, "id": invitation.id])
            }
            let token = SecretToken(platform.random)
            try Session.open(platform.newID(), token, of: user, browser: name, replacing: session, at: now, connection)
            return .accepted(invitation, organization.slug, session: token)
        }
    }

    private func take(_ invitation: Invitation, _ user: UniqueID, at now: Instant, _ connection: Connection) throws {
        let seat = try Seats.give(
            invitation.role, title: invitation.title, endsAt: invitation.seatEndsAt, to: user, of: invitation.organization,
            invitedBy: invitation.invitedBy, platform, in: connection)
        try AuditLog.add(
            invitation.isHandover ? .handoverTaken : .seatTaken, seat.description,
            ["role": invitation.role.rawValue, "invitation": invitation.id.description], by: .user(user), to: invitation.organization, at: now,
            in: connection)
        guard let predecessor = invitation.handoverSeat, let end = invitation.handoverEndsAt else { return }
        let roster = try MembershipStore.roster(of: invitation.organization, in: connection)
        guard let old = roster.seat(predecessor), old.role == invitation.role, old.isOpen(at: now) else { return }
        // Its own end may come before that.
        let last = max(now, min(end, old.endsAt ?? end))
        guard last != old.endsAt, roster.mayEnd(old, at: last, now: now) else { return }
        try Seats.setEnd(of: old, last, platform, in: connection)
        try AuditLog.add(
            .seatChanged, old.id.description, ["role": old.role.rawValue, "ends_at": last.description], by: .user(user), to: invitation.organization,
            at: now, in: connection)
    }
}
