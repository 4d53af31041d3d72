import Database
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("People of an organization")
struct PeopleTests {
    // MARK: Who may do what

    @Test("every role sees who is there; addresses only the board", arguments: Role.allCases)
    func list(role: Role) async throws {
        try await withPeople { test in
            try await test.add("nameless@oak.example", .editor)
            let browser = await test.browser(role)
            let page = try #require(await browser.get("/manage/oak/people"))
            #expect(page.status == 200)
            for other in Role.allCases { #expect(page.body.contains("The \(other.rawValue)")) }
            let others = Role.allCases.filter { $0 != role }.map(PeopleServer.email) + ["nameless@oak.example"]
            let isBoard = [.owner, .officer, .treasurer].contains(role)
            for address in others { #expect(page.body.contains(address) == isBoard, "\(address) to \(role)") }
            #expect(page.body.contains("/people/invite\"") == [.owner, .officer].contains(role))
            // Seats of others have pages for everybody, with the same reserve.
            let seat = try await test.seat(role == .editor ? .viewer : .editor)
            let detail = await browser.get("/manage/oak/people/\(seat.id)")
            #expect(detail?.status == 200)
            #expect(detail?.body.contains("@oak.example") == isBoard)
            #expect(detail?.body.contains("/end\"") == [.owner, .officer].contains(role))
        }
    }

    /// What each role gets to see for it, in the order owner, officer, editor, treasurer, viewer.
    private static let matrix: [(action: String, statuses: [Int])] = [
        ("GET invite", [200, 200, 403, 403, 403]),
        ("POST invite role=viewer", [303, 303, 403, 403, 403]),
        ("POST invite role=editor", [303, 303, 403, 403, 403]),
        // Not among what the form offers an officer.
        ("POST invite role=treasurer", [303, 422, 403, 403, 403]),
        ("POST invite role=officer", [303, 422, 403, 403, 403]),
        ("POST invite role=owner", [303, 422, 403, 403, 403]),
        ("change viewer to=editor", [303, 303, 403, 403, 403]),
        ("change viewer to=officer", [303, 422, 403, 403, 403]),
        ("change officer to=officer", [303, 403, 403, 403, 403]),
        ("change owner to=owner", [303, 403, 403, 403, 403]),
        ("end viewer", [303, 303, 403, 403, 403]), ("end editor", [303, 303, 403, 403, 403]), ("end treasurer", [303, 403, 403, 403, 403]),
        ("end officer", [303, 403, 403, 403, 403]), ("end owner", [303, 403, 403, 403, 403]),
        // Somebody else's.
        ("leave viewer", [404, 404, 404, 404, 404]), ("GET handover viewer", [200, 404, 404, 404, 404]),
        ("handover viewer", [303, 404, 404, 404, 404]),
        ("withdraw editor", [303, 303, 403, 403, 403]), ("withdraw officer", [303, 403, 403, 403, 403]),
        ("GET recovery", [200, 200, 403, 403, 403]), ("ask", [403, 303, 403, 403, 403]),
    ]

    @Test("what each role may do with others' seats", arguments: matrix)
    func permissions(action: String, statuses: [Int]) async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            for (role, status) in zip(Role.allCases, statuses) {
                let browser = role == .owner ? owner : await test.browser(role)
                let words = action.split(separator: " ").map(String.init)
                let value = words.last?.split(separator: "=").last.map(String.init) ?? ""
                let email = "\(role.rawValue)-target@oak.example"
                var before = try await test.audit().count
                let response: RawResponse?
                switch words[0] {
                case "GET" where words[1] == "handover":
                    response = await browser.get("/manage/oak/people/\(try await test.add(email, .viewer))/handover")
                case "GET": response = await browser.get("/manage/oak/people/\(words[1])")
                case "POST": response = await browser.post("/manage/oak/people/invite", [("email", email), ("role", value), ("title", "Help")])
                case "change":
                    let seat = try await test.add(email, try #require(Role(rawValue: words[1])))
                    response = await browser.post("/manage/oak/people/\(seat)", [("role", value), ("title", "Other")])
                case "withdraw":
                    _ = await owner.post("/manage/oak/people/invite", [("email", email), ("role", words[1])])
                    before += 1
                    let organization = test.organization
                    let id = try await test.platform.database.read {
                        try Invitations.open(of: organization, at: AccountServer.start, $0).first { $0.email == email }?.id
                    }
                    response = await browser.post("/manage/oak/people/invitations/withdraw", [("invitation", "\(try #require(id))")])
                case "handover":
                    let seat = try await test.add(email, .viewer)
                    response = await browser.post(
                        "/manage/oak/people/\(seat)/handover", [("email", "next-\(email)"), ("last_day", "2027-01-20"), ("term_end", "")])
                case "ask": response = await browser.post("/manage/oak/people/recovery", [("candidate", "\(try test.user(.treasurer))")])
                default:
                    let seat = try await test.add(email, try #require(Role(rawValue: words[1])))
                    response = await browser.post("/manage/oak/people/\(seat)/\(words[0])")
                }
                #expect(response?.status == status, "\(role): \(action)")
                let after = try await test.audit().count
                if words[0] != "GET", status != 303 { #expect(after == before, "\(role): \(action) is in the log") }
                if words[0] != "GET", status == 303 { #expect(after > before, "\(role): \(action) is not in the log") }
            }
            #expect(try await test.platform.auditLog(of: test.organization).problems() == [])
        }
    }

    @Test("a stranger and a member of another organization get nowhere", arguments: ["elm", "nobody"])
    func others(slug: String) async throws {
        try await withPeople { test in
            let eve = try await test.accounts.add(user: "eve@elm.example")
            try await test.accounts.add(organization: "elm", member: eve, .owner)
            let (eves, stranger) = (await test.browser("eve@elm.example"), test.accounts.browser())
            let seat = try await test.seat(.editor).id
            for path in ["", "/invite", "/\(seat)", "/\(seat)/handover", "/recovery", "/handovers/\(seat)"] {
                #expect(await eves.get("/manage/oak/people\(path)")?.status == 404, "\(path)")
                #expect(await stranger.get("/manage/oak/people\(path)")?.status == 303, "\(path)")
            }
            let posts = ["/invite", "/\(seat)", "/\(seat)/end", "/\(seat)/leave", "/\(seat)/handover", "/recovery", "/recovery/approve"]
            for path in posts {
                #expect(await eves.post("/manage/oak/people\(path)", [("role", "owner")])?.status == 404, "\(path)")
                #expect(await stranger.post("/manage/oak/people\(path)")?.status == 401, "\(path)")
            }
            // The own organization's pages with another's seat: the id belongs to the organization of the path, or to nothing.
            for path in ["/\(seat)", "/\(seat)/handover", "/handovers/\(seat)"] {
                #expect(await eves.get("/manage/\(slug)/people\(path)")?.status == 404, "\(path)")
            }
            for path in ["/\(seat)/end", "/\(seat)/leave", "/\(seat)", "/\(seat)/handover"] {
                #expect(await eves.post("/manage/\(slug)/people\(path)", [("role", "viewer")])?.status == 404, "\(path)")
            }
            #expect(try await test.seat(.editor).endsAt == nil)
            #expect(try await test.audit().isEmpty)
        }
    }

    @Test("while editing rests one may look and leave, and nothing else")
    func frozen() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            try await test.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = 'frozen'") }
            #expect(await owner.get("/manage/oak/people")?.status == 200)
            let seat = try await test.seat(.editor).id
            #expect(await owner.get("/manage/oak/people/\(seat)")?.body.contains("/end\"") == false)
            #expect(await owner.get("/manage/oak/people/invite")?.status == 423)
            #expect(await owner.post("/manage/oak/people/invite", [("email", "x@oak.example"), ("role", "editor")])?.status == 423)
            #expect(await owner.post("/manage/oak/people/\(seat)/end")?.status == 423)
            let editor = await test.browser(.editor)
            #expect(await editor.post("/manage/oak/people/\(seat)/leave")?.value(of: "Location") == "/account")
            #expect(await editor.get("/manage/oak/people")?.status == 404)
        }
    }

    // MARK: Ending and changing

    @Test("ending a seat takes effect at once, in every open session, and is told to whoever had it")
    func ending() async throws {
        try await withPeople { test in
            let (owner, laptop, phone) = (await test.browser(.owner), await test.browser(.editor), await test.browser(.editor))
            let seat = try await test.seat(.editor).id
            let mails = try await test.mails {
                #expect(await owner.post("/manage/oak/people/\(seat)/end")?.value(of: "Location") == "/manage/oak/people?ended")
            }
            #expect(mails == ["seat-ended editor@oak.example"])
            #expect(await laptop.get("/manage/oak")?.status == 404)
            #expect(await phone.get("/manage/oak/people")?.status == 404)
            #expect(await owner.get("/manage/oak/people?ended")?.body.contains("The editor") == false)
            // There is nothing to be ended twice, and nothing more to tell.
            #expect(await owner.post("/manage/oak/people/\(seat)/end")?.status == 404)
            #expect(try await test.mails { try await test.work() } == [])
            #expect(try await test.audit() == ["seat.ended"])
        }
    }

    @Test("role, title and term are changed, and shown again when they can't be")
    func changing() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let seat = try await test.seat(.editor).id
            let path = "/manage/oak/people/\(seat)"
            #expect(await owner.post(path, [("role", "officer"), ("title", " <Web>\nmaster "), ("term_end", "2027-06-30")])?.status == 303)
            let changed = try await test.seat(PeopleServer.email(.editor), .officer)
            #expect(changed.id == seat && changed.title == "<Web> master")
            #expect(changed.endsAt == Instant("2027-07-01T00:00:00Z"))
            #expect(await owner.get(path)?.body.contains("value=\"2027-06-30\"") == true)
            #expect(await owner.get("/manage/oak/people")?.body.contains("&lt;Web&gt; master · Officer") == true)
            for (field, value) in [("term_end", "2027-01-14"), ("term_end", "soon"), ("role", "king"), ("title", String(repeating: "t", count: 61))] {
                let fields = ["role": "officer", "title": "", "term_end": ""].merging([field: value]) { $1 }.sorted { $0.key < $1.key }
                let refused = await owner.post(path, fields.map { ($0.key, $0.value) })
                #expect(refused?.status == 422 && refused?.body.contains("class=\"problem\"") == true, "\(field) \(value)")
            }
            // Two seats in one role there are not.
            try await test.add(PeopleServer.email(.editor), .viewer)
            #expect(await owner.post(path, [("role", "viewer"), ("title", ""), ("term_end", "")])?.status == 422)
            #expect(try await test.audit() == ["seat.changed"])
            let entry = try await test.platform.auditLog(of: test.organization).entries().first
            #expect(entry?.details == ["role": "officer", "role_before": "editor", "ends_at": "2027-07-01T00:00:00Z"])
        }
    }

