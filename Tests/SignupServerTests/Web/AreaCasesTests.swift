import Foundation
import HTTPTypes
import Hummingbird
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Cases of forms, cookies, redirects and accounts")
struct AreaCasesTests {
    @Test("every row has a check or a reason why it has none, and every check a row")
    func isComplete() {
        let rows = Set(AreaCase.all.map(\.name))
        #expect(Dictionary(grouping: AreaCase.all, by: \.area).mapValues(\.count) == Self.counts)
        #expect(rows.count == AreaCase.all.count, "a row stands twice")
        #expect(Set(Self.checks.keys).isDisjoint(with: Self.elsewhere.keys))
        #expect(rows.symmetricDifference(Set(Self.checks.keys).union(Self.elsewhere.keys)) == [])
    }

    /// As many as the table of all cases has. `isolation-sqlite` is in DatabaseTests.
    private static let counts = [
        "auth": 5, "bot": 3, "csrf": 12, "email": 5, "header-injection": 6, "open-redirect": 16, "psl-cookie": 11, "slug": 17,
    ]

    @Test("what the row says is so", arguments: AreaCase.all.filter { elsewhere[$0.name] == nil })
    func holds(row: AreaCase) async throws {
        let check = try #require(Self.checks[row.name])
        try await check()
    }

    /// Rows that this server has no part for, or another suite tests.
    static let elsewhere = [
        "auth: password of 7 characters / of 64 characters / on the top-3,000 list": "there are no passwords",
        "header-injection: outgoing webhook URL with CR/LF in path": "there are no webhooks yet",
        "open-redirect: tenant rule redirecting to itself": "RedirectRulesTests",
        "open-redirect: tenant rule uses :splat without *": "RedirectRulesTests",
        "open-redirect: two rules match": "RedirectRulesTests",
        "slug: slug equal to another user's login": "users have no names besides their addresses",
        "psl-cookie: .example.com": noList, "psl-cookie: IDN in U-label and A-label": noList, "psl-cookie: ak.us": noList,
        "psl-cookie: example.COM": noList, "psl-cookie: registrable domain of COM": noList, "psl-cookie: test.k12.ak.us": noList,
        "psl-cookie: uk.com / b.example.uk.com": noList, "psl-cookie: www.test.k12.ak.us": noList,
    ]

    private static let noList = "no list of public suffixes is asked: the settings' own rule is stricter, see ServerSettingsTests"

    static let checks: [String: @Sendable () async throws -> Void] = WebCases.checks.merging(AccountCases.checks) { first, _ in first }.merging(
        SlugCases.checks
    ) { first, _ in first }
}

