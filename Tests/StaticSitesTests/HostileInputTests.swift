import StaticSites
import TestSupport
import Testing

/// Nothing that a stranger sends may stop the process: a trap is an outage for every organization.
@Suite("Hostile input")
struct HostileInputTests {
    private static let pieces = [
        "/", "//", "..", "%2e", "%2F", "%", "%0", "%00", "%ff", "\\", "?", "#", ";", ":", "@", "http://", "org", "foo", "school", ".", "-", "é", "𝄞",
        "\u{0}", "\r\n",
        " ", "index.html", "_redirects", "404", ".html", "*", "[", "]", "[::1]", "localhost", "platform.org", "bytes=", "0", "9999999999999999999999",
        ",", "q=",
        "W/\"", "\"", "GMT", "Sun, 06 Nov 1994 08:49:37 GMT",
    ]

    private static func text(_ generator: inout SeededGenerator) -> String {
        let count = Int.random(in: 0...12, using: &generator)
        return (0..<count).map { _ in
            if Int.random(in: 0..<4, using: &generator) == 0 {
                let bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
                return String(decoding: bytes, as: UTF8.self)
            }
            return pieces.randomElement(using: &generator) ?? ""
        }.joined()
    }

    @Test("any target and any header gets an answer with a known status", arguments: 1...4)
    func anything(seed: UInt64) throws {
        let fixture = try SiteFixture.school(["index.html": "home", "404.html": "not found", "a/index.html": "a", "_redirects": "/x /y/"])
        var configuration = try fixture.configuration()
        configuration.servePaths = true
        let responder = StaticResponder(configuration: configuration)
        var generator = SeededGenerator(seed: seed)
        let statuses: Set = [200, 206, 301, 302, 304, 307, 308, 400, 404, 405, 412, 416]
        let names = ["Range", "If-Range", "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "Accept-Encoding", "X"]
        for round in 0..<4_000 {
            let hosts = round % 3 == 0 ? [Self.text(&generator)] : [["school.platform.org"], ["localhost"]][round % 2]
            let target = round % 2 == 0 ? Self.text(&generator) : ["/", "/a/", "/org/school/"][round % 3]
            let headers = (0..<3).map { _ in (name: names.randomElement(using: &generator) ?? "X", value: Self.text(&generator)) }
            let method = round % 50 == 0 ? Self.text(&generator) : "GET"
            let answer = responder.respond(to: SiteRequest(method: method, target: target, hosts: hosts, headers: headers))
            #expect(statuses.contains(answer.status))
            #expect(answer.headers.allSatisfy { $0.value.text.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
            if let location = answer.value(of: "Location") {
                #expect(location.hasPrefix("/") && !location.hasPrefix("//") && !location.hasPrefix("/\\"))
            }
        }
    }

    @Test(
        "very deep and very long paths are not found",
        arguments: [
            String(repeating: "/a", count: 4_000), "/" + String(repeating: "a", count: 8_000), "/" + String(repeating: "%61", count: 2_000),
            String(repeating: "/..", count: 2_000), String(repeating: "/", count: 8_000) + "x",
        ])
    func long(target: String) throws {
        let fixture = try SiteFixture.school(["index.html": "home", "404.html": "not found"])
        #expect([302, 400, 404].contains(try fixture.responder().get(target).status))
    }

    @Test(
        "header values hold no control characters, whatever they are made of",
        arguments: [
            ("a\r\nSet-Cookie: b", "aSet-Cookie: b"), ("a\u{0}b", "ab"), ("é", ""), ("plain", "plain"), ("\u{0D}\u{0D}\u{0A}x", "x"),
        ])
    func headerValue(text: String, expected: String) {
        #expect(HeaderValue(text).text == expected)
    }
}
