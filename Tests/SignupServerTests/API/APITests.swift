import Database
import Foundation
import HTTPTypes
import Tenancy
import Testing

@testable import SignupServer

@Suite("What programs are answered")
struct APITests {
    @Test("the facts of an organization, its settings, pages and publications")
    func reading() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let organization = await test.call("GET", "/organization", token)
            #expect(organization?.status == 200)
            #expect(organization?.value(of: "Content-Type") == "application/json")
            #expect(organization?.value(of: "Cache-Control") == "no-store")
            #expect(organization?.json?["id"] as? String == test.organization.description)
            #expect(organization?.json?["slug"] as? String == "maple")
            #expect(organization?.json?["url"] as? String == "http://maple.sites.localhost:\(test.server.port)/")
            #expect(organization?.json?["status"] as? String == "trialing")
            #expect((organization?.json?["trial_ends_at"] as? String)?.hasSuffix("Z") == true)

            let settings = await test.call("GET", "/settings", token)
            #expect(settings?.json?["name"] as? String == "Maple PTA")
            #expect((settings?.json?["colors"] as? [String: String])?["primary"] == "#123456")
            let tag = try #require(settings?.value(of: "ETag"))
            #expect(await test.call("GET", "/settings", token, [("If-None-Match", tag)])?.status == 304)
            #expect(await test.call("GET", "/settings", token, [("If-None-Match", "\"0\"")])?.status == 200)

