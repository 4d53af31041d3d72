import Database
import Foundation
import HTTPTypes
import Hummingbird
import SiteBuilder
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("The console of those who run the platform")
struct ConsoleTests {
    /// An operator's browser, and a user who is owner of `oak`.
    private static func withConsole(_ body: (AccountServer, TestBrowser, UniqueID) async throws -> Void) async throws {
        try await withAccounts { accounts in
            let root = try await accounts.add(user: "root@marquee.example", isOperator: true)
            let ana = try await accounts.add(user: "ana@oak.example", name: "Ana Reyes")
            try await accounts.add(organization: "oak", member: ana, .owner)
            let browser = accounts.browser()
            await accounts.signIn("root@marquee.example", browser)
            try await body(accounts, browser, root)
        }
    }

    private static func organization(_ slug: String, _ accounts: AccountServer) async throws -> Organization {
        try #require(try await accounts.server.server.platform.organizations.organization(slug: Slug(slug)))
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not happen within 20 seconds")
    }

    @Test("every page of it and every form is for operators only")
    func access() async throws {
        try await Self.withConsole { accounts, operatorsBrowser, _ in
            let owner = accounts.browser()
            await accounts.signIn("ana@oak.example", owner)
            let routes = accounts.server.server.routes.routes.filter { $0.path.description.hasPrefix("/operator") }
            #expect(routes.count >= 20)
            for route in routes {
                #expect(route.permission == .operator, "\(route.path)")
                let path = route.path.description.replacing("{slug}", with: "oak")
                if route.method == .get {
                    #expect(await accounts.browser().get(path)?.status == 303, "\(path)")
                    #expect(await owner.get(path)?.status == 403, "\(path)")
                    #expect(await operatorsBrowser.get(path)?.status == 200, "\(path)")
                } else {
                    #expect(await accounts.browser().post(path)?.status == 401, "\(path)")
                    #expect(await owner.post(path, [("suspend_slug", "oak"), ("close_slug", "oak")])?.status == 403, "\(path)")
                }
            }
            let untouched = try await Self.organization("oak", accounts)
            #expect(untouched.status == .trialing)
            #expect(await owner.get("/account")?.body.contains("href=\"/operator\"") == false)
            #expect(await operatorsBrowser.get("/account")?.body.contains("href=\"/operator\"") == true)
            #expect(await operatorsBrowser.get("/account")?.body.contains("/operator/jobs") == false)
        }
    }

    @Test("organizations are looked for by name, address and status, and shown page by page")
    func list() async throws {
        try await Self.withConsole { accounts, browser, _ in
            let bob = try await accounts.add(user: "bob@elm.example")
            for number in 10..<40 { try await accounts.add(organization: "school-\(number)", member: bob, .owner) }
            try await accounts.server.server.platform.database.write { connection in
                try connection.execute("UPDATE organization SET subscription_status = 'frozen' WHERE slug = 'school-12'")
                try connection.execute("UPDATE organization SET name = '<b>Oak</b> PTA' WHERE slug = 'oak'")
            }
            func slugs(_ path: String) async -> [String] {
                let body = await browser.get(path)?.body ?? ""
                return body.matches(of: /href="\/operator\/organizations\/([a-z0-9-]+)"/).map { String($0.output.1) }
            }
            #expect(await slugs("/operator?search=ana%40oak") == ["oak"])
            #expect(await slugs("/operator?search=OAK&status=trialing") == ["oak"])
            #expect(await slugs("/operator?search=&status=frozen") == ["school-12"])
            #expect(await slugs("/operator?status=closed").isEmpty)
            #expect(await slugs("/operator?search=%25").isEmpty)
            #expect(await browser.get("/operator?search=oak")?.body.contains("&lt;b&gt;Oak&lt;/b&gt; PTA") == true)
            let first = await browser.get("/operator?search=school&status=trialing")?.body ?? ""
            let older = try #require(first.firstMatch(of: /href="(\/operator\?search=school[^"]+)"/)).output.1.replacing("&amp;", with: "&")
            #expect(older.contains("status=trialing"))
            let seen = await slugs("/operator?search=school&status=trialing") + (await slugs(String(older)))
            #expect(seen.count == 29 && Set(seen).count == 29)
            for wrong in ["before=x", "status=x", "search=\(String(repeating: "a", count: 900))", "before=%00"] {
                #expect(await browser.get("/operator?\(wrong)")?.status == 200, "\(wrong)")
            }
        }
    }

