import Database
import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Invitations")
struct InvitationTests {
    /// Invites somebody; gives the mail.
    private static func invite(
        _ test: PeopleServer, _ browser: TestBrowser, _ email: String, _ role: Role = .editor, title: String = "", end: String = ""
    ) async throws -> MailDraft {
        let response = await browser.post(
            "/manage/oak/people/invite", [("email", email), ("role", role.rawValue), ("title", title), ("term_end", end)])
        #expect(response?.value(of: "Location") == "/manage/oak/people?invited")
        return try #require(test.mails.value.last)
    }

    @Test("who is invited needs no account: the link shows what it is, and its button gives the seat and a session")
    func whole() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            #expect(await owner.get("/manage/oak/people/invite")?.body.contains("value=\"2027-06-30\"") == true)
            let mail = try await Self.invite(test, owner, "New@Oak.example", .officer, title: "Secretary", end: "2027-06-30")
            #expect(mail.template == "invitation" && mail.to.text == "New@oak.example")
            #expect(mail.values["inviter"] == "The owner" && mail.values["days"] == "14" && mail.values["role"] == "Secretary (Officer)")
            #expect(await owner.get("/manage/oak/people?invited")?.body.contains("New@oak.example") == true)
            let new = test.accounts.browser()
            for _ in 0..<3 {
                let page = await new.get("/invitation?token=\(mail.token)")
                #expect(page?.status == 200)
                for words in ["A PTSA", "Secretary", "Officer", "New@oak.example"] { #expect(page?.body.contains(words) == true, "\(words)") }
            }
            #expect(new.cookies["session"] == nil)
            #expect(try await test.platform.database.read { try User.find(email: "new@oak.example", $0) } == nil)
            #expect(await new.post("/invitation", [("token", mail.token)])?.value(of: "Location") == "/manage/oak")
            #expect(await new.get("/manage/oak/people")?.status == 200)
            let seat = try await test.seat("new@oak.example", .officer)
            #expect(seat.title == "Secretary" && seat.endsAt == Instant("2027-07-01T00:00:00Z") && seat.startsAt == test.now)
            #expect(await owner.get("/manage/oak/people")?.body.contains("Open invitations") == false)
            #expect(try await test.audit() == ["seat.invited", "seat.taken"])
            // Nothing in the log says who it was, nor is the address left in the invitation.
            let entries = try await test.platform.auditLog(of: test.organization).entries()
            #expect(!entries.contains { "\($0)".lowercased().contains("oak.example") || "\($0)".contains("Secretary") })
            let rows = try await test.platform.database.read { try $0.rows("SELECT email, email_key, token_hash FROM invitation") }
            #expect(try rows.map { try $0["email"] + $0["email_key"] as String } == [""])
            #expect(try rows.allSatisfy { try ($0["token_hash"] as String) != mail.token })
            #expect(!test.accounts.server.log.text.contains("oak.example") && !test.accounts.server.log.text.contains(mail.token))
        }
    }

    @Test("it works once; the browser that pressed the button may press it again for an hour, and no other")
    func once() async throws {
        try await withPeople { test in
            let mail = try await Self.invite(test, await test.browser(.owner), "new@oak.example")
            let (new, other) = (test.accounts.browser(), test.accounts.browser())
            _ = await new.get("/invitation?token=\(mail.token)")
            for _ in 0..<2 { #expect(await new.post("/invitation", [("token", mail.token)])?.status == 303) }
            #expect(await other.post("/invitation", [("token", mail.token)])?.status == 410)
            #expect(await other.get("/invitation?token=\(mail.token)")?.status == 410)
            test.accounts.pass(seconds: Invitations.repeatSeconds)
            #expect(await new.post("/invitation", [("token", mail.token)])?.status == 410)
            #expect(try await test.audit() == ["seat.invited", "seat.taken"])
        }
    }

    @Test("two who press the button at once: one gets the seat", arguments: 0..<4)
    func race(round: Int) async throws {
        try await withPeople { test in
            let mail = try await Self.invite(test, await test.browser(.owner), "new@oak.example")
            let (one, two) = (test.accounts.browser(), test.accounts.browser())
            async let first = one.post("/invitation", [("token", mail.token)])
            async let second = two.post("/invitation", [("token", mail.token)])
            #expect(await [first?.status, second?.status].compactMap { $0 }.sorted() == [303, 410])
        }
    }

    @Test("a link that is too old, withdrawn, replaced, of a term that is over, or no link at all leads nowhere")
    func over() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let stranger = test.accounts.browser()
            func isOver(_ token: String) async {
                #expect(await stranger.get("/invitation?token=\(token)")?.status == 410)
                #expect(await stranger.post("/invitation", [("token", token)])?.status == 410)
                #expect(stranger.cookies["session"] == nil)
            }
            for token in ["", "x", SecretToken(.system).text] { await isOver(token) }
            let first = try await Self.invite(test, owner, "new@oak.example")
            let second = try await Self.invite(test, owner, "NEW@oak.example")
            await isOver(first.token)
            // Another role is another seat. The page lists the older one first.
            test.accounts.pass(seconds: 1)
            let third = try await Self.invite(test, owner, "new@oak.example", .viewer)
            #expect(await stranger.get("/invitation?token=\(second.token)")?.status == 200)
            let page = await owner.get("/manage/oak/people")
            let id = try #require(page?.body.components(separatedBy: "name=\"invitation\" value=\"").dropFirst().first?.prefix(36))
            #expect(await owner.post("/manage/oak/people/invitations/withdraw", [("invitation", String(id))])?.status == 303)
            #expect(await owner.post("/manage/oak/people/invitations/withdraw", [("invitation", String(id))])?.status == 404)
            await isOver(second.token)
            let short = try await Self.invite(test, owner, "short@oak.example", end: "2027-01-16")
            test.pass(days: 2)
            await isOver(short.token)
            test.pass(days: 12)
            await isOver(third.token)
            #expect(try await test.roster().seats.count == Role.allCases.count)
        }
    }

    @Test("somebody else who is signed in is told so, and can sign out first")
    func otherUser() async throws {
        try await withPeople { test in
            let mail = try await Self.invite(test, await test.browser(.owner), "new@oak.example")
            let browser = await test.browser(.viewer)
            let page = await browser.get("/invitation?token=\(mail.token)")
            #expect(page?.status == 409 && page?.body.contains("You are signed in here as The viewer") == true)
            #expect(page?.body.contains("action=\"/invitation\"") == false)
            #expect(await browser.post("/invitation", [("token", mail.token)])?.status == 409)
            _ = await browser.post("/sign-out")
            #expect(await browser.post("/invitation", [("token", mail.token)])?.status == 303)
            #expect(try await test.seat("new@oak.example", .editor).isOpen(at: test.now))
        }
    }

    @Test("an address with an account and one without look the same to whoever invites, and the account is used")
    func knownAddress() async throws {
        try await withPeople { test in
            try await test.accounts.add(user: "known@elm.example", name: "Known Person")
            let owner = await test.browser(.owner)
            let answers = try await ["known@elm.example", "unknown@elm.example"].asyncMap { email in
                let mail = try await Self.invite(test, owner, email)
                #expect(mail.to.text == email)
                let page = await owner.get("/manage/oak/people")?.body ?? ""
                let id = page.components(separatedBy: "name=\"invitation\" value=\"").dropFirst().first?.prefix(36) ?? ""
                _ = await owner.post("/manage/oak/people/invitations/withdraw", [("invitation", String(id))])
                return page.replacing(id, with: "").replacing("unknown@", with: "known@")
            }
            #expect(answers[0] == answers[1] && !answers[0].contains("Known Person"))
            let mail = try await Self.invite(test, owner, "known@elm.example")
            let browser = await test.browser("known@elm.example")
            #expect(await browser.get("/invitation?token=\(mail.token)")?.status == 200)
            #expect(await browser.post("/invitation", [("token", mail.token)])?.status == 303)
            #expect(await owner.get("/manage/oak/people")?.body.contains("Known Person") == true)
        }
    }

    @Test("who comes back gets the seat anew, and who has it gets the later end")
    func again() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let seat = try await test.seat(.editor)
            #expect(await owner.post("/manage/oak/people/\(seat.id)/end")?.status == 303)
            test.pass(days: 1)
            var mail = try await Self.invite(test, owner, PeopleServer.email(.editor), title: "Web", end: "2027-06-30")
            #expect(await test.accounts.browser().post("/invitation", [("token", mail.token)])?.status == 303)
            let new = try await test.seat(.editor)
            #expect(new.id == seat.id && new.startsAt == test.now && new.title == "Web")
            for (end, later) in [("2027-03-31", "2027-07-01T00:00:00Z"), ("2027-12-31", "2028-01-01T00:00:00Z"), ("", nil)] {
                mail = try await Self.invite(test, owner, PeopleServer.email(.editor), end: end)
                #expect(await test.accounts.browser().post("/invitation", [("token", mail.token)])?.status == 303)
                let kept = try await test.seat(.editor)
                #expect(kept.endsAt == later.flatMap { Instant($0) } && kept.title == "Web")
            }
        }
    }

    @Test("what is wrong in the form stands beside its field, and what was typed is kept", arguments: wrongAnswers)
    func wrong(field: String, value: String) async throws {
        try await withPeople { test in
            let fields = ["email": "new@oak.example", "role": "editor", "title": "Web <Team>", "term_end": "2027-06-30"].merging([field: value]) {
                $1
            }
            let response = await test.browser(.owner).post("/manage/oak/people/invite", fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            #expect(response?.status == 422)
            #expect(response?.body.components(separatedBy: "class=\"problem\"").count == 2)
            #expect(response?.body.contains("id=\"field-\(field)-problem\"") == true)
            if field != "title" { #expect(response?.body.contains("value=\"Web &lt;Team&gt;\"") == true) }
            #expect(test.mails.value.isEmpty)
        }
    }

    private static let wrongAnswers = [
        ("email", ""), ("email", "new at oak"), ("email", "a@b.example\r\nBcc: c@d.example"), ("role", ""), ("role", "admin"), ("role", "Owner"),
        ("title", String(repeating: "x", count: 61)), ("term_end", "2026-12-31"), ("term_end", "2099-01-01"), ("term_end", "never"),
    ]

    @Test("there are limits: open invitations, and how many an hour")
    func limits() async throws {
        try await withPeople { test in
            let (owner, officer) = (await test.browser(.owner), await test.browser(.officer))
            var statuses: [Int] = []
            for number in 0..<41 {
                statuses.append(
                    await officer.post("/manage/oak/people/invite", [("email", "p\(number)@oak.example"), ("role", "viewer")])?.status ?? 0)
            }
            #expect(statuses == Array(repeating: 303, count: 40) + [429])
            test.pass(days: 1)
            statuses = []
            for number in 40..<51 {
                statuses.append(
                    await owner.post("/manage/oak/people/invite", [("email", "p\(number)@oak.example"), ("role", "viewer")])?.status ?? 0)
            }
            #expect(statuses == Array(repeating: 303, count: 10) + [422])
            // Inviting again replaces, and those that nobody came for make room.
            #expect(await owner.post("/manage/oak/people/invite", [("email", "p0@oak.example"), ("role", "viewer")])?.status == 303)
            test.pass(days: 15)
            #expect(await owner.post("/manage/oak/people/invite", [("email", "p60@oak.example"), ("role", "viewer")])?.status == 303)
            let left = try await test.platform.database.read { try $0.row("SELECT count(*) AS count FROM invitation")?["count"] as Int? }
            #expect(left == 1)
        }
    }

    @Test("whose seat is taken away has invited nobody; whose term is over has")
    func promises() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let officer = await test.browser(.officer)
            let mail = try await Self.invite(test, officer, "new@oak.example")
            #expect(await owner.post("/manage/oak/people/\(try await test.seat(.officer).id)/end")?.status == 303)
            #expect(await test.accounts.browser().post("/invitation", [("token", mail.token)])?.status == 410)
            try await test.add("brief@oak.example", .officer, days: 1)
            let other = try await Self.invite(test, await test.browser("brief@oak.example"), "next@oak.example")
            test.pass(days: 2)
            #expect(await test.accounts.browser().post("/invitation", [("token", other.token)])?.status == 303)
        }
    }

    @Test("while editing rests an invitation can't be accepted, and can afterwards")
    func frozen() async throws {
        try await withPeople { test in
            let mail = try await Self.invite(test, await test.browser(.owner), "new@oak.example")
            let browser = test.accounts.browser()
            func set(_ status: String) async throws {
                try await test.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = :status", ["status": status]) }
            }
            try await set("frozen")
            #expect(await browser.get("/invitation?token=\(mail.token)")?.status == 423)
            #expect(await browser.post("/invitation", [("token", mail.token)])?.status == 423)
            try await set("active")
            #expect(await browser.post("/invitation", [("token", mail.token)])?.status == 303)
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
