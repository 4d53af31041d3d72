import Database
import Foundation
import Tenancy
import Testing

@testable import SignupServer

/// The checks of the rows that are about short names: in the type, and in the form of the sign-up.
enum SlugCases {
    /// The type refuses it, and the form as well, beside its field and nowhere else.
    private static func refuses(_ texts: String...) async throws { try await refuses(texts) }

    private static func refuses(_ texts: [String]) async throws {
        for text in texts {
            #expect(throws: SlugError.self, "\(text)") { try Slug(claiming: text) }
            #expect(try problems(with: ["address": text]) == ["address"], "\(text)")
        }
    }

    private static func accepts(_ texts: String...) async throws {
        for text in texts {
            #expect(try Slug(claiming: text).text == text)
            #expect(try problems(with: ["address": text]) == [], "\(text)")
        }
    }

    /// The fields of the sign-up's form with which something is wrong when it has these answers besides good ones.
    private static func problems(with answers: [String: String]) throws -> [String] {
        let good = [
            "name": "Maple Street PTA", "kind": "PTA", "school": "Maple Street School", "state": "OR", "address": "maple", "title": "President",
            "email": "ana@oak.example",
        ]
        let fields = good.merging(answers) { $1 }.map { ($0.key, $0.value) }
        var entry = SignUpForm.form(.open, domain: "sites.example").entry(try FormData(fields: fields))
        let accepted = SignUpForm.answers(&entry, language: .english, banned: [])
        #expect((accepted == nil) == !entry.isAccepted)
        return entry.problems.map { $0.field ?? "" }
    }

    /// The fields beside which something is wrong.
    private static func problems(_ response: RawResponse?) -> [String] {
        response?.body.matches(of: /id="field-([a-z_]+)-problem"/).map { String($0.output.1) } ?? []
    }

    static let checks: [String: @Sendable () async throws -> Void] = [
        "slug: \"foo hello\"": { try await refuses("foo hello") },
        "slug: -foo": { try await refuses("-foo") },
        "slug: 12345678": { try await refuses("12345678") },
        "slug: 64-character slug": {
            // Ours are shorter, so that what stands before and after them in a host fits.
            try await refuses(String(repeating: "a", count: 64), String(repeating: "a", count: 63), String(repeating: "a", count: 41))
            try await accepts(String(repeating: "a", count: 40))
        },
        "slug: FooHello": {
            #expect(throws: SlugError.self) { try Slug(claiming: "FooHello") }
            // The form writes it small before anything is asked about it.
            try await withSignUp { test in
                let browser = test.browser()
                let message = try #require(await test.ask(["address": "FooHello"], browser).message)
                #expect(await browser.post("/sign-up/confirm", [("token", message.token)])?.value(of: "Location") == "/manage/foohello")
                for text in ["foohello", "FOOHELLO", "FooHello"] {
                    let again = await test.ask(["address": text, "email": "bo@elm.example"], test.browser()).response
                    #expect(again?.status == 422)
                    #expect(problems(again) == ["address"])
                }
            }
        },
        named("admin, api, assets, dashboard, explore"): {
            try await refuses([
                "admin", "api", "assets", "dashboard", "explore", "files", "groups", "help", "import", "invites", "jwt", "login", "oauth", "profile",
                "projects", "public", "s", "search", "u", "unsubscribes", "uploads", "users",
            ])
        },
        named("admin, support, help, root"): {
            try await refuses("admin", "support", "help", "root", "webmaster", "administrator", "mod", "moderator")
        },
        "slug: empty site title with good slug": {
            let (blank, empty) = (try problems(with: ["name": " "]), try problems(with: ["name": "", "school": ""]))
            #expect(blank == ["name"])
            #expect(empty == ["name", "school"])
        },
        "slug: empty slug": {
            for text in ["", " ", "\t"] {
                let found = try problems(with: ["address": text])
                #expect(found == ["address"])
            }
        },
        named("foo. , foo.git"): { try await refuses("foo.", "foo.git", "foo.atom") },
        "slug: minimum set to 3: \"fo\" / \"foo\"": {
            try await refuses("fo")
            try await accepts("foo")
        },
        named("robots.txt, favicon.ico"): { try await refuses("robots.txt", "favicon.ico", ".well-known", "404.html", "health_check") },
        "slug: same name passed by browser-side regex only": {
            // The script only asks the server, and the link of the mail asks again: what was written into the database by hand is no short name.
            try await withSignUp { test in
                for text in ["admin", "a--b", "../etc", "foo."] {
                    let answer = await test.server.get("/sign-up/address?address=\(PercentEncoding.component(text))")
                    #expect(answer?.body.contains("\"free\":false") == true, "\(text)")
                }
                let browser = test.browser()
                let message = try #require(await test.ask(browser).message)
                _ = try await test.platform.database.write { try $0.execute("UPDATE sign_up SET form = replace(form, '\"maple\"', '\"admin\"')") }
                #expect(await browser.post("/sign-up/confirm", [("token", message.token)])?.status == 422)
                #expect(try await test.platform.organizations.organization(slug: try Slug("admin")) == nil)
            }
        },
        named("tenant name containing /"): { try await refuses("foo/bar", "foo'bar", "foo\"bar", "foo`bar", "../etc", "foo\\bar") },
        "slug: www": { try await refuses("www") },
        "slug: xn--anything": { try await refuses("xn--anything", "school--10", "écoles") },
    ]

    /// The row that begins like this: some are long lists.
    private static func named(_ beginning: String) -> String {
        AreaCase.all.first { $0.name.hasPrefix("slug: \(beginning)") }?.name ?? beginning
    }
}
