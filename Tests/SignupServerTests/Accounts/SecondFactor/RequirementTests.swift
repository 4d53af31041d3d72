import Database
import Foundation
import HTTPTypes
import Hummingbird
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Second factors that an organization requires")
struct RequirementTests {
    private static let inside = [
        Route(.get, "/manage/{slug}/inside", surface: .app, permission: .member(Permission.all)) { _, _ in .text("the inside") },
        Route(.post, "/manage/{slug}/inside", surface: .app, permission: .member(Permission.all)) { _, _ in .text("done") },
    ]

    private func id(of slug: String, _ factors: FactorServer) async throws -> OrganizationID {
        let slug = try Slug(slug)
        return try #require(try await factors.platform.organizations.organization(slug: slug)).id
    }

    @Test("an owner who has one switches it on and off; both are in the audit log, once")
    func switching() async throws {
        try await withFactors { factors, browser, ana in
            try await factors.accounts.add(organization: "oak", member: ana, .owner)
            let id = try await id(of: "oak", factors)
            // Not from outside.
            let before = await browser.get("/manage/oak/security")
            #expect(before?.status == 200)
            #expect(before?.body.contains("/account/second-factor?next=%2Fmanage%2Foak%2Fsecurity") == true)
            #expect(await browser.post("/manage/oak/security", [("required", "yes")])?.status == 422)
            #expect(await browser.post("/manage/oak/security", [("required", "maybe")])?.status == 400)
            #expect(try await factors.count("organization WHERE requires_second_factor = 1") == 0)
            _ = try #require(await factors.setUp(browser))
            for answer in ["yes", "yes", "no", "no", "yes"] {
                #expect(await browser.post("/manage/oak/security", [("required", answer)])?.status == 303)
            }
            #expect(await browser.get("/manage/oak/security")?.body.contains("No longer ask for it") == true)
            let log = factors.platform.auditLog(of: id)
            let actions = try await log.entries().map(\.action)
            #expect(actions == ["security.second_factor_required", "security.second_factor_not_required", "security.second_factor_required"])
            #expect(try await log.entries().allSatisfy { $0.actor == .user(ana) })
            #expect(try await log.problems().isEmpty)
        }
    }

    @Test("owners and treasurers who have none are led to it from every page of that organization, and can change nothing; others go on")
    func required() async throws {
        try await withFactors(routes: Self.inside) { factors, browser, ana in
            try await factors.accounts.add(organization: "oak", member: ana, .owner)
            var browsers: [Role: TestBrowser] = [:]
            for role in Role.allCases {
                let email = "\(role)@oak.example"
                let user = try await factors.accounts.add(user: email)
                try await factors.accounts.add(organization: "oak", member: user, role)
                try await factors.accounts.add(organization: "elm", member: user, role)
                browsers[role] = factors.accounts.browser()
                await factors.accounts.signIn(email, try #require(browsers[role]))
            }
            _ = try #require(await factors.setUp(browser))
            #expect(await browser.get("/manage/oak/security")?.body.contains("2 people in these seats") == true)
            #expect(await browser.post("/manage/oak/security", [("required", "yes")])?.status == 303)
            #expect(await browser.get("/manage/oak/inside")?.body == "the inside")
            for (role, browser) in browsers {
                let isLed = role == .owner || role == .treasurer
                let page = await browser.get("/manage/oak/inside?a=1")
                #expect(page?.status == (isLed ? 303 : 200), "\(role)")
                #expect(page?.value(of: "Location") == (isLed ? "/account/second-factor?needed&next=%2Fmanage%2Foak%2Finside%3Fa%3D1" : nil))
                #expect(await browser.post("/manage/oak/inside")?.status == (isLed ? 403 : 200), "\(role)")
                // Another organization asks for nothing.
                #expect(await browser.get("/manage/elm/inside")?.status == 200)
            }
            let owner = try #require(browsers[.owner])
            #expect(await owner.get("/manage/oak/security")?.status == 303)
            #expect(await owner.post("/manage/oak/security", [("required", "no")])?.status == 403)
            let page = await owner.get("/account/second-factor?needed&next=%2Fmanage%2Foak%2Finside")
            #expect(page?.body.contains("asks its owners and treasurers") == true)
            // Set up, it goes on where it was.
            let app = try #require(await factors.begin(owner))
            let done = await owner.post("/account/second-factor/app", [("code", app.code()), ("next", "/manage/oak/inside")])
            #expect(done?.body.contains("href=\"/manage/oak/inside\"") == true)
            #expect(await owner.get("/manage/oak/inside")?.body == "the inside")
            #expect(await owner.post("/manage/oak/security", [("required", "no")])?.status == 303)
            #expect(await browsers[.treasurer]?.get("/manage/oak/inside")?.body == "the inside")
        }
    }

    @Test("only owners decide; for those who are no members there is nothing")
    func others() async throws {
        try await withFactors { factors, browser, ana in
            let bob = try await factors.accounts.add(user: "bob@elm.example")
            try await factors.accounts.add(organization: "elm", member: bob, .owner)
            _ = try #require(await factors.setUp(browser))
            #expect(await browser.get("/manage/elm/security")?.status == 404)
            #expect(await browser.post("/manage/elm/security", [("required", "yes")])?.status == 404)
            for role in Role.allCases where role != .owner {
                try await factors.accounts.add(organization: "elm", member: ana, role)
                #expect(await browser.get("/manage/elm/security")?.status == 403)
                #expect(await browser.post("/manage/elm/security", [("required", "yes")])?.status == 403)
            }
            #expect(try await factors.count("organization WHERE requires_second_factor = 1") == 0)
        }
    }
}
