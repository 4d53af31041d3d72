import StaticSites
import Testing

@testable import SignupServer

/// The area `forwarded` of the case table. TLS ends before this server, so a certificate's name and its 421 are the proxy's.
@Suite("What proxies say of a request")
struct ForwardedRequestTests {
    private static func read(_ headers: [(name: String, value: String)], from peer: String, trusting proxies: [String]) -> ForwardedRequest {
        ForwardedRequest(
            SiteRequest(method: "GET", target: "/", hosts: ["example.com"], headers: headers), from: NetworkAddress(peer),
            trusting: proxies.compactMap { NetworkRange($0) })
    }

    @Test(
        "the client's address is the right-most one that is not a trusted proxy's",
        arguments: [
            ("30.30.30.30", "198.51.100.1", [], "198.51.100.1"),
            ("30.30.30.30, 45.54.45.54, 10.0.0.1", "10.0.0.2", ["10.0.0.0/8"], "45.54.45.54"),
            ("30.30.30.30, 45.54.45.54, 10.0.0.1", "198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"),
            ("10.0.0.3, 10.0.0.1", "10.0.0.2", ["10.0.0.0/8"], "10.0.0.3"),
            ("", "10.0.0.2", ["10.0.0.0/8"], "10.0.0.2"),
            ("45.54.45.54:1234", "10.0.0.2", ["10.0.0.2"], "45.54.45.54"),
            ("[2001:db8::1]:443", "10.0.0.2", ["10.0.0.2"], "2001:db8::1"),
            ("2001:db8::1", "::ffff:10.0.0.2", ["10.0.0.2"], "2001:db8::1"),
            ("45.54.45.54, unknown", "10.0.0.2", ["10.0.0.2"], "10.0.0.2"),
            ("45.54.45.54, 010.0.0.1", "10.0.0.2", ["10.0.0.0/8"], "10.0.0.2"),
            ("45.54.45.54, 10.0.0.2, junk' OR 1=1", "10.0.0.2", ["10.0.0.0/8"], "10.0.0.2"),
        ] as [(String, String, [String], String)])
    func client(forwardedFor: String, peer: String, proxies: [String], client: String) {
        let request = Self.read([("X-Forwarded-For", forwardedFor)], from: peer, trusting: proxies)
        #expect(request.client == NetworkAddress(client))
        #expect(request.client != nil)
    }

    @Test("several lines of one header are one list")
    func severalLines() {
        let lines = [("X-Forwarded-For", "30.30.30.30"), ("x-forwarded-for", "45.54.45.54, 10.0.0.1")]
        #expect(Self.read(lines, from: "10.0.0.2", trusting: ["10.0.0.0/8"]).client == NetworkAddress("45.54.45.54"))
    }

    @Test(
        "https is believed from a trusted proxy only, its last word",
        arguments: [("https", true, true), ("https", false, false), ("http", true, false), ("https, http", true, false), ("HTTPS", true, false)])
    func scheme(value: String, isTrusted: Bool, isSecure: Bool) {
        let request = Self.read([("X-Forwarded-Proto", value)], from: "10.0.0.2", trusting: isTrusted ? ["10.0.0.2"] : [])
        #expect(request.isSecure == isSecure)
    }

    @Test("no route sees what proxies add, nor names that others read as another header's", arguments: [true, false])
    func removed(isTrusted: Bool) {
        let headers = [
            ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "forward.com"), ("X-Forwarded-Port", "80"),
            ("Forwarded", "for=1.2.3.4"), ("X-Real-IP", "1.2.3.4"), ("Remote_user", "root"), ("Remote.User", "root"), ("X_Forwarded_For", "1.2.3.4"),
            ("Host", "localhost"), ("Accept", "text/html"), ("X-Other", "kept"),
        ]
        let request = Self.read(headers, from: "10.0.0.2", trusting: isTrusted ? ["10.0.0.2"] : [])
        #expect(request.headers.map(\.name) == ["Accept", "X-Other"])
        #expect(request.isForwarded)
    }

    @Test("the host is the Host header's, whatever X-Forwarded-Host says", arguments: ["localhost", "domain.com, evil.com", "forward.com"])
    func host(forwarded: String) async throws {
        try await withServer(["--trusted-proxies", "127.0.0.1"]) { server in
            let site = await server.get("/", host: "school.sites.localhost", "X-Forwarded-Host: \(forwarded)\r\n")
            #expect(site?.body == "school home")
            let unknown = await server.get("/health", host: "www.example.com", "X-Forwarded-Host: \(forwarded)\r\nX-Forwarded-Port: 80\r\n")
            #expect(unknown?.status == 404)
        }
    }

    @Test(
        "ranges are bits",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/9", "10.128.0.1", false),
            ("192.0.2.4/30", "192.0.2.7", true), ("192.0.2.4/30", "192.0.2.8", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("::1", "::1", true), ("fd00::/8", "fdab::1", true), ("fd00::/8", "fe80::1", false),
            ("::/0", "10.0.0.1", true), ("127.0.0.1", "::ffff:127.0.0.1", true),
        ])
    func ranges(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(#require(NetworkAddress(address))) == isInside)
    }

    @Test(
        "what is no range is refused",
        arguments: ["", "10.0.0", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/33", "::/129", "a/8", "10.0.0.0/8/8", "10.0.0.0/+8"])
    func wrongRanges(text: String) {
        #expect(NetworkRange(text) == nil)
    }

    @Test(
        "this machine is 127.0.0.0/8 and ::1",
        arguments: [("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("128.0.0.1", false), ("::2", false)])
    func loopback(text: String, isLoopback: Bool) {
        #expect(NetworkAddress(text)?.isLoopback == isLoopback)
    }
}
