import Database
import Foundation
import Repositories
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("Signing up")
struct SignUpTests {
    @Test("form, mail, button: organization, owner, session, repository and a site that answers")
    func wholeWay() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let (asked, message) = await test.ask(["show_email": "yes"], browser)
            #expect(asked?.status == 303)
            #expect(asked?.value(of: "Location") == "/sign-up/sent")
            #expect(await browser.get("/sign-up/sent")?.status == 200)
            let mail = try #require(message)
            #expect(mail.to.text == "ana@oak.example")
            #expect(mail.link.hasPrefix("http://localhost:\(test.server.port)/sign-up/confirm?token="))

            // Looking makes nothing.
            for _ in 0..<3 {
                let page = await browser.get(mail.path)
                #expect(page?.body.contains("Maple Street PTA") == true && page?.body.contains("maple.sites.localhost") == true)
            }
            #expect(try await test.platform.organizations.organization(slug: try Slug("maple")) == nil)

            let done = await browser.post("/sign-up/confirm", [("token", mail.token)])
            #expect(done?.status == 303)
            #expect(done?.value(of: "Location") == "/manage/maple")
            let dashboard = await browser.get("/manage/maple")
            #expect(dashboard?.status == 200)
            #expect(dashboard?.body.contains("31 days left") == true)
            let site = await test.server.get("/", host: "maple.sites.localhost")
            #expect(site?.status == 200)
            #expect(site?.body.contains("Maple Street PTA") == true)
            #expect(await test.server.get("/contact/", host: "maple.sites.localhost")?.body.contains("mailto:ana@oak.example") == true)

