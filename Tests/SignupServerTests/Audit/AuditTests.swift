import Crypto
import Database
import Foundation
import SiteBuilder
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("The audit log of an organization")
struct AuditTests {
    /// With entries of all kinds of actors.
    private static func filled(_ test: TestPlatform) async throws -> OrganizationID {
        let id = try await test.addOrganization("maple")
        let actors: [AuditActor] = [
            .user(test.platform.newID()), .platform, .terminal, .operator(test.platform.newID()), .token(test.platform.newID()),
        ]
        for (index, actor) in actors.enumerated() {
            let now = test.clock.value.adding(seconds: Int64(index))
            try await test.platform.database.write {
                try AuditLog.add(
                    .contentChanged, "<a>\n\"\(index)\"", ["summary": "Señal ☀️ \\ \(index)", "a": ""], by: actor, to: id, at: now, in: $0)
            }
        }
        return id
    }

    @Test("an entry that is changed or taken out is refused by the database, whoever does it")
    func triggers() async throws {
        let test = try TestPlatform()
        _ = try await Self.filled(test)
        for sql in [
            "UPDATE audit_entry SET subject = 'x' WHERE number = 2", "UPDATE audit_entry SET number = 20 WHERE number = 2",
            "DELETE FROM audit_entry WHERE number = 5", "DELETE FROM audit_entry",
            "INSERT OR REPLACE INTO audit_entry SELECT organization_id, number, at, actor_kind, actor_id, action, 'x', details, hash FROM audit_entry",
        ] {
            await #expect(throws: DatabaseError.self, "\(sql)") { _ = try await test.platform.database.write { try $0.execute(sql) } }
        }
        let kept = try await test.platform.database.read { try $0.rows("SELECT 1 AS n FROM audit_entry").count }
        #expect(kept == 5)
    }

    private static let changes: [(sql: String, problem: String?)] = [
        ("UPDATE audit_entry SET subject = 'x' WHERE number = 1", "audit entry 1 is not what was written"),
        ("UPDATE audit_entry SET at = '2020-01-01T00:00:00Z' WHERE number = 3", "audit entry 3 is not what was written"),
        ("UPDATE audit_entry SET action = 'seat.taken' WHERE number = 5", "audit entry 5 is not what was written"),
        ("UPDATE audit_entry SET details = '{}' WHERE number = 2", "audit entry 2 is not what was written"),
        ("UPDATE audit_entry SET actor_kind = 'platform', actor_id = NULL WHERE number = 1", "audit entry 1 is not what was written"),
        ("UPDATE audit_entry SET actor_kind = 'nobody' WHERE number = 4", "audit entry 4 is not what was written"),
        ("UPDATE audit_entry SET details = 'x' WHERE number = 4", "audit entry 4 is not what was written"),
        ("UPDATE audit_entry SET hash = '\(AuditEntry.beginning)' WHERE number = 3", "audit entry 3 is not what was written"),
        ("DELETE FROM audit_entry WHERE number = 1", "audit entry 1 is missing"),
        ("DELETE FROM audit_entry WHERE number = 3", "audit entry 3 is missing"),
        ("UPDATE audit_entry SET number = number + 10 WHERE number > 3", "audit entry 4 is missing"),
        // The end alone shows in older copies only.
        ("DELETE FROM audit_entry WHERE number > 3", nil),
    ]

    @Test("without the triggers, what was changed or taken out is found", arguments: changes.indices)
    func chain(_ index: Int) async throws {
        let change = Self.changes[index]
        let test = try TestPlatform()
        let id = try await Self.filled(test)
        #expect(try await test.platform.auditLog(of: id).problems() == [])
        try await test.platform.database.write { connection in
            for trigger in ["changed", "removed"] { try connection.execute("DROP TRIGGER audit_entry_is_not_\(trigger)") }
            try connection.execute(change.sql)
        }
        #expect(try await test.platform.auditLog(of: id).problems() == [change.problem].compactMap { $0 }, "\(change.sql)")
    }

    @Test("a change that is rolled back leaves no entry, and entries go with their organization")
    func transactions() async throws {
        struct Stop: Error {}
        let test = try TestPlatform()
        let id = try await Self.filled(test)
        await #expect(throws: Stop.self) {
            try await test.platform.database.write { connection in
                try AuditLog.add(.suspended, by: .terminal, to: id, at: test.clock.value, in: connection)
                throw Stop()
            }
        }
        #expect(try await test.platform.auditLog(of: id).entries(limit: 1).first?.number == 5)
        try await test.platform.database.write { try $0.execute("DELETE FROM organization WHERE id = :id", ["id": id]) }
        #expect(try await test.platform.auditLog(of: id).entries().isEmpty)
    }

    @Test("every action has words in every language")
    func words() throws {
        let strings = try Pages(folder: repository + "Templates/server", cookies: Cookies(scheme: "http")).strings
        for language in PageLanguage.all {
            for action in AuditAction.allCases { #expect(action.words.text(strings[language]).hasPrefix("audit.") == false, "\(action)") }
        }
    }
}

