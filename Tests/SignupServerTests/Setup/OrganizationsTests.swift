import Foundation
import Tenancy
import Testing

@testable import SignupServer

@Suite("The organizations that one looks after")
struct OrganizationsTests {
    @Test("with none one is told what to do, with one one is there at once, with several one chooses; seats count within their terms")
    func choosing() async throws {
        try await withAccounts { accounts in
            let user = try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            #expect(await browser.get("/organizations")?.status == 303)
            await accounts.signIn("ana@oak.example", browser)
            let none = await browser.get("/organizations")
            #expect(none?.status == 200 && none?.body.contains("ask for an invitation") == true)
            try await accounts.add(organization: "oak", member: user, .owner)
            try await accounts.add(organization: "oak", member: user, .treasurer)
            #expect(await browser.get("/organizations")?.value(of: "Location") == "/manage/oak")
            #expect(await browser.get("/manage/oak")?.body.contains("Another organization") == false)
            // Not yet, and no more.
            try await accounts.add(organization: "elm", member: user, .viewer, from: 100)
            try await accounts.add(organization: "ash", member: user, .viewer, from: -100, to: 50)
            #expect(await browser.get("/organizations")?.body.contains("/manage/ash") == true)
            accounts.pass(seconds: 60)
            #expect(await browser.get("/organizations")?.value(of: "Location") == "/manage/oak")
            accounts.pass(seconds: 60)
            let several = await browser.get("/organizations")?.body ?? ""
            #expect(several.contains("/manage/oak") && several.contains("/manage/elm") && !several.contains("/manage/ash"))
            #expect(several.contains("Owner, Treasurer") && several.contains("on trial"))
            let page = await browser.get("/manage/oak")?.body ?? ""
            #expect(page.contains("Another organization") && page.contains("Your organizations"))
        }
    }

    @Test("signing in leads there, and to nobody else's")
    func start() async throws {
        try await withAccounts { accounts in
            let (ana, bob) = (try await accounts.add(user: "ana@oak.example"), try await accounts.add(user: "bob@oak.example"))
            try await accounts.add(organization: "oak", member: ana, .owner)
            try await accounts.add(organization: "elm", member: bob, .owner)
            let browser = accounts.browser()
            #expect(await accounts.signIn("bob@oak.example", browser, next: "//evil.example") == "/organizations")
            #expect(await browser.get("/organizations")?.value(of: "Location") == "/manage/elm")
            #expect(await browser.get("/manage/oak")?.status == 404)
        }
    }
}
