import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// Who belongs to an organization: the seats, and invitations to them.
struct PeopleRoutes: Sendable {
    let web: Web
    let people: PeoplePlatform
    let seats: Seats
    let invitations: Invitations

    private var platform: Platform { people.platform }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("people") }

    private static let givers: Set<Role> = [.owner, .officer]

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/people", surface: .app, permission: .member(Permission.all), handler: show),
            Route(.get, "/manage/{slug}/people/invite", surface: .app, permission: .member(Self.givers, .seating), handler: showInvite),
            Route(.post, "/manage/{slug}/people/invite", surface: .app, permission: .member(Self.givers, .seating), handler: invite),
            Route(
                .post, "/manage/{slug}/people/invitations/withdraw", surface: .app, permission: .member(Self.givers, .owning),
                handler: withdraw),
            Route(.get, "/manage/{slug}/people/{seat}", surface: .app, permission: .member(Permission.all), handler: showSeat),
            Route(.post, "/manage/{slug}/people/{seat}", surface: .app, permission: .member(Self.givers, .seating), handler: change),
            Route(.post, "/manage/{slug}/people/{seat}/end", surface: .app, permission: .member(Self.givers, .seating), handler: end),
            Route(.post, "/manage/{slug}/people/{seat}/leave", surface: .app, permission: .member(Permission.all, .owning), handler: leave),
        ]
    }

    // MARK: The list

    /// What the pages show, from one moment.
    private struct Facts: Sendable {
        let roster: Roster
        let users: [UniqueID: User]
        let invitations: [Invitation]
        let calendar: TermCalendar
        let recovery: OwnerRecoveries.Open?
    }

    private func facts(_ organization: OrganizationID) async throws -> Facts {
        let now = platform.now()
        return try await platform.database.read { connection in
            let users = try connection.rows(
                "SELECT * FROM user WHERE id IN (SELECT user_id FROM membership WHERE organization_id = :id)", ["id": organization]
            ).map { try User($0) }
            return Facts(
                roster: try MembershipStore.roster(of: organization, in: connection),
                users: Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
                invitations: try Invitations.open(of: organization, at: now, connection),
                calendar: try PeoplePlatform.calendar(of: organization, connection),
                recovery: try OwnerRecoveries.open(of: organization, connection))
        }
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let now = platform.now()
        let facts = try await facts(actor.organization)
        let strings = web.pages.strings[context.language]
        let (seesAddresses, allowsEditing) = (Self.seesAddresses(actor), actor.access.status.allowsEditing)
        let given = SeatPolicy.roles(givenBy: actor.access.roles)
        let order = Dictionary(Role.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let seats = facts.roster.inForce(at: now).enumerated().sorted {
            (order[$0.element.role] ?? 0, $0.offset) < (order[$1.element.role] ?? 0, $1.offset)
        }.map(\.element)
        let open = seesAddresses ? facts.invitations.filter { !$0.isHandover } : []
        let query = context.visit.encodedQuery ?? ""
        return web.pages.response(
            Page(
                "people", title: "people.title",
                values: [
                    "notice": .optional(Self.notices[query].map { strings($0) }),
                    "seats": .list(seats.map { row($0, actor, facts, at: now, strings) }),
                    "invitations": .list(
                        open.map { invitation in
                            [
                                "invitation": .text(invitation.id.description), "email": .text(invitation.email),
                                "role": .text(Self.role(invitation.role, invitation.title, strings)),
                                "until": .text(strings("people.invitation_until", ["day": Self.day(before: invitation.expiresAt, facts, strings)])),
                                "may_withdraw": .bool(given.contains(invitation.role)),
                            ]
                        }),
                    "has_invitations": .bool(!open.isEmpty),
                    "path": .text(Self.path(actor.access.slug).text),
                    "may_invite": .bool(!given.isEmpty && allowsEditing),
                    "recovery_is_open": .bool(facts.recovery != nil && !actor.access.roles.isDisjoint(with: Self.givers)),
                    "may_recover": .bool(facts.recovery == nil && actor.access.roles.contains(.officer) && !actor.access.roles.contains(.owner)),
                ], isWide: true), context)
    }

    /// After a change, by the query of the page that it leads to.
    private static let notices = [
        "invited": "people.notice_invited", "withdrawn": "people.notice_withdrawn", "saved": "saved", "ended": "people.notice_ended",
        "handover-withdrawn": "people.notice_withdrawn",
    ]

    private static func seesAddresses(_ actor: PeopleActor) -> Bool { !actor.access.roles.isDisjoint(with: Permission.board) }

    /// Every member is there, if only as nothing.
    private func row(_ seat: Membership, _ actor: PeopleActor, _ facts: Facts, at now: Instant, _ strings: UIStrings) -> TemplateValue {
        let handover = facts.invitations.first { $0.handoverSeat == seat.id }
        return [
            "name": .text(Self.name(seat, actor, facts, strings)), "email": Self.email(seat, actor, facts),
            "role": .text(Self.role(seat.role, seat.title, strings)), "term": .text(Self.term(seat, facts, at: now, strings)),
            "is_mine": .bool(actor.holds(seat)), "ends_soon": .bool(Self.endsSoon(seat, at: now)),
            "is_overdue": .bool(facts.roster.isOverdue(seat, at: now)), "has_handover": .bool(handover != nil),
            "address": .text(Self.path(actor.access.slug).appending(seat.id.description).text),
            "may_open": .bool(actor.holds(seat) || SeatPolicy.roles(givenBy: actor.access.roles).contains(seat.role)),
        ]
    }

    /// Who has given no name is known by the address, to those who may see it.
    private static func name(_ seat: Membership, _ actor: PeopleActor, _ facts: Facts, _ strings: UIStrings) -> String {
        guard let user = facts.users[seat.user] else { return strings("people.no_name") }
        return user.name.isEmpty ? seesAddresses(actor) || actor.holds(seat) ? user.email : strings("people.no_name") : user.name
    }

    /// Where it isn't the name already.
    private static func email(_ seat: Membership, _ actor: PeopleActor, _ facts: Facts) -> TemplateValue {
        guard seesAddresses(actor), let user = facts.users[seat.user], !user.name.isEmpty else { return .none }
        return .text(user.email)
    }

    private static func role(_ role: Role, _ title: String, _ strings: UIStrings) -> String {
        let name = RoleWords.name(role).text(strings)
        return title.isEmpty ? name : "\(title) · \(name)"
    }

    private static func term(_ seat: Membership, _ facts: Facts, at now: Instant, _ strings: UIStrings) -> String {
        guard let end = seat.endsAt else { return strings("people.no_end") }
        return strings(end <= now ? "people.ended_on" : "people.until", ["day": day(before: end, facts, strings)])
    }

    private static func day(before end: Instant, _ facts: Facts, _ strings: UIStrings) -> String {
        DateText.text(for: strings.language).fullDate.text(facts.calendar.lastDay(before: end))
    }

    private static func endsSoon(_ seat: Membership, at now: Instant) -> Bool {
        seat.endsAt.map { $0 > now && $0 <= now.adding(seconds: 30 * 86_400) } ?? false
    }

    // MARK: Inviting

    private static let invitationsOfOrganization = RateLimit("invitations by organization", 60, perSeconds: 3_600)
    private static let invitationsOfUser = RateLimit("invitations by user", 40, perSeconds: 3_600)

    @Sendable private func showInvite(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let calendar = try await platform.database.read { try PeoplePlatform.calendar(of: actor.organization, $0) }
        let form = PeopleForms.invitation(SeatPolicy.roles(givenBy: actor.access.roles))
        return invitePage(form, form.entry([PeopleForms.Field.termEnd: calendar.usualEnd(at: platform.now()).description]), actor, context)
    }

    private func invitePage(_ form: Form, _ entry: FormEntry, _ actor: PeopleActor, _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "people-invite", title: "people.invite_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(form, entry, action: Self.path(actor.access.slug).appending("invite"))), context)
    }

    @Sendable private func invite(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let now = platform.now()
        let calendar = try await platform.database.read { try PeoplePlatform.calendar(of: actor.organization, $0) }
        let form = PeopleForms.invitation(SeatPolicy.roles(givenBy: actor.access.roles))
        var entry = form.entry(try await FormData.read(request))
        let email = PeopleForms.email(&entry)
        let end = PeopleForms.end(&entry, PeopleForms.Field.termEnd, calendar, at: now)
        guard entry.isAccepted, let email, let role = Role(rawValue: entry[PeopleForms.Field.role]) else {
            return invitePage(form, entry, actor, context)
        }
        for (limit, who) in [(Self.invitationsOfOrganization, "\(actor.organization)"), (Self.invitationsOfUser, "\(actor.user.id)")] {
            if let seconds = web.limiter.take(limit, for: who, at: now) { return web.tooMany(seconds: seconds, context) }
        }
        do {
            try await invitations.invite(
                InvitationDraft(email: email, role: role, title: entry[PeopleForms.Field.title], seatEndsAt: end), by: actor)
        } catch PeopleRefusal.tooManyInvitations {
            entry.reject(nil, .string("people.too_many_invitations", ["maximum": String(Invitations.maximumOpen)]))
            return invitePage(form, entry, actor, context)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return Self.redirect(actor, "invited")
    }

    @Sendable private func withdraw(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        guard let id = try await FormData.read(request)["invitation"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        do {
            try await invitations.withdraw(id, by: actor)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return Self.redirect(actor, "withdrawn")
    }

    private static func redirect(_ actor: PeopleActor, _ notice: String) -> Response {
        var response = Response.redirect(to: path(actor.access.slug))
        response.headers[.location] = "\(path(actor.access.slug))?\(notice)"
        return response
    }

    // MARK: One seat

    private func seat(_ context: AppContext, _ facts: Facts) throws -> Membership {
        guard let id = context.parameters.get("seat").flatMap({ UniqueID($0) }), let seat = facts.roster.seat(id),
            facts.roster.isInForce(seat, at: platform.now())
        else { throw HTTPError(.notFound) }
        return seat
    }

    private func form(_ seat: Membership, _ actor: PeopleActor) -> Form? {
        let given = SeatPolicy.roles(givenBy: actor.access.roles)
        return given.contains(seat.role) && actor.access.status.allowsEditing ? PeopleForms.seat(given) : nil
    }

    @Sendable private func showSeat(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let facts = try await facts(actor.organization)
        let seat = try seat(context, facts)
        let last = seat.endsAt.map { facts.calendar.lastDay(before: $0).description } ?? ""
        let entry = form(seat, actor)?.entry([
            PeopleForms.Field.role: seat.role.rawValue, PeopleForms.Field.title: seat.title, PeopleForms.Field.termEnd: last,
        ])
        return try await seatPage(seat, entry, nil, actor, facts, context)
    }

    /// - Parameter problem: with ending or leaving.
    private func seatPage(
        _ seat: Membership, _ entry: FormEntry?, _ problem: Words?, _ actor: PeopleActor, _ facts: Facts, _ context: AppContext
    ) async throws -> Response {
        let now = platform.now()
        let strings = web.pages.strings[context.language]
        let path = Self.path(actor.access.slug).appending(seat.id.description)
        let form = form(seat, actor)
        let handover = try await platform.database.read { try Handovers.current(of: seat.id, at: now, $0) }
        return web.pages.response(
            Page(
                "people-seat", title: .verbatim(Self.name(seat, actor, facts, strings)),
                status: problem != nil ? .conflict : entry?.isAccepted ?? true ? .ok : .unprocessableContent,
                form: form.flatMap { form in entry.map { FormView(form, $0, action: path) } }, words: problem.map { ["refused": $0] } ?? [:],
                values: [
                    "email": Self.email(seat, actor, facts), "role": .text(Self.role(seat.role, seat.title, strings)),
                    "term": .text(Self.term(seat, facts, at: now, strings)), "is_overdue": .bool(facts.roster.isOverdue(seat, at: now)),
                    "path": .text(path.text), "people": .text(Self.path(actor.access.slug).text),
                    "may_change": .bool(form != nil), "is_mine": .bool(actor.holds(seat)),
                    "may_hand_over": .bool(
                        handover == nil && actor.access.status.allowsEditing && Handovers.mayHandOver(seat, actor, facts.roster, at: now)),
                    "handover": handover.flatMap { handover in
                        Handovers.maySee(handover, actor, facts.roster, at: now)
                            ? .text(Self.path(actor.access.slug).appending("handovers").appending(handover.id.description).text) : nil
                    } ?? .none,
                ]), context)
    }

    @Sendable private func change(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let now = platform.now()
        let facts = try await facts(actor.organization)
        let seat = try seat(context, facts)
        guard let form = form(seat, actor) else { throw HTTPError(.forbidden) }
        var entry = form.entry(try await FormData.read(request))
        let last = seat.endsAt.map { facts.calendar.lastDay(before: $0).description } ?? ""
        // An end that is past stands in the form of the last owner, who may leave it there.
        let isUnchanged = entry[PeopleForms.Field.termEnd] == last
        let end = isUnchanged ? seat.endsAt : PeopleForms.end(&entry, PeopleForms.Field.termEnd, facts.calendar, at: now)
        guard entry.isAccepted, let role = Role(rawValue: entry[PeopleForms.Field.role]) else {
            return try await seatPage(seat, entry, nil, actor, facts, context)
        }
        do {
            try await seats.change(seat.id, role: role, title: entry[PeopleForms.Field.title], endsAt: end, by: actor)
        } catch PeopleRefusal.lastOwner {
            entry.reject(role == seat.role ? PeopleForms.Field.termEnd : PeopleForms.Field.role, "people.last_owner")
            return try await seatPage(seat, entry, nil, actor, facts, context)
        } catch PeopleRefusal.taken {
            entry.reject(PeopleForms.Field.role, "people.role_taken")
            return try await seatPage(seat, entry, nil, actor, facts, context)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return Self.redirect(actor, "saved")
    }

    @Sendable private func end(_ request: Request, _ context: AppContext) async throws -> Response {
        try await finish(context) { try await seats.end($0, by: $1) }
    }

    @Sendable private func leave(_ request: Request, _ context: AppContext) async throws -> Response {
        try await finish(context) { try await seats.leave($0, by: $1) }
    }

    private func finish(_ context: AppContext, _ body: (UniqueID, PeopleActor) async throws -> Void) async throws -> Response {
        let actor = try PeopleActor(context)
        guard let id = context.parameters.get("seat").flatMap({ UniqueID($0) }) else { throw HTTPError(.notFound) }
        do {
            try await body(id, actor)
        } catch PeopleRefusal.lastOwner {
            let facts = try await facts(actor.organization)
            return try await seatPage(try seat(context, facts), nil, "people.last_owner", actor, facts, context)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        // Whoever has no seat left has no page here either.
        let roster = try await platform.database.read { try MembershipStore.roster(of: actor.organization, in: $0) }
        return actor.roles(roster, at: platform.now()).isEmpty ? .redirect(to: SignIn.start) : Self.redirect(actor, "ended")
    }
}

extension PeopleRefusal {
    /// For those that no form of ours leads to, or that were true a moment ago.
    var httpError: HTTPError {
        switch self {
        case .unknown: HTTPError(.notFound)
        case .forbidden: HTTPError(.forbidden)
        case .lastOwner, .taken, .handoverUnderWay: HTTPError(.conflict)
        case .tooManyInvitations, .tooManyMails: HTTPError(.tooManyRequests)
        }
    }
}
