import Database
import Foundation
import Repositories
import Tenancy
import Testing

@testable import SignupServer

extension RawResponse {
    /// What a hidden field or another input holds, with its escapes taken back.
    func field(_ name: String) -> String {
        let after = body.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().first ?? ""
        return (after.components(separatedBy: "\"").first ?? "").unescapedHTML
    }
}

extension String {
    var unescapedHTML: String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(self) { $0.replacing($1.0, with: $1.1) }
    }
}

extension SignUpServer {
    /// Somebody who has signed up and confirmed: owner of `maple`.
    func owner(_ answers: [String: String] = [:]) async throws -> TestBrowser {
        let browser = browser()
        let mail = try #require(await ask(answers, browser).message)
        #expect(await browser.post("/sign-up/confirm", [("token", mail.token)])?.status == 303)
        return browser
    }

    func organization(_ slug: String = "maple") async throws -> Organization {
        try #require(try await platform.organizations.organization(slug: try Slug(slug)))
    }

    func file(_ path: String, of slug: String = "maple") async throws -> String? {
        let repository = platform.repository(of: try await organization(slug).id)
        return try await repository.file(try ContentPath(path), at: try await repository.head()).map { String(decoding: $0, as: UTF8.self) }
    }

    func site(_ path: String = "/", _ slug: String = "maple") async -> String {
        await server.get(path, host: "\(slug).sites.localhost")?.body ?? ""
    }

    func setStatus(_ status: String, of slug: String = "maple") async throws {
        try await platform.database.write {
            try $0.execute("UPDATE organization SET subscription_status = :status WHERE slug = :slug", ["status": status, "slug": slug])
        }
    }
}

extension TestBrowser {
    /// Opens a step and sends its form with these answers, as a browser does with the commit that it was shown at.
    func step(_ step: String, _ answers: [(String, String)], slug: String = "maple") async -> RawResponse? {
        let page = await get("/manage/\(slug)/setup/\(step)")
        return await post("/manage/\(slug)/setup/\(step)", [("seen", page?.field("seen") ?? "")] + answers)
    }
}
