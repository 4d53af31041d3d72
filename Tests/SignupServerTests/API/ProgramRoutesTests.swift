import Database
import Foundation
import Tenancy
import Testing

@testable import SignupServer

@Suite("Tokens that owners make")
struct ProgramRoutesTests {
    private func fields(_ other: [(String, String)] = []) -> [(String, String)] {
        [("name", "School calendar"), ("scopes", "pages:read"), ("scopes", "organization:read"), ("days", "30")] + other
    }

    /// The id that the form on the page carries.
    private func formID(_ page: RawResponse?) throws -> String {
        let match = page?.body.matches(of: /name="token" value="([0-9a-f-]{36})"/).last
        return String(try #require(match).1)
    }

    @Test("made, shown once, listed with its maker and last use, audited, revoked")
    func life() async throws {
        try await withAPI { test in
            let page = await test.owner.get("/manage/maple/programs")
            #expect(page?.status == 200)
            let id = try formID(page)
            let made = await test.owner.post("/manage/maple/programs", fields([("token", id)]))
            #expect(made?.status == 200 && made?.value(of: "Location") == nil)
            let token = String(try #require(made?.body.firstMatch(of: /mq_[A-Za-z0-9_-]{43}/)).0)
            #expect(await test.call("GET", "/organization", token)?.status == 200)
            #expect(await test.call("GET", "/settings", token)?.isProblem(403, "scope") == true)
            // Sent once more, by a reload, it makes no other.
            #expect(await test.owner.post("/manage/maple/programs", fields([("token", id)]))?.value(of: "Location") == "/manage/maple/programs")

            let list = await test.owner.get("/manage/maple/programs")
            #expect(list?.body.contains("School calendar") == true && list?.body.contains("ana@oak.example") == true)
            #expect(list?.body.contains("Last used on \(test.platform.now().day)") == true)
            #expect(list?.body.contains(token) == false)
            let row = try await test.platform.database.read { try $0.row("SELECT token_hash, scopes FROM api_token") }
            #expect(try row?["token_hash"] as String? != token)
            #expect(try row?["scopes"] as String? == "organization:read pages:read")

            #expect(await test.owner.post("/manage/maple/programs/revoke", [("token", id)])?.status == 303)
            #expect(await test.call("GET", "/organization", token)?.isProblem(401) == true)
            #expect(await test.owner.post("/manage/maple/programs/revoke", [("token", id)])?.status == 303)
            let actions = try await test.platform.auditLog(of: test.organization).entries().map(\.action)
            #expect(actions.prefix(2) == [AuditAction.tokenRevoked.rawValue, AuditAction.tokenMade.rawValue])
            #expect(!test.server.log.text.contains(token))
        }
    }

    @Test(
        "wrong answers are told beside the field, and nothing is made",
        arguments: [
            [("name", ""), ("scopes", "pages:read"), ("days", "30")], [("name", "x"), ("days", "30")],
            [("name", "x"), ("scopes", "everything"), ("days", "30")], [("name", "x"), ("scopes", "pages:read"), ("days", "31")],
            [("name", String(repeating: "x", count: 61)), ("scopes", "pages:read"), ("days", "30")],
        ])
    func wrong(fields: [(String, String)]) async throws {
        try await withAPI { test in
            let id = test.platform.newID().description
            let answer = await test.owner.post("/manage/maple/programs", fields + [("token", id)])
            #expect(answer?.status == 422 && answer?.body.contains("aria-invalid") == true)
            let made = try await test.platform.database.read { try $0.rows("SELECT id FROM api_token") }
            #expect(made.isEmpty)
        }
    }

    @Test("only owners come here, and none of them at another's tokens")
    func others() async throws {
        try await withAPI { test in
            let (_, stranger) = try await test.found("oak", email: "ben@oak.example")
            let (id, token) = try await test.token()
            let fields = fields([("token", test.platform.newID().description)])
            #expect(await stranger.get("/manage/maple/programs")?.status == 404)
            #expect(await stranger.post("/manage/maple/programs", fields)?.status == 404)
            #expect(await stranger.post("/manage/oak/programs/revoke", [("token", id.description)])?.status == 303)
            #expect(await test.call("GET", "/organization", token)?.status == 200)
            for role in Role.allCases where role != .owner {
                try await test.platform.database.write {
                    try $0.execute("UPDATE membership SET role = :role WHERE organization_id = :id", ["role": role, "id": test.organization])
                }
                #expect(await test.owner.get("/manage/maple/programs")?.status == 403)
                #expect(await test.owner.post("/manage/maple/programs", fields)?.status == 403)
                #expect(await test.owner.post("/manage/maple/programs/revoke", [("token", id.description)])?.status == 403)
            }
            // The token is the organization's: that its maker's seat has ended changes nothing.
            #expect(await test.call("GET", "/organization", token)?.status == 200)
        }
    }

    @Test("where editing rests, tokens are revoked and not made; there is a number of them")
    func bounds() async throws {
        try await withAPI { test in
            try await test.set(status: .frozen)
            let (id, _) = try await test.token()
            #expect(await test.owner.get("/manage/maple/programs")?.body.contains("Editing rests") == true)
            let fields = fields([("token", test.platform.newID().description)])
            #expect(await test.owner.post("/manage/maple/programs", fields)?.status == 423)
            #expect(await test.owner.post("/manage/maple/programs/revoke", [("token", id.description)])?.status == 303)
            try await test.set(status: .trialing)
            for _ in 0..<APIToken.maximumCount { _ = try await test.token() }
            #expect(await test.owner.post("/manage/maple/programs", fields)?.status == 422)
        }
    }
}
