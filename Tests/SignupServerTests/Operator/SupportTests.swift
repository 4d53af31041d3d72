import Database
import Foundation
import Hummingbird
import Repositories
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Acting for an organization with an owner's consent")
struct SupportTests {
    /// As features have them.
    private static let routes: [Route] =
        [
            ("looking", Permission.member(Permission.all)), ("editing", .member(Permission.editors, .editing)),
            ("owning", .member([.owner], .owning)), ("seating", .member([.owner], .seating)),
        ].map { name, permission in
            Route(.get, "/manage/{slug}/test/\(name)", surface: .app, permission: permission) { _, context in
                let organization = try context.organization()
                return .text("\(organization.actor.kind) \(organization.roles.map(\.rawValue)) \(organization.author.name.prefix(8))")
            }
        }

    private struct Support {
        let accounts: AccountServer
        let root: UniqueID
        let owner: TestBrowser
        let browser: TestBrowser

        var platform: Platform { accounts.server.server.platform }

        func consent(_ scope: String = "edit", days: String = "1") async -> Int? {
            await owner.post("/manage/oak/support", [("scope", scope), ("days", days)])?.status
        }

        func enter(_ reason: String = "The logo is upside down") async -> RawResponse? {
            await browser.post("/operator/organizations/oak/enter", [("reason", reason)])
        }

        func status(_ name: String, _ slug: String = "oak") async -> Int? { await browser.get("/manage/\(slug)/test/\(name)")?.status }

        func actions() async throws -> [String] {
            let oak = try #require(try await platform.organizations.organization(slug: Slug("oak")))
            return try await platform.auditLog(of: oak.id).entries().reversed().map(\.action)
        }
    }

    private static func withSupport(_ body: (Support) async throws -> Void) async throws {
        try await withAccounts(routes: routes) { accounts in
            let root = try await accounts.add(user: "root@marquee.example", isOperator: true)
            let ana = try await accounts.add(user: "ana@oak.example")
            try await accounts.add(organization: "oak", member: ana, .owner)
            try await accounts.add(organization: "elm", member: ana, .owner)
            let (owner, browser) = (accounts.browser(), accounts.browser())
            await accounts.signIn("ana@oak.example", owner)
            await accounts.signIn("root@marquee.example", browser)
            try await body(Support(accounts: accounts, root: root, owner: owner, browser: browser))
        }
    }

