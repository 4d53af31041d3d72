import Database
import Foundation
import HTTPTypes
import Hummingbird
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("A second factor: an app, and recovery codes")
struct SecondFactorTests {
    @Test("an app counts when its first code was right; ten recovery codes are shown then, and never again")
    func setUp() async throws {
        try await withFactors { factors, browser, _ in
            let app = try #require(await factors.begin(browser))
            #expect(app.secret.count == 20)
            let page = try #require(await browser.get("/account/second-factor/app")?.body)
            #expect(page.contains("<svg") && page.contains("currentColor"))
            #expect(await browser.post("/account/second-factor/app", [("code", app.wrong)])?.status == 422)
            #expect(await browser.post("/account/second-factor/app", [("code", "12345")])?.status == 422)
            // Not there yet: a link alone signs in.
            #expect(await factors.signInHalf().get("/account")?.status == 200)
            #expect(factors.mails.isEmpty)
            let done = try #require(await browser.post("/account/second-factor/app", [("code", " \(app.code().prefix(3)) \(app.code().suffix(3))")]))
            #expect(done.status == 200 && done.value(of: "Cache-Control") == "no-store")
            #expect(Set(done.body.recoveryCodes).count == 10)
            #expect(factors.mails == ["second-factor-app-added"])
            // The secret is nowhere any more, nor are the codes.
            for path in ["/account/second-factor/app", "/account/second-factor"] {
                let body = try #require(await browser.get(path)?.body)
                #expect(!body.contains("class=\"secret\"") && body.recoveryCodes.isEmpty)
            }
            // A confirmed app is not overwritten.
            _ = await browser.post("/account/second-factor")
            #expect(try await factors.count("totp WHERE confirmed_at IS NOT NULL") == 1)
        }
    }

