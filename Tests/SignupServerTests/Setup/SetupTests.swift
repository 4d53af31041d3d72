import Database
import Foundation
import Repositories
import Tenancy
import Testing

@testable import SignupServer

@Suite("Setting a site up")
struct SetupTests {
    private static let name = [
        ("name", "Maple Street PTSA"), ("tagline", "All <together>"), ("kind", "PTSA"), ("number", "2.6.45"), ("council", ""), ("state", "OR"),
        ("school", "Maple Street School"), ("address", "1 Maple Street"), ("email", "hello@maple.example"),
    ]
    private static let colors = [
        ("primary", "#0b5394"), ("accent", "#ffcc00"), ("header", "centered"), ("fonts", "friendly"), ("corners", "round"), ("density", "compact"),
    ]

    @Test("from the sign-up through all steps: each is live when it is saved, and the checklist counts along")
    func wholeWay() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let first = await browser.get("/manage/maple")
            #expect(first?.status == 200)
            #expect(first?.body.contains("1 of 10 done") == true, "the colors of the sign-up")
            #expect(await browser.get("/manage/maple/setup")?.value(of: "Location") == "/manage/maple/setup/name")

            let shown = await browser.get("/manage/maple/setup/name")
            #expect(shown?.body.contains("Step 1 of 7") == true && shown?.field("name") == "Maple Street PTA")
            let saved = await browser.step("name", Self.name)
            #expect(saved?.status == 303 && saved?.value(of: "Location") == "/manage/maple/setup/colors")
            #expect(await test.site().contains("Maple Street PTSA"))
            #expect(await test.site().contains("All &lt;together&gt;"))
            #expect(try await test.organization().name == "Maple Street PTSA")
            let site = try #require(try await test.file("site.yaml"))
            #expect(site.contains("# The settings of your site.") && site.contains("2.6.45") && site.contains("hello@maple.example"))

