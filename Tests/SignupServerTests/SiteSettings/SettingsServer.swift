import Database
import Foundation
import Repositories
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

/// A server with one organization, `maple`, that has signed up, and its owner's browser.
struct SettingsServer: Sendable {
    let test: SignUpServer
    let owner: TestBrowser
    let id: OrganizationID

    var platform: Platform { test.platform }
    var repository: ContentRepository { platform.repository(of: id) }

    func page(_ group: String, _ browser: TestBrowser? = nil) async -> RawResponse? {
        await (browser ?? owner).get("/manage/maple/settings" + (group.isEmpty ? "" : "/\(group)"))
    }

    /// Sends the form of a group with some answers changed; the others are not on the page, so to say.
    func save(
        _ group: String, _ answers: [(String, String)], seen: CommitID? = nil, _ browser: TestBrowser? = nil, language: String = ""
    ) async throws -> RawResponse {
        var commit = seen
        if commit == nil { commit = try await repository.head() }
        // A box that isn't sent isn't ticked.
        let answers = answers + (group == "time" && !answers.contains { $0.0 == "languages" } ? [("languages", "en")] : [])
        return try #require(
            await (browser ?? owner).post("/manage/maple/settings/\(group)\(language)", [("commit", commit?.text ?? "")] + answers))
    }

    func text(at commit: CommitID? = nil) async throws -> String {
        var commit = commit
        if commit == nil { commit = try await repository.head() }
        let bytes = try await repository.file(try ContentPath("site.yaml"), at: try #require(commit))
        return String(decoding: try #require(bytes), as: UTF8.self)
    }

    func settings() async throws -> Settings { try #require(TenantLoader.settings(from: Array(try await text().utf8)).0) }

    /// Puts a file into the repository, as somebody at a terminal would.
    @discardableResult
    func write(_ text: String, to path: String = "site.yaml") async throws -> CommitID {
        let outcome = try await repository.commit(
            changes: [try ContentPath(path): .write(Array(text.utf8))], onto: try await repository.head(), author: .platform,
            message: CommitMessage("Written by hand"), at: platform.now())
        guard case .committed(let commit) = outcome else { throw RepositoryError.busy }
        return commit
    }

    /// Somebody with a seat, signed in.
    func member(_ role: Role, name: String) async throws -> TestBrowser {
        let browser = test.browser()
        let token = SecretToken(platform.random)
        let (user, seat, session) = (platform.newID(), platform.newID(), platform.newID())
        let address = try EmailAddress("\(user)@oak.example")
        let now = platform.now()
        try await platform.database.write { connection in
            try User.add(user, email: address, name: name, language: .english, at: now, connection)
            try MembershipStore.add(seat, organization: id, user: user, role: role, title: "", at: now, in: connection)
            try Session.open(session, token, of: user, browser: "", replacing: nil, at: now, connection)
        }
        browser.keep("session", token.text)
        return browser
    }

    func commitCount() async throws -> Int { try await repository.log(limit: 1000).count }
}

func withSettings(_ body: (SettingsServer) async throws -> Void) async throws {
    try await withSignUp { test in
        let owner = test.browser()
        let mail = try #require(await test.ask(owner).message)
        _ = await owner.post("/sign-up/confirm", [("token", mail.token)])
        let id = try #require(try await test.platform.organizations.organization(slug: try Slug("maple"))?.id)
        try await body(SettingsServer(test: test, owner: owner, id: id))
    }
}
