import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// Asking for a new owner because the owners are gone, agreeing, refusing. All of it also while editing rests: without an owner nobody could end
/// that.
struct RecoveryRoutes: Sendable {
    let web: Web
    let people: PeoplePlatform
    let recoveries: OwnerRecoveries

    private var platform: Platform { people.platform }

    private static let seen: Set<Role> = [.owner, .officer]

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/people/recovery", surface: .app, permission: .member(Self.seen, .owning), handler: show),
            Route(.post, "/manage/{slug}/people/recovery", surface: .app, permission: .member([.officer], .owning), handler: ask),
            Route(.post, "/manage/{slug}/people/recovery/approve", surface: .app, permission: .member([.officer], .owning), handler: approve),
            Route(.post, "/manage/{slug}/people/recovery/refuse", surface: .app, permission: .member(Self.seen, .owning), handler: refuse),
        ]
    }

    private struct Facts: Sendable {
        let roster: Roster
        let open: OwnerRecoveries.Open?
        let candidates: [(user: UniqueID, name: String)]
        let names: [UniqueID: String]
        let calendar: TermCalendar
    }

    private func facts(_ actor: PeopleActor) async throws -> Facts {
        let now = platform.now()
        return try await platform.database.read { connection in
            let roster = try MembershipStore.roster(of: actor.organization, in: connection)
            var names: [UniqueID: String] = [:]
            for seat in roster.seats { names[seat.user] = try User.find(seat.user, connection)?.shownName }
            let candidates = OwnerRecovery.candidates(roster, at: now).map { (user: $0, name: names[$0] ?? "") }.sorted { $0.name < $1.name }
            return Facts(
                roster: roster, open: try OwnerRecoveries.open(of: actor.organization, connection), candidates: candidates, names: names,
                calendar: try PeoplePlatform.calendar(of: actor.organization, connection))
        }
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let facts = try await facts(actor)
        return page(PeopleForms.recovery(facts.candidates).entry(), facts, nil, actor, context)
    }

    /// - Parameter problem: with agreeing.
    private func page(_ entry: FormEntry, _ facts: Facts, _ problem: Words?, _ actor: PeopleActor, _ context: AppContext) -> Response {
        let now = platform.now()
        let strings = web.pages.strings[context.language]
        let path = Self.path(actor)
        let open = facts.open.flatMap { $0.rule.step(facts.roster, at: now) == .lapse ? nil : $0 }
        let isOfficer = actor.access.roles.contains(.officer)
        let mayAsk = isOfficer && open?.rule.approver == nil
        func name(_ user: UniqueID) -> String { facts.names[user] ?? "" }
        let state = open.map { open in
            let day = { (moment: Instant) in DateText.text(for: context.language).fullDate.text(facts.calendar.today(at: moment)) }
            return if let approver = open.rule.approver, let due = open.rule.dueAt {
                strings(
                    "people.recovery_approved",
                    ["asker": name(open.rule.asker), "approver": name(approver), "candidate": name(open.rule.candidate), "day": day(due)])
            } else {
                strings(
                    "people.recovery_asked",
                    [
                        "asker": name(open.rule.asker), "candidate": name(open.rule.candidate),
                        "day": day(open.rule.askedAt.adding(seconds: OwnerRecovery.approvalSeconds)),
                    ])
            }
        }
        let userMayApprove = open.map { open in
            if case .user(let user) = actor.access.actor { open.rule.mayApprove(user, facts.roster, at: now) } else { false }
        }
        let isAsker = open.map { actor.access.actor == .user($0.rule.asker) } ?? false
        return web.pages.response(
            Page(
                "people-recovery", title: "people.recovery_title",
                status: problem != nil ? .tooManyRequests : entry.isAccepted ? .ok : .unprocessableContent,
                form: mayAsk && !facts.candidates.isEmpty ? FormView(PeopleForms.recovery(facts.candidates), entry, action: path) : nil,
                words: problem.map { ["refused": $0] } ?? [:],
                values: [
                    "state": .optional(state), "recovery": .optional(open?.id.description), "path": .text(path.text),
                    "may_approve": .bool(userMayApprove ?? false), "may_refuse": .bool(open != nil && actor.access.roles.contains(.owner)),
                    "may_withdraw": .bool(isAsker && !actor.access.roles.contains(.owner)), "may_ask": .bool(mayAsk),
                ]), context)
    }

    private static func path(_ actor: PeopleActor) -> LocalPath { PeopleRoutes.path(actor.access.slug).appending("recovery") }

    @Sendable private func ask(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let facts = try await facts(actor)
        let form = PeopleForms.recovery(facts.candidates)
        let entry = form.entry(try await FormData.read(request))
        guard entry.isAccepted, let candidate = UniqueID(entry[PeopleForms.Field.candidate]) else { return page(entry, facts, nil, actor, context) }
        do {
            try await recoveries.ask(for: candidate, by: actor)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return .redirect(to: Self.path(actor))
    }

    @Sendable private func approve(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let id = try await id(request)
        do {
            try await recoveries.approve(id, by: actor)
        } catch PeopleRefusal.tooManyMails {
            let facts = try await facts(actor)
            return page(PeopleForms.recovery(facts.candidates).entry(), facts, "people.recovery_mails", actor, context)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return .redirect(to: Self.path(actor))
    }

    @Sendable private func refuse(_ request: Request, _ context: AppContext) async throws -> Response {
        let actor = try PeopleActor(context)
        let id = try await id(request)
        do {
            try await recoveries.refuse(id, by: actor)
        } catch let refusal as PeopleRefusal {
            throw refusal.httpError
        }
        return .redirect(to: PeopleRoutes.path(actor.access.slug))
    }

    private func id(_ request: Request) async throws -> UniqueID {
        guard let id = try await FormData.read(request)["recovery"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        return id
    }
}
