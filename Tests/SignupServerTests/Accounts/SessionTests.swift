import Database
import Foundation
import Hummingbird
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Sessions and permissions")
struct SessionTests {
    @Test("signing out ends the session, not only the cookie")
    func signOut() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            let cookie = try #require(browser.cookies["session"])
            #expect(await browser.post("/sign-out")?.status == 303)
            #expect(browser.cookies["session"] == nil)
            browser.keep("session", cookie)
            #expect(await browser.get("/account")?.status == 303)
        }
    }

    @Test("a user sees the own sessions and can end one or all; another's stay")
    func list() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let bob = try await accounts.add(user: "bob@elm.example")
            let (laptop, tablet, stranger) = (accounts.browser(), TestBrowser(accounts.server, userAgent: "<b>curl</b>"), accounts.browser())
            await accounts.signIn("ana@oak.example", laptop)
            await accounts.signIn("ana@oak.example", tablet)
            await accounts.signIn("bob@elm.example", stranger)
            let page = await laptop.get("/account")
            #expect(page?.body.components(separatedBy: "action=\"/account/sessions/end\"").count == 2)
            #expect(page?.body.contains("A browser") == true && page?.body.contains("<b>curl") == false)
            let theirs = try await accounts.server.server.platform.database.read { try Session.all(of: bob, at: AccountServer.start, $0) }
            let other = try #require(theirs.first)
            #expect(await laptop.post("/account/sessions/end", [("session", other.id.description)])?.status == 303)
            #expect(await stranger.get("/account")?.status == 200)
            let id = try #require(page?.body.components(separatedBy: "name=\"session\" value=\"").last?.prefix(36))
            #expect(await laptop.post("/account/sessions/end", [("session", String(id))])?.status == 303)
            #expect(await tablet.get("/account")?.status == 303)
            #expect(await laptop.get("/account")?.status == 200)
            #expect(await laptop.post("/account/sessions/end", [("session", "1")])?.status == 400)
            await accounts.signIn("ana@oak.example", tablet)
            #expect(await laptop.post("/account/sessions/end-all")?.value(of: "Location") == "/sign-in")
            #expect(await tablet.get("/account")?.status == 303)
            #expect(await laptop.get("/account")?.status == 303)
            #expect(await stranger.get("/account")?.status == 200)
        }
    }

    @Test("a session lasts 30 days after its last use, and 90 days at the most")
    func expiry() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let day: Int64 = 86_400
            let idle = accounts.browser()
            await accounts.signIn("ana@oak.example", idle)
            accounts.pass(seconds: 30 * day - 1)
            #expect(await idle.get("/account")?.status == 200)
            accounts.pass(seconds: 30 * day)
            #expect(await idle.get("/account")?.status == 303)
            let busy = accounts.browser()
            await accounts.signIn("ana@oak.example", busy)
            for _ in 0..<8 {
                accounts.pass(seconds: 10 * day)
                #expect(await busy.get("/account")?.status == 200)
            }
            accounts.pass(seconds: 10 * day)
            #expect(await busy.get("/account")?.status == 303)
        }
    }

    @Test("name and language are saved, and shown again when they can't be")
    func account() async throws {
        try await withAccounts { accounts in
            try await accounts.add(user: "ana@oak.example")
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            #expect(await browser.post("/account", [("name", " Ana \r\n<Reyes> "), ("language", "es")])?.value(of: "Location") == "/account?saved")
            let page = await browser.get("/account?saved")
            #expect(page?.body.contains("lang=\"es\"") == true)
            #expect(page?.body.contains("value=\"Ana &lt;Reyes&gt;\"") == true)
            #expect(page?.body.contains("Guardado.") == true)
            let refused = await browser.post("/account", [("name", String(repeating: "n", count: 101)), ("language", "xx")])
            #expect(refused?.status == 422)
            #expect(refused?.body.contains("value=\"\(String(repeating: "n", count: 101))\"") == true)
            #expect(refused?.body.components(separatedBy: "class=\"problem\"").count == 3)
        }
    }

    private static let routes = [
        Route(.get, "/organizations/{slug}/inside", surface: .app, permission: .member([.owner, .officer])) { _, context in
            let organization = try context.organization()
            return .text("\(organization.slug) \(organization.roles.map(\.rawValue).sorted()) \(try context.user().email)")
        },
        Route(.get, "/for-operators", surface: .app, permission: .operator) { _, _ in .text("the console") },
        Route(.post, "/organizations/{slug}/inside", surface: .app, permission: .member([.owner])) { _, _ in .text("done") },
    ]

    @Test("a member gets in by role and term; everybody else gets what a missing organization gives")
    func members() async throws {
        try await withAccounts(routes: Self.routes) { accounts in
            let ana = try await accounts.add(user: "ana@oak.example")
            let bob = try await accounts.add(user: "bob@elm.example")
            try await accounts.add(organization: "oak", member: ana, .owner)
            try await accounts.add(organization: "oak", member: ana, .treasurer)
            try await accounts.add(organization: "elm", member: bob, .owner)
            try await accounts.add(organization: "elm", member: ana, .viewer)
            try await accounts.add(organization: "ash", member: bob, .owner)
            try await accounts.add(organization: "ash", member: ana, .owner, from: 60, to: 120)
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            #expect(await browser.get("/organizations/oak/inside")?.body == "oak [\"owner\", \"treasurer\"] ana@oak.example")
            #expect(await browser.get("/organizations/elm/inside")?.status == 403)
            #expect(await browser.post("/organizations/oak/inside")?.status == 200)
            #expect(await browser.post("/organizations/elm/inside")?.status == 403)
            // A seat counts from its start to its end.
            #expect(await browser.get("/organizations/ash/inside")?.status == 404)
            accounts.pass(seconds: 60)
            #expect(await browser.get("/organizations/ash/inside")?.status == 200)
            accounts.pass(seconds: 60)
            #expect(await browser.get("/organizations/ash/inside")?.status == 404)
            for path in ["/organizations/none/inside", "/organizations/OAK/inside", "/organizations/%6Fak%00/inside", "/organizations/o/inside"] {
                #expect([400, 404].contains(await browser.get(path)?.status), "\(path)")
            }
        }
    }

    @Test("a stranger who asks for a page is led to sign in and back; other requests are refused")
    func strangers() async throws {
        try await withAccounts(routes: Self.routes) { accounts in
            let ana = try await accounts.add(user: "ana@oak.example")
            try await accounts.add(organization: "oak", member: ana, .owner)
            let browser = accounts.browser()
            let led = await browser.get("/organizations/oak/inside?a=1&b=%2F")
            #expect(led?.status == 303)
            #expect(led?.value(of: "Location") == "/sign-in?next=%2Forganizations%2Foak%2Finside%3Fa%3D1%26b%3D%252F")
            // Whether there is such an organization doesn't show.
            #expect(await browser.get("/organizations/none/inside")?.status == 303)
            #expect(await browser.post("/organizations/oak/inside")?.status == 401)
            browser.keep("session", SecretToken(.system).text)
            #expect(await browser.get("/organizations/oak/inside")?.status == 303)
            #expect(await accounts.signIn("ana@oak.example", browser, next: "/organizations/oak/inside?a=1") == "/organizations/oak/inside?a=1")
        }
    }

    @Test("the operator's routes are the operators'")
    func operators() async throws {
        try await withAccounts(routes: Self.routes) { accounts in
            try await accounts.add(user: "ana@oak.example")
            try await accounts.add(user: "root@marquee.example", isOperator: true)
            let (one, other) = (accounts.browser(), accounts.browser())
            await accounts.signIn("ana@oak.example", one)
            await accounts.signIn("root@marquee.example", other)
            #expect(await one.get("/for-operators")?.status == 403)
            #expect(await other.get("/for-operators")?.body == "the console")
            // Running the platform opens no organization.
            #expect(await other.get("/organizations/oak/inside")?.status == 404)
        }
    }

    @Test("browsers are named as their users name them", arguments: browsers)
    func names(userAgent: String, name: String) {
        #expect(BrowserName.of(userAgent: userAgent) == name)
    }

    private static let browsers = [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1",
            "Safari, iPhone"
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 FxiOS/140.0 Safari/605.1.15", "Firefox, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("curl/8.5", ""), ("", ""),
    ]
}

