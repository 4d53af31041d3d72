import Markdown
import Testing

@Suite("Addresses")
struct URLPolicyTests {
    @Test(
        "an address is understood as a browser would",
        arguments: [
            ("", URLPolicy.Kind.empty), ("#top", .fragment), ("#", .fragment), ("/about/", .sitePath), ("about.md", .sitePath),
            ("../about.md", .sitePath),
            ("?page=2", .sitePath), ("?a:b", .sitePath), ("a/b:c", .sitePath), ("2026:plan", .sitePath), (":x", .sitePath), ("新闻/", .sitePath),
            ("https://example.org", .external), ("HTTP://EXAMPLE.ORG/", .external), ("//example.org/x", .external), ("///example.org", .external),
            ("mailto:a@example.org", .mail), ("MailTo:a@example.org", .mail), ("tel:+1-206-555-0100", .phone),
            ("javascript:alert(1)", .unsafe), ("JaVaScRiPt:alert(1)", .unsafe), (" javascript:alert(1)", .unsafe), ("java\nscript:alert(1)", .unsafe),
            ("\u{1}javascript:alert(1)", .unsafe), ("vbscript:x", .unsafe), ("data:text/html,x", .unsafe), ("data:image/png;base64,x", .unsafe),
            ("file:///etc/passwd", .unsafe), ("blob:https://example.org/1", .unsafe), ("ftp://example.org", .unsafe), ("a:b", .unsafe),
            ("https:example.org", .unsafe), ("https:/example.org", .unsafe), ("\\\\evil.example", .unsafe), ("/\\evil.example", .unsafe),
            ("/a\tb", .unsafe), ("/a\u{0}", .unsafe), ("/a\u{7F}", .unsafe), (" /a", .unsafe), ("web+x:y", .unsafe),
        ])
    func kind(_ address: String, _ kind: URLPolicy.Kind) {
        #expect(URLPolicy.kind(of: address.utf8) == kind)
        #expect(URLPolicy.isSafeLink(address.utf8) == (kind != .unsafe))
        #expect(URLPolicy.isSafeImage(address.utf8) == (kind == .sitePath))
    }

    @Test("the kind is the same for a string, an array and a buffer")
    func collections() {
        let bytes = Array("https://example.org".utf8)
        #expect(URLPolicy.kind(of: bytes) == .external)
        #expect(bytes.withUnsafeBufferPointer { URLPolicy.kind(of: $0) } == .external)
        #expect(URLPolicy.kind(of: bytes[...]) == .external)
    }

    @Test("white space around an address does not count", arguments: [(" /a ", "/a"), ("\n\t/a\r\n", "/a"), ("   ", ""), ("", ""), ("/a b", "/a b")])
    func trimmed(_ address: String, _ expected: String) {
        #expect(String(decoding: URLPolicy.trimmed(Array(address.utf8)), as: UTF8.self) == expected)
    }
}
