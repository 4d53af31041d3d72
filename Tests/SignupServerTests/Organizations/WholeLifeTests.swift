import Database
import Foundation
import HTTPTypes
import Hummingbird
import Mail
import Repositories
import SiteBuilder
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

/// The whole life of an organization on the real server, with a clock that is moved: months in seconds.
@Suite("From the sign-up to the end")
struct WholeLifeTests {
    private static let edit = Route(.post, "/manage/{slug}/edit", surface: .app, permission: .member(Permission.editors, .editing)) { _, _ in
        .text("edited")
    }

    @Test("sign-up, reminders, the end of the trial, more time, suspension, closing and its taking back, deletion")
    func whole() async throws {
        try await withSignUp(routes: [Self.edit]) { test in
            let life = try await Life(test)
            // 30 days from Friday, 15 January, at midnight in Oregon.
            let end = try #require(Instant("2027-02-15T08:00:00Z"))
            #expect(try await life.organization?.trialEndsAt == end)
            #expect(try await life.mails() == ["welcome"])
            #expect(try await life.opens(editing: 200, notice: nil))

            try await life.go(to: end.before(days: 14, seconds: 1))
            #expect(try await life.mails() == [])
            try await life.go(to: end.before(days: 14))
            #expect(try await life.mails() == ["in 14 days"])
            // The server was off for days: what is late says what is so now, and what is too late is not said.
            try await life.go(to: end.before(days: 5))
            #expect(try await life.mails() == ["in 5 days"])

            // More time: its own reminders, each once, wherever the clock goes meanwhile.
            let actions = OperatorActions(platform: test.platform)
            let later = end.adding(seconds: 30 * 86_400)
            _ = try await actions.extend(life.slug, until: later, by: .terminal)
            try await life.settle()
            #expect(try await life.mails() == [])
            try await life.go(to: later.before(days: 14))
            #expect(try await life.mails() == ["in 14 days"])
            try await life.go(to: later.before(days: 7))
            try await life.go(to: later.before(days: 10))
            try await life.go(to: later.before(days: 6))
            #expect(try await life.mails() == ["in 7 days"])
            try await life.go(to: later.before(days: 1))
            try await life.go(to: later.before(days: 20))
            try await life.go(to: later.before(days: 0, seconds: 60))
            #expect(try await life.mails() == ["tomorrow"])

            try await life.go(to: later)
            #expect(try await life.organization?.status == .frozen)
            #expect(try await life.mails() == ["the trial is over"])
            #expect(try await life.opens(editing: 423, notice: "The trial is over."))
            // A clock that was set back gives nothing back, and says nothing twice.
            try await life.go(to: later.before(days: 3))
            try await life.go(to: later.adding(seconds: 86_400))
            #expect(try await life.organization?.status == .frozen)

            let last = later.adding(seconds: 60 * 86_400)
            _ = try await actions.extend(life.slug, until: last, by: .terminal)
            #expect(try await life.opens(editing: 200, notice: nil))
            _ = try await actions.suspend(life.slug, by: .terminal)
            #expect(try await life.opens(editing: 423, notice: "was stopped by whoever runs the platform"))
            _ = try await actions.resume(life.slug, by: .terminal)
            #expect(try await life.opens(editing: 200, notice: nil))

            _ = try await actions.close(life.slug, by: .terminal)
            // Thirty days from 18 March.
            #expect(try await life.opens(editing: 423, notice: "On April 17, 2027 everything is deleted"))
            try await life.go(to: later.adding(seconds: 11 * 86_400))
            _ = try await actions.reopen(life.slug, by: .terminal)
            #expect(try await life.opens(editing: 200, notice: nil))
            let closed = try #require(try await actions.close(life.slug, by: .terminal).closedAt)
            try await life.go(to: closed.adding(seconds: 30 * 86_400 - 1))
            #expect(try await life.opens(editing: 423, notice: "everything is deleted"))
            #expect(try await life.mails() == [])
            #expect(try await Doctor(platform: test.platform).problems() == [])

            try await life.go(to: closed.adding(seconds: 30 * 86_400))
            #expect(try await life.organization == nil)
            try await life.isGone()
            #expect(try await life.mails() == [])
            // Nobody gets its address again.
            #expect(await test.ask(["email": "other@oak.example"], test.browser()).response?.status == 422)
        }
    }

    @Test("who signs up in summer has until the day that the operator has set, where the school is")
    func summer() async throws {
        try await withSignUp(["--trial-summer-from", "06-01", "--trial-summer-until", "10-01"]) { test in
            test.clock.change { $0 = Instant("2027-06-20T18:00:00Z") ?? $0 }
            let life = try await Life(test)
            let end = try #require(Instant("2027-10-01T07:00:00Z"))
            #expect(try await life.organization?.trialEndsAt == end)
            #expect(await life.browser().get("/manage/maple/plan")?.body.contains("September 30, 2027") == true)
            try await life.go(to: end.before(days: 0, seconds: 1))
            #expect(try await life.organization?.status == .trialing)
            try await life.go(to: end)
            #expect(try await life.organization?.status == .frozen)
        }
    }

