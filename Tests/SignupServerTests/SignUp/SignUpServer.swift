import Database
import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

/// A server at which one can sign up, with a clock that stands still, and what it would have mailed.
struct SignUpServer: Sendable {
    let server: RunningServer
    let clock: Shared<Instant>
    let mails: Shared<[SignUpMessage]>

    var platform: Platform { server.server.platform }

    func browser() -> TestBrowser { TestBrowser(server) }

    /// All fields filled in, some of them with `other` answers.
    func fields(_ other: [String: String] = [:]) -> [(String, String)] {
        let answers = [
            "name": "Maple Street PTA", "kind": "PTA", "school": "Maple Street School", "state": "OR", "address": "maple", "title": "President",
            "email": "ana@oak.example", "primary_color": "#123456", "accent_color": "#fedcba",
            // Shown a minute ago.
            "form_token": server.server.web.formGuard.token(for: "sign-up"),
        ].merging(other) { $1 }
        clock.change { $0 = $0.adding(seconds: 60) }
        return answers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Sends the form as it is filled in.
    func ask(_ browser: TestBrowser) async -> (response: RawResponse?, message: SignUpMessage?) { await ask([:], browser) }

    /// Sends the form; gives the mail, if one went out.
    func ask(_ other: [String: String], _ browser: TestBrowser) async -> (response: RawResponse?, message: SignUpMessage?) {
        let count = mails.value.count
        let response = await browser.post("/sign-up", fields(other))
        let mails = mails.value
        return (response, mails.count > count ? mails.last : nil)
    }
}

extension SignUpMessage {
    /// What the link carries.
    var token: String { link.components(separatedBy: "token=").last ?? "" }

    /// The link without its host.
    var path: String { "/" + link.components(separatedBy: "/").dropFirst(3).joined(separator: "/") }
}

func withSignUp(_ flags: [String] = [], routes: [Route] = [], _ body: (SignUpServer) async throws -> Void) async throws {
    let content = FileManager.default.temporaryDirectory.appending(path: "marquee-content-\(UUID())").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: content, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: content) }
    try FileManager.default.copyItem(atPath: repository + "Content/_starter", toPath: "\(content)/_starter")
    let clock = Shared(Instant(seconds: 1_800_000_000))
    let mails = Shared<[SignUpMessage]>([])
    try await withServer(
        flags, content: content, routes: routes, now: { clock.value },
        dependencies: { $0.signUpMail = { message, _ in mails.change { $0.append(message) } } }
    ) { server in
        try await body(SignUpServer(server: server, clock: clock, mails: mails))
    }
}

extension SignUpServer {
    /// The browser of a new user who has a seat.
    func member(_ role: Role, of slug: String = "maple") async throws -> TestBrowser {
        let platform = platform
        let (user, token, now) = (platform.newID(), SecretToken(platform.random), platform.now())
        let address = try EmailAddress("\(role.rawValue)-\(UUID().uuidString.prefix(8))@oak.example")
        let id = try #require(try await platform.organizations.organization(slug: try Slug(slug))?.id)
        try await platform.database.write { connection in
            try User.add(user, email: address, name: "", language: .english, at: now, connection)
            try MembershipStore.add(platform.newID(), organization: id, user: user, role: role, title: "", at: now, in: connection)
            try Session.open(platform.newID(), token, of: user, browser: "", replacing: nil, at: now, connection)
        }
        let browser = browser()
        browser.keep("session", token.text)
        return browser
    }
}