    private static let dangerous = [("suspend", "suspend_slug"), ("close", "close_slug"), ("restore-owner", "owner_slug")]

    @Test("what is dangerous wants the short name to be typed", arguments: dangerous)
    func confirmation(action: String, field: String) async throws {
        try await Self.withConsole { accounts, browser, _ in
            let before = try await Self.organization("oak", accounts)
            for answer in ["", "elm", "OAK", "oak2"] {
                let page = await browser.post("/operator/organizations/oak/\(action)", [(field, answer), ("owner_email", "new@oak.example")])
                #expect(page?.status == 422, "\(answer)")
                #expect(page?.body.contains("id=\"field-\(field)-problem\"") == true, "\(answer)")
            }
            #expect(try await Self.organization("oak", accounts) == before)
            let done = await browser.post("/operator/organizations/oak/\(action)", [(field, " oak "), ("owner_email", "new@oak.example")])
            #expect(done?.value(of: "Location") == "/operator/organizations/oak?done=\(action)")
        }
    }

    @Test("an organization is led through its life without a seat in it; the log names the operator, and owners are told")
    func life() async throws {
        try await Self.withConsole { accounts, browser, root in
            let platform = accounts.server.server.platform
            func send(_ action: String, _ fields: [(String, String)] = []) async -> Int? {
                let response: RawResponse? = await browser.post("/operator/organizations/oak/\(action)", fields)
                return response?.status
            }
            #expect(await send("extend", [("last_day", "2027-03-01")]) == 303)
            // Midnight after the day, where the organization is: its zone is not known here.
            #expect(try await Self.organization("oak", accounts).trialEndsAt == Instant("2027-03-02T00:00:00Z"))
            for wrong in ["", "2027-13-01", "2020-01-01", "tomorrow", "9999-99-99"] { #expect(await send("extend", [("last_day", wrong)]) == 422) }
            #expect(await send("suspend", [("suspend_slug", "oak")]) == 303)
            // The same form again, from another window.
            let again = await browser.post("/operator/organizations/oak/suspend", [("suspend_slug", "oak")])
            #expect(again?.status == 422 && again?.body.contains("This does not go with the organization") == true)
            #expect(await send("extend", [("last_day", "2027-04-01")]) == 422)
            #expect(await send("resume") == 303)
            #expect(await send("close", [("close_slug", "oak")]) == 303)
            #expect(await send("reopen") == 303)
            #expect(await send("restore-owner", [("owner_email", "bob at oak"), ("owner_slug", "oak")]) == 422)
            #expect(await send("restore-owner", [("owner_email", "bob@oak.example"), ("owner_slug", "oak")]) == 303)
            #expect(await send("restore-owner", [("owner_email", "bob@oak.example"), ("owner_slug", "oak")]) == 422)
            let organization = try await Self.organization("oak", accounts)
            #expect(organization.status == .trialing && organization.suspendedAt == nil && organization.closedAt == nil)
            let entries = try await platform.auditLog(of: organization.id).entries().reversed()
            #expect(
                entries.map(\.action)
                    == [
                        AuditAction.trialExtended, .suspended, .resumed, .closed, .reopened, .ownerRestored,
                    ].map(\.rawValue))
            #expect(entries.allSatisfy { $0.actor == .operator(root) })
            let page = await browser.get("/operator/organizations/oak?done=reopen")
            #expect(page?.body.contains("bob@oak.example") == true && page?.body.contains("Done.") == true)
            #expect(await browser.get("/operator/organizations/nobody")?.status == 404)
            #expect(await browser.post("/operator/organizations/nobody/resume")?.status == 404)
            #expect(await browser.get("/operator/organizations/%3Cb%3E")?.status == 404)
            // Running the platform opens no organization.
            #expect(await browser.get("/manage/oak")?.status == 404)
        }
    }

