import Tenancy
import Testing

@Suite("Host names")
struct HostnameTests {
    @Test(
        "normal form",
        arguments: [
            ("example.com", "example.com"), ("EXAMPLE.Com", "example.com"), ("example.com.", "example.com"), ("xn--4ca9at.com", "xn--4ca9at.com"),
            ("localhost", "localhost"), ("a-b.c1.example", "a-b.c1.example"), ("127.0.0.1", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[2001:19F0:FEEE::DEAD:beef:cafe]", "[2001:19f0:feee::dead:beef:cafe]"), ("[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"),
            ("1a.example", "1a.example"),
            (String(repeating: "a", count: 63) + ".com", String(repeating: "a", count: 63) + ".com"),
        ])
    func accepted(text: String, normal: String) throws {
        #expect(try Hostname(text).text == normal)
    }

    @Test(
        "what is refused",
        arguments: [
            ("", HostnameError.empty), (".", .empty), ("..", .emptyLabel), (".example.com", .emptyLabel), ("example..com", .emptyLabel),
            ("example.com..", .emptyLabel),
            ("<invalid>", .badCharacter), ("example.com 8080", .badCharacter), ("invalid_hostname.com", .badCharacter),
            ("attacker.com#x.example.com", .badCharacter),
            ("user@example.com", .badCharacter), ("example.com/x", .badCharacter), ("example.com:80", .badCharacter),
            ("exa%6dple.com", .badCharacter),
            ("schöol.example", .badCharacter), ("example\u{0}.com", .badCharacter), ("exa\\mple.com", .badCharacter),
            ("\u{212A}elvin.example", .badCharacter),
            ("-a.example", .hyphenAtEdge), ("a-.example", .hyphenAtEdge), (String(repeating: "a", count: 64) + ".com", .labelTooLong),
            (String(repeating: "a.", count: 127) + "a", .tooLong), ("1.2.3", .badNumber), ("256.1.1.1", .badNumber), ("01.2.3.4", .badNumber),
            ("0x7f.1", .badNumber),
            ("example.0x1", .badNumber), ("1.2.3.4.5", .badNumber), ("12345678", .badNumber), ("[::1", .badAddress), ("[]", .badAddress),
            ("[1]", .badAddress),
            ("[::1]x", .badAddress), ("[fe80::1%25eth0]", .badAddress), ("[:::::::::]", .badAddress),
        ])
    func refused(text: String, error: HostnameError) {
        #expect(throws: error) { try Hostname(text) }
    }

    @Test(
        "host and port",
        arguments: [
            ("example.com", "example.com", nil), ("example.com:8080", "example.com", UInt16(8080)), ("example.com.:8080", "example.com", 8080),
            ("example.com:", "example.com", nil),
            ("[2001:19f0:feee::dead:beef:cafe]:8080", "[2001:19f0:feee::dead:beef:cafe]", 8080), ("[::1]", "[::1]", nil),
            ("127.0.0.1:0", "127.0.0.1", 0),
            ("example.com:00080", "example.com", 80), ("example.com:65535", "example.com", 65535),
        ])
    func authority(text: String, host: String, port: UInt16?) throws {
        let authority = try Authority(text)
        #expect(authority.host.text == host)
        #expect(authority.port == port)
    }

    @Test(
        "what is no host and port",
        arguments: [
            ("example.com:invalid", HostnameError.badPort), ("example.com:80/badpath", .badPort), ("example.com:65536", .badPort),
            ("example.com:000080", .badPort),
            ("example.com:-1", .badPort), ("example.com:80:80", .badPort), ("example.com 8080", .badCharacter), (":80", .empty), ("::1", .empty),
            ("user:pass@example.com", .badPort), ("[::1]:x", .badPort), ("[::1]80", .badAddress), ("", .empty), ("]", .badCharacter),
        ])
    func noAuthority(text: String, error: HostnameError) {
        #expect(throws: error) { try Authority(text) }
    }

    @Test(
        "labels below a domain",
        arguments: [
            ("school.platform.org", "platform.org", "school"), ("a.b.platform.org", "platform.org", "a.b"), ("platform.org", "platform.org", nil),
            ("evilplatform.org", "platform.org", nil), ("school.platform.com", "platform.org", nil),
            ("school.foo.bar.platform.org", "foo.bar.platform.org", "school"),
            ("org", "platform.org", nil), ("1.2.3.4", "3.4.example", nil),
        ])
    func below(host: String, domain: String, labels: Substring?) throws {
        #expect(try Hostname(host).labels(below: Hostname(domain)) == labels)
    }

    @Test(
        "a domain inside of a foreign name",
        arguments: [
            ("platform.org.phishing.com", true), ("school.platform.org.phishing.com", true), ("school.platform.org", false), ("platform.org", false),
            ("myplatform.org.phishing.com", false), ("platform.organic.com", false), ("platform.org.platform.org", true),
        ])
    func embeds(host: String, expected: Bool) throws {
        #expect(try Hostname(host).embeds(Hostname("platform.org")) == expected)
    }

    @Test("the host of an organization")
    func hostOfSlug() throws {
        let slug = try Slug("lincoln")
        #expect(try Hostname(slug: slug, sitesDomain: .localSitesDomain).text == "lincoln.sites.localhost")
        let long = try Hostname([63, 63, 63, 55].map { String(repeating: "a", count: $0) }.joined(separator: "."))
        #expect(throws: HostnameError.tooLong) { try Hostname(slug: slug, sitesDomain: long) }
        #expect(throws: HostnameError.self) { try Hostname(slug: slug, sitesDomain: Hostname("127.0.0.1")) }
    }

    @Test("any bytes are a host or an error, and a host is its own normal form")
    func anyBytes() throws {
        var number: UInt64 = 1
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<8 {
                number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let alphabet = Array("aZ09.-:[]_@ %é".utf8)
                bytes.append(alphabet[Int((number >> 33) % UInt64(alphabet.count))])
            }
            guard let authority = try? Authority(String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(try Hostname(authority.host.text) == authority.host)
        }
    }
}