/// The checks of the rows that are about accounts.
enum AccountCases {
    static let checks: [String: @Sendable () async throws -> Void] = [
        "auth: new code requested after 5 failures": {
            try await withAccounts { accounts in
                try await accounts.add(user: "ana@oak.example")
                let browser = accounts.browser()
                let first = try #require(await accounts.ask("ana@oak.example", browser).message)
                for _ in 0..<5 { _ = await browser.post("/sign-in/sent", [("code", first.code == "999999" ? "999998" : "999999")]) }
                _ = await accounts.ask("ana@oak.example", browser)
                let failures = try await accounts.server.server.platform.database.read { connection -> Int in
                    try connection.row("SELECT failures FROM sign_in_failure WHERE email_key = 'ana@oak.example'")?["failures"] ?? 0
                }
                #expect(failures == 5)
            }
        },
        "auth: session id before and after sign-in": {
            try await withAccounts { accounts in
                try await accounts.add(user: "ana@oak.example")
                let browser = accounts.browser()
                // One that somebody else has put there.
                let planted = SecretToken(.system).text
                browser.keep("session", planted)
                await accounts.signIn("ana@oak.example", browser)
                let first = browser.cookies["session"]
                #expect(first != nil && first != planted)
                await accounts.signIn("ana@oak.example", browser)
                #expect(browser.cookies["session"] != first)
                browser.keep("session", first)
                #expect(await browser.get("/account")?.status == 303, "the session before signing in again is open")
            }
        },
        "auth: token 11 minutes old": {
            for (seconds, status) in [(599 as Int64, 303), (600, 410), (660, 410)] {
                try await withAccounts { accounts in
                    try await accounts.add(user: "ana@oak.example")
                    let browser = accounts.browser()
                    let mail = try #require(await accounts.ask("ana@oak.example", browser).message)
                    accounts.pass(seconds: seconds)
                    #expect(await browser.post("/sign-in/link", [("token", mail.token)])?.status == status)
                }
            }
        },
        "auth: user of tenant A asks API object of tenant B": {
            let route = Route(.get, "/organizations/{slug}/facts", surface: .app, permission: .member(Set(Role.allCases))) { _, _ in .text("facts") }
            try await withAccounts(routes: [route]) { accounts in
                let ana = try await accounts.add(user: "ana@oak.example")
                let bob = try await accounts.add(user: "bob@elm.example")
                try await accounts.add(organization: "oak", member: ana, .owner)
                try await accounts.add(organization: "elm", member: bob, .owner)
                let browser = accounts.browser()
                await accounts.signIn("ana@oak.example", browser)
                let (own, foreign, missing) = (
                    await browser.get("/organizations/oak/facts"), await browser.get("/organizations/elm/facts"),
                    await browser.get("/organizations/fir/facts")
                )
                #expect(own?.body == "facts")
                #expect(foreign?.status == 404 && missing?.status == 404)
                #expect(foreign?.withoutItsName.replacing("elm", with: "fir") == missing?.withoutItsName)
            }
        },
        "email: unknown address at login/reset/magic-link": {
            try await withAccounts { accounts in
                var times: [String: [Duration]] = [:]
                for number in 0..<15 {
                    try await accounts.add(user: "known-\(number)@oak.example")
                    for kind in ["known", "unknown"] {
                        let browser = accounts.browser()
                        let token = accounts.server.server.web.formGuard.token(for: "sign-in")
                        // Each from a network of its own would be the same; here the hour passes.
                        accounts.pass(seconds: 600)
                        let start = ContinuousClock.now
                        let answer = await browser.post("/sign-in", [("email", "\(kind)-\(number)@oak.example"), ("form_token", token)])
                        times[kind, default: []].append(ContinuousClock.now - start)
                        #expect(answer?.status == 303)
                        #expect(answer?.body == "")
                        #expect(answer?.value(of: "Location") == "/sign-in/sent")
                        #expect(answer?.headers.map(\.name).sorted() == Self.headersOfAsking)
                        let page = await browser.get("/sign-in/sent")
                        #expect(page?.status == 200 && page?.body.contains("\(kind)-") == false)
                    }
                }
                #expect(accounts.mails.value.count == 15)
                let (known, unknown) = (times["known", default: []].sorted()[7], times["unknown", default: []].sorted()[7])
                #expect(known < unknown * 3 && unknown < known * 3, "known \(known), unknown \(unknown)")
            }
        },
    ]

