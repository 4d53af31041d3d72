import Database
import Foundation
import HTTPTypes
import Tenancy
import TestSupport

@testable import SignupServer

/// A browser as far as signing in needs one: it keeps cookies, and its forms come from pages of the app host.
final class TestBrowser: Sendable {
    private let server: RunningServer
    private let jar = Shared<[String: String]>([:])
    private let userAgent: String

    init(_ server: RunningServer, userAgent: String = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0") {
        self.server = server
        self.userAgent = userAgent
    }

    var cookies: [String: String] { jar.value }

    func keep(_ name: String, _ value: String?) { jar.change { $0[name] = value } }

    func get(_ path: String) async -> RawResponse? {
        taking(await server.get(path, headers))
    }

    func post(_ path: String, _ fields: [(String, String)] = []) async -> RawResponse? {
        taking(await server.post(path, fields, headers))
    }

    func post(_ path: String, body: String, type: String) async -> RawResponse? {
        taking(
            await server.exchange(
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: \(type)\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\(headers)Connection: close\r\n\r\n\(body)"
            ).responses.first)
    }

    private var headers: String {
        let cookies = jar.value.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; ")
        return "User-Agent: \(userAgent)\r\n" + (cookies.isEmpty ? "" : "Cookie: \(cookies)\r\n")
    }

    private func taking(_ response: RawResponse?) -> RawResponse? {
        for field in response?.headers ?? [] where field.name == "Set-Cookie" {
            let parts = field.value.components(separatedBy: "; ")
            let pair = parts[0].components(separatedBy: "=")
            jar.change { $0[pair[0]] = parts.contains("Max-Age=0") ? nil : pair[1] }
        }
        return response
    }
}

/// A server with users and organizations in it, a clock that stands still, and what it would have mailed.
struct AccountServer: Sendable {
    let server: RunningServer
    let clock: Shared<Instant>
    let mails: Shared<[SignInMessage]>

    static let start = Instant(seconds: 1_800_000_000)

    func pass(seconds: Int64) { clock.change { $0 = $0.adding(seconds: seconds) } }

    func browser() -> TestBrowser { TestBrowser(server) }

    @discardableResult
    func add(user email: String, name: String = "", isOperator: Bool = false) async throws -> UniqueID {
        let platform = server.server.platform
        let id = platform.newID()
        let address = try EmailAddress(email)
        try await platform.database.write { connection in
            try User.add(id, email: address, name: name, language: .english, at: platform.now(), connection)
            if isOperator { try connection.execute("UPDATE user SET is_operator = 1 WHERE id = :id", ["id": id]) }
        }
        return id
    }

    /// With a member in a role, from some seconds after now to some seconds after now.
    func add(organization slug: String, member: UniqueID, _ role: Role, from: Int64 = 0, to: Int64? = nil) async throws {
        let platform = server.server.platform
        let now = platform.now()
        try await platform.database.write { connection in
            let known = try connection.row("SELECT id FROM organization WHERE slug = :slug", ["slug": slug])
            let id: UniqueID = try known?["id"] ?? platform.newID()
            if known == nil {
                try connection.execute(
                    """
                    INSERT INTO organization (id, name, slug, subscription_status, plan, created_at)
                    VALUES (:id, 'A PTSA', :slug, 'trialing', 'trial', :now)
                    """, ["id": id, "slug": slug, "now": now])
            }
            try connection.execute(
                """
                INSERT INTO membership (id, organization_id, user_id, role, title, starts_at, ends_at, created_at)
                VALUES (:id, :organization, :user, :role, '', :from, :to, :now)
                """,
                [
                    "id": platform.newID(), "organization": id, "user": member, "role": role.rawValue, "from": now.adding(seconds: from),
                    "to": to.map { now.adding(seconds: $0) }, "now": now,
                ])
        }
    }

    /// Asks for a mail; gives its message, if one went out.
    func ask(_ email: String, _ browser: TestBrowser, next: String = "/account") async -> (response: RawResponse?, message: SignInMessage?) {
        let count = mails.value.count
        let token = server.server.web.formGuard.token(for: "sign-in")
        let response = await browser.post("/sign-in", [("email", email), ("next", next), ("form_token", token)])
        let mails = mails.value
        return (response, mails.count > count ? mails.last : nil)
    }

    /// Signs in with the link, and says where that leads.
    @discardableResult
    func signIn(_ email: String, _ browser: TestBrowser, next: String = "/account") async -> String? {
        guard let message = await ask(email, browser, next: next).message else { return nil }
        return await browser.post("/sign-in/link", [("token", message.token)])?.value(of: "Location")
    }
}

extension SignInMessage {
    /// What the link carries.
    var token: String { link.components(separatedBy: "token=").last ?? "" }

    /// The link without its host.
    var path: String { "/" + link.components(separatedBy: "/").dropFirst(3).joined(separator: "/") }
}

func withAccounts(routes: [Route] = [], _ body: (AccountServer) async throws -> Void) async throws {
    let clock = Shared(AccountServer.start)
    let mails = Shared<[SignInMessage]>([])
    try await withServer(
        routes: routes, now: { clock.value }, dependencies: { $0.signInMail = { message, _ in mails.change { $0.append(message) } } }
    ) { server in
        try await body(AccountServer(server: server, clock: clock, mails: mails))
    }
}