    @Test("a site is built anew by a job")
    func rebuild() async throws {
        try await withSignUp { site in
            let browser = site.browser()
            let message = try #require(await site.ask(browser).message)
            #expect(await browser.post("/sign-up/confirm", [("token", message.token)])?.status == 303)
            let platform = site.platform
            try await platform.database.write { try $0.execute("UPDATE user SET is_operator = 1") }
            let page = await browser.get("/operator/organizations/maple")
            #expect(page?.status == 200)
            #expect(page?.body.contains("000001") == true)
            #expect(await browser.post("/operator/organizations/maple/rebuild")?.status == 303)
            let id = try #require(try await platform.organizations.organization(slug: Slug("maple"))).id
            try await eventually { try await platform.database.read { try Publication.all(of: id, $0) }.map(\.outcome) == [.unchanged] }
            let list = await browser.get("/operator")?.body ?? ""
            #expect(list.contains("published"))
        }
    }

    @Test("jobs that were given up are shown with their problem, tried again and removed; others are not touched")
    func jobs() async throws {
        try await Self.withConsole { accounts, browser, _ in
            let platform = accounts.server.server.platform
            let oak = try await Self.organization("oak", accounts).id
            var ids: [UniqueID] = []
            for state in ["dead", "dead", "waiting"] {
                // A kind that nobody does.
                let id = try await platform.database.write {
                    try platform.jobs.enqueue(NewJob(kind: "moon", payload: ["to": "ana@oak.example"], organization: oak), in: $0)
                }
                try await platform.database.write {
                    try $0.execute("UPDATE job SET state = :state, problem = '<no> way' WHERE id = :id", ["state": state, "id": id])
                }
                ids.append(id)
            }
            let page = await browser.get("/operator/jobs")?.body ?? ""
            #expect(page.contains("Given up: 2") && page.contains("&lt;no&gt; way") && page.contains("/operator/organizations/oak"))
            #expect(!page.contains("ana@oak.example"))
            #expect(await browser.post("/operator/jobs/retry", [("job", "\(ids[0])")])?.status == 303)
            #expect(await browser.post("/operator/jobs/remove", [("job", "\(ids[1])")])?.status == 303)
            for action in ["retry", "remove"] {
                for job in ["\(ids[2])", "\(platform.newID())"] {
                    #expect(await browser.post("/operator/jobs/\(action)", [("job", job)])?.status == 303)
                }
                #expect(await browser.post("/operator/jobs/\(action)", [("job", "x")])?.status == 400)
            }
            let left = try await platform.jobStore.list(state: "waiting").filter { $0.kind == "moon" }
            #expect(Set(left.map(\.id)) == [ids[0], ids[2]])
            #expect(try await platform.jobStore.list(state: "dead").isEmpty)
        }
    }

    @Test("a code is shown once, on the page that made it, and can be ended")
    func invites() async throws {
        try await Self.withConsole { accounts, browser, _ in
            let signUp = SignUp(accounts.server.server.platform, mail: { _, _ in })
            let made = await browser.post("/operator/invites", [("uses", "3"), ("days", "7"), ("note", "<i>Council</i>")])
            #expect(made?.status == 200 && made?.value(of: "Location") == nil)
            #expect(made?.value(of: "Cache-Control")?.contains("no-store") == true)
            let code = try #require(made?.body.firstMatch(of: /<code>([0-9A-Z-]{14})<\/code>/)).output.1
            #expect(try await signUp.isGood(inviteCode: String(code)))
            let page = await browser.get("/operator/invites")?.body ?? ""
            #expect(!page.contains(code) && page.contains("&lt;i&gt;Council&lt;/i&gt;") && page.contains("3 uses left"))
            let hash = try #require(page.firstMatch(of: /name="invite" value="([0-9a-f]{64})"/)).output.1
            #expect(await browser.post("/operator/invites/end", [("invite", String(hash))])?.status == 303)
            #expect(try await signUp.isGood(inviteCode: String(code)) == false)
            #expect(await browser.get("/operator/invites")?.body.contains("name=\"invite\"") == false)
            #expect(await browser.post("/operator/invites/end", [("invite", "x")])?.status == 400)
            for (uses, days) in [("0", "1"), ("1", "0"), ("100001", "1"), ("1", "3661"), ("x", "1"), ("-1", "1"), ("1", "")] {
                #expect(await browser.post("/operator/invites", [("uses", uses), ("days", days)])?.status == 422, "\(uses) \(days)")
            }
        }
    }

