import Foundation
import StructuredData
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Pages of the app host")
struct PagesTests {
    private static let folder = repository + "Templates/server"

    private static func strings(_ language: String) throws -> [String: String] {
        let bytes = try Data(contentsOf: URL(filePath: "\(folder)/strings/\(language).yaml"))
        let pairs = try YAMLReader.read(Array(bytes))?.pairs ?? []
        let keys = pairs.map(\.key)
        #expect(Set(keys).count == keys.count, "a key stands twice in \(language)")
        return Dictionary(pairs.map { ($0.key, $0.value.text ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    private static let categories = ["one", "many", "other"]

    private static func isPlural(_ key: String) -> Bool { categories.contains(String(key.split(separator: ".").last ?? "")) }

    private static func places(_ text: String) -> Set<String> {
        Set(text.matches(of: /\{[a-z_]+\}/).map { String($0.output) })
    }

    @Test("every language says all that English says, with the same places")
    func languages() throws {
        let english = try Self.strings("en")
        #expect(PageLanguage.all.map(\.code) == ["en", "es"])
        for language in PageLanguage.all.dropFirst() {
            let other = try Self.strings(language.code)
            let wanted = Set(english.keys.filter { !Self.isPlural($0) })
            #expect(Set(other.keys.filter { !Self.isPlural($0) }) == wanted)
            for key in wanted { #expect(Self.places(other[key] ?? "") == Self.places(english[key] ?? ""), "\(language.code): \(key)") }
            // Plural forms are the language's own.
            let plurals = Set(english.keys.filter(Self.isPlural).map { $0.split(separator: ".").dropLast().joined(separator: ".") })
            let needed = Set([0, 1, 2, 5, 1_000_000].map { language.pluralCategory($0) })
            for plural in plurals {
                #expect(Set(other.keys.filter { $0.hasPrefix(plural + ".") }) == Set(needed.map { "\(plural).\($0)" }))
            }
        }
        for (key, text) in english { #expect(!text.isEmpty, "\(key) says nothing") }
    }

    @Test("every string is used, and what is used is there")
    func use() throws {
        let english = try Self.strings("en")
        var source = ""
        for root in ["Templates/server", "Sources/SignupServer"] {
            for case let file as URL in FileManager.default.enumerator(at: URL(filePath: repository + root), includingPropertiesForKeys: nil)
                ?? .init()
            where ["mustache", "swift"].contains(file.pathExtension) { source += try String(contentsOf: file, encoding: .utf8) }
        }
        for key in english.keys {
            let name = Self.isPlural(key) ? key.split(separator: ".").dropLast().joined(separator: ".") : key
            // The pages for errors find theirs by their number.
            let isUsed = source.contains("t.\(name)}}") || source.contains("\"\(name)\"") || name.hasPrefix("error.")
            #expect(isUsed, "\(name) is used by nothing")
        }
        for match in source.matches(of: /\{\{#?t\.([a-z_]+)\}\}/) {
            #expect(english[String(match.output.1)] != nil, "\(match.output.1) is not in en.yaml")
        }
    }

    @Test("a page speaks the language that was chosen, kept or asked for", arguments: choices)
    func choice(query: String, cookie: String, accepted: String, language: String) async throws {
        try await withServer { server in
            let headers = (cookie.isEmpty ? "" : "Cookie: language=\(cookie)\r\n") + (accepted.isEmpty ? "" : "Accept-Language: \(accepted)\r\n")
            let page = await server.get("/sign-in\(query)", headers)
            #expect(page?.value(of: "Content-Language") == language)
            #expect(page?.body.contains("<html lang=\"\(language)\"") == true)
            let kept = page?.value(of: "Set-Cookie")?.hasPrefix("language=") == true
            #expect(kept == (query == "?lang=es" || query == "?lang=en"))
        }
    }

    private static let choices = [
        ("", "", "", "en"), ("", "", "es", "es"), ("", "", "es-MX,es;q=0.9,en;q=0.8", "es"), ("", "", "fr, es;q=0.5, en;q=0.9", "en"),
        ("", "", "es;q=0", "en"), ("", "", "*", "en"), ("", "", ";;q=,es;q=x", "en"), ("", "es", "en", "es"), ("", "fr", "es", "es"),
        ("?lang=es", "en", "en", "es"), ("?lang=en", "es", "es", "en"), ("?lang=xx", "es", "en", "es"), ("?lang=%65s", "", "", "en"),
    ]

    @Test("style sheet, script and picture come under the hash of their bytes, kept for ever and compressed")
    func assets() async throws {
        try await withServer { server in
            let page = try #require(await server.get("/"))
            let addresses = page.body.matches(of: /"(\/assets\/[a-z]+\.[0-9a-f]{10}\.[a-z]+)"/).map { String($0.output.1) }
            #expect(Set(addresses).count == 3)
            for address in Set(addresses) {
                let plain = await server.get(address)
                #expect(plain?.status == 200)
                #expect(plain?.value(of: "Cache-Control") == "public, max-age=31536000, immutable")
                #expect(plain?.value(of: "Content-Encoding") == nil)
                #expect(plain?.value(of: "Set-Cookie") == nil)
                #expect(await server.get(address, "Accept-Encoding: gzip, br;q=1\r\n")?.value(of: "Content-Encoding") == "br")
                #expect(await server.get(address, "Accept-Encoding: gzip\r\n")?.value(of: "Content-Encoding") == "gzip")
                #expect(await server.get(address.replacing("app", with: "none"))?.status == (address.contains("app") ? 404 : 200))
            }
            #expect(await server.get("/assets/app.css")?.status == 404)
            #expect([400, 404].contains(await server.get("/assets/..%2flayout.mustache")?.status))
        }
    }

    @Test("errors are pages of ours, in the reader's language, and nothing of the request is in them unescaped")
    func errors() async throws {
        try await withServer { server in
            let missing = await server.get("/none?lang=es&a=%22%3E%3Cscript%3E<script>")
            #expect(missing?.status == 404)
            #expect(missing?.body.contains("Aquí no hay nada") == true)
            #expect(missing?.body.contains("<script>") == false)
            #expect(missing?.value(of: "Content-Security-Policy")?.contains("script-src 'self'") == true)
            let name = missing?.value(of: "X-Request-Id")
            #expect(missing?.body.contains("<code>\(name ?? "-")</code>") == true)
            #expect(await server.exchange("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").responses.first?.status == 403)
        }
    }

    @Test("a page's own policy is kept: no inline script or style, no handler, nothing from elsewhere", arguments: ["/", "/sign-in", "/none"])
    func policy(path: String) async throws {
        try await withServer { server in
            let body = try #require(await server.get(path)?.body)
            #expect(!body.contains("<style") && !body.contains(" style=") && !body.contains("<script>"))
            #expect(body.firstMatch(of: /\son[a-z]+=/) == nil)
            #expect(body.firstMatch(of: /(src|action)="(https?:)?\/\//) == nil)
        }
    }
}
