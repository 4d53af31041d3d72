import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// Handing a seat over.
struct HandoverRoutes: Sendable {
    let web: Web
    let people: PeoplePlatform
    let handovers: Handovers

    private var platform: Platform { people.platform }

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/people/{seat}/handover", surface: .app, permission: .member(Permission.all, .owning), handler: showForm),
            Route(
                .post, "/manage/{slug}/people/{seat}/handover", surface: .app, permission: .member(Permission.all, .seating), handler: begin),
            Route(.get, "/manage/{slug}/people/handovers/{id}", surface: .app, permission: .member(Permission.all, .owning), handler: show),
            Route(.post, "/manage/{slug}/people/handovers/{id}", surface: .app, permission: .member(Permission.all, .seating), handler: save),
            Route(
                .post, "/manage/{slug}/people/handovers/{id}/withdraw", surface: .app, permission: .member(Permission.all, .owning),
                handler: withdraw),
        ]
    }

    // MARK: Beginning

    private struct Start: Sendable {
        let seat: Membership
        let holder: User
        let calendar: TermCalendar
        let current: Invitation?
    }

    /// The seat of the path, if the user may hand it over.
    private func start(_ actor: PeopleActor, _ context: AppContext) async throws -> Start {
        let now = platform.now()
        guard let id = context.parameters.get("seat").flatMap({ UniqueID($0) }) else { throw HTTPError(.notFound) }
        let start: Start? = try await platform.database.read { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let seat = roster.seat(id), Handovers.mayHandOver(seat, actor, roster, at: now), let holder = try User.find(seat.user, connection)
            else { return nil }
            return Start(
                seat: seat, holder: holder, calendar: try PeoplePlatform.calendar(of: actor.organization, connection),
                current: try Handovers.current(of: id, at: now, connection))
        }
        guard let start else { throw HTTPError(.notFound) }
        return start
    }

    @Sendable private func showForm(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let start = try await start(actor, context)
        if let current = start.current { return .redirect(to: Self.path(current.id, actor)) }
        guard actor.access.status.allowsEditing else { throw HTTPError(.locked) }
        let now = platform.now()
        let papers = try await handovers.earlierPapers(of: start.seat.id, actor.organization) ?? .empty
        var last = start.calendar.today(at: now).adding(days: Handovers.usualOverlap)
        // Whose term is over before has no later day to choose.
        if let end = start.seat.endsAt, end > now { last = min(last, start.calendar.lastDay(before: end)) }
        let entry = Self.filled(
            PeopleForms.handover, papers,
            [PeopleForms.Field.lastDay: last.description, PeopleForms.Field.termEnd: start.calendar.usualEnd(at: now).description])
        return formPage(entry, start, actor, context)
    }

    /// What stands in a form with a checklist before anybody has touched it.
    private static func filled(_ form: Form, _ papers: Handovers.Papers, _ values: [String: String] = [:]) -> FormEntry {
        var all = values.mapValues { [$0] }
        all[PeopleForms.Field.done] = papers.done.map(\.rawValue).sorted()
        all[PeopleForms.Field.notes] = [papers.notes]
        return form.entry(several: all)
    }

    private func formPage(_ entry: FormEntry, _ start: Start, _ actor: PeopleActor, _ context: AppContext) -> Response {
        let path = PeopleRoutes.path(actor.access.slug).appending(start.seat.id.description)
        return web.pages.response(
            Page(
                "people-handover", title: "people.handover_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(PeopleForms.handover, entry, action: path.appending("handover")),
                words: ["role": RoleWords.name(start.seat.role)],
                values: [
                    "holder": .text(actor.holds(start.seat) ? actor.user.shownName : start.holder.shownName), "seat_title": .text(start.seat.title),
                ]),
            context)
    }

    private static let limit = RateLimit("handovers by organization", 20, perSeconds: 3_600)

    @Sendable private func begin(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let now = platform.now()
        let start = try await start(actor, context)
        if let current = start.current { return .redirect(to: Self.path(current.id, actor)) }
        var entry = PeopleForms.handover.entry(try await FormData.read(request))
        let email = PeopleForms.email(&entry)
        let last = PeopleForms.end(&entry, PeopleForms.Field.lastDay, start.calendar, at: now)
        let termEnd = PeopleForms.end(&entry, PeopleForms.Field.termEnd, start.calendar, at: now)
        if let email, email.key == start.holder.email.lowercased() { entry.reject(PeopleForms.Field.email, "people.handover_self") }
        if let last {
            let latest = start.calendar.today(at: now).adding(days: Handovers.longestOverlap)
            if last > start.calendar.end(of: latest) {
                entry.reject(PeopleForms.Field.lastDay, .string("people.last_day_far", ["days": String(Handovers.longestOverlap)]))
            }
            if let termEnd, termEnd <= last { entry.reject(PeopleForms.Field.termEnd, "people.handover_term_short") }
        }
        guard entry.isAccepted, let email, let last else { return formPage(entry, start, actor, context) }
        if let seconds = web.limiter.take(Self.limit, for: "\(actor.organization)", at: now) { return web.tooMany(seconds: seconds, context) }
        do {
            try await handovers.begin(start.seat.id, to: email, seatEndsAt: termEnd, lastMoment: last, PeopleForms.papers(entry), by: actor)
        } catch PeopleRefusal.tooManyInvitations {
            entry.reject(nil, .string("people.too_many_invitations", ["maximum": String(Invitations.maximumOpen)]))
            return formPage(entry, start, actor, context)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return .redirect(to: PeopleRoutes.path(actor.access.slug).appending(start.seat.id.description).appending("handover"))
    }

    private static func path(_ id: UniqueID, _ actor: PeopleActor) -> LocalPath {
        PeopleRoutes.path(actor.access.slug).appending("handovers").appending(id.description)
    }

    // MARK: One that is under way, or done

    private struct Facts: Sendable {
        let handover: Invitation
        let predecessor: String?
        let successor: String?
        let calendar: TermCalendar
        let mayWithdraw: Bool
    }

    private func facts(_ actor: PeopleActor, _ context: AppContext) async throws -> Facts {
        let now = platform.now()
        guard let id = context.parameters.get("id").flatMap({ UniqueID($0) }) else { throw HTTPError(.notFound) }
        let facts: Facts? = try await platform.database.read { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            guard let handover = try Invitations.find(id, of: actor.organization, connection),
                Handovers.maySee(handover, actor, roster, at: now)
            else { return nil }
            let holder = handover.handoverSeat.flatMap { roster.seat($0)?.user }
            return Facts(
                handover: handover, predecessor: try holder.flatMap { try User.find($0, connection)?.shownName },
                successor: try handover.acceptedBy.flatMap { try User.find($0, connection)?.shownName },
                calendar: try PeoplePlatform.calendar(of: actor.organization, connection), mayWithdraw: handover.acceptedAt == nil)
        }
        guard let facts else { throw HTTPError(.notFound) }
        return facts
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let facts = try await facts(actor, context)
        let papers = try await handovers.papers(facts.handover.id, of: actor.organization)
        return page(Self.filled(PeopleForms.papers, papers), facts, actor, context)
    }

    private func page(_ entry: FormEntry, _ facts: Facts, _ actor: PeopleActor, _ context: AppContext) -> Response {
        let now = platform.now()
        let strings = web.pages.strings[context.language]
        func day(_ end: Instant) -> String { DateText.text(for: context.language).fullDate.text(facts.calendar.lastDay(before: end)) }
        let state =
            if let successor = facts.successor {
                strings("people.handover_taken", ["name": successor])
            } else if facts.handover.isOpen(at: now) {
                strings("people.handover_open", ["email": facts.handover.email, "day": day(facts.handover.expiresAt)])
            } else {
                strings("people.handover_expired")
            }
        let done = Set(entry.all(PeopleForms.Field.done)).count
        let path = Self.path(facts.handover.id, actor)
        return web.pages.response(
            Page(
                "people-handover-state", title: "people.handover_state_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(PeopleForms.papers, entry, action: path), words: ["role": RoleWords.name(facts.handover.role)],
                values: [
                    "state": .text(state), "predecessor": .optional(facts.predecessor), "seat_title": .text(facts.handover.title),
                    "last_day": .optional(facts.handover.handoverEndsAt.map(day)),
                    "progress": .text(strings("people.progress", ["done": String(done), "all": String(Handovers.Item.allCases.count)])),
                    "is_saved": .bool(context.visit.encodedQuery?.split(separator: "&").contains("saved") == true),
                    "may_withdraw": .bool(facts.mayWithdraw), "path": .text(path.text),
                    "people": .text(PeopleRoutes.path(actor.access.slug).text),
                ]), context)
    }

    /// Both of them, and the owners, tick off and add notes.
    @Sendable private func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let facts = try await facts(actor, context)
        let entry = PeopleForms.papers.entry(try await FormData.read(request))
        guard entry.isAccepted else { return page(entry, facts, actor, context) }
        try await handovers.save(PeopleForms.papers(entry), facts.handover.id, of: actor.organization)
        var response = Response.redirect(to: Self.path(facts.handover.id, actor))
        response.headers[.location] = "\(Self.path(facts.handover.id, actor))?saved"
        return response
    }

    @Sendable private func withdraw(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        guard let id = context.parameters.get("id").flatMap({ UniqueID($0) }) else { throw HTTPError(.notFound) }
        do {
            try await handovers.withdraw(id, by: actor)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return .redirect(to: PeopleRoutes.path(actor.access.slug))
    }
}
