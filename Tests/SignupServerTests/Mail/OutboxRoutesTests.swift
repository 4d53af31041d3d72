import Database
import Foundation
import Mail
import Tenancy
import Testing

@testable import SignupServer

@Suite("The outbox of development")
struct OutboxRoutesTests {
    private static func draft(_ organization: String = "Oak <b>PTA</b>") throws -> MailDraft {
        MailDraft(
            to: try EmailAddress("pat@school.example"), template: "confirm-sign-up", language: .english,
            values: ["organization": organization, "link": "http://localhost:8080/sign-up/confirm?token=abc&x=1", "hours": "24"])
    }

    @Test("a mail appears in the list and on a page of its own, soon after it was promised, and nothing in it runs")
    func shows() async throws {
        try await withServer { server in
            #expect(await server.get("/dev/outbox")?.body.contains("No mails yet.") == true)
            try await server.server.platform.database.write { try server.server.mail.enqueue(try Self.draft(), in: $0) }
            let deadline = Date().addingTimeInterval(20)
            var list = ""
            while Date() < deadline, !list.contains("/dev/outbox/2") {
                list = await server.get("/dev/outbox")?.body ?? ""
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(list.contains("pat@school.example"))
            #expect(list.contains("Confirm the site for Oak &lt;b&gt;PTA&lt;/b&gt;"))
            let path = try #require(list.firstMatch(of: #/\/dev\/outbox\/[0-9A-Za-z-]+/#)).output
            let page = try #require(await server.get(String(path)))
            #expect(page.status == 200)
            #expect(!page.body.contains("<b>PTA"))
            #expect(page.body.contains("<a href=\"http://localhost:8080/sign-up/confirm?token=abc&amp;x=1\">"))
            #expect(page.body.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""))
            #expect(page.value(of: "Content-Security-Policy")?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
            #expect(page.value(of: "Cache-Control") == "no-store")
            for other in ["x", "..%2f..%2fserver.key", "20261124T040228Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c", "%00"] {
                let status = await server.get("/dev/outbox/\(other)")?.status ?? 0
                #expect((400..<500).contains(status), "\(other)")
            }
            #expect(!server.log.text.contains("pat@school.example"))
        }
    }

    private static let elsewhere: [[String]] = [
        ["--mail-transport", "sendmail"], ["--mail-transport", "smtp", "--mail-smtp-url", "smtp://127.0.0.1:1"],
        [
            "--environment", "production", "--app-host", "localhost", "--sites-domain", "sites.example.org", "--public-scheme", "https",
            "--mail-transport", "sendmail", "--mail-from", "hello@marquee.example",
        ],
    ]

    @Test("in production, and where mails are really sent, there is no outbox", arguments: elsewhere)
    func absent(flags: [String]) async throws {
        var flags = flags
        if let host = flags.firstIndex(of: "localhost") { flags[host] = "app.marquee.example" }
        try await withServer(flags) { server in
            #expect(!server.server.routes.routes.contains { "\($0.path)".contains("outbox") })
            #expect(await server.get("/dev/outbox", host: "app.marquee.example")?.status == 404)
            #expect(await server.get("/dev/outbox")?.status == 404)
        }
        // Even if somebody took the transport for files into production.
        var settings = try ServerSettings.read(SettingsSources(arguments: [], environment: [:], file: nil))
        #expect(OutboxRoutes(settings) != nil)
        settings.environment = .production
        #expect(OutboxRoutes(settings) == nil)
    }
}
