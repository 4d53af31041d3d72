import Foundation
import Logging
import Testing

@testable import SignupServer

@Suite("The log")
struct LogTests {
    private static func line(_ format: ServerSettings.LogFormat, _ write: (Logger) -> Void) -> String {
        let recorder = Shared("")
        write(Logger(label: "test") { _ in ServerLogHandler(level: .info, format: format) { line in recorder.change { $0 += line } } })
        return recorder.value
    }

    @Test("a line is one JSON object with time, level, message and what belongs to it")
    func json() throws {
        let line = Self.line(.json) { $0.warning("a \"quoted\"\nthing", metadata: ["site": "lincoln", "level": "mine", "n": "1"]) }
        #expect(line.hasSuffix("}\n"))
        #expect(line.split(separator: "\n").count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object["level"] == "warning")
        #expect(object["message"] == "a \"quoted\"\nthing")
        #expect(object["site"] == "lincoln")
        #expect(object["_level"] == "mine")
        #expect(object["time"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test("a line for people has no control characters in it")
    func text() {
        let line = Self.line(.text) { $0.info("a\u{1B}[31m\nb", metadata: ["x": "y\r\nz"]) }
        #expect(line.dropFirst(9) == "info     a [31m b x=y  z\n")
    }

    @Test("what is below the level isn't written")
    func level() {
        #expect(Self.line(.json) { $0.debug("quiet") } == "")
    }

    @Test(
        "addresses, e-mail addresses and queries are taken out",
        arguments: [
            ("connection reset by 192.0.2.7:443", "connection reset by [address]"),
            ("from [2001:db8::1]:443.", "from [[address]]:443."),
            ("peer ::1 and 10.0.0.1.", "peer [address] and [address]"),
            ("no user ana.lopez@example.org, sorry", "no user [e-mail], sorry"),
            ("<mailto:ana@example.org>", "<[e-mail]>"),
            ("GET /search?q=my+child&token=abc HTTP/1.1", "GET /search?… HTTP/1.1"),
            ("\"https://a.example/?code=1\" failed", "\"https://a.example/?…\" failed"),
            ("is it built? yes", "is it built? yes"),
            ("Content/lincoln/index.md:3:7: the link to /abuot/ leads nowhere", "Content/lincoln/index.md:3:7: the link to /abuot/ leads nowhere"),
            ("release 000012 at 12:30:01", "release 000012 at 12:30:01"),
        ])
    func redaction(text: String, cleaned: String) {
        #expect(Redaction.clean(text) == cleaned)
    }

    @Test("a request leaves its name, surface, route and status, and nothing of who sent it or what it asked")
    func requests() async throws {
        try await withServer(["--metrics-token", "t0ken-of-16-characters"]) { server in
            let secret = "Cookie: session=c00kie\r\nX-Forwarded-For: 198.51.100.9\r\nUser-Agent: agent-x\r\nReferer: http://r.example/\r\n"
            let answer = await server.get("/org/school/private-path?token=qu3ry", secret)
            _ = await server.get("/private-path?token=qu3ry", host: "school.sites.localhost", secret)
            try await Task.sleep(for: .milliseconds(100))
            let text = server.log.text
            #expect(text.contains("\"request\":\"\(answer?.value(of: "X-Request-Id") ?? "none")\""))
            #expect(text.contains(#""route":"/org/**""#))
            #expect(text.contains(#""surface":"site""#))
            #expect(text.contains(#""site":"school""#))
            for hidden in ["c00kie", "qu3ry", "127.0.0.1", "198.51.100.9", "agent-x", "r.example", "private-path", "t0ken"] {
                #expect(!text.contains(hidden))
            }
        }
    }
}