@Suite("The page of the audit log")
struct AuditPageTests {
    private static func id(_ slug: String, _ accounts: AccountServer) async throws -> OrganizationID {
        try #require(try await accounts.server.server.platform.organizations.organization(slug: Slug(slug))).id
    }

    private static func add(
        _ action: AuditAction = .suspended, _ subject: String = "", _ details: [String: String] = [:], by actor: AuditActor, to slug: String,
        _ accounts: AccountServer
    ) async throws {
        let id = try await id(slug, accounts)
        try await accounts.server.server.platform.database.write {
            try AuditLog.add(action, subject, details, by: actor, to: id, at: AccountServer.start, in: $0)
        }
    }

    @Test("owners and officers read it; other roles, other organizations and strangers don't; only owners take it away")
    func access() async throws {
        try await withAccounts { accounts in
            for role in Role.allCases {
                let user = try await accounts.add(user: "\(role)@oak.example")
                try await accounts.add(organization: "oak", member: user, role)
                let browser = accounts.browser()
                await accounts.signIn("\(role)@oak.example", browser)
                let reads = [.owner, .officer].contains(role)
                let page = await browser.get("/manage/oak/log")
                #expect(page?.status == (reads ? 200 : 403), "\(role)")
                #expect(page?.body.contains("/log/export") == (role == .owner), "\(role)")
                #expect(await browser.get("/manage/oak/log/export")?.status == (role == .owner ? 200 : 403), "\(role)")
            }
            let owner = try await accounts.add(user: "ana@elm.example")
            try await accounts.add(organization: "elm", member: owner, .owner)
            let browser = accounts.browser()
            await accounts.signIn("ana@elm.example", browser)
            for path in ["/manage/oak/log", "/manage/oak/log/export"] {
                #expect(await browser.get(path)?.status == 404)
                #expect(await accounts.browser().get(path)?.status == 303)
            }
        }
    }

