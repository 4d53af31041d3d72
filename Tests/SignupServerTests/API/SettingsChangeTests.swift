import Database
import Foundation
import Repositories
import Tenancy
import Testing

@testable import SignupServer

@Suite("Settings that a program changes")
struct SettingsChangeTests {
    @Test("what is named is changed, committed, published and in the audit log; comments stay")
    func change() async throws {
        try await withAPI { test in
            let (id, token) = try await test.token()
            let before = try await test.siteFile()
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let answer = await test.patch(##"{"tagline": "Together", "colors": {"primary": "#654321"}, "social": null}"##, token, seen: tag)
            #expect(answer?.status == 200)
            #expect(answer?.json?["status"] as? String == "saved")
            let publication = try #require(answer?.json?["publication"] as? [String: Any])
            #expect(publication["outcome"] as? String == "built" && publication["commit"] as? String == answer?.json?["commit"] as? String)

            let settings = await test.call("GET", "/settings", token)
            #expect(settings?.value(of: "ETag") == answer?.value(of: "ETag"))
            #expect(settings?.json?["tagline"] as? String == "Together")
            #expect((settings?.json?["colors"] as? [String: String])?["primary"] == "#654321")
            #expect((settings?.json?["colors"] as? [String: String])?["accent"] == "#fedcba")
            let after = try await test.siteFile()
            let comments = before.split(separator: "\n").filter { $0.hasPrefix("#") }
            #expect(comments.allSatisfy { after.contains($0) })
            #expect(await test.server.get("/", host: "maple.sites.localhost")?.body.contains("Together") == true)

            let entry = try #require(try await test.platform.auditLog(of: test.organization).entries().first)
            #expect(entry.action == AuditAction.contentChanged.rawValue && entry.actor == .token(id))
            #expect(entry.subject == answer?.json?["commit"] as? String)
            let history = await test.call("GET", "/publishes?limit=1", token)?.json?["publishes"] as? [[String: Any]]
            #expect(history?.first?["commit"] as? String == entry.subject)
        }
    }

    @Test("what somebody else has changed meanwhile is not overwritten; what they didn't touch is no conflict")
    func conflict() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            #expect(await test.patch(#"{"tagline": "one"}"#, token, seen: tag)?.status == 200)
            #expect(await test.patch(#"{"tagline": "two"}"#, token, seen: tag)?.isProblem(412, "conflict") == true)
            let new = await test.call("GET", "/settings", token)
            #expect(new?.json?["tagline"] as? String == "one")
            // A page's commit is another, and the settings are the same.
            let editor = test.server.server.editor
            let organization = try #require(try await test.platform.organizations.organization(test.organization))
            let access = OrganizationAccess(
                id: organization.id, name: organization.name, slug: organization.slug, status: .trialing, roles: [.owner], actor: .platform)
            let page = try ContentPath("extra.md")
            _ = try await editor.save(
                [page: .write(Array("# Extra\n".utf8))], of: access, seen: try await editor.head(of: organization.id),
                message: try CommitMessage("A page"))
            #expect(await test.patch(#"{"tagline": "three"}"#, token, seen: new?.value(of: "ETag"))?.status == 200)
            #expect(await test.patch(#"{"tagline": "x"}"#, token, seen: "W/\(new?.value(of: "ETag") ?? "")")?.isProblem(412, "conflict") == true)
            #expect(await test.patch(#"{"tagline": "x"}"#, token, seen: "nonsense")?.isProblem(412, "conflict") == true)
        }
    }

    static let invalid: [(patch: String, pointer: String)] = [
        ("[]", ""), ("null", ""), ("\"text\"", ""), (#"{"name": null}"#, ""), (#"{"timezone": "Mars/Olympus"}"#, "/timezone"),
        (#"{"join": {"url": "javascript:alert(1)"}}"#, "/join/url"), (#"{"announcement": {"text": "x", "until": "never"}}"#, "/announcement/until"),
        (#"{"navigation": [null]}"#, "/navigation/0"), (#"{"a/b": {"~": [1.5]}}"#, "/a~1b/~0/0"),
    ]

    @Test("what the generator refuses is told with its place, and nothing is changed", arguments: invalid)
    func refused(patch: String, pointer: String) async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let before = try await test.siteFile()
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let answer = await test.patch(patch, token, seen: tag)
            #expect(answer?.isProblem(422, "settings") == true, "\(answer?.body ?? "")")
            let errors = try #require(answer?.json?["errors"] as? [[String: String]])
            #expect(errors.map { $0["pointer"] } == [pointer])
            #expect(errors.allSatisfy { $0["detail"]?.isEmpty == false })
            #expect(try await test.siteFile() == before)
        }
    }

    @Test("what is so already is no change")
    func unchanged() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let answer = await test.patch(#"{"name": "Maple PTA", "nothing": null}"#, token, seen: tag)
            #expect(answer?.json?["status"] as? String == "unchanged" && answer?.json?["publication"] is NSNull)
            #expect(answer?.value(of: "ETag") == tag)
        }
    }

    // MARK: Sent again

    @Test("the same request with its key is answered again and not done again, for a day")
    func repeated() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let key = [("Idempotency-Key", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"")]
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let first = await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)
            #expect(first?.status == 200)
            let second = await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)
            #expect(second?.status == 200 && second?.body == first?.body && second?.value(of: "ETag") == first?.value(of: "ETag"))
            // Without the key it is another request, and too late.
            #expect(await test.patch(#"{"tagline": "one"}"#, token, seen: tag)?.isProblem(412) == true)
            // Another request with the key.
            #expect(await test.patch(#"{"tagline": "two"}"#, token, seen: tag, key)?.isProblem(422, "key-reused") == true)
            #expect(await test.call("POST", "/publishes", token, key)?.isProblem(422, "key-reused") == true)
            // Another program's key is another key.
            let other = try await test.token().text
            #expect(await test.patch(#"{"tagline": "one"}"#, other, seen: tag, key)?.isProblem(412) == true)
            test.test.clock.change { $0 = $0.adding(seconds: 86_401) }
            #expect(await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)?.isProblem(412) == true)
            // What was refused is refused again.
            #expect(await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)?.isProblem(412) == false)
        }
    }

    @Test("of many at once with one key, one is done, and the others are told to wait or get its answer")
    func atOnce() async throws {
        try await withAPI { test in
            let token = try await test.token().text
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let count = try await test.platform.auditLog(of: test.organization).entries().count
            let answers = await withTaskGroup(of: RawResponse?.self) { group in
                for _ in 0..<8 { group.addTask { await test.patch(#"{"tagline": "one"}"#, token, seen: tag, [("Idempotency-Key", "k1")]) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0?.status == 200 || $0?.isProblem(409, "in-progress") == true })
            #expect(answers.contains { $0?.status == 200 })
            #expect(try await test.platform.auditLog(of: test.organization).entries().count == count + 1)
        }
    }

    @Test("one that was cut off after the commit is found done; one that was cut off before it is done")
    func cutOff() async throws {
        try await withAPI { test in
            let (id, token) = try await test.token()
            let tag = await test.call("GET", "/settings", token)?.value(of: "ETag")
            let key = [("Idempotency-Key", "k1")]
            func forgetAnswers() async throws {
                // As `kill -9` leaves it, between the commit and the answer.
                try await test.platform.database.write { try $0.execute("UPDATE api_request SET answer = NULL WHERE token_id = :id", ["id": id]) }
            }
            let first = await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)
            let entries = try await test.platform.auditLog(of: test.organization).entries().count
            try await forgetAnswers()
            let second = await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)
            #expect(second?.status == 200 && second?.json?["commit"] as? String == first?.json?["commit"] as? String)
            #expect(second?.json?["status"] as? String == "saved")
            #expect(try await test.platform.auditLog(of: test.organization).entries().count == entries)

            // Publications of one second have no order.
            test.test.clock.change { $0 = $0.adding(seconds: 1) }
            let published = await test.call("POST", "/publishes", token, [("Idempotency-Key", "k2")])
            #expect(published?.status == 200)
            let publishes = await test.call("GET", "/publishes", token)?.body
            try await forgetAnswers()
            let again = await test.call("POST", "/publishes", token, [("Idempotency-Key", "k2")])
            #expect(again?.body == published?.body)
            #expect(await test.call("GET", "/publishes", token)?.body == publishes)
            // The one of settings again: somebody has changed them since, so it is neither done nor to be done.
            try await forgetAnswers()
            let new = await test.call("GET", "/settings", token)?.value(of: "ETag")
            #expect(await test.patch(#"{"tagline": "two"}"#, token, seen: new)?.status == 200)
            #expect(await test.patch(#"{"tagline": "one"}"#, token, seen: tag, key)?.isProblem(412) == true)
        }
    }

    @Test("a key that is none is refused", arguments: ["", "\"\"", "a b", "\"a", "a\"", "é", String(repeating: "k", count: 201)])
    func wrongKeys(key: String) async throws {
        try await withAPI { test in
            let token = try await test.token().text
            #expect(await test.call("POST", "/publishes", token, [("Idempotency-Key", key)])?.isProblem(400, "request") == true)
        }
    }
}
