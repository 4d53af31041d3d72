import Database
import Foundation
import Repositories
import SiteBuilder
import StructuredData
import Tenancy
import Testing

@testable import SignupServer

@Suite("Settings as forms")
struct SiteSettingsTests {
    private static let groups = [
        "name", "look", "home", "navigation", "announcement", "join", "donate", "volunteer", "contact", "time", "legal", "navigation-1",
    ]

    @Test("the overview shows every group with what is set, and each has a page")
    func pages() async throws {
        try await withSettings { server in
            let overview = try #require(await server.page(""))
            #expect(overview.status == 200)
            for group in Self.groups.dropLast() { #expect(overview.body.contains("/manage/maple/settings/\(group)\""), "\(group)") }
            #expect(overview.body.contains("Maple Street PTA") && overview.body.contains("#123456"))
            #expect(overview.body.contains("<dd>English</dd>") && !overview.body.contains("For information"))
            for group in Self.groups {
                let page = try #require(await server.page(group))
                #expect(page.status == 200, "\(group)")
                #expect(page.body.contains("name=\"commit\" value=\"\(try await server.repository.head())\""))
            }
            #expect(await server.page("nothing")?.status == 404)
            #expect(await server.page("navigation-99")?.status == 404)
        }
    }

    @Test("a form that is sent as it was shown changes nothing", arguments: groups)
    func untouched(group: String) async throws {
        try await withSettings { server in
            let before = try await server.repository.head()
            let page = try #require(await server.page(group))
            let answer = try #require(await server.owner.post("/manage/maple/settings/\(group)", Self.fields(page.body)))
            #expect(answer.value(of: "Location") == "/manage/maple/settings/\(group)?unchanged=1")
            #expect(try await server.repository.head() == before)
            #expect(await server.page(group + "?unchanged=1")?.body.contains("nothing was changed") == true)
        }
    }

    /// What a browser would send of the page's last form.
    static func fields(_ html: String) -> [(String, String)] {
        func unescape(_ text: Substring) -> String {
            String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
                .replacing("&amp;", with: "&")
        }
        var fields: [(String, String)] = []
        let form = html.components(separatedBy: "<form class=\"form\"").last ?? ""
        for match in form.matches(of: /<input type="([a-z]+)"[^>]*? name="([^"]+)" value="([^"]*)"([^>]*)>/) {
            let isBox = match.output.1 == "checkbox" || match.output.1 == "radio"
            if !isBox || match.output.4.contains(" checked") { fields.append((String(match.output.2), unescape(match.output.3))) }
        }
        for match in form.matches(of: /<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)<\/textarea>/) {
            fields.append((String(match.output.1), unescape(match.output.2)))
        }
        for match in form.matches(of: /(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/) {
            if let chosen = match.output.2.firstMatch(of: /value="([^"]*)" selected/) {
                fields.append((String(match.output.1), unescape(chosen.output.1)))
            }
        }
        return fields
    }

    @Test("a colour that is changed is live, in the audit log and in the history, under a pseudonym")
    func color() async throws {
        try await withSettings { server in
            let before = try await server.text()
            let saved = try await server.save("look", [("colors-primary", "#7a1f3d")])
            #expect(saved.status == 303)
            let location = try #require(saved.value(of: "Location"))
            let head = try await server.repository.head()
            #expect(location == "/manage/maple/settings/look?saved=\(head)")
            let page = try #require(await server.owner.get(location))
            #expect(page.body.contains("Saved and live.") && page.body.contains("/manage/maple/history/undo") && page.body.contains("#7a1f3d"))

            let home = try #require(await server.test.server.get("/", host: "maple.sites.localhost"))
            let sheets = home.body.matches(of: /href="?(\/[^" >]+\.css)/).map { String($0.output.1) }
            var css = home.body
            for sheet in sheets { css += await server.test.server.get(sheet, host: "maple.sites.localhost")?.body ?? "" }
            #expect(css.contains("#7a1f3d"))

            let entry = try #require(try await server.platform.auditLog(of: server.id).entries().first)
            #expect(entry.action == AuditAction.contentChanged.rawValue && entry.subject == head.text)
            #expect(entry.details["summary"] == "Changed colors and fonts")
            let commit = try #require(try await server.repository.log().first)
            #expect(commit.author?.name.hasPrefix("Owner ") == true)
            #expect(commit.message.summary == "Changed colors and fonts")
            #expect(!"\(commit)".contains("oak.example") && !server.test.server.log.text.contains("oak.example"))
            // Nothing but the one line is different.
            let (old, new) = (before.split(separator: "\n"), try await server.text().split(separator: "\n"))
            #expect(zip(old, new).filter { $0 != $1 }.map { String($1) } == ["colors: {primary: \"#7a1f3d\", accent: \"#fedcba\"}"])
            #expect(old.count == new.count)
        }
    }

    @Test("what forms don't know stays: notes, names of others, the order, the line ends")
    func unknown() async throws {
        try await withSettings { server in
            let text =
                "# ours\r\nname: 'Maple Street PTA'  # as in the bylaws\r\nplan: x\r\ncustom: {a: [1, 2]}\r\nunit: {state: OR, mine: yes}\r\nlanguages: [en]\r\n"
            try await server.write(text)
            #expect(try await server.save("name", [("unit-number", "2.6.45")]).status == 303)
            #expect(
                try await server.text()
                    == text.replacing("{state: OR, mine: yes}", with: "{state: OR, mine: \"yes\", number: \"2.6.45\"}"))
        }
    }

    static let answers: [(group: String, answers: [(String, String)], path: [String], value: YAMLValue?)] = [
        (
            "name", [("name-en", #"O'Hara "Big" PTA: # {x} [y] & *z* \ - ! % @ `"#)], ["name"],
            .text(#"O'Hara "Big" PTA: # {x} [y] & *z* \ - ! % @ `"#)
        ),
        ("name", [("description-en", "one\ntwo: three\n--- x")], ["description"], "one\ntwo: three\n--- x"),
        ("name", [("tagline-en", "")], ["tagline"], nil), ("name", [("unit-number", "0417")], ["unit", "number"], "0417"),
        ("name", [("school-mascot-en", "null")], ["school", "mascot"], "null"),
        ("look", [("theme-fonts", "bookish")], ["theme", "fonts"], "bookish"),
        (
            "home", [("home-welcome", "0"), ("home-news", "1"), ("home-hero", "2")], ["home"],
            ["news", "hero", "next-meeting", "volunteer", "contact"]
        ),
        ("home", [("hero-buttons-1-place", "1")], ["hero", "buttons", "0", "page"], "contact.md"),
        (
            "home", [("hero-buttons-2-title-en", "See all"), ("hero-buttons-2-target", "/events/")], ["hero", "buttons", "2"],
            ["title": "See all", "url": "/events/"]
        ),
        ("navigation", [("navigation-0-place", "3")], ["navigation", "2", "children", "0", "url"], "/board/"),
        ("navigation", [("navigation-5-place", "0")], ["navigation", "5"], nil),
        ("navigation", [("navigation-1-title-en", ""), ("navigation-1-target", "")], ["navigation", "1", "title"], "Events"),
        (
            "navigation-1", [("navigation-0-children-0-title-en", "The board")], ["navigation", "0", "children", "0"],
            ["title": "The board", "url": "/board/"]
        ),
        (
            "navigation-2", [("navigation-1-children-0-title-en", "Sponsors"), ("navigation-1-children-0-target", "/sponsors/")],
            ["navigation", "1", "children"], [["title": "Sponsors", "url": "/sponsors/"]]
        ),
        (
            "announcement",
            [("announcement-text-en", "No school on Friday"), ("announcement-level", "warning"), ("announcement-until", "2027-01-20")],
            ["announcement"], ["text": "No school on Friday", "level": "warning", "until": "2027-01-20"]
        ),
        (
            "join",
            [
                ("join-title-en", "Join us"), ("join-url", "https://join.example/x?y=1&z=2"), ("join-dues-0-name-en", "One person"),
                ("join-dues-0-price", "$8"),
            ], ["join"], ["title": "Join us", "url": "https://join.example/x?y=1&z=2", "dues": [["name": "One person", "price": "$8"]]]
        ),
        ("volunteer", [("volunteer-button-en", "Help")], ["volunteer", "button"], "Help"),
        (
            "contact", [("contact-email", "hello@maple.example"), ("social-facebook", "https://social.example/maple")], ["social"],
            ["facebook": "https://social.example/maple"]
        ),
        ("time", [("timezone", "America/Boise")], ["timezone"], "America/Boise"),
        ("time", [("membership_year_starts", "08-15")], ["membership_year_starts"], "08-15"),
        ("time", [("languages", "en"), ("languages", "es"), ("default_language", "es")], ["languages"], ["es", "en"]),
        ("legal", [("legal-nonprofit", "yes"), ("legal-ein", "12-3456789")], ["legal"], ["ein": "12-3456789", "nonprofit": .plain("true")]),
    ]

    @Test("answers are written where they belong, and shown again", arguments: answers)
    func answer(_ test: (group: String, answers: [(String, String)], path: [String], value: YAMLValue?)) async throws {
        try await withSettings { server in
            // Boxes are not sent unless they are ticked: so all that the page has is sent.
            let page = try #require(await server.page(test.group))
            let changed = Set(test.answers.map(\.0))
            let fields = Self.fields(page.body).filter { !changed.contains($0.0) } + test.answers
            let saved = try #require(await server.owner.post("/manage/maple/settings/\(test.group)", fields))
            #expect(saved.status == 303 && saved.value(of: "Location")?.contains("saved=") == true, "\(saved.body)")
            let file = try SettingsFile(Array(try await server.text().utf8))
            let value = file.value(test.path)
            #expect(test.value.map { value?.means($0) == true } ?? (value == nil), "\(String(describing: value))")
            #expect(TenantLoader.settings(from: file.bytes).1 == [])
            let again = try #require(await server.page(test.group))
            let unchanged = try #require(await server.owner.post("/manage/maple/settings/\(test.group)", Self.fields(again.body)))
            #expect(unchanged.value(of: "Location")?.contains("unchanged") == true)
        }
    }

    static let wrong: [(group: String, field: String, value: String, words: String)] = [
        ("look", "colors-primary", "bluish", "Please choose a color"), ("look", "theme-fonts", "comic", "one of the answers offered"),
        ("time", "timezone", "Mars/Olympus", "one of the answers offered"), ("time", "membership_year_starts", "13-45", "month and day"),
        ("announcement", "announcement-until", "the 5th", "write a day"),
        ("announcement", "announcement-link", "javascript:alert(1)", "begins with https://"),
        ("name", "name-en", "", "fill this in"), ("name", "name-en", String(repeating: "x", count: 81), "at most 80 characters"),
        ("name", "name-en", "a\nlanguages: [xx]", "in one line"), ("name", "name-en", "a\r\nb", "in one line"),
        ("join", "join-url", "//evil.example", "begins with https://"), ("contact", "social-facebook", "data:text/html,x", "begins with https://"),
        ("navigation", "navigation-1-target", "nowhere.md", "no page of this name"), ("navigation", "navigation-6-title-en", "Lost", "leads nowhere"),
        ("home", "hero-buttons-2-title-en", "Lost", "fill this in"), ("join", "join-dues-0-name-en", "Somebody", "fill this in"),
        ("navigation-1", "navigation-0-children-1-target", "https://a b", "leads nowhere"),
    ]

    @Test("what is wrong is named beside its field, what was typed stays, and nothing is saved", arguments: wrong)
    func wrongAnswer(_ test: (group: String, field: String, value: String, words: String)) async throws {
        try await withSettings { server in
            if test.group == "announcement" { #expect(try await server.save("announcement", [("announcement-text-en", "Hello")]).status == 303) }
            let before = try await server.repository.head()
            let answer = try await server.save(test.group, [(test.field, test.value)])
            #expect(answer.status == 422)
            // The field itself, or another one of its row.
            let problem = try #require(answer.body.firstMatch(of: /id="field-([a-z0-9_-]+)-problem">(.*)<\/p>/))
            let isNear = problem.output.1 == test.field || test.field.hasPrefix("navigation") || problem.output.1.hasPrefix(test.field.prefix(12))
            #expect(isNear && problem.output.2.contains(test.words), "\(problem.output)")
            #expect(try await server.repository.head() == before)
            #expect(!answer.body.contains("<script>"))
        }
    }

    @Test("a warning that was there before stands in nobody's way; an error is told")
    func before() async throws {
        try await withSettings { server in
            try await server.write("name: A\ntheme: {fonts: comic}\nlanguages: [en, xx]\n")
            #expect(try await server.save("name", [("unit-number", "1")]).status == 303)
            try await server.write("name: A\ncolors: {primary: bluish}\nlanguages: [en]\n")
            let refused = try await server.save("name", [("unit-number", "1")])
            #expect(refused.status == 422 && refused.body.contains("bluish"))
            #expect(try await server.save("look", [("colors-primary", "#123456")]).status == 303)
            try await server.write("name: [A\n")
            #expect(await server.page("name")?.status == 409)
            #expect(await server.page("")?.status == 409)
        }
    }

    @Test("an announcement that is a text alone can get more, needs its text, and goes with it")
    func announcement() async throws {
        try await withSettings { server in
            try await server.write("name: Maple\nannouncement: Hello\nlanguages: [en]\n")
            #expect(await server.page("announcement")?.body.contains("Hello</textarea>") == true)
            #expect(try await server.save("announcement", [("announcement-level", "urgent")]).status == 303)
            #expect(try await server.text() == "name: Maple\nannouncement: {text: Hello, level: urgent}\nlanguages: [en]\n")
            #expect(await server.test.server.get("/", host: "maple.sites.localhost")?.body.contains("Hello") == true)
            #expect(try await server.save("announcement", [("announcement-text-en", "")]).status == 303)
            #expect(try await server.text() == "name: Maple\nlanguages: [en]\n")
            let link = try await server.save("announcement", [("announcement-link", "/x/")])
            #expect(link.status == 422 && link.body.contains("write the text first"))
        }
    }

    @Test("a site in several languages has a text in each; what is empty is left out, and one alone stays plain")
    func languages() async throws {
        try await withSettings { server in
            try await server.write("name: Maple\ntagline: {en: Hello, fr: Bonjour}\nlanguages: [en, es]\n")
            let page = try #require(await server.page("name"))
            #expect(page.body.contains("name=\"name-en\"") && page.body.contains("name=\"name-es\"") && page.body.contains("(Español)"))
            #expect(try await server.save("name", [("short_name-en", "M"), ("tagline-es", "Hola")]).status == 303)
            #expect(try await server.text() == "name: Maple\ntagline: {en: Hello, es: Hola, fr: Bonjour}\nlanguages: [en, es]\nshort_name: M\n")
            #expect(try await server.save("name", [("name-es", "Arce")]).status == 303)
            #expect(try await server.settings().name[try #require(Language(code: "es"))] == "Arce")
            #expect(try await server.save("name", [("name-es", "")]).status == 303)
            #expect(try await server.text().hasPrefix("name: Maple\n"))
        }
    }

    @Test("the pages are in Spanish too")
    func spanish() async throws {
        try await withSettings { server in
            #expect(await server.owner.get("/manage/maple/settings?lang=es")?.body.contains("Colores y letras") == true)
            let answer = try await server.save("look", [("colors-primary", "x")], language: "?lang=es")
            #expect(answer.body.contains("Elija un color"))
        }
    }

    // MARK: Others

    @Test("of two who change different things, both are saved, and the second is told")
    func merge() async throws {
        try await withSettings { server in
            let officer = try await server.member(.officer, name: "Bea")
            let seen = try await server.repository.head()
            #expect(try await server.save("look", [("colors-accent", "#00aa55")], seen: seen, officer).status == 303)
            let second = try await server.save("look", [("colors-primary", "#7a1f3d")], seen: seen)
            let location = try #require(second.value(of: "Location"))
            #expect(location.contains("merged=1"))
            #expect(await server.owner.get(location)?.body.contains("Both changes stand") == true)
            let colors = try await server.settings().colors
            #expect(colors.primary.hex == "#7a1f3d" && colors.accent.hex == "#00aa55")
        }
    }

    @Test("of two who change the same, the second sees both and who it was, and decides")
    func conflict() async throws {
        try await withSettings { server in
            let officer = try await server.member(.officer, name: "Bea <b>")
            let seen = try await server.repository.head()
            #expect(try await server.save("name", [("name-en", "Theirs"), ("unit-council", "Their council")], seen: seen, officer).status == 303)
            let head = try await server.repository.head()
            let page = try await server.save("name", [("name-en", "Mine"), ("unit-number", "7")], seen: seen)
            #expect(page.status == 409)
            #expect(page.body.contains("<p>Theirs</p>") && page.body.contains("<p>Mine</p>") && page.body.contains("Bea &lt;b&gt;"))
            #expect(page.body.contains("January") && !page.body.contains("Their council</p>"))
            #expect(try await server.repository.head() == head)
            #expect(page.body.contains("name=\"commit\" value=\"\(head)\""))

            let fields = page.body.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)">/).map {
                (String($0.output.1), String($0.output.2))
            }
            let saved = try #require(await server.owner.post("/manage/maple/settings/name", fields))
            #expect(saved.status == 303 && saved.value(of: "Location")?.contains("saved=") == true)
            let settings = try await server.settings()
            #expect(settings.name[.english] == "Mine" && settings.unit.number == "7" && settings.unit.council == "Their council")
        }
    }

    @Test("the same change by both is no conflict; another menu is one for a submenu")
    func sameAndSubmenu() async throws {
        try await withSettings { server in
            let seen = try await server.repository.head()
            #expect(try await server.save("name", [("name-en", "Same")], seen: seen).status == 303)
            #expect(try await server.save("name", [("name-en", "Same")], seen: seen).value(of: "Location")?.contains("unchanged") == true)
            let menu = try await server.repository.head()
            #expect(try await server.save("navigation", [("navigation-1-place", "4")], seen: menu).status == 303)
            let submenu = [("navigation-2-children-0-title-en", "X"), ("navigation-2-children-0-target", "/x/")]
            #expect(try await server.save("navigation-3", submenu, seen: menu).status == 409)
        }
    }

    @Test("many at once: every change is there in the end")
    func race() async throws {
        try await withSettings { server in
            let seen = try await server.repository.head()
            let answers = [
                ("look", "colors-primary", "#7a1f3d"), ("name", "unit-number", "42"), ("legal", "legal-ein", "12-3456789"),
                ("contact", "contact-address", "PO Box 1"),
            ]
            await withTaskGroup(of: Int?.self) { group in
                for (name, field, value) in answers { group.addTask { try? await server.save(name, [(field, value)], seen: seen).status } }
                for await status in group { #expect(status == 303) }
            }
            let settings = try await server.settings()
            #expect(settings.colors.primary.hex == "#7a1f3d" && settings.unit.number == "42")
            #expect(settings.legal.ein == "12-3456789" && settings.contact.address == "PO Box 1")
        }
    }

    // MARK: Who may

    @Test("roles: those who write the site may, the others may not", arguments: Role.allCases)
    func roles(role: Role) async throws {
        try await withSettings { server in
            let browser = try await server.member(role, name: "")
            let may = Permission.editors.contains(role)
            #expect(await server.page("", browser)?.status == (may ? 200 : 403))
            #expect(await server.page("look", browser)?.status == (may ? 200 : 403))
            #expect(try await server.save("look", [("colors-primary", "#7a1f3d")], browser).status == (may ? 303 : 403))
            let history = try #require(await browser.get("/manage/maple/history"))
            #expect(history.status == 200)
            #expect(history.body.contains("/history/undo") == may)
            let head = try await server.repository.head()
            #expect(await browser.post("/manage/maple/history/undo", [("commit", head.text)])?.status == (may ? 303 : 403))
            #expect(await server.test.browser().get("/manage/maple/settings")?.status == 303)
            #expect(await server.test.browser().post("/manage/maple/settings/look", [])?.status == 401)
        }
    }

    @Test("while editing rests, one can look and not save", arguments: [SubscriptionStatus.frozen, .suspended, .closed])
    func frozen(status: SubscriptionStatus) async throws {
        try await withSettings { server in
            #expect(try await server.save("look", [("colors-primary", "#7a1f3d")]).status == 303)
            let head = try await server.repository.head()
            try await server.platform.database.write { connection in
                try connection.execute(
                    "UPDATE organization SET subscription_status = :status WHERE id = :id", ["status": status.rawValue, "id": server.id])
            }
            #expect(await server.page("")?.body.contains("Editing rests") == true)
            let page = try #require(await server.page("look"))
            #expect(page.status == 200 && !page.body.contains("Save and publish"))
            #expect(try await server.save("look", [("colors-primary", "#111111")]).status == 423)
            #expect(await server.owner.post("/manage/maple/history/undo", [("commit", head.text)])?.status == 423)
            #expect(await server.owner.get("/manage/maple/history")?.body.contains("/history/undo") == false)
            #expect(try await server.repository.head() == head)
        }
    }

    @Test("a commit that isn't one, or isn't this organization's, is refused")
    func commits() async throws {
        try await withSettings { server in
            for commit in ["", "HEAD", "main~1", "--help", String(repeating: "a", count: 40), String(repeating: "A", count: 40)] {
                let answer = await server.owner.post("/manage/maple/settings/look", [("commit", commit), ("colors-primary", "#7a1f3d")])
                #expect(answer?.status == 400, "\(commit)")
                let undo = await server.owner.post("/manage/maple/history/undo", [("commit", commit)])
                #expect([400, 404].contains(undo?.status), "\(commit)")
                #expect([200, 404].contains(await server.owner.get("/manage/maple/history?before=\(commit)")?.status))
            }
            #expect(await server.page("look?saved=" + String(repeating: "a", count: 40))?.body.contains("Saved") == false)
        }
    }
}

@Suite("The history of a site")
struct HistoryTests {
    @Test("it tells who, when and what, and undoing one change leaves the others")
    func undo() async throws {
        try await withSettings { server in
            let officer = try await server.member(.officer, name: "Bea")
            #expect(try await server.save("look", [("colors-primary", "#7a1f3d")], officer).status == 303)
            let first = try await server.repository.head()
            #expect(try await server.save("legal", [("legal-ein", "12-3456789")]).status == 303)
            let page = try #require(await server.owner.get("/manage/maple/history"))
            #expect(
                page.body.contains("Changed colors and fonts") && page.body.contains("Changed the legal facts")
                    && page.body.contains("The site begins"))
            #expect(
                page.body.contains("Bea,") && page.body.contains("Marquee,") && page.body.contains("site.yaml")
                    && page.body.contains("January 15, 2027"))
            #expect(page.body.components(separatedBy: "action=\"/manage/maple/history/undo\"").count == 3)
            #expect(!page.body.contains("users.marquee.invalid"))

            let undone = try #require(await server.owner.post("/manage/maple/history/undo", [("commit", first.text)]))
            #expect(undone.value(of: "Location") == "/manage/maple/history?undone=\(try await server.repository.head())")
            #expect(await server.owner.get(undone.value(of: "Location") ?? "")?.body.contains("Undone and live") == true)
            let settings = try await server.settings()
            #expect(settings.colors.primary.hex == "#123456" && settings.legal.ein == "12-3456789")
            let again = try #require(await server.owner.post("/manage/maple/history/undo", [("commit", first.text)]))
            #expect(again.value(of: "Location") == "/manage/maple/history?undone=before")
        }
    }

    @Test("what was changed again in the same place can't be undone by itself; nor can the beginning")
    func conflict() async throws {
        try await withSettings { server in
            #expect(try await server.save("look", [("colors-primary", "#7a1f3d")]).status == 303)
            let first = try await server.repository.head()
            #expect(try await server.save("look", [("colors-primary", "#00aa55")]).status == 303)
            let head = try await server.repository.head()
            let page = await server.owner.post("/manage/maple/history/undo", [("commit", first.text)])
            #expect(page?.status == 409 && page?.body.contains("<code>site.yaml</code>") == true)
            let beginning = try #require(try await server.repository.log().last)
            #expect(await server.owner.post("/manage/maple/history/undo", [("commit", beginning.id.text)])?.status == 409)
            #expect(try await server.repository.head() == head)
        }
    }

    @Test("fifty on a page, and a way to the older ones")
    func pages() async throws {
        try await withSettings { server in
            for number in 1...55 { try await server.write("name: Maple \(number)\nlanguages: [en]\n") }
            let page = try #require(await server.owner.get("/manage/maple/history"))
            #expect(page.body.components(separatedBy: "Written by hand</strong>").count == 51)
            let older = try #require(page.body.firstMatch(of: /href="(\/manage\/maple\/history\?before=[0-9a-f]{40})"/))
            let second = try #require(await server.owner.get(String(older.output.1)))
            #expect(second.body.components(separatedBy: "Written by hand</strong>").count == 6)
            #expect(second.body.contains("The site begins") && !second.body.contains(">Older</a>"))
        }
    }
}
