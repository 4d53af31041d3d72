import Foundation
import HTTPTypes
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Cookies, tokens and the server's key")
struct SecurityTests {
    @Test("a request's cookies are read strictly, and a doubtful one is none", arguments: headers)
    func cookies(header: String, session: String?) {
        #expect(Cookies(scheme: "http").read([.cookie: header])[.session] == session)
    }

    private static let headers: [(String, String?)] = [
        ("session=abc", "abc"), ("a=b; session=abc;c", "abc"), (" session=abc", "abc"), ("session=abc; session=abc", "abc"),
        ("session=abc; session=abd", nil), ("session=", nil), ("session", nil), ("Session=abc", nil), ("session=a b", nil), ("session=\"abc\"", nil),
        ("__Host-session=abc", nil), ("session=" + String(repeating: "a", count: 201), nil),
        ("session=abc; a=" + String(repeating: "a", count: 8_192), nil), ("", nil), (";;=;", nil),
    ]

    @Test("over https cookies have the prefix that keeps others from setting them; over http, for development, they don't")
    func names() {
        let secure = Cookies(scheme: "https")
        #expect(secure.read([.cookie: "__Host-session=abc"])[.session] == "abc")
        #expect(secure.read([.cookie: "session=abc"])[.session] == nil)
        #expect(
            secure.set(.language, to: CookieValue(.english)).value == "__Host-language=en; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000")
        #expect(Cookies(scheme: "http").remove(.session).value == "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    @Test("tokens have 256 bits, differ, and are kept as hashes")
    func tokens() throws {
        let tokens = (0..<100).map { _ in SecretToken(.system).text }
        #expect(Set(tokens).count == 100 && tokens.allSatisfy { $0.utf8.count == 43 && SecretToken($0) != nil })
        #expect(SecretToken(String(repeating: "a", count: 42)) == nil)
        #expect(SecretToken(String(repeating: "+", count: 43)) == nil)
        let token = try #require(SecretToken(String(repeating: "a", count: 43)))
        // sha256sum's.
        #expect(token.hash.text == "66d34fba71f8f450f7e45598853e53bfc23bbd129027cbb131a2f4ffd7878cd0")
        #expect(Base64URL.text([0xFB, 0xFF, 0xFE]) == "-__-" && Base64URL.text([0]) == "AA" && Base64URL.text([0, 1]) == "AAE")
    }

    @Test("the key is made once, for our eyes only, and a damaged one is refused")
    func serverKey() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "marquee-key-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/server.key"
        let first = try ServerKey.load(folder: folder, random: .system)
        let signed = Signature(first, purpose: "test").sign(["a"])
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int == 32)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["server.key"])
        #expect(Signature(try ServerKey.load(folder: folder, random: .system), purpose: "test").parts(of: signed) == ["a"])
        for damaged in [0, 31, 33] {
            try Data(repeating: 7, count: damaged).write(to: URL(filePath: file))
            #expect(throws: ServerKey.Failure.self) { try ServerKey.load(folder: folder, random: .system) }
        }
        try Data(repeating: 7, count: 32).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        #expect(throws: ServerKey.Failure.self) { try ServerKey.load(folder: folder, random: .system) }
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/etc/hostname")
        #expect(throws: ServerKey.Failure.self) { try ServerKey.load(folder: folder, random: .system) }
        #expect(throws: ServerKey.Failure.self) { try ServerKey.load(folder: folder + "/none", random: .system) }
    }

    @Test("a path's parameters and segments are encoded, whatever they hold")
    func paths() {
        let path: LocalPath = "/sign-in"
        #expect(path.with("next", "/a?b=c&d#é\r\n").text == "/sign-in?next=%2Fa%3Fb%3Dc%26d%23%C3%A9%0D%0A")
        #expect(path.with("a", "1").with("b", "2").text == "/sign-in?a=1&b=2")
        #expect(path.appending("../x y").text == "/sign-in/..%2Fx%20y")
    }
}
