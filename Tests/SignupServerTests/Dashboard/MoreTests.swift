import Foundation
import Tenancy
import Testing

@testable import SignupServer

@Suite("The smaller pages of an organization")
struct MoreTests {
    private static let seen: [(role: Role, paths: [String]?)] = [
        (.owner, ["plan", "export", "log", "security", "programs", "support"]), (.officer, ["plan", "export", "log"]), (.treasurer, ["plan"]),
        (.editor, nil), (.viewer, nil),
    ]

    @Test("each seat sees the rows that it can open")
    func rows() async throws {
        try await withAccounts { test in
            for (role, paths) in Self.seen {
                let email = "\(role.rawValue)@oak.example"
                try await test.add(organization: "maple", member: try await test.add(user: email), role)
                let browser = test.browser()
                await test.signIn(email, browser)
                let page = await browser.get("/manage/maple/more")
                #expect(page?.status == (paths == nil ? 403 : 200))
                let links = page?.body.matches(of: /<strong><a href="\/manage\/maple\/([a-z]+)"/).map { String($0.output.1) } ?? []
                #expect(links == paths ?? [], "\(role)")
            }
            #expect(await test.browser().get("/manage/maple/more")?.status == 303)
        }
    }

    @Test("their tab is the current one on each of them")
    func tab() async throws {
        try await withAccounts { test in
            try await test.add(organization: "maple", member: try await test.add(user: "ana@oak.example"), .owner)
            let browser = test.browser()
            await test.signIn("ana@oak.example", browser)
            for path in ["more", "plan"] {
                #expect(
                    await browser.get("/manage/maple/\(path)")?.body.contains("<a href=\"/manage/maple/more\" aria-current=\"page\">") == true,
                    "\(path)")
            }
        }
    }
}
