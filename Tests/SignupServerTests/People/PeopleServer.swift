import Database
import Foundation
import Tenancy
import TestSupport

@testable import SignupServer

/// A server with the organization `oak` and one member in each role, a clock that stands still, and the mails about seats.
struct PeopleServer: Sendable {
    let accounts: AccountServer
    let mails: Shared<[MailDraft]>
    /// What the queue answers.
    let outcome: Shared<MailQueue.Outcome>
    let users: [Role: UniqueID]
    let organization: OrganizationID

    var platform: Platform { accounts.server.server.platform }
    var now: Instant { accounts.clock.value }

    static let day: Int64 = 86_400

    func pass(days: Int64) { accounts.pass(seconds: days * Self.day) }

    static func email(_ role: Role) -> String { "\(role.rawValue)@oak.example" }

    /// A browser with somebody signed in.
    func browser(_ email: String) async -> TestBrowser {
        let browser = accounts.browser()
        await accounts.signIn(email, browser)
        return browser
    }

    func browser(_ role: Role) async -> TestBrowser { await browser(Self.email(role)) }

    /// One more member of `oak`. Gives the seat.
    @discardableResult
    func add(_ email: String, _ role: Role, days: Int64? = nil) async throws -> UniqueID {
        let user: UniqueID
        if let known = try await platform.database.read({ try User.find(email: email, $0) }) {
            user = known.id
        } else {
            user = try await accounts.add(user: email)
        }
        try await accounts.add(organization: "oak", member: user, role, to: days.map { $0 * Self.day })
        return try await seat(email, role).id
    }

    func roster() async throws -> Roster {
        let id = organization
        return try await platform.database.read { try MembershipStore.roster(of: id, in: $0) }
    }

    struct Missing: Error {}

    func user(_ role: Role) throws -> UniqueID {
        guard let user = users[role] else { throw Missing() }
        return user
    }

    func seat(_ email: String, _ role: Role) async throws -> Membership {
        let id = organization
        let seat: Membership? = try await platform.database.read { connection in
            guard let user = try User.find(email: email, connection) else { return nil }
            return try MembershipStore.roster(of: id, in: connection).seats.first { $0.user == user.id && $0.role == role }
        }
        guard let seat else { throw Missing() }
        return seat
    }

    func seat(_ role: Role) async throws -> Membership { try await seat(Self.email(role), role) }

    /// Does what the job would do now.
    func work() async throws {
        let people = People(web: accounts.server.server.web, platform: platform, mail: recorder(mails, outcome))
        let now = platform.now()
        let job = Job(
            id: platform.newID(), kind: SeatJobs.kind, organization: organization, payload: try JSONText([String: String]()), attempt: 1,
            createdAt: now)
        try await people.jobHandler.perform(job)
    }

    /// The mails that were sent meanwhile, as `template recipient`, sorted.
    func mails(during body: () async throws -> Void) async throws -> [String] {
        let count = mails.value.count
        try await body()
        return mails.value.dropFirst(count).map { "\($0.template) \($0.to)" }.sorted()
    }

    func audit() async throws -> [String] { try await platform.auditLog(of: organization).entries(limit: 100).reversed().map(\.action) }
}

extension MailDraft {
    /// What the link carries.
    var token: String { values["link"]?.components(separatedBy: "token=").last ?? "" }
}

/// Takes mails, if their templates do.
private func recorder(_ mails: Shared<[MailDraft]>, _ outcome: Shared<MailQueue.Outcome>) -> PeopleMail {
    { draft, _ in
        let templates = try MailTemplates(folder: repository + "Templates/mail")
        _ = try templates.content(draft.template, draft.language, draft.values)
        mails.change { $0.append(draft) }
        return outcome.value
    }
}

func withPeople(_ body: (PeopleServer) async throws -> Void) async throws {
    let clock = Shared(AccountServer.start)
    let (signIns, mails, outcome) = (Shared<[SignInMessage]>([]), Shared<[MailDraft]>([]), Shared(MailQueue.Outcome.queued))
    try await withServer(
        now: { clock.value },
        dependencies: {
            $0.signInMail = { message, _ in signIns.change { $0.append(message) } }
            $0.peopleMail = recorder(mails, outcome)
        }
    ) { server in
        let accounts = AccountServer(server: server, clock: clock, mails: signIns)
        var users: [Role: UniqueID] = [:]
        for role in Role.allCases {
            let user = try await accounts.add(user: PeopleServer.email(role), name: "The \(role.rawValue)")
            try await accounts.add(organization: "oak", member: user, role)
            users[role] = user
        }
        let organization = try await server.server.platform.organizations.organization(slug: try Slug("oak"))
        guard let organization else { throw PeopleServer.Missing() }
        _ = try await server.server.platform.tenants.create(organization.id)
        try await body(PeopleServer(accounts: accounts, mails: mails, outcome: outcome, users: users, organization: organization.id))
    }
}
