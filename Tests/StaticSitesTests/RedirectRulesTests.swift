import TestSupport
import Testing

@testable import struct StaticSites.RedirectRules
@testable import struct StaticSites.SitePath

@Suite("Rules of redirects")
struct RedirectRulesTests {
    private func rule(_ file: String, _ path: String) -> RedirectRules.Rule? {
        guard let path = try? SitePath(encoded: Array(path.utf8)[...]) else { return nil }
        return RedirectRules(Array(file.utf8)).rule(for: path)
    }

    @Test(
        "lines that are rules",
        arguments: [
            ("/a /b/ 301", "/a", "/b/", 301), ("/a /b/", "/a", "/b/", 301), ("/a /b/ 308", "/a/", "/b/", 308),
            ("/a/  \t/b/   302\r\n", "/a", "/b/", 302),
            ("/a /b/?x=1", "/a", "/b/?x=1", 301), ("/caf%C3%A9 /coffee/", "/caf%c3%a9", "/coffee/", 301),
            ("/café /coffee/", "/caf%C3%A9", "/coffee/", 301),
            ("/a /café/", "/a", "/caf%C3%A9/", 301), ("/ /home/", "/", "/home/", 301), ("/A /b/", "/A", "/b/", 301),
        ])
    func rules(file: String, path: String, target: String, status: Int) {
        #expect(rule(file, path) == RedirectRules.Rule(target: target, status: status))
    }

    @Test(
        "lines that are none",
        arguments: [
            "# /a /b/", "/a", "/a /b/ 200", "/a /b/ 301 x", "/a /b/ x", "a /b/", "/a b", "/a //evil.com/", "/a /\\evil.com", "/a https://evil.com/",
            "/a /../b",
            "/a /%0d%0ax", "/a /%2F/evil.com", "/a /a", "/a /a/", "/a /b//c",
        ])
    func noRules(file: String) {
        #expect(rule(file, "/a") == nil)
    }

    @Test("case and whole segments count", arguments: ["/A", "/ab", "/a/b", "/"])
    func otherPaths(path: String) {
        #expect(rule("/a /b/", path) == nil)
    }

    @Test("a file of rules that is too large is not read")
    func tooLarge() throws {
        let line = "/a /b/ 301\n"
        let fixture = try SiteFixture.school(["_redirects": line + String(repeating: "#", count: RedirectRules.maximumSize)])
        #expect(try fixture.responder().get("/a").status == 404)
    }
}