            #expect(await browser.step("colors", Self.colors)?.value(of: "Location") == "/manage/maple/setup/time")
            #expect(try await test.file("site.yaml")?.contains("#0b5394") == true)
            #expect(
                await browser.step("time", [("zone", "America/Denver"), ("languages", "es"), ("languages", "ar")])?.value(of: "Location")
                    == "/manage/maple/setup/officers")
            #expect(await test.site("/es/").contains("lang=\"es\""))

            // A vacant seat, a new name on one that was vacant, one that is taken out, one that is new.
            let officers = await browser.step(
                "officers",
                [
                    ("role-0", "President"), ("name-0", "Ana R."), ("email-0", "president@maple.example"), ("role-1", "Vice president"),
                    ("name-1", ""),
                    ("role-2", ""), ("name-2", ""), ("role-5", "Webmaster"), ("name-5", "Bo T."),
                ])
            #expect(officers?.value(of: "Location") == "/manage/maple/setup/meetings")
            let board = try #require(try await test.file("data/board.yaml"))
            #expect(board.contains("Brings people together"), "what the form doesn't know stays")
            #expect(!board.contains("Secretary") && board.contains("Webmaster"))
            let boardPage = await test.site("/board/")
            #expect(boardPage.contains("Ana R.") && boardPage.contains("Bo T.") && boardPage.contains("Vice president"))

            let meetings = await browser.step(
                "meetings",
                [
                    ("title-0", "General meeting"), ("date-0", "2027-02-02"), ("time-0", "18:30"), ("place-0", "Library"), ("title-3", "Book fair"),
                    ("date-3", "2027-03-01"),
                ])
            #expect(meetings?.value(of: "Location") == "/manage/maple/setup/home")
            #expect(await test.site().contains("General meeting"))
            #expect(try await test.file("events/general-meeting-2027-02-02.md")?.contains("start: 2027-02-02T18:30") == true)
            #expect(try await test.file("events/book-fair-2027-03-01.md")?.contains("all_day: true") == true)

            let home = await browser.step("home", ["hero", "news", "events", "contact"].map { ("sections", $0) })
            #expect(home?.value(of: "Location") == "/manage/maple/setup/invite")
            let invite = await browser.get("/manage/maple/setup/invite")
            #expect(invite?.body.contains("href=\"/manage/maple/people\"") == true)

            let dashboard = await browser.get("/manage/maple")?.body ?? ""
            #expect(dashboard.contains("7 of 10 done"))
            #expect(dashboard.contains("General meeting") && dashboard.contains("Tuesday, February 2, 2027"))
            // All of it can be done again.
            #expect(await browser.step("colors", Self.colors)?.status == 303)
        }
    }

    @Test(
        "wrong answers are named beside their fields, and nothing is changed",
        arguments: [
            ("name", "name", ""), ("name", "email", "nobody"), ("name", "kind", "Gang"), ("name", "state", "XX"), ("colors", "primary", "red"),
            ("colors", "fonts", "comic"), ("time", "zone", "Mars/Olympus"), ("time", "languages", "xx"), ("officers", "email-0", "nobody"),
            ("officers", "name-5", "Without a role"), ("meetings", "date-0", "soon"), ("meetings", "date-0", "2020-01-01"),
            ("meetings", "time-0", "late"), ("meetings", "title-0", ""), ("home", "sections", "casino"),
        ])
    func wrong(step: String, field: String, value: String) async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let repository = test.platform.repository(of: try await test.organization().id)
            let before = try await repository.head()
            let good =
                switch step {
                case "name": Self.name
                case "colors": Self.colors
                case "time": [("zone", "America/Denver")]
                case "officers": [("role-0", "President"), ("email-0", "a@b.example")]
                case "meetings": [("title-0", "Meeting"), ("date-0", "2027-02-02"), ("time-0", "18:30")]
                default: [("sections", "hero")]
                }
            let answers = good.filter { $0.0 != field } + [(field, value)]
            let page = await browser.step(step, answers)
            #expect(page?.status == 422)
            #expect(page?.body.contains("class=\"problem\"") == true)
            #expect(try await repository.head() == before)
            #expect(try await test.platform.database.read { try $0.rows("SELECT step FROM setup_step").count } == 0)
        }
    }

    @Test("what somebody else has changed meanwhile is not overwritten, and shown; saving again is meant")
    func conflict() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let seen = await browser.get("/manage/maple/setup/name")?.field("seen") ?? ""
            #expect(await browser.step("time", [("zone", "America/Denver")])?.status == 303)
            let page = await browser.post("/manage/maple/setup/name", [("seen", seen)] + Self.name)
            #expect(page?.status == 409)
            #expect(page?.body.contains("Somebody else has changed") == true && page?.field("name") == "Maple Street PTSA")
            #expect(try await test.file("site.yaml")?.contains("Maple Street PTSA") == false)
            #expect(await browser.post("/manage/maple/setup/name", [("seen", page?.field("seen") ?? "")] + Self.name)?.status == 303)
            let site = try await test.file("site.yaml")
            #expect(site?.contains("Maple Street PTSA") == true && site?.contains("America/Denver") == true)
            for seen in ["", "main", String(repeating: "0", count: 40), "HEAD~1"] {
                #expect(await browser.post("/manage/maple/setup/name", [("seen", seen)] + Self.name)?.status == 400)
            }
        }
    }

    @Test("the same meeting twice is one, and says so")
    func twice() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let meeting = [("title-0", "Meeting"), ("date-0", "2027-02-02")]
            #expect(await browser.step("meetings", meeting + [("title-1", "meeting"), ("date-1", "2027-02-02")])?.status == 422)
            #expect(await browser.step("meetings", meeting)?.status == 303)
            #expect(await browser.step("meetings", meeting)?.status == 422)
            // No rows at all is no mistake.
            #expect(await browser.step("meetings", [])?.status == 303)
        }
    }

    @Test("who may: editors and above; a viewer may look at the dashboard; others see nothing; a frozen site rests")
    func roles() async throws {
        try await withSignUp { test in
            let owner = try await test.owner()
            for (role, status) in [(Role.officer, 200), (.editor, 200), (.treasurer, 403), (.viewer, 403)] {
                let browser = try await test.member(role)
                #expect(await browser.get("/manage/maple/setup/name")?.status == status, "\(role)")
                #expect(await browser.get("/manage/maple/preview")?.status == status, "\(role)")
                #expect(await browser.post("/manage/maple/setup/home", [("sections", "hero")])?.status == (status == 200 ? 400 : 403))
                let dashboard = await browser.get("/manage/maple")
                #expect(dashboard?.status == 200)
                #expect(dashboard?.body.contains("of 10 done") == (status == 200), "\(role)")
            }
            let other = try await test.owner(["address": "elm", "email": "bob@elm.example"])
            for path in ["/manage/maple", "/manage/maple/setup/name", "/manage/maple/preview"] { #expect(await other.get(path)?.status == 404) }
            let stranger = test.browser()
            #expect(await stranger.get("/manage/maple/setup/name")?.status == 303)
            #expect(await stranger.post("/manage/maple/setup/name", Self.name)?.status == 401)
            #expect(await owner.get("/manage/maple/setup/nothing")?.status == 404)
            #expect(await owner.post("/manage/maple/setup/invite")?.status == 405)
            #expect(await owner.post("/manage/maple/setup/name/file", [("text", "x")])?.status == 404)

            let seen = await owner.get("/manage/maple/setup/name")?.field("seen") ?? ""
            try await test.setStatus("frozen")
            #expect(await owner.post("/manage/maple/setup/name", [("seen", seen)] + Self.name)?.status == 423)
            #expect(await owner.post("/manage/maple/setup/meetings/file", [("text", "x")])?.status == 423)
            #expect(await owner.get("/manage/maple/setup/name")?.body.contains("Save and continue") == false)
            #expect(await owner.get("/manage/maple")?.body.contains("of 10 done") == false)
        }
    }

    @Test("a logo goes along with the colors; what is no picture is refused")
    func logo() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let seen = await browser.get("/manage/maple/setup/colors")?.field("seen") ?? ""
            func send(_ file: String) async -> RawResponse? {
                await browser.postFile("/manage/maple/setup/colors", [("seen", seen)] + Self.colors, file: ("logo", "logo.svg", Array(file.utf8)))
            }
            let wrong = await send("MZ this is a program")
            #expect(wrong?.status == 422 && wrong?.body.contains("no picture") == true)
            #expect(try await test.file("site.yaml")?.contains("#0b5394") == false)
            let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>"
            #expect(await send(svg)?.status == 303)
            #expect(try await test.file("media/logo.svg") == svg)
            #expect(await test.site().contains("/media/logo."))
            #expect(await browser.get("/manage/maple")?.body.contains("2 of 10 done") == true)
        }
    }

    @Test("the dashboard says what was published, what is wrong in the content, and whose terms end")
    func dashboard() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            #expect(await browser.step("home", [("sections", "hero")])?.status == 303)
            let quiet = await browser.get("/manage/maple")?.body ?? ""
            #expect(quiet.contains("Last published on January 15, 2027") && !quiet.contains("need a person") && !quiet.contains("needs a person"))
            let organization = try await test.organization()
            let repository = test.platform.repository(of: organization.id)
            _ = try await repository.commit(
                changes: [try ContentPath("broken.md"): .write(Array("---\ntitle: [\n---\n[x](nothing.md)\n".utf8))], onto: repository.head(),
                author: .platform, message: try CommitMessage("broken"), at: test.platform.now())
            _ = try await test.server.server.editor.publish(organization.id)
            let now = test.platform.now()
            try await test.platform.database.write {
                try $0.execute("UPDATE membership SET ends_at = :end, title = 'President'", ["end": now.adding(seconds: 40 * 86_400)])
            }
            let loud = await browser.get("/manage/maple")?.body ?? ""
            #expect(loud.contains("One thing in your content needs a person") && loud.contains("broken.md:"))
            #expect(loud.contains("President: February 24, 2027"))
        }
    }
}

extension TestBrowser {
    /// Sends a form with a file, as browsers do.
    func postFile(_ path: String, _ fields: [(String, String)], file: (field: String, name: String, bytes: [UInt8])?) async -> RawResponse? {
        let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        var body = fields.map { "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
        if let file {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n"
            body += "Content-Type: application/octet-stream\r\n\r\n\(String(decoding: file.bytes, as: UTF8.self))\r\n"
        }
        return await post(path, body: body + "--\(boundary)--\r\n", type: "multipart/form-data; boundary=\(boundary)")
    }
}
