import Database
import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Handing a seat over")
struct HandoverTests {
    private static func fields(_ other: [String: String] = [:], done: [String] = ["mail", "keys"]) -> [(String, String)] {
        let fields = ["email": "next@oak.example", "last_day": "2027-01-29", "term_end": "2028-06-30", "notes": "The key is\nunder <b>the mat</b>."]
        return fields.merging(other) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + done.map { ("done", $0) }
    }

    @Test("begun, accepted, both there for some days, then the successor alone: with checklist and notes")
    func whole() async throws {
        try await withPeople { test in
            let treasurer = await test.browser(.treasurer)
            let old = try await test.seat(.treasurer)
            let path = "/manage/oak/people/\(old.id)/handover"
            #expect(await treasurer.get("/manage/oak/people/\(old.id)")?.body.contains("\(old.id)/handover\"") == true)
            // Two weeks of overlap are offered.
            #expect(await treasurer.get(path)?.body.contains("value=\"2027-01-29\"") == true)
            let sent = try await test.mails {
                #expect(await treasurer.post(path, Self.fields())?.value(of: "Location") == path)
            }
            #expect(sent == ["handover next@oak.example"])
            let mail = try #require(test.mails.value.last)
            let state = try #require(await treasurer.get(path)?.value(of: "Location"))
            #expect(state.hasPrefix("/manage/oak/people/handovers/"))
            let page = try #require(await treasurer.get(state)?.body)
            for words in [
                "We have written to next@oak.example", "2 of 9", "under &lt;b&gt;the mat&lt;/b&gt;.",
                "id=\"field-done-1\" name=\"done\" value=\"mail\"",
            ] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(page.components(separatedBy: " checked").count == 3)
            #expect(await test.browser(.owner).get("/manage/oak/people")?.body.contains("handover under way") == true)
            // Nobody sees the notes before the button is pressed, and others never do.
            let next = test.accounts.browser()
            let invitation = await next.get("/invitation?token=\(mail.token)")
            #expect(invitation?.status == 200 && invitation?.body.contains("the mat") == false)
            for role in [Role.officer, .editor, .viewer] { #expect(await test.browser(role).get(state)?.status == 404, "\(role)") }
            #expect(await next.post("/invitation", [("token", mail.token)])?.value(of: "Location") == state)
            #expect(await next.get(state)?.body.contains("the mat") == true)
            let new = try await test.seat("next@oak.example", .treasurer)
            #expect(new.title == old.title && new.endsAt == Instant("2028-07-01T00:00:00Z"))
            #expect(try await test.seat(.treasurer).endsAt == Instant("2027-01-30T00:00:00Z"))
            // Both go on with the list.
            #expect(
                await next.post(state, Self.fields(["notes": "Found it."], done: ["mail", "keys", "bank"]))?.value(of: "Location") == state + "?saved"
            )
            #expect(await treasurer.get(state)?.body.contains("3 of 9") == true)
            // A seat is handed over once.
            #expect(await treasurer.post(path, Self.fields(["email": "third@oak.example"]))?.value(of: "Location") == state)
            #expect(await treasurer.post(state + "/withdraw")?.status == 404)
            test.accounts.clock.change { $0 = Instant("2027-01-30T00:00:00Z") ?? $0 }
            #expect(await treasurer.get(state)?.status == 404)
            #expect(await next.get(state)?.body.contains("Found it.") == true)
            #expect(try await test.mails { try await test.work() } == ["seat-ended treasurer@oak.example"])
            #expect(try await test.audit() == ["seat.handover_begun", "seat.handover_taken", "seat.changed", "seat.ended"])
            // The notes are in the organization's own file, and nowhere else.
            let tables = try await test.platform.database.read { connection in
                try ["invitation", "audit_entry", "job"].flatMap { try connection.rows("SELECT * FROM \($0)") }.map { "\($0)" }.joined()
            }
            #expect(!tables.contains("the mat") && !tables.contains("Found it"))
        }
    }