    @Test("the plan's page says what is so, to every member")
    func plan() async throws {
        try await withSignUp(["--mail-from", "Marquee <help@marquee.example>"]) { test in
            _ = try await Life(test)
            for role in Role.allCases {
                let page = await (try await test.member(role, of: "maple")).get("/manage/maple/plan")
                #expect(page?.status == 200)
                #expect(page?.body.contains("February 14, 2027") == true, "the last day of the trial")
                #expect(page?.body.contains("mailto:help%40marquee.example?subject=maple") == true)
            }
        }
    }
}

/// An organization that was signed up for, and what can be seen of it.
private final class Life: Sendable {
    let test: SignUpServer
    let slug: Slug
    private let seen = Shared<Set<String>>([])

    init(_ test: SignUpServer) async throws {
        self.test = test
        slug = try Slug("maple")
        let browser = test.browser()
        let message = try #require(await test.ask(browser).message)
        #expect(await browser.post("/sign-up/confirm", [("token", message.token)])?.status == 303)
        try await settle()
    }

    var organization: Organization? { get async throws { try await test.platform.organizations.organization(slug: slug) } }

    /// The clock jumps there, and all that is due then happens.
    func go(to moment: Instant) async throws {
        test.clock.change { $0 = moment }
        try await settle()
    }

    /// Waits until no job runs and none is due.
    func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            test.server.server.jobs.wakeUp.call()
            let now = test.clock.value
            let due = try await test.platform.database.read { connection in
                try connection.row("SELECT 1 AS due FROM job WHERE state = 'running' OR state = 'waiting' AND run_at <= :now", ["now": now])
            }
            if due == nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("jobs are still due after a minute")
    }

    /// Of the mails since the last call, what their subjects say besides the name, in their order.
    func mails() async throws -> [String] {
        let outbox = FileOutbox(folder: test.platform.settings.mail.outbox)
        var subjects: [String] = []
        for name in await outbox.list().reversed() where !seen.value.contains("\(name)") {
            seen.change { $0.insert("\(name)") }
            let subject = await outbox.read(name)?["Subject"] ?? ""
            let known = ["in 14 days", "in 7 days", "in 5 days", "tomorrow", "the trial is over"]
            subjects.append(subject.hasPrefix("The site of") ? "welcome" : known.first(where: subject.contains) ?? subject)
        }
        return subjects
    }

    /// An owner's, signed in now.
    func browser() async -> TestBrowser {
        let browser = test.browser()
        let platform = test.platform
        let (token, now) = (SecretToken(platform.random), platform.now())
        _ = try? await platform.database.write { connection in
            guard let user = try User.find(email: "ana@oak.example", connection) else { return }
            try Session.open(platform.newID(), token, of: user.id, browser: "", replacing: nil, at: now, connection)
        }
        browser.keep("session", token.text)
        return browser
    }

    /// Whether editing is answered like this, and all pages say why; the export is open and the site is up, always.
    func opens(editing status: Int, notice: String?) async throws -> Bool {
        try await settle()
        let browser = await browser()
        let answer = await browser.post("/manage/maple/edit")
        #expect(answer?.status == status)
        #expect(await test.server.get("/", host: "maple.sites.localhost")?.status == 200)
        // It may be asked for often here.
        test.clock.change { $0 = $0.adding(seconds: 600) }
        #expect(await browser.post("/manage/maple/export")?.value(of: "Content-Type") == "application/zip")
        test.clock.change { $0 = $0.adding(seconds: -600) }
        let dashboard = await browser.get("/manage/maple")
        #expect(dashboard?.status == 200)
        let isSaid = dashboard?.body.contains("<p class=\"notice warning\">") == true
        #expect(isSaid == (notice != nil))
        guard let notice else { return answer?.body == "edited" }
        for page in [answer, dashboard] {
            #expect(page?.body.contains(notice) == true, "\(page?.body ?? "")")
            for link in ["/manage/maple/plan", "/manage/maple/export"] { #expect(page?.body.contains("href=\"\(link)\"") == true) }
        }
        return answer?.body.contains("edited") == false
    }

    /// Site, releases, hosts, databases, repository and seats.
    func isGone() async throws {
        let settings = test.platform.settings
        #expect(try test.platform.tenants.organizations() == [])
        let left = FileManager.default.enumerator(atPath: settings.output)?.allObjects.compactMap { $0 as? String } ?? []
        #expect(left.filter { $0.contains("maple") } == [])
        #expect(await test.server.get("/", host: "maple.sites.localhost")?.status == 404)
        for table in ["membership", "audit_entry", "trial_reminder", "user", "session", "job WHERE organization_id IS NOT NULL"] {
            let rows = try await test.platform.database.read { try $0.rows("SELECT * FROM \(table)").count }
            #expect(rows == 0, "\(table)")
        }
        #expect(try await SignUp(test.platform, mail: { _, _ in }).isFree(slug) == false)
        #expect(try await Doctor(platform: test.platform).problems() == [])
    }
}

extension Instant {
    fileprivate func before(days: Int64, seconds: Int64 = 0) -> Instant { adding(seconds: -days * 86_400 - seconds) }
}
