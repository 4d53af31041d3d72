import Database
import Foundation
import HTTPTypes
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Signing in by mail")
struct SignInTests {
    @Test("the link signs in, once, by its button; looking at it uses nothing up")
    func link() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example", name: "Ana Reyes")
            let browser = accounts.browser()
            let (asked, message) = await accounts.ask("Ana@Oak.example", browser, next: "/account?tab=1")
            #expect(asked?.status == 303)
            #expect(asked?.value(of: "Location") == "/sign-in/sent")
            let mail = try #require(message)
            #expect(mail.to.text == "ana@oak.example")
            #expect(mail.link.hasPrefix("http://localhost:\(accounts.server.port)/sign-in/link?token="))
            for _ in 0..<3 {
                let page = await browser.get(mail.path)
                #expect(page?.status == 200)
                #expect(page?.body.contains("Welcome back") == true)
            }
            #expect(await browser.get("/account")?.status == 303)
            let done = await browser.post("/sign-in/link", [("token", mail.token)])
            #expect(done?.status == 303)
            #expect(done?.value(of: "Location") == "/account?tab=1")
            #expect(browser.cookies["sign-in"] == nil)
            let account = await browser.get("/account")
            #expect(account?.status == 200)
            #expect(account?.body.contains("Ana Reyes") == true && account?.body.contains("Firefox, Windows") == true)
            // A second time it leads nowhere, in this browser or another.
            #expect(await browser.post("/sign-in/link", [("token", mail.token)])?.status == 410)
            #expect(await browser.get(mail.path)?.status == 410)
        }
    }

    @Test("in another browser the link explains itself, and signs nobody in")
    func otherBrowser() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let (laptop, phone) = (accounts.browser(), accounts.browser())
            let mail = try #require(await accounts.ask("ana@oak.example", laptop).message)
            #expect(await phone.get(mail.path)?.body.contains("You asked in another browser") == true)
            #expect(await phone.post("/sign-in/link", [("token", mail.token)])?.status == 410)
            phone.keep("sign-in", SecretToken(.system).text)
            #expect(await phone.post("/sign-in/link", [("token", mail.token)])?.status == 410)
            #expect(phone.cookies["session"] == nil)
            // It still works where it was asked for.
            #expect(await laptop.post("/sign-in/link", [("token", mail.token)])?.status == 303)
        }
    }

    @Test("the six digits sign in where the mail was asked for, written as people write them", arguments: ["", " ", "-"])
    func code(between: String) async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let (laptop, other) = (accounts.browser(), accounts.browser())
            let mail = try #require(await accounts.ask("ana@oak.example", laptop).message)
            let digits = mail.code.prefix(3) + between + mail.code.suffix(3)
            #expect(await laptop.get("/sign-in/sent")?.status == 200)
            #expect(await other.get("/sign-in/sent")?.value(of: "Location") == "/sign-in")
            _ = await accounts.ask("nobody@oak.example", other)
            #expect(await other.post("/sign-in/sent", [("code", String(digits))])?.status == 422)
            #expect(await laptop.post("/sign-in/sent", [("code", "12345")])?.status == 422)
            #expect(await laptop.post("/sign-in/sent", [("code", "12345٣")])?.status == 422)
            #expect(await laptop.post("/sign-in/sent", [("code", String(digits))])?.value(of: "Location") == "/account")
            #expect(await laptop.get("/account")?.status == 200)
            // The link of the same mail is used up with it.
            #expect(await laptop.get(mail.path)?.status == 410)
        }
    }

    @Test("five wrong codes end a mail's code, and ten in a row an address's, until a link was used; new mails set nothing back")
    func guesses() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            func wrong(_ mail: SignInMessage) -> String { mail.code == "000000" ? "000001" : "000000" }
            for _ in 0..<2 {
                let mail = try #require(await accounts.ask("ana@oak.example", browser).message)
                for _ in 0..<4 { #expect(await browser.post("/sign-in/sent", [("code", wrong(mail))])?.status == 422) }
                #expect(await browser.post("/sign-in/sent", [("code", wrong(mail))])?.status == 410)
                #expect(await browser.post("/sign-in/sent", [("code", mail.code)])?.status == 410)
            }
            let third = try #require(await accounts.ask("ana@oak.example", browser).message)
            #expect(await browser.post("/sign-in/sent", [("code", third.code)])?.status == 410)
            #expect(await browser.post("/sign-in/link", [("token", third.token)])?.status == 303)
            let fourth = try #require(await accounts.ask("ana@oak.example", browser).message)
            #expect(await browser.post("/sign-in/sent", [("code", fourth.code)])?.status == 303)
        }
    }

    @Test("of twenty browsers' tabs that press the button at once, one opens a session")
    func once() async throws {
        try await withAccounts { accounts in
            let user = try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            let mail = try #require(await accounts.ask("ana@oak.example", browser).message)
            let cookie = try #require(browser.cookies["sign-in"])
            let statuses = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let tab = accounts.browser()
                        tab.keep("sign-in", cookie)
                        return await tab.post("/sign-in/link", [("token", mail.token)])?.status
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 303 }.count == 1)
            #expect(statuses.filter { $0 == 410 }.count == 19)
            let sessions = try await accounts.server.server.platform.database.read { try Session.all(of: user, at: AccountServer.start, $0) }
            #expect(sessions.count == 1)
        }
    }

    @Test("the sixth mail to an address within an hour is refused, whether it has an account or not")
    func mails() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            for email in ["ana@oak.example", "nobody@oak.example"] {
                for _ in 0..<5 { #expect(await accounts.ask(email, accounts.browser()).response?.status == 303) }
                let refused = await accounts.ask(email, accounts.browser()).response
                #expect(refused?.status == 429)
                #expect(refused?.value(of: "Retry-After") == "720")
            }
            #expect(accounts.mails.value.count == 5)
        }
    }

    @Test(
        "the way back after signing in never leaves the app host", arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
    func next(path: String) async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            let page = await browser.get("/sign-in?next=\(PercentEncoding.component(path))")
            #expect(page?.body.contains("name=\"next\" value=\"/organizations\"") == true)
            #expect(await accounts.signIn("ana@oak.example", browser, next: path) == "/organizations")
            #expect(await browser.get("/sign-in?next=\(PercentEncoding.component(path))")?.value(of: "Location") == "/organizations")
        }
    }

    @Test("what is no address is said beside the field, and what was typed stays")
    func badAddress() async throws {
        try await withAccounts { accounts in
            let answer = await accounts.ask("ana at <oak>", accounts.browser()).response
            #expect(answer?.status == 422)
            #expect(answer?.body.contains("aria-invalid=\"true\"") == true)
            #expect(answer?.body.contains("aria-describedby=\"field-email-hint field-email-problem\"") == true)
            #expect(answer?.body.contains("value=\"ana at &lt;oak&gt;\"") == true)
            #expect(answer?.body.contains("<a href=\"#field-email\">") == true)
        }
    }
}