    @Test("the last owner hands over and goes")
    func lastOwner() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let path = "/manage/oak/people/\(try await test.seat(.owner).id)/handover"
            #expect(await owner.post(path, Self.fields())?.status == 303)
            let mail = try #require(test.mails.value.last)
            #expect(await test.accounts.browser().post("/invitation", [("token", mail.token)])?.status == 303)
            test.accounts.clock.change { $0 = Instant("2027-01-30T00:00:00Z") ?? $0 }
            #expect(await owner.get("/manage/oak/people")?.status == 404)
            #expect(try await test.roster().inForce(.owner, at: test.now).map(\.id) == [try await test.seat("next@oak.example", .owner).id])
        }
    }

    @Test("until it is accepted it can be withdrawn: the link is dead, the notes are gone, and it can be begun again")
    func withdrawn() async throws {
        try await withPeople { test in
            let editor = await test.browser(.editor)
            let path = "/manage/oak/people/\(try await test.seat(.editor).id)/handover"
            _ = await editor.post(path, Self.fields())
            let first = try #require(test.mails.value.last)
            let state = try #require(await editor.get(path)?.value(of: "Location"))
            #expect(await test.browser(.officer).post(state + "/withdraw")?.status == 404)
            #expect(await editor.post(state + "/withdraw")?.status == 303)
            #expect(await test.accounts.browser().post("/invitation", [("token", first.token)])?.status == 410)
            #expect(await editor.get(state)?.status == 404)
            let left = try await test.platform.tenants.database(of: test.organization).read { try $0.rows("SELECT id FROM handover").count }
            #expect(left == 0)
            // One that nobody came for needn't be written twice.
            _ = await editor.post(path, Self.fields())
            test.pass(days: 15)
            #expect(await editor.get(path)?.body.contains("the mat") == true)
            _ = await editor.post(path, Self.fields(["last_day": "2027-02-10"]))
            let third = try #require(test.mails.value.last)
            #expect(await test.accounts.browser().post("/invitation", [("token", third.token)])?.status == 303)
        }
    }

    @Test("whose seat is taken away hands nothing over; whose term ends first still does")
    func ended() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let editor = await test.browser(.editor)
            let seat = try await test.seat(.editor).id
            _ = await editor.post("/manage/oak/people/\(seat)/handover", Self.fields())
            let mail = try #require(test.mails.value.last)
            #expect(await owner.post("/manage/oak/people/\(seat)/end")?.status == 303)
            #expect(await test.accounts.browser().post("/invitation", [("token", mail.token)])?.status == 410)
            let brief = try await test.add("brief@oak.example", .editor, days: 3)
            let holder = await test.browser("brief@oak.example")
            // No later day than the own one is offered.
            #expect(await holder.get("/manage/oak/people/\(brief)/handover")?.body.contains("value=\"2027-01-18\"") == true)
            _ = await holder.post("/manage/oak/people/\(brief)/handover", Self.fields())
            let other = try #require(test.mails.value.last)
            let end = try await test.seat("brief@oak.example", .editor).endsAt
            test.pass(days: 5)
            #expect(await test.accounts.browser().post("/invitation", [("token", other.token)])?.status == 303)
            #expect(try await test.seat("brief@oak.example", .editor).endsAt == end)
        }
    }

    @Test("what is wrong in the form stands beside its field", arguments: wrongAnswers)
    func wrong(field: String, value: String, shown: String) async throws {
        try await withPeople { test in
            let editor = await test.browser(.editor)
            let response = await editor.post("/manage/oak/people/\(try await test.seat(.editor).id)/handover", Self.fields([field: value]))
            #expect(response?.status == 422)
            #expect(response?.body.contains("id=\"field-\(shown)-problem\"") == true)
            // What was ticked and written is still there.
            #expect(response?.body.components(separatedBy: " checked").count == (field == "done" ? 4 : 3) || field == "done")
            if field != "notes" { #expect(response?.body.contains("the mat") == true) }
            #expect(test.mails.value.isEmpty)
        }
    }

    private static let wrongAnswers = [
        ("email", "", "email"), ("email", "nobody", "email"), ("email", "Editor@oak.example", "email"), ("last_day", "", "last_day"),
        ("last_day", "2027-01-14", "last_day"), ("last_day", "2027-04-16", "last_day"), ("term_end", "2027-01-29", "term_end"),
        ("term_end", "2027-01-20", "term_end"), ("done", "coffee", "done"), ("notes", String(repeating: "n", count: 4_001), "notes"),
    ]
}
