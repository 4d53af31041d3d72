import Database
import Foundation
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("What operators do")
struct OperatorActionsTests {
    private static let answers = SignUpAnswers(
        organizationName: "Maple Street PTA", kind: "PTA", school: "Maple Street School", state: "OR", email: "Ana@oak.example", showsEmail: false,
        slug: "maple", title: "President", language: "en")

    private static func ready(_ test: TestPlatform) async throws -> OrganizationID {
        let id = try await SignUp(test.platform, mail: { _, _ in }).found(answers)
        try await test.provisioner.provision(id)
        return id
    }

    @Test("an organization made without the form has all that one made with it has")
    func create() async throws {
        let test = try TestPlatform()
        let id = try await Self.ready(test)
        let actions = OperatorActions(platform: test.platform)
        #expect(try await actions.members(of: id).map { "\($0.email) \($0.role) \($0.title)" } == ["Ana@oak.example owner President"])
        #expect(test.page("maple")?.contains("Maple Street PTA") == true)
        await #expect(throws: OperatorActions.Refusal.slugTaken(try Slug("maple"))) {
            _ = try await SignUp(test.platform, mail: { _, _ in }).found(Self.answers)
        }
        #expect(try await Doctor(platform: test.platform).problems() == [])
    }

    @Test("organizations are found by name, short name, a member's address and status; signs of LIKE mean themselves")
    func search() async throws {
        let test = try TestPlatform()
        _ = try await Self.ready(test)
        test.clock.change { $0 = $0.adding(seconds: 1) }
        _ = try await test.addOrganization("elm", name: "Elm 100% PTO")
        let actions = OperatorActions(platform: test.platform)
        for (text, slugs) in [
            ("", ["elm", "maple"]), ("STREET", ["maple"]), ("elm", ["elm"]), ("ana@oak", ["maple"]), ("100%", ["elm"]), ("1%0", []), ("_", []),
            ("'", []),
        ] {
            #expect(try await actions.list(search: text).map(\.slug.text) == slugs, "\(text)")
        }
        #expect(try await actions.list(status: .frozen).isEmpty)
        #expect(try await actions.list(status: .trialing, limit: 1).map(\.slug.text) == ["elm"])
    }

    private static let actions: [(name: String, run: @Sendable (OperatorActions, Slug) async throws -> Organization)] = [
        ("extend", { try await $0.extend($1, until: TestPlatform.start.adding(seconds: 90 * 86_400), by: .terminal) }),
        ("suspend", { try await $0.suspend($1, by: .terminal) }), ("resume", { try await $0.resume($1, by: .terminal) }),
        ("close", { try await $0.close($1, by: .terminal) }), ("reopen", { try await $0.reopen($1, by: .terminal) }),
    ]

    @Test("each action is possible in some states only, and leads to the right one")
    func transitions() async throws {
        let test = try TestPlatform()
        _ = try await Self.ready(test)
        let (actions, slug) = (OperatorActions(platform: test.platform), try Slug("maple"))
        let table: [SubscriptionStatus: [String: SubscriptionStatus]] = [
            .trialing: ["extend": .trialing, "suspend": .suspended, "close": .closed],
            .active: ["suspend": .suspended, "close": .closed],
            .frozen: ["extend": .trialing, "suspend": .suspended, "close": .closed],
            .suspended: ["resume": .trialing, "close": .closed],
            .closed: ["reopen": .trialing],
        ]
        for status in SubscriptionStatus.allCases {
            for (name, run) in Self.actions {
                try await test.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = :status", ["status": status]) }
                if let wanted = table[status]?[name] {
                    #expect(try await run(actions, slug).status == wanted, "\(name) from \(status)")
                } else {
                    await #expect(throws: OperatorActions.Refusal.self, "\(name) from \(status)") { _ = try await run(actions, slug) }
                }
            }
        }
        await #expect(throws: OperatorActions.Refusal.unknown(try Slug("nobody"))) {
            _ = try await actions.suspend(try Slug("nobody"), by: .terminal)
        }
        await #expect(throws: OperatorActions.Refusal.endIsPast(TestPlatform.start)) {
            _ = try await actions.extend(slug, until: TestPlatform.start, by: .terminal)
        }
    }

    /// What was mailed, and to whom, in the order in which it was.
    private static func recording(_ test: TestPlatform) throws -> (actions: OperatorActions, mails: Shared<[MailDraft]>) {
        let templates = try MailTemplates(folder: repository + "Templates/mail")
        let mails = Shared<[MailDraft]>([])
        let actions = OperatorActions(
            platform: test.platform,
            mail: { draft, _ in
                _ = try templates.content(draft.template, draft.language, draft.values)
                mails.change { $0.append(draft) }
            })
        return (actions, mails)
    }

    @Test("what was done stands in the audit log with who did it, and the owners are told; what was refused does neither")
    func audit() async throws {
        let test = try TestPlatform()
        let id = try await Self.ready(test)
        let (actions, mails) = try Self.recording(test)
        let slug = try Slug("maple")
        let console = AuditActor.operator(test.platform.newID())
        let end = TestPlatform.start.adding(seconds: 90 * 86_400)
        try await actions.extend(slug, until: end, by: console)
        try await actions.suspend(slug, by: .terminal)
        await #expect(throws: OperatorActions.Refusal.self) { try await actions.suspend(slug, by: console) }
        try await actions.resume(slug, by: console)
        try await actions.close(slug, by: .terminal)
        try await actions.reopen(slug, by: console)
        let entries = try await test.platform.auditLog(of: id).entries().reversed().dropFirst()
        #expect(
            entries.map(\.action) == [
                AuditAction.trialExtended.rawValue, AuditAction.suspended.rawValue, AuditAction.resumed.rawValue, AuditAction.closed.rawValue,
                AuditAction.reopened.rawValue,
            ])
        #expect(entries.map(\.actor) == [console, .terminal, console, .terminal, console])
        #expect(entries.first?.subject == "\(end)")
        #expect(mails.value.map(\.template) == ["organization-suspended", "organization-resumed", "organization-closed", "organization-reopened"])
        #expect(Set(mails.value.map(\.to.text)) == ["Ana@oak.example"])
        let closed = mails.value.first { $0.template == "organization-closed" }
        #expect(closed?.values["deletion_day"] == "January 30, 2026" && closed?.values["last_day"] == "January 29, 2026")
        #expect(try await test.platform.auditLog(of: id).problems() == [])
    }

    private static let day: Int64 = 86_400
    /// What was done, at which day of a trial of 31 days; what that leads to, and whether the owners heard that the trial is over.
    private static let stops: [(name: String, steps: [(day: Int64, action: String)], status: SubscriptionStatus, isOver: Bool)] = [
        ("the trial still runs", [(1, "suspend"), (2, "resume")], .trialing, false),
        ("the trial ended while it was suspended", [(1, "suspend"), (40, "resume")], .frozen, true),
        ("the trial ended while it was closed", [(20, "close"), (45, "reopen")], .frozen, true),
        ("suspended before it was closed", [(1, "suspend"), (2, "close"), (3, "reopen")], .suspended, false),
        ("suspended, closed, opened, resumed after the trial", [(1, "suspend"), (20, "close"), (40, "reopen"), (41, "resume")], .frozen, true),
        ("frozen before it was closed", [(35, "freeze"), (36, "close"), (37, "reopen")], .frozen, false),
        ("frozen before it was suspended", [(35, "freeze"), (36, "suspend"), (37, "resume")], .frozen, false),
        ("extended after it was frozen, then stopped", [(35, "freeze"), (36, "extend"), (37, "suspend"), (38, "resume")], .trialing, false),
    ]

    @Test("an organization that was stopped goes on as it would have been without that", arguments: stops.indices)
    func goesOn(_ index: Int) async throws {
        let stop = Self.stops[index]
        let test = try TestPlatform()
        let id = try await Self.ready(test)
        let (actions, mails) = try Self.recording(test)
        let slug = try Slug("maple")
        for step in stop.steps {
            test.clock.change { $0 = TestPlatform.start.adding(seconds: step.day * Self.day) }
            if step.action == "freeze" {
                // As the platform's job does.
                let now = test.clock.value
                try await test.platform.database.write { connection in
                    try connection.execute("UPDATE organization SET subscription_status = 'frozen'")
                    try AuditLog.add(.trialEnded, by: .platform, to: id, at: now, in: connection)
                }
            } else {
                let run = try #require(Self.actions.first { $0.name == step.action }?.run)
                _ = try await run(actions, slug)
            }
        }
        #expect(try await actions.organization(slug).status == stop.status, "\(stop.name)")
        #expect(mails.value.contains { $0.template == "trial-over" } == stop.isOver, "\(stop.name)")
        let ends = try await test.platform.auditLog(of: id).entries().filter { $0.action == AuditAction.trialEnded.rawValue }
        #expect(ends.count == (stop.status == .frozen || stop.steps.contains { $0.action == "freeze" } ? 1 : 0), "\(stop.name)")
        #expect(try await test.platform.auditLog(of: id).problems() == [])
    }

    @Test("an organization that is being deleted can't be opened again")
    func deletion() async throws {
        let test = try TestPlatform()
        _ = try await Self.ready(test)
        let (actions, slug) = (OperatorActions(platform: test.platform), try Slug("maple"))
        try await actions.close(slug, by: .terminal)
        test.clock.change { $0 = $0.adding(seconds: 30 * Self.day) }
        await #expect(throws: OperatorActions.Refusal.isBeingDeleted(slug)) { try await actions.reopen(slug, by: .terminal) }
        #expect(try await actions.organization(slug).status == .closed)
        test.clock.change { $0 = $0.adding(seconds: -1) }
        try await actions.reopen(slug, by: .terminal)
    }

    @Test("somebody becomes owner who was nobody, a member, or an owner whose term has ended; all owners are told")
    func restoredOwner() async throws {
        let test = try TestPlatform()
        let id = try await Self.ready(test)
        let (actions, mails) = try Self.recording(test)
        let slug = try Slug("maple")
        await #expect(throws: OperatorActions.Refusal.isOwner(slug)) {
            try await actions.restoreOwner(slug, try EmailAddress("ana@OAK.example"), by: .terminal)
        }
        let over = test.clock.value.adding(seconds: Self.day)
        try await test.platform.database.write { try $0.execute("UPDATE membership SET ends_at = :end", ["end": over]) }
        test.clock.change { $0 = $0.adding(seconds: 2 * Self.day) }
        let console = AuditActor.operator(test.platform.newID())
        try await actions.restoreOwner(slug, try EmailAddress("bob@elm.example"), by: console)
        try await actions.restoreOwner(slug, try EmailAddress("ana@oak.example"), by: console)
        let members = try await actions.members(of: id)
        #expect(Set(members.map(\.email)) == ["Ana@oak.example", "bob@elm.example"])
        #expect(members.allSatisfy { $0.role == .owner && $0.endsAt == nil })
        #expect(
            mails.value.map { "\($0.template) \($0.to)" }.sorted() == [
                "owner-restored Ana@oak.example", "owner-restored bob@elm.example", "owner-restored bob@elm.example",
            ])
        let entries = try await test.platform.auditLog(of: id).entries(limit: 2)
        #expect(entries.allSatisfy { $0.action == AuditAction.ownerRestored.rawValue && $0.actor == console && UniqueID($0.subject) != nil })
        await #expect(throws: OperatorActions.Refusal.unknown(try Slug("nobody"))) {
            try await actions.restoreOwner(try Slug("nobody"), try EmailAddress("bob@elm.example"), by: console)
        }
    }

    @Test("users are found with their seats and sessions, and signed out")
    func users() async throws {
        let test = try TestPlatform()
        _ = try await Self.ready(test)
        let actions = OperatorActions(platform: test.platform)
        let user = try #require(try await actions.user(try EmailAddress("ana@oak.example")))
        #expect(user.seats.map(\.text) == ["maple, owner"])
        #expect(try await actions.users(search: "ANA@").map(\.user.id) == [user.user.id])
        #expect(try await actions.users(search: "%").isEmpty)
        for _ in 0..<2 {
            try await test.platform.database.write { connection in
                try Session.open(
                    test.platform.newID(), SecretToken(test.platform.random), of: user.user.id, browser: "", replacing: nil, at: test.clock.value,
                    connection)
            }
        }
        #expect(try await actions.user(try EmailAddress("ana@oak.example"))?.sessions == 2)
        #expect(try await actions.signOut(user.user.id) == 2)
        #expect(try await actions.user(try EmailAddress("ana@oak.example"))?.sessions == 0)
        #expect(try await actions.signOut(test.platform.newID()) == nil)
        #expect(try await actions.user(try EmailAddress("nobody@oak.example")) == nil)
    }

    @Test("an invitation that was ended is good for nobody; only what is good can be ended")
    func invites() async throws {
        let test = try TestPlatform()
        let actions = OperatorActions(platform: test.platform)
        let signUp = SignUp(test.platform, mail: { _, _ in })
        let code = try await actions.invite(uses: 2, until: test.clock.value.adding(seconds: Self.day), note: "for the council")
        let invite = try #require(try await actions.invites().first)
        #expect(invite.hash == InviteCode.hash(code) && invite.usesLeft == 2 && invite.note == "for the council")
        #expect(try await signUp.isGood(inviteCode: code))
        #expect(try await actions.endInvite(invite.hash))
        #expect(try await signUp.isGood(inviteCode: code) == false)
        #expect(try await actions.endInvite(invite.hash) == false)
    }

    @Test("the doctor finds what is missing, broken or left over")
    func doctor() async throws {
        let test = try TestPlatform()
        let id = try await Self.ready(test)
        _ = try await test.addOrganization("elm")
        _ = try await test.platform.tenants.create(OrganizationID(test.platform.newID()))
        try FileManager.default.removeItem(atPath: "\(test.settings.output)/maple")
        let head = "\(test.platform.tenants.database(of: id).folder)/repository.git/refs/heads/main"
        try Data("0000000000000000000000000000000000000001\n".utf8).write(to: URL(filePath: head))
        try await test.platform.database.write {
            try $0.execute("DROP TRIGGER audit_entry_is_not_changed")
            try $0.execute("UPDATE audit_entry SET subject = 'oak' WHERE organization_id = :id", ["id": id])
        }
        let problems = try await Doctor(platform: test.platform).problems()
        #expect(problems.contains { $0.contains("belongs to no organization") })
        #expect(problems.contains { $0.hasPrefix("maple: audit entry 1 is not what was written") })
        #expect(problems.contains { $0.hasPrefix("elm is not ready yet") })
        #expect(problems.contains { $0.hasPrefix("maple: its site is not live") })
        #expect(problems.count >= 4, "\(problems)")
    }

    @Test("the first operator is made by name; demoting takes it back, and says when there is nobody")
    func operators() async throws {
        let test = try TestPlatform()
        let actions = OperatorActions(platform: test.platform)
        let email = try EmailAddress("ops@marquee.example")
        #expect(try await actions.setOperator(email, false) == false)
        #expect(try await actions.setOperator(email, true))
        let made = try await test.platform.database.read { try User.find(email: email.key, $0)?.isOperator }
        #expect(made == true)
        #expect(try await actions.setOperator(email, false))
        let demoted = try await test.platform.database.read { try User.find(email: email.key, $0)?.isOperator }
        #expect(demoted == false)
    }
}