    @Test("who waits is listed")
    func waitingList() async throws {
        try await Self.withConsole { accounts, browser, _ in
            let signUp = SignUp(accounts.server.server.platform, mail: { _, _ in })
            #expect(await browser.get("/operator/waiting-list")?.body.contains("0 addresses wait.") == true)
            try await signUp.joinWaitingList(try EmailAddress("eve@elm.example"), school: "Elm <School>", language: .english)
            let page = await browser.get("/operator/waiting-list")?.body ?? ""
            #expect(page.contains("One address waits.") && page.contains("eve@elm.example") && page.contains("Elm &lt;School&gt;"))
        }
    }

    @Test("a user is found with seats and sessions, and signed out everywhere; nobody is listed who isn't looked for")
    func users() async throws {
        try await Self.withConsole { accounts, browser, root in
            let ana = accounts.browser()
            await accounts.signIn("ana@oak.example", ana)
            #expect(await browser.get("/operator/users")?.body.contains("ana@oak.example") == false)
            let page = await browser.get("/operator/users?search=reyes")?.body ?? ""
            #expect(page.contains("ana@oak.example") && page.contains("one session") && page.contains("/operator/organizations/oak"))
            let user = try #require(page.firstMatch(of: /name="user" value="([0-9a-f-]{36})"/)).output.1
            let done = await browser.post("/operator/users/sign-out", [("user", String(user)), ("search", "reyes")])
            #expect(done?.value(of: "Location") == "/operator/users?search=reyes")
            #expect(await ana.get("/account")?.status == 303)
            #expect(await browser.get("/operator/users")?.status == 200)
            #expect(await browser.post("/operator/users/sign-out", [("user", "x")])?.status == 400)
            #expect(await browser.post("/operator/users/sign-out", [("user", "\(accounts.server.server.platform.newID())")])?.status == 404)
            #expect(await browser.get("/operator/users?search=root")?.body.contains("\(root)") == true)
        }
    }

    @Test("the doctor comes when called, says what is wrong, and comes again at night")
    func doctor() async throws {
        try await Self.withConsole { accounts, browser, _ in
            let platform = accounts.server.server.platform
            let page = await browser.get("/operator/health")?.body ?? ""
            #expect(page.contains("The doctor has not been here yet.") && page.contains("1 on trial"))
            #expect(await browser.post("/operator/health/doctor")?.status == 303)
            try await eventually { try await platform.database.read { try DoctorReport.last($0) } != nil }
            let report = try #require(try await platform.database.read { try DoctorReport.last($0) })
            #expect(report.count == 1 && report.problems.first?.hasPrefix("oak is not ready yet") == true)
            #expect(await browser.get("/operator/health")?.body.contains("One problem was found.") == true)
            try await eventually {
                try await platform.jobStore.list(state: "waiting").filter { $0.kind == DoctorJob.kind }.map(\.runAt)
                    == [DoctorJob.night(after: AccountServer.start)]
            }
        }
    }

    private static let nights = [
        ("2027-01-15T08:59:59Z", "2027-01-15T09:00:00Z"), ("2027-01-15T09:00:00Z", "2027-01-16T09:00:00Z"),
        ("2027-01-15T23:59:59Z", "2027-01-16T09:00:00Z"), ("1969-12-31T10:00:00Z", "1970-01-01T09:00:00Z"),
    ]

    @Test("the night after a moment", arguments: nights)
    func night(moment: String, night: String) throws {
        #expect("\(DoctorJob.night(after: try #require(Instant(moment))))" == night)
    }

    @Test("folders are counted, no further than so far, and links are not followed")
    func sizes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "marquee-sizes-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "a/b"), withIntermediateDirectories: true)
        try Data(repeating: 1, count: 100_000).write(to: folder.appending(path: "a/b/file"))
        let size = FolderSize(of: folder.path())
        #expect(size.isComplete && (100_000..<200_000).contains(size.bytes))
        try FileManager.default.createSymbolicLink(at: folder.appending(path: "loop"), withDestinationURL: folder)
        #expect(FolderSize(of: folder.path()).isComplete)
        #expect(FolderSize(of: folder.appending(path: "loop").path()).bytes >= size.bytes)
        #expect(FolderSize(of: folder.path(), maximumEntries: 2).isComplete == false)
        #expect(FolderSize(of: folder.path() + "/none") == FolderSize(of: "/dev/null"))
        for (bytes, text) in [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (9_949, "9.9 kB"), (9_950, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"),
        ] { #expect(ByteCount.text(bytes) == text) }
        #expect(ByteCount.text(.max).hasSuffix(" TB") && ByteCount.text(-1) == "0 B")
    }
}
