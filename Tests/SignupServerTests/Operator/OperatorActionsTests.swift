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
        ("extend", { try await $0.extend($1, until: TestPlatform.start.adding(seconds: 90 * 86_400)) }), ("suspend", { try await $0.suspend($1) }),
        ("resume", { try await $0.resume($1) }), ("close", { try await $0.close($1) }), ("reopen", { try await $0.reopen($1) }),
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
        await #expect(throws: OperatorActions.Refusal.unknown(try Slug("nobody"))) { _ = try await actions.suspend(try Slug("nobody")) }
        await #expect(throws: OperatorActions.Refusal.endIsPast(TestPlatform.start)) { _ = try await actions.extend(slug, until: TestPlatform.start) }
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
        let problems = try await Doctor(platform: test.platform).problems()
        #expect(problems.contains { $0.contains("belongs to no organization") })
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