    private static let headersOfAsking = [
        "Cache-Control", "Connection", "Content-Length", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Date", "Location",
        "Permissions-Policy", "Referrer-Policy", "Set-Cookie", "X-Content-Type-Options", "X-Frame-Options", "X-Request-Id",
    ]
}

extension RawResponse {
    /// Every request has a name of its own, which the page for errors tells.
    var withoutItsName: String { body.replacing(value(of: "X-Request-Id") ?? "", with: "") }
}

@Suite("Limits of an organization")
struct OrganizationLimitTests {
    @Test("so many changes an hour, and the others go on")
    func changes() async throws {
        let route = Route(.post, "/organizations/{slug}/change", surface: .app, permission: .member([.owner])) { _, _ in .text("done") }
        try await withAccounts(routes: [route]) { accounts in
            let ana = try await accounts.add(user: "ana@oak.example")
            for slug in ["oak", "elm"] { try await accounts.add(organization: slug, member: ana, .owner) }
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            var statuses: [Int: Int] = [:]
            for _ in 0..<602 { statuses[await browser.post("/organizations/oak/change")?.status ?? 0, default: 0] += 1 }
            #expect(statuses == [200: 600, 429: 2])
            #expect(await browser.post("/organizations/elm/change")?.status == 200)
            accounts.pass(seconds: 3_600)
            #expect(await browser.post("/organizations/oak/change")?.status == 200)
        }
    }
}
