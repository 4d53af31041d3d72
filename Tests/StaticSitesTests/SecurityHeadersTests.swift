import StaticSites
import TestSupport
import Testing

@Suite("Security headers")
struct SecurityHeadersTests {
    private func policy(_ headers: SecurityHeaders, _ surface: SecurityHeaders.Surface) -> [String] {
        let value = headers.fields(for: surface).first { $0.name == "Content-Security-Policy" }?.value.text ?? ""
        return value.split(separator: "; ").map(String.init)
    }

    @Test("the policy allows the site itself and nothing else", arguments: SecurityHeaders.Surface.allCases)
    func strict(surface: SecurityHeaders.Surface) {
        let policy = policy(.standard, surface)
        for directive in [
            "default-src 'self'", "img-src 'self' data:", "style-src 'self'", "script-src 'self'", "connect-src 'self'", "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
        ] {
            #expect(policy.contains(directive))
        }
        #expect(!policy.joined().contains("unsafe"))
    }

    @Test("embed hosts and form targets are added")
    func sources() throws {
        let headers = try SecurityHeaders(
            frameSources: ["https://www.youtube-nocookie.com", "https://maps.example"], formTargets: ["https://app.example:8443"])
        #expect(policy(headers, .site).contains("frame-src https://www.youtube-nocookie.com https://maps.example"))
        #expect(policy(headers, .site).contains("form-action 'self' https://app.example:8443"))
    }

    @Test(
        "what is no source is refused",
        arguments: [
            "", "https://", "*", "'unsafe-inline'", "https://a.example; script-src *", "https://a.example, b", "https://a.example b", "javascript:",
            "data:",
            "http://a.example", "https://a.example\r\nX: y",
        ])
    func badSources(text: String) {
        #expect(throws: SecurityHeaders.Failure.self) { try SecurityHeaders(frameSources: [text], formTargets: []) }
        #expect(throws: SecurityHeaders.Failure.self) { try SecurityHeaders(frameSources: [], formTargets: [text]) }
    }

    @Test("on the origin that sites share, pages are in a sandbox, and browsers do not refuse it for an opener policy")
    func sharedPath() {
        let fields = SecurityHeaders.standard.fields(for: .sharedPath)
        let sandbox = policy(.standard, .sharedPath).first { $0.hasPrefix("sandbox ") }
        #expect(sandbox?.contains("allow-scripts") == true)
        #expect(sandbox?.contains("allow-same-origin") == false)
        #expect(!fields.contains { $0.name == "Cross-Origin-Opener-Policy" })
    }
}
