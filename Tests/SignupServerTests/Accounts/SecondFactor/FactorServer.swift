import Database
import Tenancy

@testable import SignupServer

/// A server with accounts, and what it would have mailed about second factors.
struct FactorServer: Sendable {
    let accounts: AccountServer
    let events: Shared<[SecondFactorMessage]>

    var platform: Platform { accounts.server.server.platform }

    /// What was mailed, in short.
    var mails: [String] { events.value.map { $0.draft.template + ($0.draft.values["left"].map { " \($0)" } ?? "") } }

    /// An app as its user holds it in the hand.
    struct App: Sendable {
        let secret: [UInt8]
        let clock: Shared<Instant>

        /// What it shows, some half minutes from now.
        func code(_ steps: Int64 = 0) -> String { OneTimeCode.code(secret, step: OneTimeCode.step(at: clock.value) + steps) }

        /// What it shows at no time near.
        var wrong: String {
            let near = Set((-3...3).map { code($0) })
            return ["000000", "000001", "000002", "000003", "000004", "000005", "000006", "000007"].first { !near.contains($0) } ?? ""
        }
    }

    /// Sets an app up, as far as its picture.
    func begin(_ browser: TestBrowser) async -> App? {
        _ = await browser.post("/account/second-factor", [("next", "/account")])
        guard let page = await browser.get("/account/second-factor/app"), let secret = page.body.text(between: "<code class=\"secret\">", "</code>")
        else { return nil }
        return App(secret: Base32.bytes(secret), clock: accounts.clock)
    }

    /// Sets an app up. A half minute later its next code counts.
    func setUp(_ browser: TestBrowser) async -> (app: App, codes: [String])? {
        guard let app = await begin(browser),
            let page = await browser.post("/account/second-factor/app", [("code", app.code()), ("next", "/account")])
        else { return nil }
        accounts.pass(seconds: 30)
        return (app, page.body.recoveryCodes)
    }

    /// Signs in with the link alone: a session that is half open.
    func signInHalf(_ email: String = "ana@oak.example", next: String = "/account") async -> TestBrowser {
        let browser = accounts.browser()
        await accounts.signIn(email, browser, next: next)
        return browser
    }

    func count(_ sql: String, _ parameters: [String: any SQLConvertible] = [:]) async throws -> Int {
        try await platform.database.read { try $0.row("SELECT count(*) AS count FROM \(sql)", parameters)?["count"] ?? 0 }
    }
}

extension String {
    func text(between start: String, _ end: String) -> String? {
        guard let start = firstRange(of: start), let end = self[start.upperBound...].firstRange(of: end) else { return nil }
        return String(self[start.upperBound..<end.lowerBound])
    }

    /// On the page that shows them.
    var recoveryCodes: [String] { matches(of: /<li><code>([0-9a-z-]+)<\/code><\/li>/).map { String($0.output.1) } }
}

/// With ana, who is signed in in `browser`.
func withFactors(routes: [Route] = [], _ body: (FactorServer, TestBrowser, UniqueID) async throws -> Void) async throws {
    let clock = Shared(AccountServer.start)
    let mails = Shared<[SignInMessage]>([])
    let events = Shared<[SecondFactorMessage]>([])
    try await withServer(
        routes: routes, now: { clock.value },
        dependencies: {
            $0.signInMail = { message, _ in mails.change { $0.append(message) } }
            $0.secondFactorMail = { message, _ in events.change { $0.append(message) } }
        }
    ) { server in
        let factors = FactorServer(accounts: AccountServer(server: server, clock: clock, mails: mails), events: events)
        let ana = try await factors.accounts.add(user: "ana@oak.example")
        let browser = factors.accounts.browser()
        await factors.accounts.signIn("ana@oak.example", browser)
        try await body(factors, browser, ana)
    }
}
