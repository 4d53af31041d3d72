import Foundation
import Repositories
import Tenancy
import Testing

@testable import SignupServer

@Suite("The preview of other colors")
struct PreviewTests {
    @Test("it is the real home page with these colors, in one document without script, and nothing is changed by it")
    func preview() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let head = try await test.platform.repository(of: test.organization().id).head()
            let response = try #require(await browser.get("/manage/maple/preview?primary=%23ab0012&accent=%2301bb22&header=centered&fonts=bookish"))
            #expect(response.status == 200)
            #expect(response.body.contains("Maple Street PTA") && response.body.contains("Good things happen when families show up."))
            let style = try #require(Self.style(response.body))
            let colors = try ["#ab0012", "#01bb22", "#123456", "#fedcba"].map { try #require(Color($0)) }
            let (new, usual) = (Palette(primary: colors[0], accent: colors[1]).css(), Palette(primary: colors[2], accent: colors[3]).css())
            #expect(style.contains(new) && !style.contains(usual))
            #expect(!response.body.contains("<script") && !response.body.contains("href=\"/") && !response.body.contains("src=\"/"))
            #expect(response.body.contains("src=\"data:image/svg+xml;base64,"))
            let policy = response.value(of: "Content-Security-Policy") ?? ""
            #expect(policy.hasPrefix("sandbox; default-src 'none'") && policy.contains("frame-ancestors 'self'"))
            #expect(response.headers.count { $0.name.lowercased() == "content-security-policy" } == 1)
            #expect(response.value(of: "X-Frame-Options") == "SAMEORIGIN")
            #expect(try await test.platform.repository(of: test.organization().id).head() == head)
            #expect(await test.site().contains("Maple Street PTA"))
            // As it is now.
            #expect(Self.style(await browser.get("/manage/maple/preview")?.body ?? "")?.contains(usual) == true)
        }
    }

    @Test(
        "answers that can't be are left out",
        arguments: ["primary=red", "primary=%23zzzzzz", "fonts=%3Cscript%3E", "primary=%23111111&primary=%23222222", "x=y", "header="])
    func nonsense(query: String) async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let usual = await browser.get("/manage/maple/preview")
            let other = await browser.get("/manage/maple/preview?\(query)")
            #expect(other?.status == 200 && other?.body == usual?.body)
            #expect(await browser.get("/manage/maple/preview?a=%zz")?.status == 400)
        }
    }

    @Test("only the step with the colors may show a frame, and only the preview lets itself be shown in one")
    func frames() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let step = await browser.get("/manage/maple/setup/colors?primary=%23aa0011&seen=x")
            #expect(step?.value(of: "Content-Security-Policy")?.contains("frame-src 'self'") == true)
            #expect(step?.value(of: "Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
            #expect(step?.body.contains("src=\"/manage/maple/preview?primary=%23aa0011\"") == true)
            #expect(step?.field("primary") == "#aa0011", "without a script the form keeps what was tried")
            #expect(await browser.get("/manage/maple")?.value(of: "Content-Security-Policy")?.contains("frame-src 'none'") == true)
        }
    }

    @Test("many at once take turns, and too many have to wait")
    func limit() async throws {
        try await withSignUp { test in
            let browser = try await test.owner()
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { await browser.get("/manage/maple/preview")?.status ?? 0 } }
                return await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [200])
            let id = try await test.organization().id
            let limit = RateLimit("previews by organization", 240, perSeconds: 600)
            while test.server.server.web.limiter.take(limit, for: id.description, at: test.platform.now()) == nil {}
            #expect(await browser.get("/manage/maple/preview")?.status == 429)
        }
    }

    /// The style sheet that is in the document.
    private static func style(_ page: String) -> String? {
        let encoded = page.components(separatedBy: "data:text/css;base64,").dropFirst().first?.components(separatedBy: "\"").first ?? ""
        return Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) }
    }
}