/// The checks of the rows that are about the web's own parts.
enum WebCases {
    static let checks: [String: @Sendable () async throws -> Void] = Dictionary(
        [csrf, redirects, headers, cookies, bots, emails].flatMap { $0 }.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })

    // MARK: csrf

    private static let change = [HTTPRequest.Method.get, .post, .put, .delete].map { method in
        Route(method, "/change", surface: .app, permission: .anyone) { _, _ in .text("changed") }
    }

    /// What the real server must answer.
    private static func expect(_ status: Int, _ method: String, _ headers: String...) async throws {
        try await withServer(routes: change) { server in
            let lines = headers.map { "\($0)\r\n" }.joined()
            let host = "localhost:\(server.port)"
            let head =
                "\(method) /change HTTP/1.1\r\nHost: \(host)\r\n\(lines.replacing("HOST", with: host))Content-Length: 0\r\nConnection: close\r\n\r\n"
            let answer = await server.exchange(head).responses.first
            #expect(answer?.status == status, "\(method) \(headers)")
        }
    }

    private static func allows(_ origin: String, _ trusted: String) -> Bool {
        guard let own = try? Origin("https://app.example"), let trusted = try? Origin(trusted) else { return false }
        return SameOrigin(trusted: [trusted]).allows(
            .post, [.origin: origin, .init("Sec-Fetch-Site") ?? .origin: "cross-site"], to: own)
    }

    private static let csrf: [String: @Sendable () async throws -> Void] = [
        "csrf: GET/HEAD/OPTIONS, cross-site": {
            try await expect(200, "GET", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
            try await expect(200, "HEAD", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
            try await expect(405, "OPTIONS", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")
        },
        "csrf: POST cross-site from an exactly listed trusted origin": {
            #expect(allows("https://forms.example", "https://forms.example"))
            #expect(!allows("https://forms.example.evil.example", "https://forms.example"))
            #expect(!allows("http://forms.example", "https://forms.example"))
        },
        "csrf: POST, Origin: null": {
            try await expect(403, "POST", "Origin: null")
            try await expect(403, "POST", "Origin: null", "Referer: http://HOST/")
        },
        "csrf: POST, Sec-Fetch-Site: cross-site": {
            try await expect(403, "POST", "Sec-Fetch-Site: cross-site")
            // A school's page is a neighbour. And what is said twice, or is no word that browsers use, proves nothing.
            try await expect(403, "POST", "Sec-Fetch-Site: same-site")
            try await expect(403, "POST", "Sec-Fetch-Site: cross-site", "Origin: http://HOST")
            try await expect(403, "POST", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")
            try await expect(403, "POST", "Sec-Fetch-Site: anything")
        },
        "csrf: POST, Sec-Fetch-Site: same-origin": {
            try await expect(200, "POST", "Sec-Fetch-Site: same-origin")
            try await expect(200, "POST", "Sec-Fetch-Site: none")
        },
        "csrf: POST, no Sec-Fetch-Site, Origin differs": {
            for origin in [
                "https://evil.example", "http://school.sites.localhost", "https://HOST", "http://localhost", "http://localhost:1",
                "http://HOST.evil.example",
                "http://HOST/", "http://user@HOST", "HOST", "",
            ] {
                try await expect(403, "POST", "Origin: \(origin)")
            }
            try await expect(403, "POST", "Origin: http://HOST", "Origin: http://HOST")
        },
        "csrf: POST, no Sec-Fetch-Site, Origin equals Host": { try await expect(200, "POST", "Origin: http://HOST") },
        "csrf: PUT, cross-site": { try await expect(403, "PUT", "Sec-Fetch-Site: cross-site") },
        "csrf: PUT/DELETE without token": {
            // We have no tokens: what proves nothing by its headers is refused.
            for method in ["PUT", "DELETE", "POST"] { try await expect(403, method) }
        },
        "csrf: https POST, Referer on another host": {
            try await expect(403, "POST", "Referer: https://evil.example/HOST")
            try await expect(403, "POST", "Referer: http://evil.example?http://HOST/")
            try await expect(200, "POST", "Referer: http://HOST/sign-up?lang=es")
            try await expect(403, "POST", "Referer: HOST")
        },
        "csrf: trusted https://*.example.com; Origin https://dashboard.example.com": {
            // There are no wild cards to be careless with.
            #expect(throws: Origin.Failure.self) { try Origin("https://*.example.com") }
        },
        "csrf: trusted origin without scheme / without host / with trailing slash / path / query / fragment / \"null\" / empty": {
            for text in [
                "example.com", "//example.com", "https://", "https:///", "https://example.com/", "https://example.com/a", "https://example.com?a",
                "https://example.com#a", "null", "", "https://user@example.com", "ftp://example.com", "HTTPS://example.com",
                "https://example.com:port",
                "https://example.com ", " https://example.com",
            ] {
                #expect(throws: Origin.Failure.self, "\(text)") { try Origin(text) }
            }
        },
    ]

    // MARK: open-redirect and header-injection

    private static func refuses(_ texts: [String]) {
        for text in texts { #expect(LocalPath(checking: text) == nil, "\(text.debugDescription)") }
    }

    private static let redirects: [String: @Sendable () async throws -> Void] = [
        "open-redirect: \"\\x08//example.com\"": { refuses(["\u{8}//example.com", "\u{8}/a"]) },
        // Only paths are taken, so a host is refused even if it is our own.
        "open-redirect: //testserver/ with testserver allowed": { refuses(["//localhost/", "///localhost/", "//localhost"]) },
        "open-redirect: HTTPS://testserver/": { refuses(["HTTPS://localhost/", "https://localhost/", "http://localhost:8080/"]) },
        "open-redirect: \\\\example.com , /\\example.com , /\\\\/example.com": {
            refuses([#"\\example.com"#, #"/\example.com"#, #"/\\/example.com"#, #"\/example.com"#, "/%5Cexample.com", "/%5c/example.com"])
        },
        "open-redirect: http://example.com:1234:5678/": { refuses(["http://example.com:1234:5678/"]) },
        "open-redirect: http://otherserver\\@example.com": { refuses([#"http://otherserver\@example.com"#]) },
        "open-redirect: http://user@@example.com , user@:pass , user?@ , user#@": {
            refuses(["http://user@@example.com", "http://user@:pass@example.com", "http://user?@example.com", "http://user#@example.com"])
        },
        "open-redirect: http:/\\//example.com": { refuses([#"http:/\//example.com"#]) },
        "open-redirect: http:999999999": { refuses(["http:999999999"]) },
        "open-redirect: javascript:alert(1) , \"\\njavascript:...\" , \"java\\nscript:...\"": {
            refuses(["javascript:alert(1)", "\njavascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "/\njavascript:alert(1)"])
        },
        "open-redirect: leading white space or control + foreign host": {
            refuses([" //example.com", "\t//example.com", "\u{0}//example.com", "\u{A0}//example.com", " /a", "/a b", "/a\u{7F}"])
        },
        "open-redirect: relative target": {
            refuses(["page", "../page", "?a", "#a", ".", ""])
            #expect(LocalPath(checking: "/organizations/lincoln?tab=people")?.text == "/organizations/lincoln?tab=people")
            #expect(LocalPath(checking: "/")?.text == "/")
            #expect(LocalPath(checking: "/a?next=//b")?.text == "/a?next=//b")
        },
        "open-redirect: require https: http://testserver/ and //testserver/": { refuses(["http://localhost/", "//localhost/"]) },
    ]

    private static let headers: [String: @Sendable () async throws -> Void] = [
        "header-injection: gzip request body with extreme ratio": {
            // Bodies are never unpacked.
            let form = Route(.post, "/form", surface: .app, permission: .anyone) { request, _ in
                .text(try await FormData.read(request)["a"] ?? "none")
            }
            try await withServer(routes: [form]) { server in
                #expect(await server.post("/form", "a=b")?.body == "b")
                #expect(await server.post("/form", "a=b", "Content-Encoding: gzip\r\n")?.status == 415)
            }
        },
        "header-injection: header value with CR or LF": {
            let route = Route(.get, "/header", surface: .app, permission: .anyone) { _, _ in
                var response = Response.text("the answer")
                for (index, end) in ["\r\n", "\n", "\r", "\0"].enumerated() {
                    response.headers[HTTPField.Name("X-Value-\(index)") ?? .origin] = "a\(end)Set-Cookie: evil=1"
                }
                return response
            }
            try await withServer(routes: [route]) { server in
                let answer = await server.get("/header")
                #expect(answer?.value(of: "Set-Cookie") == nil)
                #expect(answer?.headers.contains { $0.name.hasPrefix("Set-Cookie") } == false)
            }
            #expect(CookieValue("a\r\nSet-Cookie: evil=1") == nil)
            #expect(CookieValue("a; Domain=example.com") == nil)
        },
        "header-injection: nested %0%0ddgo": { refuses(["/%0%0ddgo", "/%0", "/%", "/%zz", "/a%0%0a"]) },
        "header-injection: redirect called with status 299, 400, 404, 500": {
            // There is one status, by construction.
            #expect(Response.redirect(to: "/a").status == .seeOther)
        },
        "header-injection: redirect target with %0A, %0a, %0D, %0d": {
            refuses(["/%0A", "/%0a", "/%0D", "/a%0d%0aSet-Cookie:a", "/%00", "/%09", "/%7F", "/?a=%0a"])
        },
    ]

    // MARK: psl-cookie

    private static var ours: [String] {
        let cookies = Cookies(scheme: "https")
        let values = [CookieValue(SecretToken(.system)), CookieValue(.english)]
        return Cookie.allCases.flatMap { cookie in values.map { cookies.set(cookie, to: $0).value } + [cookies.remove(cookie).value] }
    }

    private static let cookies: [String: @Sendable () async throws -> Void] = [
        "psl-cookie: Set-Cookie Domain=platform.org from school.platform.org, suffix NOT listed": {
            #expect(ours.count == 9)
            for cookie in ours { #expect(cookie.hasPrefix("__Host-") && cookie.contains("; HttpOnly; SameSite=Lax; Secure")) }
            #expect(throws: SettingsError.self) {
                try ServerSettings.read(
                    SettingsSources(
                        arguments: [
                            "--environment", "production", "--app-host", "platform.example", "--sites-domain", "sites.platform.example",
                            "--public-scheme", "https", "--mail-transport", "sendmail", "--mail-from", "hello@marquee.example",
                        ], environment: [:], file: nil))
            }
        },
        "psl-cookie: __Host-s with Domain attribute": {
            for cookie in ours { #expect(!cookie.lowercased().contains("domain")) }
        },
        "psl-cookie: __Host-s=1; Secure; Path=/cookies": {
            for cookie in ours { #expect(cookie.contains("; Path=/;") && !cookie.contains("Path=/c")) }
        },
    ]

    // MARK: bot

    private static let start = Instant(seconds: 1_800_000_000)
    private static let key = ServerKey(Array(repeating: 7, count: 32))

    private static let bots: [String: @Sendable () async throws -> Void] = [
        "bot: ALTCHA challenge past its expiry": {
            let proof = ProofOfWork(key, random: .system)
            let challenge = proof.challenge(form: "sign-up", at: start)
            let number = try #require(challenge.solution)
            #expect(!proof.accepts(token: challenge.token, number: number, form: "sign-up", at: start.adding(seconds: 600)))
            #expect(proof.accepts(token: challenge.token, number: number, form: "sign-up", at: start.adding(seconds: 599)))
        },
        "bot: form filled in under 2 s": {
            let now = Shared(start)
            let guards = FormGuard(key: key, limiter: RateLimiter(), now: { now.value }, random: .system)
            let token = guards.token(for: "sign-up")
            for seconds: Int64 in 0...2 {
                now.change { $0 = start.adding(seconds: seconds) }
                let verdict = guards.judge(try FormData(fields: [("form_token", token)]), form: "sign-up", from: nil)
                guard case .held(let challenge) = verdict else {
                    Issue.record("not held after \(seconds) s: \(verdict)")
                    return
                }
                // Held, not dropped: with the work done it goes on.
                let solved = try FormData(
                    fields: [("form_token", token), ("proof_token", challenge.token), ("proof_number", try #require(challenge.solution))])
                guard case .passed = guards.judge(solved, form: "sign-up", from: nil) else {
                    Issue.record("not passed with a proof")
                    return
                }
            }
            now.change { $0 = start.adding(seconds: 3) }
            guard case .passed = guards.judge(try FormData(fields: [("form_token", token)]), form: "sign-up", from: nil) else {
                Issue.record("held after 3 s")
                return
            }
        },
        "bot: salt parameters spliced so that expiry is shifted": {
            let proof = ProofOfWork(key, random: .system)
            let challenge = proof.challenge(form: "sign-up", at: start)
            let number = try #require(challenge.solution)
            let parts = challenge.token.split(separator: ".").map(String.init)
            let late = start.adding(seconds: 700)
            // One character of the salt goes over to the end, and the other way round; dots are added and taken away.
            let spliced = [
                [parts[0], parts[1] + String(parts[2].prefix(1)), String(parts[2].dropFirst()), parts[3], parts[4]],
                [parts[0], String(parts[1].dropLast()), String(parts[1].suffix(1)) + parts[2], parts[3], parts[4]],
                [parts[0], parts[1] + "9", parts[2], parts[3], parts[4]], [parts[0], parts[1], "", parts[2], parts[3], parts[4]],
                [parts[0] + parts[1], parts[2], parts[3], parts[4]],
            ]
            for parts in spliced {
                #expect(!proof.accepts(token: parts.joined(separator: "."), number: number, form: "sign-up", at: late))
                #expect(!proof.accepts(token: parts.joined(separator: "."), number: number, form: "sign-up", at: start))
            }
            #expect(!proof.accepts(token: challenge.token, number: number, form: "sign-in", at: start))
            #expect(proof.accepts(token: challenge.token, number: number, form: "sign-up", at: start))
            #expect(!proof.accepts(token: challenge.token, number: number, form: "sign-up", at: start), "a second time")
        },
    ]

    // MARK: email

    private static func isBanned(_ address: String, _ domain: String) throws -> Bool {
        try EmailAddress(address).isAt(try Hostname(domain))
    }

    private static let emails: [String: @Sendable () async throws -> Void] = [
        "email: banned bar.com; test@foo-bar.com": {
            let isFlagged = try isBanned("test@foo-bar.com", "bar.com")
            #expect(!isFlagged)
        },
        "email: banned bar.com; test@foobar.com": {
            let isFlagged = try isBanned("test@foobar.com", "bar.com")
            #expect(!isFlagged)
        },
        "email: banned foo.co; test@subdomain.foo.com": {
            let isFlagged = try isBanned("test@subdomain.foo.com", "foo.co")
            #expect(!isFlagged)
        },
        "email: banned list \"baR.com\"; test@Bar.com": {
            let isFlagged = try isBanned("test@Bar.com", "baR.com")
            #expect(isFlagged)
        },
    ]
}

extension ProofOfWork.Challenge {
    /// Found as the script does it.
    var solution: String? {
        (0...maximum).first { ProofOfWork.hash(salt, $0) == target }.map(String.init)
    }
}

extension FormData {
    /// As a browser would send it.
    init(fields: [(String, String)]) throws {
        try self.init(Array(fields.map { "\($0)=\(PercentEncoding.component($1))" }.joined(separator: "&").utf8))
    }
}