    @Test("it says who, in names of those who have or had a seat; nothing of another organization is in it, and nothing is markup")
    func names() async throws {
        try await withAccounts { accounts in
            let ana = try await accounts.add(user: "ana@oak.example", name: "Ana <b>Reyes</b>")
            let bob = try await accounts.add(user: "bob@oak.example")
            let eve = try await accounts.add(user: "eve@elm.example", name: "Eve Elm")
            try await accounts.add(organization: "oak", member: ana, .owner)
            try await accounts.add(organization: "oak", member: bob, .editor, from: -100, to: -50)
            try await accounts.add(organization: "elm", member: eve, .owner)
            try await Self.add(.invited, by: .user(eve), to: "elm", accounts)
            try await Self.add(.suspended, by: .terminal, to: "oak", accounts)
            try await Self.add(.contentChanged, "c0ffee", ["summary": "<i>News</i>"], by: .user(ana), to: "oak", accounts)
            try await Self.add(.resumed, by: .operator(eve), to: "oak", accounts)
            try await Self.add(.invited, by: .user(bob), to: "oak", accounts)
            // Who has no seat here, and never had, is not named.
            try await Self.add(.seatEnded, by: .user(eve), to: "oak", accounts)
            try await Self.add(.tokenMade, by: .token(eve), to: "oak", accounts)
            try await Self.add(.trialExtended, "2027-03-01T12:00:00Z", by: .platform, to: "oak", accounts)
            let oak = try await Self.id("oak", accounts)
            try await accounts.server.server.platform.database.write {
                let zone = #"{"school":"Oak","state":"OR","kind":"PTA","timeZone":"America/Los_Angeles"}"#
                try $0.execute("UPDATE organization SET settings = :zone WHERE id = :id", ["zone": zone, "id": oak])
            }
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            let page = try #require(await browser.get("/manage/oak/log")?.body)
            for text in [
                "<strong>Ana &lt;b&gt;Reyes&lt;/b&gt;</strong> changed the site<br><span class=\"small\">&lt;i&gt;News&lt;/i&gt;</span>",
                "<strong>bob@oak.example</strong> invited somebody", "<strong>Somebody who has left</strong> ended a seat",
                "<strong>Whoever runs the platform</strong> resumed the organization", "<strong>A program</strong> made a token",
                "<strong>The platform</strong> gave the trial another end<br><span class=\"small\">until March 1, 2027",
                // 2027-01-15T08:00:00Z
                "<time datetime=\"2027-01-15T08:00:00Z\">January 15, 2027, 12:00", "America/Los_Angeles",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(!page.contains("Eve Elm") && !page.contains("eve@elm.example"))
            let spanish = try #require(await browser.get("/manage/oak/log?lang=es")?.body)
            #expect(spanish.contains("<strong>Alguien que ya no está</strong> terminó un cargo"))
        }
    }

    @Test("an action of a newer program stands as it is")
    func unknownAction() async throws {
        try await withAccounts { accounts in
            let ana = try await accounts.add(user: "ana@oak.example")
            try await accounts.add(organization: "oak", member: ana, .owner)
            let id = try await Self.id("oak", accounts)
            let entry = AuditEntry(number: 1, at: AccountServer.start, actor: .platform, action: "moon.landed", subject: "", details: [:])
            try await accounts.server.server.platform.database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO audit_entry (organization_id, number, at, actor_kind, action, subject, details, hash)
                    VALUES (:id, 1, :at, 'platform', 'moon.landed', '', '{}', :hash)
                    """, ["id": id, "at": entry.at, "hash": entry.hash(after: AuditEntry.beginning)])
            }
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            #expect(await browser.get("/manage/oak/log")?.body.contains("moon.landed") == true)
            #expect(try await accounts.server.server.platform.auditLog(of: id).problems() == [])
        }
    }

    @Test("it is paged, the newest first, and every entry is on one page")
    func pages() async throws {
        try await withAccounts { accounts in
            let ana = try await accounts.add(user: "ana@oak.example")
            try await accounts.add(organization: "oak", member: ana, .officer)
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            #expect(await browser.get("/manage/oak/log")?.body.contains("There is nothing here.") == true)
            for number in 1...120 { try await Self.add(.contentChanged, "", ["summary": "change \(number)."], by: .user(ana), to: "oak", accounts) }
            var path = "/manage/oak/log"
            var seen: [String] = []
            for _ in 0..<5 {
                let body = await browser.get(path)?.body ?? ""
                seen += body.matches(of: /change [0-9]+\./).map { String($0.output) }
                guard let older = body.firstMatch(of: /href="(\/manage\/oak\/log\?before=[0-9]+)"/) else { break }
                path = String(older.output.1)
            }
            #expect(seen == (1...120).reversed().map { "change \($0)." })
            for wrong in ["-1", "0", "x", "99999999999999999999", "%00"] {
                #expect(await browser.get("/manage/oak/log?before=\(wrong)")?.status == 200, "\(wrong)")
            }
        }
    }

    @Test("an export is verified by whoever has nothing but its lines; one changed byte shows")
    func export() async throws {
        try await withAccounts { accounts in
            let ana = try await accounts.add(user: "ana@oak.example", name: "Ana Reyes")
            try await accounts.add(organization: "oak", member: ana, .owner)
            try await accounts.add(organization: "elm", member: ana, .owner)
            try await Self.add(.invited, by: .user(ana), to: "elm", accounts)
            // More than are in memory at once.
            let id = try await Self.id("oak", accounts)
            try await accounts.server.server.platform.database.write { connection in
                for number in 1...1_203 {
                    try AuditLog.add(
                        .contentChanged, "\(number)", ["summary": "<\"Ñ\"> \\ \n\(number)"], by: number % 2 == 0 ? .user(ana) : .platform, to: id,
                        at: AccountServer.start, in: connection)
                }
            }
            let browser = accounts.browser()
            await accounts.signIn("ana@oak.example", browser)
            let response = try #require(await browser.get("/manage/oak/log/export"))
            #expect(response.value(of: "Content-Type") == "application/jsonl; charset=utf-8")
            #expect(response.value(of: "Content-Disposition") == "attachment; filename=\"oak-log.jsonl\"")
            let lines = Self.content(response).split(separator: "\n").map(String.init)
            #expect(lines.count == 1_203)
            #expect(Self.verifies(lines))
            #expect(!lines.joined().contains("Ana") && !lines.joined().contains("oak.example"))
            for (line, old, new) in [
                (0, "\"number\":1,", "\"number\":2,"), (700, "content.changed", "content.created"), (1_202, "platform", "operator"),
            ] {
                var changed = lines
                changed[line] = changed[line].replacing(old, with: new)
                #expect(changed != lines && !Self.verifies(changed), "line \(line)")
            }
            var shorter = lines
            shorter.remove(at: 500)
            #expect(!Self.verifies(shorter))
            let first = try #require(try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any])
            #expect(Set(first.keys) == ["number", "at", "actor", "actor_id", "action", "subject", "details", "hash"])
            #expect(first["actor_id"] as? String == ana.description)
        }
    }

    /// As the page says that it is done, with nothing of the server's own code.
    private static func verifies(_ lines: [String]) -> Bool {
        var previous = String(repeating: "0", count: 64)
        for line in lines {
            guard let mark = line.range(of: ",\"hash\":\"", options: .backwards) else { return false }
            let hash = line[mark.upperBound...].dropLast(2)
            let digest = SHA256.hash(data: Data("\(previous)\n\(line[..<mark.lowerBound])}".utf8))
            guard hash == digest.map({ String(format: "%02x", $0) }).joined() else { return false }
            previous = String(hash)
        }
        return true
    }

    /// What a response in chunks says (RFC 9112, 7.1).
    private static func content(_ response: RawResponse) -> String {
        guard response.value(of: "Transfer-Encoding") == "chunked" else { return response.body }
        var rest = Array(response.body.utf8)[...]
        var content: [UInt8] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")), let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16), size > 0 {
            content += rest.dropFirst(end - rest.startIndex + 2).prefix(size)
            rest = rest.dropFirst(end - rest.startIndex + 2 + size + 2)
        }
        return String(decoding: content, as: UTF8.self)
    }
}
