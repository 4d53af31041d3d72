import Database
import Foundation
import Repositories
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

/// A server with the organization `maple`, whose owner is signed in, and programs.
struct APIServer: Sendable {
    let test: SignUpServer
    let owner: TestBrowser
    let organization: OrganizationID

    var platform: Platform { test.platform }
    var server: RunningServer { test.server }

    /// Another organization, with its owner.
    func found(_ slug: String, email: String) async throws -> (organization: OrganizationID, owner: TestBrowser) {
        try await Self.found(slug, email: email, test)
    }

    static func found(_ slug: String, email: String, _ test: SignUpServer) async throws -> (organization: OrganizationID, owner: TestBrowser) {
        let browser = test.browser()
        let mail = try #require(await test.ask(["address": slug, "email": email, "name": "\(slug.capitalized) PTA"], browser).message)
        #expect(await browser.post("/sign-up/confirm", [("token", mail.token)])?.status == 303)
        let organization = try #require(try await test.platform.organizations.organization(slug: try Slug(slug)))
        return (organization.id, browser)
    }

    /// A token as the page makes it.
    func token(_ scopes: Set<APIScope> = Set(APIScope.allCases), days: Int = 30, of other: OrganizationID? = nil) async throws -> (
        id: UniqueID, text: String
    ) {
        let secret = SecretToken(.system)
        let id = platform.newID()
        let organization = other ?? organization
        let now = platform.now()
        try await platform.database.write { connection in
            let maker: UniqueID = try #require(try connection.row("SELECT user_id FROM membership LIMIT 1")?["user_id"])
            #expect(try APIToken.add(id, secret, name: "Calendar", scopes: scopes, days: days, maker: maker, to: organization, at: now, connection))
        }
        return (id, APIToken.text(of: secret))
    }

    func set(status: SubscriptionStatus) async throws {
        let organization = organization
        try await platform.database.write { connection in
            try connection.execute(
                "UPDATE organization SET subscription_status = :status WHERE id = :id", ["status": status, "id": organization])
        }
    }

    /// What a program sends: a token and no cookie, and nothing that a browser says.
    func call(_ method: String, _ path: String, _ token: String?, _ headers: [(String, String)] = [], body: String? = nil) async -> RawResponse? {
        var lines = ["\(method) /api/v1\(path) HTTP/1.1", "Host: localhost", "Connection: close"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        lines += headers.map { "\($0): \($1)" }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return await server.exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).responses.first
    }

    func patch(_ patch: String, _ token: String, seen: String?, _ headers: [(String, String)] = []) async -> RawResponse? {
        let tag = seen.map { [("If-Match", $0)] } ?? []
        return await call("PATCH", "/settings", token, [("Content-Type", "application/merge-patch+json")] + tag + headers, body: patch)
    }

    func siteFile() async throws -> String {
        let editor = server.server.editor
        let head = try await editor.head(of: organization)
        return String(decoding: try #require(try await editor.file(try ContentPath("site.yaml"), of: organization, at: head)), as: UTF8.self)
    }
}

func withAPI(_ body: (APIServer) async throws -> Void) async throws {
    try await withSignUp { test in
        let (organization, owner) = try await APIServer.found("maple", email: "ana@oak.example", test)
        try await body(APIServer(test: test, owner: owner, organization: organization))
    }
}

extension RawResponse {
    /// The content, if it is a JSON object.
    var json: [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
    }

    /// Whether it is what the API answers when something is wrong: in JSON, with the status and the request's name in it.
    func isProblem(_ status: Int, _ type: String? = nil) -> Bool {
        self.status == status && value(of: "Content-Type") == "application/problem+json" && json?["status"] as? Int == status
            && json?["request_id"] as? String == value(of: "X-Request-Id") && json?["title"] is String
            && (type == nil || json?["type"] as? String == "/problems/\(type ?? "")")
    }
}