            let organization = try #require(try await test.platform.organizations.organization(slug: try Slug("maple")))
            let files = test.platform.repository(of: organization.id)
            let settings = try #require(await files.file(try ContentPath("site.yaml"), at: files.head()))
            let text = String(decoding: settings, as: UTF8.self)
            #expect(text.contains("timezone: America/Los_Angeles") && text.contains("#123456") && text.contains("kind: \"PTA\""))
            let stored = try await test.platform.database.read { try $0.row("SELECT form FROM sign_up")?["form"] as String? }
            #expect(stored == "{}")
        }
    }

    @Test("the address is on the site only if its owner said so")
    func privacy() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let mail = try #require(await test.ask(browser).message)
            _ = await browser.post("/sign-up/confirm", [("token", mail.token)])
            let id = try #require(try await test.platform.organizations.organization(slug: try Slug("maple"))?.id)
            let repository = test.platform.repository(of: id)
            let head = try await repository.head()
            for file in try await repository.files(at: head) {
                let bytes = try await repository.file(file.path, at: head) ?? []
                #expect(!String(decoding: bytes, as: UTF8.self).contains("oak.example"), "\(file.path)")
            }
            #expect(!test.server.log.text.contains("oak.example"))
        }
    }

    @Test("without cookies the button works once; the browser that pressed it may press it again, and no other")
    func again() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let mail = try #require(await test.ask(browser).message)
            _ = await browser.get(mail.path)
            let first = await browser.post("/sign-up/confirm", [("token", mail.token)])
            let second = await browser.post("/sign-up/confirm", [("token", mail.token)])
            #expect(first?.status == 303 && second?.status == 303)
            #expect(await browser.get("/manage/maple")?.status == 200)
            #expect(try await test.platform.organizations.live().count == 1)
            let other = test.browser()
            #expect(await other.post("/sign-up/confirm", [("token", mail.token)])?.status == 410)
            #expect(await other.get(mail.path)?.status == 410)
            test.clock.change { $0 = $0.adding(seconds: SignUp.repeatSeconds) }
            #expect(await browser.post("/sign-up/confirm", [("token", mail.token)])?.status == 410)
        }
    }

    @Test("a link is good for a day")
    func expiry() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let mail = try #require(await test.ask(browser).message)
            test.clock.change { $0 = $0.adding(seconds: SignUp.validSeconds) }
            #expect(await browser.get(mail.path)?.status == 410)
            #expect(await browser.post("/sign-up/confirm", [("token", mail.token)])?.status == 410)
            #expect(try await test.platform.organizations.unfinished().isEmpty)
            // What was typed is forgotten with the next one.
            _ = await test.ask(["email": "bob@elm.example"], browser)
            let kept = try await test.platform.database.read { try $0.rows("SELECT email_key FROM sign_up").map { try $0["email_key"] as String } }
            #expect(kept == ["bob@elm.example"])
        }
    }

    @Test("two who ask for one short name both get a mail; the second chooses another at the button")
    func oneSlugForTwo() async throws {
        try await withSignUp { test in
            let (ana, bob) = (test.browser(), test.browser())
            let first = try #require(await test.ask(["email": "ana@oak.example"], ana).message)
            let second = try #require(await test.ask(["email": "bob@elm.example", "name": "Maple PTO"], bob).message)
            async let one = ana.post("/sign-up/confirm", [("token", first.token)])
            async let two = bob.post("/sign-up/confirm", [("token", second.token)])
            let statuses = await [one?.status, two?.status].compactMap { $0 }.sorted()
            #expect(statuses == [303, 422])
            let loser = ana.cookies["session"] == nil ? (ana, first) : (bob, second)
            let page = await loser.0.get(loser.1.path)
            #expect(page?.body.contains("Somebody else took this name") == true)
            #expect(page?.body.contains("maple-street") == true)
            #expect(await loser.0.post("/sign-up/confirm", [("token", loser.1.token), ("address", "www")])?.status == 422)
            #expect(
                await loser.0.post("/sign-up/confirm", [("token", loser.1.token), ("address", "maple-street")])?.value(of: "Location")
                    == "/manage/maple-street")
            #expect(await test.server.get("/", host: "maple-street.sites.localhost")?.status == 200)
        }
    }

    @Test("a known address is told from an unknown one by nothing, and gets a second organization")
    func knownAddress() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let first = await test.ask(browser)
            _ = await browser.post("/sign-up/confirm", [("token", try #require(first.message).token)])
            let stranger = test.browser()
            let second = await test.ask(["address": "elm"], stranger)
            let third = await test.ask(["address": "elm", "email": "nobody@elm.example"], stranger)
            #expect(second.response?.status == third.response?.status)
            #expect(second.response?.body == third.response?.body)
            #expect(second.response?.value(of: "Location") == third.response?.value(of: "Location"))
            let done = await stranger.post("/sign-up/confirm", [("token", try #require(second.message).token)])
            #expect(done?.value(of: "Location") == "/manage/elm")
            #expect(await stranger.get("/manage/maple")?.status == 200)
            let users = try await test.platform.database.read { try $0.rows("SELECT id FROM user").count }
            #expect(users == 1)
        }
    }

    @Test(
        "what is wrong is named beside its field, and what was typed is kept",
        arguments: [
            ("name", "", "Please fill this in."), ("school", "", "Please fill this in."), ("title", "", "Please fill this in."),
            ("kind", "", "Please choose one."), ("kind", "Gang", "Please choose one of the answers offered."),
            ("state", "XX", "Please choose one of"),
            ("name", String(repeating: "x", count: 81), "Please use at most 80 characters."), ("email", "ana", "Please write an e-mail address"),
            ("email", "ana@mail.banned.example", "send mail to this domain"), ("primary_color", "red", "Please choose a color again"),
            ("address", "", "Please fill this in."), ("address", "ab", "at least 3 characters"), ("address", "www", "kept for the platform"),
            ("address", "lincoln", "somebody else"), ("address", "-maple", "letters a to z"), ("address", "a.b.c", "letters a to z"),
        ])
    func problems(field: String, value: String, words: String) async throws {
        try await withSignUp(["--sign-up-banned-email-domains", "banned.example, other.example"]) { test in
            // A site of the content folder has its name too.
            try FileManager.default.createDirectory(atPath: "\(test.platform.settings.content)/lincoln", withIntermediateDirectories: true)
            let (response, message) = await test.ask(["school": "A <b> School"].merging([field: value]) { $1 }, test.browser())
            #expect(message == nil)
            #expect(response?.status == 422)
            let page = response?.body ?? ""
            #expect(page.contains("id=\"field-\(field)-problem\""))
            #expect(page.contains(words.replacing("'", with: "’")), "\(words)")
            #expect(page.components(separatedBy: "class=\"problem\"").count == 2, "only one field has a problem")
            if field != "school" { #expect(page.contains("value=\"A &lt;b&gt; School\"")) }
            if field != "name" { #expect(page.contains("value=\"Maple Street PTA\"")) }
        }
    }

    @Test("a taken name comes with free ones that suit")
    func suggestions() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let mail = try #require(await test.ask(["address": "MAPLE"], browser).message)
            _ = await browser.post("/sign-up/confirm", [("token", mail.token)])
            let page = await test.ask(["email": "bob@elm.example"], browser).response
            #expect(page?.status == 422)
            #expect(page?.body.contains("<strong>maple-street</strong>") == true)
            let live = await browser.get("/sign-up/address?address=Maple&school=Maple+Street+School&kind=PTA&state=OR")
            #expect(
                live?.body == #"{"address":"maple","possible":true,"free":false,"suggestions":["maple-street","maple-street-pta","maple-street-or"]}"#
            )
            #expect(await browser.get("/sign-up/address?address=elm")?.body == #"{"address":"elm","possible":true,"free":true,"suggestions":[]}"#)
            #expect(await browser.get("/sign-up/address?address=%00")?.body.contains(#""possible":false"#) == true)
        }
    }

    @Test("a slug that is given up is never given to another")
    func tombstone() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let mail = try #require(await test.ask(browser).message)
            _ = await browser.post("/sign-up/confirm", [("token", mail.token)])
            try await test.platform.database.write { try $0.execute("DELETE FROM organization") }
            #expect(await test.ask(["email": "bob@elm.example"], browser).response?.status == 422)
        }
    }

    @Test("programs are held, and people who are taken for one go on with all that they typed")
    func bots() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            let held = await test.ask(["fax_number": "555"], browser)
            #expect(held.message == nil)
            #expect(held.response?.status == 200)
            #expect(held.response?.body.contains("value=\"Maple Street PTA\"") == true)
            let ticket = held.response?.body.components(separatedBy: "name=\"wait_ticket\" value=\"").last?.components(separatedBy: "\"").first ?? ""
            test.clock.change { $0 = $0.adding(seconds: ProofOfWork.waitSeconds) }
            #expect(await test.ask(["wait_ticket": ticket], browser).message != nil)
        }
    }

    @Test("a flood of forms from one address is no flood of mails")
    func flood() async throws {
        try await withSignUp { test in
            let browser = test.browser()
            var statuses: [Int: Int] = [:]
            for number in 0..<200 {
                let response = await browser.post(
                    "/sign-up", test.fields(["email": "user\(number)@oak.example", "address": "school-\(String(number, radix: 36))-x"]))
                statuses[response?.status ?? 0, default: 0] += 1
                // The helper lets a minute pass; the flood doesn't.
                test.clock.change { $0 = $0.adding(seconds: -60) }
            }
            #expect(test.mails.value.count <= 20)
            #expect(statuses[429] ?? 0 >= 50)
            #expect(statuses[500] == nil && statuses[0] == nil)
        }
    }

    @Test("who has a code signs up while it lasts")
    func inviteOnly() async throws {
        try await withSignUp(["--sign-up-mode", "invite"]) { test in
            let code = InviteCode.make(.system)
            let now = test.platform.now()
            try await test.platform.database.write { connection in
                try connection.execute(
                    "INSERT INTO invite_code (code_hash, note, uses_left, expires_at, created_at) VALUES (:hash, '', 1, :end, :now)",
                    ["hash": InviteCode.hash(code), "end": now.adding(seconds: 86_400), "now": now])
            }
            let browser = test.browser()
            #expect(await browser.get("/sign-up?code=\(code)")?.body.contains("value=\"\(code)\"") == true)
            #expect(await test.ask(["code": "ABCD-EFGH-JKLM"], browser).response?.status == 422)
            #expect(await test.ask(["code": ""], browser).response?.status == 422)
            let first = try #require(await test.ask(["code": code.lowercased().replacing("-", with: " ")], browser).message)
            let second = try #require(await test.ask(["code": code, "address": "elm", "email": "bob@elm.example"], browser).message)
            #expect(await browser.post("/sign-up/confirm", [("token", first.token)])?.status == 303)
            #expect(await browser.post("/sign-up/confirm", [("token", second.token)])?.status == 410)
            #expect(try await test.platform.organizations.live().count == 1)
        }
    }

    @Test("while it is closed there is a list to wait on, and no way around it")
    func closed() async throws {
        try await withSignUp(["--sign-up-mode", "closed"]) { test in
            let browser = test.browser()
            #expect(await browser.get("/sign-up")?.body.contains("Sign-up opens soon") == true)
            let token = test.server.server.web.formGuard.token(for: "waiting-list")
            test.clock.change { $0 = $0.adding(seconds: 60) }
            let fields = [("school", "Maple Street School"), ("email", "ana@oak.example"), ("form_token", token)]
            for _ in 0..<2 { #expect(await browser.post("/sign-up", fields)?.value(of: "Location") == "/sign-up/waiting") }
            let waiting = try await test.platform.database.read { try $0.rows("SELECT email FROM waiting_list").count }
            #expect(waiting == 1)
            #expect(await test.ask(browser).message == nil)
        }
    }

    @Test("twenty at once are all live, each within its own words")
    func twentyAtOnce() async throws {
        try await withSignUp { test in
            var mails: [(TestBrowser, SignUpMessage)] = []
            for number in 0..<20 {
                let browser = test.browser()
                let mail = await test.ask(
                    ["address": "school-\(number)", "email": "user\(number)@oak.example", "name": "School \(number) PTA"], browser
                ).message
                mails.append((browser, try #require(mail)))
                // Not more than a network may send in an hour.
                test.clock.change { $0 = $0.adding(seconds: 300) }
            }
            await withTaskGroup(of: Void.self) { group in
                for (browser, mail) in mails {
                    group.addTask { #expect(await browser.post("/sign-up/confirm", [("token", mail.token)])?.status == 303) }
                }
            }
            for number in 0..<20 {
                #expect(await test.server.get("/", host: "school-\(number).sites.localhost")?.body.contains("School \(number) PTA") == true)
            }
        }
    }
}