    @Test("with consent to edit, an operator acts as owner, with a mark of its own, for an hour; never where it is for own people")
    func editing() async throws {
        try await Self.withSupport { support in
            #expect(await support.consent() == 303)
            #expect(await support.status("looking") == 404)
            #expect(await support.enter()?.value(of: "Location") == "/manage/oak")
            #expect(await support.browser.get("/manage/oak/test/editing")?.body == "operator [\"owner\"] Operator")
            for name in ["looking", "editing"] { #expect(await support.status(name) == 200, "\(name)") }
            for name in ["owning", "seating"] { #expect(await support.status(name) == 403, "\(name)") }
            // Another organization of the same owner.
            #expect(await support.status("looking", "elm") == 404)
            let page = await support.browser.get("/manage/oak/log")
            #expect(page?.body.contains("action=\"/operator/organizations/oak/leave\"") == true)
            #expect(page?.body.contains("The logo is upside down") == true)
            #expect(page?.body.contains("/log/export") == false)
            for path in ["/manage/oak/log/export", "/manage/oak/support"] { #expect(await support.browser.get(path)?.status == 403, "\(path)") }
            for path in ["/manage/oak/support", "/manage/oak/support/withdraw"] {
                #expect(await support.browser.post(path, [("scope", "edit"), ("days", "7")])?.status == 403, "\(path)")
            }
            #expect(await support.owner.get("/manage/oak/log")?.body.contains("/operator/organizations/oak/leave") == false)
            // The owner is not held up by it.
            for name in ["looking", "editing", "owning", "seating"] { #expect(await support.owner.get("/manage/oak/test/\(name)")?.status == 200) }
            support.accounts.pass(seconds: SupportEntry.seconds - 1)
            #expect(await support.status("editing") == 200)
            support.accounts.pass(seconds: 1)
            #expect(await support.status("looking") == 404)
            let actions = try await support.actions()
            #expect(actions == [AuditAction.consentGiven, .operatorEntered].map(\.rawValue))
        }
    }

    @Test("with consent to look, an operator is a viewer")
    func looking() async throws {
        try await Self.withSupport { support in
            #expect(await support.consent("look", days: "7") == 303)
            #expect(await support.enter()?.status == 303)
            #expect(await support.browser.get("/manage/oak/test/looking")?.body == "operator [\"viewer\"] Operator")
            for name in ["editing", "owning", "seating"] { #expect(await support.status(name) == 403, "\(name)") }
            #expect(await support.browser.get("/manage/oak/log")?.status == 403)
        }
    }

    private static let ends: [(name: String, end: @Sendable (AccountServer, TestBrowser, TestBrowser) async throws -> Void)] = [
        ("the owner withdraws", { _, owner, _ in _ = await owner.post("/manage/oak/support/withdraw") }),
        ("another consent takes its place", { _, owner, _ in _ = await owner.post("/manage/oak/support", [("scope", "edit"), ("days", "3")]) }),
        ("the operator leaves", { _, _, browser in _ = await browser.post("/operator/organizations/oak/leave") }),
        ("an hour is over", { accounts, _, _ in accounts.pass(seconds: 3_600) }),
        (
            "somebody is operator no more",
            { accounts, _, _ in
                _ = try await OperatorActions(platform: accounts.server.server.platform)
                    .setOperator(try EmailAddress("root@marquee.example"), false)
            }
        ),
    ]

    @Test("it ends at once", arguments: ends.indices)
    func end(_ index: Int) async throws {
        try await Self.withSupport { support in
            #expect(await support.consent() == 303)
            #expect(await support.enter()?.status == 303)
            #expect(await support.status("editing") == 200)
            try await Self.ends[index].end(support.accounts, support.owner, support.browser)
            for name in ["looking", "editing"] { #expect(await support.status(name) == 404, "\(Self.ends[index].name)") }
        }
    }

    @Test("a consent ends by itself, also in the middle of an hour")
    func expiry() async throws {
        try await Self.withSupport { support in
            #expect(await support.consent() == 303)
            support.accounts.pass(seconds: 86_400 - 60)
            #expect(await support.enter()?.status == 303)
            #expect(await support.status("editing") == 200)
            support.accounts.pass(seconds: 60)
            #expect(await support.status("looking") == 404)
            #expect(await support.enter()?.status == 422)
        }
    }

    @Test("without a consent in force nobody gets in, and nothing is written")
    func refusals() async throws {
        try await Self.withSupport { support in
            #expect(await support.enter()?.status == 422)
            #expect(await support.status("looking") == 404)
            for (scope, days) in [("own", "1"), ("", "1"), ("edit", "2"), ("edit", ""), ("edit", "365"), ("edit", "-1")] {
                #expect(await support.consent(scope, days: days) == 422, "\(scope) \(days)")
            }
            #expect(try await support.actions().isEmpty)
            #expect(await support.consent() == 303)
            for reason in ["", "  ", "ask ana@oak.example", String(repeating: "x", count: 201)] {
                #expect(await support.enter(reason)?.status == 422, "\(reason)")
            }
            #expect(try await support.actions() == [AuditAction.consentGiven.rawValue])
            // Who isn't an operator gains nothing by it.
            let eve = try await support.accounts.add(user: "eve@elm.example")
            try await support.accounts.add(organization: "fir", member: eve, .owner)
            let browser = support.accounts.browser()
            await support.accounts.signIn("eve@elm.example", browser)
            #expect(await browser.post("/operator/organizations/oak/enter", [("reason", "x")])?.status == 403)
            #expect(await browser.get("/manage/oak/support")?.status == 404)
            #expect(await browser.post("/manage/oak/support", [("scope", "edit"), ("days", "7")])?.status == 404)
        }
    }

    @Test("only owners give consent and take it back, also while the organization is stopped", arguments: Role.allCases)
    func roles(_ role: Role) async throws {
        try await Self.withSupport { support in
            let user = try await support.accounts.add(user: "pat@oak.example")
            try await support.accounts.add(organization: "oak", member: user, role)
            let browser = support.accounts.browser()
            await support.accounts.signIn("pat@oak.example", browser)
            try await support.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = 'suspended'") }
            #expect(await browser.get("/manage/oak/support")?.status == (role == .owner ? 200 : 403))
            #expect(await browser.post("/manage/oak/support", [("scope", "look"), ("days", "1")])?.status == (role == .owner ? 303 : 403))
            #expect(await support.consent("edit") == 303)
            #expect(await browser.post("/manage/oak/support/withdraw")?.status == (role == .owner ? 303 : 403))
            #expect(await support.enter()?.status == (role == .owner ? 422 : 303))
            // Consent opens nothing that its standing with the platform closes.
            if role != .owner { #expect(await support.status("editing") == 423) }
        }
    }

    @Test("the page says what is in force and until when; giving and taking back stand in the log once each")
    func page() async throws {
        try await Self.withSupport { support in
            #expect(await support.owner.get("/manage/oak/support")?.body.contains("Nobody but your own people is let in.") == true)
            #expect(await support.consent("look", days: "3") == 303)
            let page = await support.owner.get("/manage/oak/support")?.body ?? ""
            #expect(page.contains("may look at your pages until January 18, 2027, 8:00") && page.contains("/manage/oak/support/withdraw"))
            #expect(await support.browser.get("/operator/organizations/oak")?.body.contains("An owner lets us look until") == true)
            #expect(await support.browser.get("/operator/organizations/elm")?.body.contains("No owner has let us in.") == true)
            for _ in 0..<2 { #expect(await support.owner.post("/manage/oak/support/withdraw")?.status == 303) }
            #expect(try await support.actions() == [AuditAction.consentGiven, .consentWithdrawn].map(\.rawValue))
            let oak = try #require(try await support.platform.organizations.organization(slug: Slug("oak")))
            let details = try await support.platform.auditLog(of: oak.id).entries().last
            #expect(details?.subject == "look" && details?.details == ["days": "3"])
        }
    }
}