            let publishes = await test.call("GET", "/publishes", token)
            #expect(publishes?.status == 200)
            let document = await test.call("GET", "/openapi.json", nil)
            #expect(document?.json?["openapi"] as? String == "3.1.1")
            // No other site's page reads any of it.
            for answer in [organization, settings, publishes, document] {
                #expect(answer?.value(of: "Access-Control-Allow-Origin") == nil)
            }
        }
    }

    @Test("pages come some at a time, with the address of those that are live, and a listing stays at its commit")
    func pages() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let whole = try #require(await test.call("GET", "/pages?limit=100", token)?.json)
            let all = try #require(whole["pages"] as? [[String: Any]])
            #expect(all.count > 5 && whole["next_cursor"] is NSNull)
            let home = try #require(all.first { $0["kind"] as? String == "home" })
            #expect(home["url"] as? String == "http://maple.sites.localhost:\(test.server.port)/")
            for url in all.compactMap({ $0["url"] as? String }) {
                let path = try #require(URL(string: url)).path(percentEncoded: true)
                #expect(await test.server.get(path.hasSuffix("/") ? path : path + "/", host: "maple.sites.localhost")?.status == 200, "\(url)")
            }

            var paths: [String] = []
            var next: String? = "/pages?limit=2"
            while let address = next {
                let answer = try #require(await test.call("GET", address, token))
                let part = try #require(answer.json?["pages"] as? [[String: Any]])
                #expect(part.count <= 2)
                paths += part.compactMap { $0["path"] as? String }
                let link = answer.value(of: "Link")
                next = link.flatMap { $0.firstMatch(of: /<\/api\/v1(.+)>; rel="next"/) }.map { String($0.1) }
                #expect((answer.json?["next_cursor"] as? String != nil) == (next != nil))
                // A page that is added meanwhile doesn't move the others.
                if paths.count == 2 {
                    let settings = await test.call("GET", "/settings", token)
                    #expect(await test.patch(#"{"tagline": "new"}"#, token, seen: settings?.value(of: "ETag"))?.status == 200)
                }
            }
            #expect(paths == all.compactMap { $0["path"] as? String })
        }
    }

    @Test("a cursor is good for its organization, and can't be changed")
    func cursors() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let cursor = try #require(await test.call("GET", "/pages?limit=1", token)?.json?["next_cursor"] as? String)
            #expect(await test.call("GET", "/pages?cursor=\(cursor)", token)?.status == 200)
            for position in stride(from: 0, to: cursor.count, by: 7) {
                var changed = Array(cursor)
                changed[position] = changed[position] == "0" ? "1" : "0"
                #expect(await test.call("GET", "/pages?cursor=\(String(changed))", token)?.isProblem(400, "request") == true)
            }
            let (other, _) = try await test.found("oak", email: "ben@oak.example")
            let foreign = try await test.token(of: other).text
            #expect(await test.call("GET", "/pages?cursor=\(cursor)", foreign)?.isProblem(400, "request") == true)
        }
    }

    @Test(
        "parameters are checked",
        arguments: [
            "limit=0", "limit=101", "limit=-1", "limit=+5", "limit=", "limit", "limit=5&limit=5", "limit=99999999999999999999", "limit=%", "other=1",
            "cursor=", "cursor=a%00b", "limit=%C3",
        ])
    func parameters(query: String) async throws {
        try await withAPI { test in
            let token = try await test.token().text
            #expect(await test.call("GET", "/pages?\(query)", token)?.isProblem(400, "request") == true)
        }
    }

    @Test("each scope opens what it names, and nothing else")
    func scopes() async throws {
        try await withAPI { test in
            for scope in APIScope.allCases {
                let token = try await test.token([scope]).text
                for operation in APIOperation.all where operation.scope != nil {
                    let answer = await test.call(operation.method.rawValue, operation.path, token)
                    if operation.scope == scope {
                        // A change without content and condition is let in and refused then.
                        #expect([200, 415].contains(answer?.status ?? 0), "\(operation.id)")
                    } else {
                        #expect(answer?.isProblem(403, "scope") == true, "\(scope) and \(operation.id)")
                        #expect(answer?.value(of: "WWW-Authenticate")?.contains("insufficient_scope") == true)
                    }
                }
            }
        }
    }

    @Test("a token shows its own organization only; pages of the dashboard and cookies are no way in")
    func isolation() async throws {
        try await withAPI { test in
            let (other, _) = try await test.found("oak", email: "ben@oak.example")
            let mine = try await test.token().text
            let foreign = try await test.token(of: other).text
            #expect(await test.call("GET", "/organization", mine)?.json?["slug"] as? String == "maple")
            #expect(await test.call("GET", "/organization", foreign)?.json?["slug"] as? String == "oak")
            // The commit of one is nothing in the other.
            let tag = await test.call("GET", "/settings", mine)?.value(of: "ETag")
            #expect(await test.patch(#"{"tagline": "x"}"#, foreign, seen: tag)?.isProblem(412, "conflict") == true)
            // Who is signed in is a stranger here, and a token is nothing for a page.
            #expect(await test.owner.get("/api/v1/organization")?.isProblem(401, "token") == true)
            #expect(await test.server.get("/manage/maple", "Authorization: Bearer \(mine)\r\n")?.status == 303)
        }
    }

    @Test("what is no valid token is refused, whatever is wrong with it")
    func tokens() async throws {
        try await withAPI { test in
            let token = try await test.token(days: 30).text
            let wrong = [
                "", "mq_", String(token.dropFirst(3)), token + "x", String(token.dropLast()), "mq_" + String(repeating: "A", count: 43),
                token.lowercased(), token + " " + token, "\(token),\(token)", "mq_" + String(repeating: "é", count: 43),
                String(repeating: "x", count: 5000),
            ]
            for text in wrong {
                let answer = await test.call("GET", "/organization", text)
                #expect(answer?.isProblem(401, "token") == true, "\(text)")
                #expect(answer?.value(of: "WWW-Authenticate") == "Bearer realm=\"api\", error=\"invalid_token\"")
            }
            #expect(await test.call("GET", "/organization", nil)?.value(of: "WWW-Authenticate") == "Bearer realm=\"api\"")
            for header in ["Basic \(token)", token, "Bearer"] {
                #expect(await test.call("GET", "/organization", nil, [("Authorization", header)])?.isProblem(401, "token") == true)
            }
            let twice = [("Authorization", "Bearer \(token)"), ("Authorization", "Bearer \(token)")]
            #expect(await test.call("GET", "/organization", nil, twice)?.isProblem(401, "token") == true)
            #expect(await test.call("GET", "/organization", nil, [("Authorization", "bearer  \(token)")])?.status == 200)

            let (revoked, other) = try await test.token()
            #expect(await test.call("GET", "/organization", other)?.status == 200)
            #expect(await test.owner.post("/manage/maple/programs/revoke", [("token", revoked.description)])?.status == 303)
            #expect(await test.call("GET", "/organization", other)?.isProblem(401, "token") == true)
            #expect(!test.server.log.text.contains(String(other.dropFirst(3))))

            test.test.clock.change { $0 = $0.adding(seconds: 30 * 86_400 - 1) }
            #expect(await test.call("GET", "/organization", token)?.status == 200)
            test.test.clock.change { $0 = $0.adding(seconds: 1) }
            #expect(await test.call("GET", "/organization", token)?.isProblem(401, "token") == true)
        }
    }

    @Test("where editing rests a program reads on; of a stopped organization it is told nothing")
    func standing() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let tag = try #require(await test.call("GET", "/settings", token)?.value(of: "ETag"))
            try await test.set(status: .frozen)
            #expect(await test.call("GET", "/organization", token)?.json?["status"] as? String == "frozen")
            #expect(await test.patch(#"{"tagline": "x"}"#, token, seen: tag)?.isProblem(403, "editing-rests") == true)
            #expect(await test.call("POST", "/publishes", token)?.isProblem(403, "editing-rests") == true)
            for status in [SubscriptionStatus.suspended, .closed] {
                try await test.set(status: status)
                for operation in APIOperation.all where operation.scope != nil {
                    let answer = await test.call(operation.method.rawValue, operation.path, token)
                    #expect(answer?.isProblem(403, "organization-stopped") == true)
                }
            }
        }
    }

    @Test("every error below /api/ is problem+json, whoever finds it")
    func problems() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let authorization = "Authorization: Bearer \(token)\r\n"
            for path in ["/api", "/api/", "/api/v2/organization", "/api/v1/nothing", "/api/v1/organization/x"] {
                let answer = await test.server.get(path, authorization)
                #expect(answer?.isProblem(404) == true, "\(path)")
                #expect(answer?.json?["type"] as? String == "about:blank" && answer?.json?["title"] as? String == "Not Found")
            }
            for (method, path, allow) in [
                ("DELETE", "/organization", "GET, HEAD"), ("POST", "/settings", "GET, HEAD, PATCH"), ("PATCH", "/publishes", "GET, HEAD, POST"),
                ("TRACE", "/pages", "GET, HEAD"), ("QUERY", "/pages", "GET, HEAD"), ("OPTIONS", "/openapi.json", "GET, HEAD"),
            ] {
                let answer = await test.call(method, path, token)
                #expect(answer?.isProblem(405) == true)
                #expect(answer?.value(of: "Allow") == allow)
            }
            let head = await test.call("HEAD", "/organization", token)
            #expect(head?.status == 200 && head?.body == "")
            let tag = [("If-Match", "\"\(String(repeating: "0", count: 40))\"")]
            let type = [("Content-Type", "application/merge-patch+json")]
            for other in [[], [("Content-Type", "application/json")], [("Content-Type", "text/plain")], type + [("Content-Encoding", "gzip")]] {
                let answer = await test.call("PATCH", "/settings", token, other + tag, body: "{}")
                #expect(answer?.isProblem(415, "media-type") == true)
                #expect(answer?.value(of: "Accept-Patch") == "application/merge-patch+json")
            }
            #expect(await test.call("PATCH", "/settings", token, type, body: "{}")?.isProblem(428, "if-match") == true)
            #expect(await test.call("PATCH", "/settings", token, type + [("If-Match", "*")], body: "{}")?.isProblem(428, "if-match") == true)
            for body in ["", "{", "{\"a\":1,\"a\":2}", String(repeating: "[", count: 30_000), "\u{FEFF}{}"] {
                #expect(await test.call("PATCH", "/settings", token, type + tag, body: body)?.isProblem(400, "json") == true, "\(body.prefix(20))")
            }
            // The connection itself refuses this.
            let large = String(repeating: " ", count: 70_000)
            #expect(await test.call("PATCH", "/settings", token, type + tag, body: large)?.isProblem(413) == true)
        }
    }

    @Test("a fault is a problem too, and tells nothing of why")
    func fault() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let folder = test.platform.tenants.database(of: test.organization).folder
            try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
            let answer = await test.call("GET", "/settings", token)
            #expect(answer?.isProblem(503) == true)
            #expect(answer?.body.contains("git") == false && answer?.body.contains(folder) == false)
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
            #expect(await test.call("GET", "/settings", token)?.status == 200)
        }
    }

    @Test("answers say how much is left; who asks too much waits, by token and by network")
    func limits() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let first = await test.call("GET", "/organization", token)
            #expect(first?.value(of: "RateLimit-Policy") == "\"network\";q=1200;w=60, \"token\";q=300;w=60")
            #expect(first?.value(of: "RateLimit") == "\"network\";r=1199;t=1, \"token\";r=299;t=1")
            let refused = await test.call("GET", "/pages?limit=0", token)
            #expect(refused?.value(of: "RateLimit") == "\"network\";r=1198;t=1, \"token\";r=298;t=1")

            for _ in 0..<60 { _ = await test.call("PATCH", "/settings", token) }
            let write = await test.call("POST", "/publishes", token)
            #expect(write?.isProblem(429, "rate-limit") == true)
            #expect(write?.value(of: "Retry-After") == "10")
            #expect(write?.value(of: "RateLimit")?.contains("\"writes\";r=0;t=600") == true)
            // Reading goes on, and another token has its own.
            #expect(await test.call("GET", "/organization", token)?.status == 200)
            let other = try await test.token().text
            #expect(await test.call("POST", "/publishes", other)?.status == 200)
            test.test.clock.change { $0 = $0.adding(seconds: 10) }
            #expect(await test.call("POST", "/publishes", token)?.status == 200)
        }
    }

    @Test("that a token was used is known by the day")
    func lastUse() async throws {
        try await withAPI { test in
            let (id, token) = try await test.token()
            #expect(await test.call("GET", "/organization", token)?.status == 200)
            let day: String? = try await test.platform.database.read {
                try $0.row("SELECT last_used_on FROM api_token WHERE id = :id", ["id": id])?["last_used_on"]
            }
            #expect(day == test.platform.now().day)
            #expect(day?.count == 10)
        }
    }
}