    @Test("the database reveals neither secret nor codes")
    func atRest() async throws {
        try await withFactors { factors, browser, _ in
            let (app, codes) = try #require(await factors.setUp(browser))
            let path = factors.platform.database.path
            var bytes = Data()
            for suffix in ["", "-wal"] { bytes += (try? Data(contentsOf: URL(filePath: path + suffix))) ?? Data() }
            #expect(bytes.count > 10_000)
            let secrets = [app.secret, Array(Base32.text(app.secret).utf8), Array(Base64URL.text(app.secret).utf8)]
            let written = codes.flatMap { [Array($0.utf8), Array($0.replacing("-", with: "").utf8)] }
            for secret in secrets + written { #expect(bytes.range(of: Data(secret)) == nil) }
        }
    }

    @Test("the link leads to the code, and the code to where one wanted to go, under another token")
    func signIn() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            let other = factors.accounts.browser()
            let led = await factors.accounts.signIn("ana@oak.example", other, next: "/account?a=1&b=2")
            #expect(led == "/sign-in/second-factor?next=%2Faccount%3Fa%3D1%26b%3D2")
            let page = try #require(await other.get(led ?? ""))
            #expect(page.status == 200)
            #expect(page.body.contains("name=\"next\" value=\"/account?a=1&amp;b=2\""))
            let half = try #require(other.cookies["session"])
            #expect(await other.post("/sign-in/second-factor", [("code", app.wrong), ("next", "/account?a=1")])?.status == 422)
            let done = await other.post("/sign-in/second-factor", [("code", app.code()), ("next", "/account?a=1&b=2")])
            #expect(done?.status == 303)
            #expect(done?.value(of: "Location") == "/account?a=1&b=2")
            #expect(await other.get("/account")?.status == 200)
            let old = factors.accounts.browser()
            old.keep("session", half)
            #expect(await old.get("/account")?.value(of: "Location") == "/sign-in?next=%2Faccount")
        }
    }

    @Test("the six digits of a mail lead to the second factor as the link does")
    func mailCode() async throws {
        try await withFactors { factors, browser, _ in
            _ = try #require(await factors.setUp(browser))
            let other = factors.accounts.browser()
            let mail = try #require(await factors.accounts.ask("ana@oak.example", other).message)
            #expect(await other.post("/sign-in/sent", [("code", mail.code)])?.value(of: "Location") == "/sign-in/second-factor?next=%2Faccount")
            #expect(await other.get("/account")?.status == 303)
        }
    }

    @Test("a half-open session is a stranger's on every route that isn't for anyone")
    func halfOpen() async throws {
        let extra = Route(.get, "/organizations/{slug}/inside", surface: .app, permission: .member(Permission.all)) { _, _ in .text("the inside") }
        let console = Route(.get, "/console", surface: .app, permission: .operator) { _, _ in .text("the inside") }
        try await withFactors(routes: [extra, console]) { factors, browser, ana in
            try await factors.accounts.add(organization: "oak", member: ana, .owner)
            try await factors.platform.database.write { try $0.execute("UPDATE user SET is_operator = 1") }
            #expect(await browser.get("/organizations/oak/inside")?.body == "the inside")
            let (app, _) = try #require(await factors.setUp(browser))
            let half = await factors.signInHalf()
            var tried = 0
            for route in factors.accounts.server.server.routes.routes where route.permission != .anyone && !route.permission.isForPrograms {
                let path = route.path.description.replacing("{slug}", with: "oak").replacing(/\{[a-z]+\}/, with: "x")
                if route.method == .get {
                    let answer = await half.get(path)
                    #expect(answer?.status == 303, "\(path)")
                    #expect(answer?.value(of: "Location")?.hasPrefix("/sign-in/second-factor?next=") == true, "\(path)")
                } else if route.method == .post {
                    #expect(await half.post(path, [("required", "yes")])?.status == 401, "\(path)")
                }
                tried += 1
            }
            #expect(tried > 15)
            // It shows nobody's name, and the code opens it.
            #expect(await half.get("/")?.body.contains("ana@oak.example") == false)
            #expect(await half.post("/sign-in/second-factor", [("code", app.code()), ("next", "/console")])?.value(of: "Location") == "/console")
            #expect(await half.get("/console")?.body == "the inside")
        }
    }

    @Test("a session stays half open for ten minutes; using it does not make it longer")
    func halfOpenTime() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            let half = await factors.signInHalf()
            factors.accounts.pass(seconds: 599)
            #expect(await half.get("/sign-in/second-factor")?.status == 200)
            factors.accounts.pass(seconds: 1)
            #expect(await half.get("/sign-in/second-factor")?.value(of: "Location") == "/sign-in?next=%2Forganizations")
            #expect(await half.post("/sign-in/second-factor", [("code", app.code())])?.value(of: "Location") == "/sign-in?next=%2Forganizations")
            // Opened wholly, it lasts as any other.
            let other = await factors.signInHalf()
            #expect(await other.post("/sign-in/second-factor", [("code", app.code())])?.status == 303)
            factors.accounts.pass(seconds: 30 * 86_400 - 1)
            #expect(await other.get("/account")?.status == 200)
        }
    }

    @Test("the page is nothing for strangers, and for those who have no second factor")
    func strangers() async throws {
        try await withFactors { factors, browser, _ in
            let stranger = factors.accounts.browser()
            #expect(await stranger.get("/sign-in/second-factor")?.value(of: "Location") == "/sign-in?next=%2Forganizations")
            #expect(await stranger.post("/sign-in/second-factor", [("code", "123456")])?.value(of: "Location") == "/sign-in?next=%2Forganizations")
            #expect(await stranger.get("/sign-in/second-factor/passkey")?.status == 401)
            #expect(await browser.get("/sign-in/second-factor?next=%2Faccount%3Fx")?.value(of: "Location") == "/account?x")
        }
    }

    @Test("where it goes on never leaves the app host", arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
    func next(path: String) async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            let half = await factors.signInHalf()
            let page = await half.get("/sign-in/second-factor?next=\(PercentEncoding.component(path))")
            #expect(page?.body.contains("name=\"next\" value=\"/organizations\"") == true)
            #expect(await half.post("/sign-in/second-factor", [("code", app.code()), ("next", path)])?.value(of: "Location") == "/organizations")
        }
    }

    @Test("no code counts twice: not the one that switched the app on, not in another browser, and of two at once one")
    func replays() async throws {
        try await withFactors { factors, browser, _ in
            let app = try #require(await factors.begin(browser))
            let first = app.code()
            #expect(await browser.post("/account/second-factor/app", [("code", first)])?.status == 200)
            let half = await factors.signInHalf()
            #expect(await half.post("/sign-in/second-factor", [("code", first)])?.status == 422)
            // The next half minute's counts already, by a clock that is a little ahead.
            #expect(await half.post("/sign-in/second-factor", [("code", app.code(1))])?.status == 303)
            factors.accounts.pass(seconds: 30)
            let second = await factors.signInHalf()
            #expect(await second.post("/sign-in/second-factor", [("code", app.code())])?.status == 422)
            factors.accounts.pass(seconds: 30)
            let code = app.code()
            let third = await factors.signInHalf()
            async let one = second.post("/sign-in/second-factor", [("code", code)])?.status
            async let other = third.post("/sign-in/second-factor", [("code", code)])?.status
            #expect(Set(await [one, other]) == [303, 422])
        }
    }

    @Test("five wrong codes end a session; ten in a row rest the app's codes for a day, whatever session; a recovery code still works")
    func limits() async throws {
        try await withFactors { factors, browser, _ in
            let (app, codes) = try #require(await factors.setUp(browser))
            for _ in 0..<2 {
                let half = await factors.signInHalf()
                for _ in 0..<4 { #expect(await half.post("/sign-in/second-factor", [("code", app.wrong)])?.status == 422) }
                let last = await half.post("/sign-in/second-factor", [("code", app.wrong)])
                #expect(last?.status == 410)
                #expect(half.cookies["session"] == nil)
            }
            let half = await factors.signInHalf()
            let resting = await half.post("/sign-in/second-factor", [("code", app.code())])
            #expect(resting?.status == 422)
            #expect(resting?.body.contains("rest for a day") == true)
            // A new mail sets nothing back.
            let other = await factors.signInHalf()
            #expect(await other.post("/sign-in/second-factor", [("code", app.code())])?.status == 422)
            factors.accounts.pass(seconds: 30)
            #expect(await half.post("/sign-in/second-factor", [("code", codes[0])])?.status == 303)
            // That was the user: the app's codes count again.
            #expect(await other.post("/sign-in/second-factor", [("code", app.code())])?.status == 303)
        }
    }

    @Test("after a day the app's codes count again")
    func rest() async throws {
        try await withFactors { factors, browser, ana in
            let (app, _) = try #require(await factors.setUp(browser))
            let now = factors.accounts.clock.value
            try await factors.platform.database.write { connection in
                try connection.execute(
                    "INSERT INTO second_factor_failure (user_id, failures, last_failed_at) VALUES (:user, 10, :now)", ["user": ana, "now": now])
            }
            factors.accounts.pass(seconds: 86_399)
            #expect(await factors.signInHalf().post("/sign-in/second-factor", [("code", app.code())])?.status == 422)
            factors.accounts.pass(seconds: 1)
            #expect(await factors.signInHalf().post("/sign-in/second-factor", [("code", app.code(1))])?.status == 303)
        }
    }

    @Test("what can be no code is said beside the field and counts for nothing")
    func noCodes() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            let half = await factors.signInHalf()
            for text in ["", "12345", "k7m2u-9x4pd", "<b>", String(repeating: "1", count: 41), "12345٣"] {
                let answer = await half.post("/sign-in/second-factor", [("code", text)])
                #expect(answer?.status == 422)
                #expect(answer?.body.contains("field-code-problem") == true)
            }
            #expect(try await factors.count("second_factor_failure") == 0)
            #expect(await half.post("/sign-in/second-factor", [("code", app.code())])?.status == 303)
        }
    }

    @Test("a recovery code works once, in any form, and is told of by mail; another user's does not")
    func recoveryCodes() async throws {
        try await withFactors { factors, browser, _ in
            let (_, codes) = try #require(await factors.setUp(browser))
            try await factors.accounts.add(user: "bob@elm.example")
            let bob = factors.accounts.browser()
            await factors.accounts.signIn("bob@elm.example", bob)
            let theirs = try #require(await factors.setUp(bob)).codes
            let half = await factors.signInHalf()
            #expect(await half.post("/sign-in/second-factor", [("code", theirs[0])])?.status == 422)
            #expect(await half.post("/sign-in/second-factor", [("code", codes[0].uppercased().replacing("-", with: " "))])?.status == 303)
            #expect(factors.mails.last == "recovery-code-used 9")
            let again = await factors.signInHalf()
            #expect(await again.post("/sign-in/second-factor", [("code", codes[0])])?.status == 422)
            #expect(await again.post("/sign-in/second-factor", [("code", codes[1])])?.status == 303)
            #expect(factors.mails.last == "recovery-code-used 8")
            // New ones end the old ones.
            let new = try #require(await again.post("/account/second-factor/recovery-codes")?.body.recoveryCodes)
            #expect(new.count == 10 && Set(new).isDisjoint(with: codes))
            let third = await factors.signInHalf()
            #expect(await third.post("/sign-in/second-factor", [("code", codes[2])])?.status == 422)
            #expect(await third.post("/sign-in/second-factor", [("code", new[9])])?.status == 303)
        }
    }

    @Test("an open session on a table changes no second factor: it must be shown anew after five minutes")
    func fresh() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            factors.accounts.pass(seconds: 300)
            for path in [
                "/account/second-factor", "/account/second-factor/app", "/account/second-factor/recovery-codes", "/account/second-factor/passkey",
            ] {
                let led = await browser.post(path, [("next", "/account?x")])
                #expect(led?.status == 303)
                #expect(led?.value(of: "Location") == "/sign-in/second-factor?next=%2Faccount%2Fsecond-factor%3Fnext%3D%252Faccount%253Fx", "\(path)")
            }
            let page = await browser.get("/sign-in/second-factor?next=%2Faccount%2Fsecond-factor")
            #expect(page?.body.contains("still you") == true)
            let token = browser.cookies["session"]
            #expect(await browser.post("/sign-in/second-factor", [("code", app.code()), ("next", "/account/second-factor")])?.status == 303)
            #expect(browser.cookies["session"] != token)
            #expect(await browser.post("/account/second-factor/recovery-codes")?.body.recoveryCodes.count == 10)
            // A clock that was set back makes nothing fresh.
            factors.accounts.pass(seconds: -86_400)
            #expect(await browser.post("/account/second-factor/recovery-codes")?.status == 303)
        }
    }

    @Test("switching the app off asks for a code; then the link alone signs in again, and half-open sessions are over")
    func remove() async throws {
        try await withFactors { factors, browser, _ in
            let (app, codes) = try #require(await factors.setUp(browser))
            let half = await factors.signInHalf()
            #expect(await browser.post("/account/second-factor/app/remove")?.status == 422)
            #expect(await browser.post("/account/second-factor/app/remove", [("code", app.wrong)])?.status == 422)
            #expect(try await factors.count("totp") == 1)
            #expect(await browser.post("/account/second-factor/app/remove", [("code", app.code())])?.status == 303)
            #expect(factors.mails.last == "second-factor-app-removed")
            #expect(try await factors.count("totp") == 0)
            #expect(try await factors.count("recovery_code") == 0)
            #expect(await half.get("/account")?.value(of: "Location") == "/sign-in?next=%2Faccount")
            #expect(await browser.get("/account")?.status == 200)
            let next = await factors.signInHalf()
            #expect(await next.get("/account")?.status == 200)
            // The phone is gone: a recovery code does it too.
            _ = codes
            let again = try #require(await factors.setUp(next))
            #expect(await next.post("/account/second-factor/app/remove", [("code", again.codes[3])])?.status == 303)
            #expect(try await factors.count("totp") == 0)
        }
    }

    @Test("wrong codes for switching it off end the session, as they do for signing in")
    func guessesInside() async throws {
        try await withFactors { factors, browser, _ in
            let (app, _) = try #require(await factors.setUp(browser))
            for _ in 0..<4 { #expect(await browser.post("/account/second-factor/app/remove", [("code", app.wrong)])?.status == 422) }
            #expect(await browser.post("/account/second-factor/app/remove", [("code", app.wrong)])?.value(of: "Location") == "/sign-in")
            #expect(await browser.get("/account")?.status == 303)
            #expect(try await factors.count("totp") == 1)
        }
    }

    @Test("the first second factor ends the sessions of other browsers, and nobody else's")
    func otherSessions() async throws {
        try await withFactors { factors, browser, _ in
            try await factors.accounts.add(user: "bob@elm.example")
            let (other, bob) = (factors.accounts.browser(), factors.accounts.browser())
            await factors.accounts.signIn("ana@oak.example", other)
            await factors.accounts.signIn("bob@elm.example", bob)
            _ = try #require(await factors.setUp(browser))
            #expect(await browser.get("/account")?.status == 200)
            #expect(await other.get("/account")?.status == 303)
            #expect(await bob.get("/account")?.status == 200)
        }
    }

    @Test("somebody half signed in elsewhere shows on the account's page")
    func shown() async throws {
        try await withFactors { factors, browser, _ in
            #expect(await browser.get("/account")?.body.contains("/account/second-factor") == true)
            _ = try #require(await factors.setUp(browser))
            _ = await factors.signInHalf()
            let page = try #require(await browser.get("/account")?.body)
            #expect(page.components(separatedBy: "second proof not shown yet").count == 2)
        }
    }

    @Test("the operator takes everything away for who has lost everything; sessions end with it")
    func removeAll() async throws {
        try await withFactors { factors, browser, ana in
            _ = try #require(await factors.setUp(browser))
            try await factors.platform.database.write { try SecondFactor.removeAll(of: ana, $0) }
            #expect(await browser.get("/account")?.status == 303)
            #expect(await factors.signInHalf().get("/account")?.status == 200)
        }
    }

    @Test("the mails go into the queue")
    func queue() async throws {
        let clock = Shared(AccountServer.start)
        let mails = Shared<[SignInMessage]>([])
        try await withServer(now: { clock.value }, dependencies: { $0.signInMail = { message, _ in mails.change { $0.append(message) } } }) {
            server in
            let factors = FactorServer(accounts: AccountServer(server: server, clock: clock, mails: mails), events: Shared([]))
            try await factors.accounts.add(user: "ana@oak.example")
            let browser = factors.accounts.browser()
            await factors.accounts.signIn("ana@oak.example", browser)
            _ = try #require(await factors.setUp(browser))
            #expect(try await factors.count("mail_count") == 1)
        }
    }
}