    @Test("the last owner can't go, be sent away, become something else or get an end")
    func lastOwner() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let seat = try await test.seat(.owner).id
            let path = "/manage/oak/people/\(seat)"
            let attempts: [(String, [(String, String)], Int)] = [
                ("/leave", [], 409), ("/end", [], 409), ("", [("role", "officer"), ("title", ""), ("term_end", "")], 422),
                ("", [("role", "owner"), ("title", ""), ("term_end", "2027-06-30")], 422),
            ]
            for (action, fields, status) in attempts {
                let refused = await owner.post(path + action, fields)
                #expect(refused?.status == status, "\(action)")
                #expect(refused?.body.contains("never without one") == true, "\(action)")
            }
            #expect(try await test.seat(.owner).endsAt == nil)
            // With another who stays, each of them goes.
            try await test.add("second@oak.example", .owner, days: 100)
            #expect(await owner.post(path, [("role", "owner"), ("title", ""), ("term_end", "2027-02-28")])?.status == 303)
            #expect(await owner.post(path, [("role", "owner"), ("title", ""), ("term_end", "2027-12-31")])?.status == 303)
            #expect(await owner.post(path + "/leave")?.status == 303)
            #expect(await owner.get("/manage/oak/people")?.status == 404)
        }
    }

    @Test("of two owners who end each other's seats at once, one stays", arguments: 0..<8)
    func twoOwners(round: Int) async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .owner)
            let (first, second) = (await test.browser(.owner), await test.browser("second@oak.example"))
            let seats = (try await test.seat(.owner).id, try await test.seat("second@oak.example", .owner).id)
            let action = ["end", "leave"][round % 2]
            async let one = first.post("/manage/oak/people/\(action == "end" ? seats.1 : seats.0)/\(action)")
            async let two = second.post("/manage/oak/people/\(action == "end" ? seats.0 : seats.1)/\(action)")
            let statuses = await [one?.status, two?.status].compactMap { $0 }.sorted()
            // The slower one is no owner any more, or is the last.
            #expect(statuses.first == 303 && [403, 404, 409].contains(statuses.last ?? 0), "\(statuses)")
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 1)
        }
    }

    // MARK: Terms

    @Test("a seat's end is told a month and a week before, takes access away, and is told once")
    func term() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            // Until the end of 15 March.
            for role in [Role.editor, .treasurer] {
                let seat = try await test.seat(role).id
                #expect(
                    await owner.post("/manage/oak/people/\(seat)", [("role", role.rawValue), ("title", ""), ("term_end", "2027-03-15")])?.status
                        == 303)
            }
            #expect(try await test.mails { try await test.work() } == [])
            test.accounts.clock.change { $0 = Instant("2027-02-14T00:00:00Z") ?? $0 }
            let month = ["seat-ending editor@oak.example", "seat-ending treasurer@oak.example", "seat-ending-owner owner@oak.example"]
            #expect(try await test.mails { for _ in 0..<3 { try await test.work() } } == month)
            #expect(test.mails.value.last?.values["days"] == "30")
            #expect(await owner.get("/manage/oak/people")?.body.contains("ends soon") == true)
            test.accounts.clock.change { $0 = Instant("2027-03-09T12:00:00Z") ?? $0 }
            #expect(try await test.mails { for _ in 0..<3 { try await test.work() } } == month)
            let (editor, treasurer) = (await test.browser(.editor), await test.browser(.treasurer))
            test.accounts.clock.change { $0 = Instant("2027-03-15T23:59:59Z") ?? $0 }
            #expect(await editor.get("/manage/oak")?.status == 200)
            test.accounts.clock.change { $0 = Instant("2027-03-16T00:00:00Z") ?? $0 }
            #expect(await editor.get("/manage/oak")?.status == 404)
            #expect(await treasurer.get("/manage/oak/people")?.status == 404)
            let ended = ["seat-ended editor@oak.example", "seat-ended treasurer@oak.example"]
            #expect(try await test.mails { for _ in 0..<3 { try await test.work() } } == ended)
            #expect(try await test.audit() == ["seat.changed", "seat.changed", "seat.ended", "seat.ended"])
        }
    }

    @Test("a term that is changed is told of anew, and one that is near when it is set is no news")
    func changedTerm() async throws {
        try await withPeople { test in
            let owner = await test.browser(.owner)
            let path = "/manage/oak/people/\(try await test.seat(.editor).id)"
            func set(_ day: String) async { #expect(await owner.post(path, [("role", "editor"), ("title", ""), ("term_end", day)])?.status == 303) }
            await set("2027-01-20")
            #expect(try await test.mails { try await test.work() } == [])
            await set("2027-02-20")
            test.pass(days: 10)
            #expect(try await test.mails { try await test.work() } == ["seat-ending editor@oak.example"])
            await set("2027-04-20")
            test.pass(days: 29)
            #expect(try await test.mails { try await test.work() } == [])
            await set("")
            test.pass(days: 100)
            #expect(try await test.mails { try await test.work() } == [])
            #expect(try await test.seat(.editor).isOpen(at: test.now))
        }
    }

    @Test("the last owner's seat stays in force past its end, until somebody else is owner")
    func overdue() async throws {
        try await withPeople { test in
            let id = try await test.seat(.owner).id
            let end = test.now.adding(seconds: 3 * PeopleServer.day)
            try await test.platform.database.write { connection in
                try connection.execute("UPDATE membership SET ends_at = :end WHERE id = :id", ["end": end, "id": id])
            }
            let owner = await test.browser(.owner)
            test.pass(days: 5)
            #expect(try await test.mails { for _ in 0..<2 { try await test.work() } } == ["seat-overdue owner@oak.example"])
            #expect(await owner.get("/manage/oak/people")?.body.contains("stays until there is another owner") == true)
            #expect(await owner.post("/manage/oak/people/\(id)/leave")?.status == 409)
            // The title alone can be changed; the end that is past stays.
            let kept = await owner.post("/manage/oak/people/\(id)", [("role", "owner"), ("title", "President"), ("term_end", "2027-01-18")])
            #expect(kept?.status == 303)
            #expect(try await test.seat(.owner).endsAt == end)
            let treasurer = try await test.seat(.treasurer).id
            // Counted from here: the job of the server itself may be faster than ours.
            let count = test.mails.value.count
            let path = "/manage/oak/people/\(treasurer)"
            #expect(await owner.post(path, [("role", "owner"), ("title", ""), ("term_end", "2028-06-30")])?.status == 303)
            for _ in 0..<2 { try await test.work() }
            #expect(test.mails.value.dropFirst(count).map { "\($0.template) \($0.to)" } == ["seat-ended owner@oak.example"])
            #expect(await owner.get("/manage/oak/people")?.status == 404)
        }
    }

    @Test("the operator gives an organization an owner back")
    func restored() async throws {
        try await withPeople { test in
            let (platform, organization) = (test.platform, test.organization)
            for email in ["new@oak.example", PeopleServer.email(.editor)] {
                let address = try EmailAddress(email)
                try await platform.database.write { try Seats.restoreOwner(email: address, of: organization, by: .terminal, platform, in: $0) }
                #expect(await test.browser(email).get("/manage/oak/people/recovery")?.status == 200)
            }
            #expect(try await test.audit() == ["recovery.owner_restored", "recovery.owner_restored"])
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 3)
        }
    }
}
