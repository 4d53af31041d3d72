import Database
import Foundation
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("The deletion of a closed organization")
struct OrganizationDeletionTests {
    private static let answers = SignUpAnswers(
        organizationName: "Maple Street PTA", kind: "PTA", school: "Maple Street School", state: "OR", email: "Ana@oak.example", showsEmail: false,
        slug: "maple", title: "President", language: "en")

    private static func ready(_ test: TestPlatform, _ slug: String = "maple") async throws -> Organization {
        var answers = answers
        answers.slug = slug
        let id = try await SignUp(test.platform, mail: { _, _ in }).found(answers)
        try await test.provisioner.provision(id)
        return try #require(try await test.platform.organizations.organization(id))
    }

    private static func begin(_ organization: Organization, _ test: TestPlatform) async throws {
        let now = test.clock.value
        try await test.platform.database.write { try OrganizationDeletion(platform: test.platform).begin(organization, at: now, in: $0) }
    }

    /// The job that the transaction has left.
    private static func job(_ test: TestPlatform) async throws -> Job {
        let row = try await test.platform.database.read { try $0.row("SELECT * FROM job WHERE kind = 'delete'") }
        let found = try #require(row)
        return Job(
            id: try found["id"], kind: try found["kind"], organization: try found["organization_id"], payload: try found["payload"], attempt: 1,
            createdAt: try found["created_at"])
    }

    @Test("cut off after any step, the job goes on from there; it may run again", arguments: 0..<4)
    func cutOff(step: Int) async throws {
        let test = try TestPlatform()
        let organization = try await Self.ready(test)
        try await Self.begin(organization, test)
        // From here on nobody can open it again.
        await #expect(throws: OperatorActions.Refusal.unknown(organization.slug)) {
            _ = try await OperatorActions(platform: test.platform).reopen(organization.slug, by: .terminal)
        }
        let release = SiteList.liveRelease("maple", in: test.settings.output) ?? ""
        if step >= 1 { try FileManager.default.removeItem(atPath: "\(test.settings.output)/maple") }
        if step >= 2 { try FileManager.default.removeItem(atPath: "\(test.settings.output)/.releases/maple/\(release)") }
        if step >= 3 {
            try SiteRemoval.remove("maple", from: test.settings.output)
            let folder = test.platform.tenants.database(of: organization.id).folder
            try FileManager.default.moveItem(
                atPath: folder, toPath: folder.replacing("\(organization.id)", with: ".deleting-\(organization.id)"))
        }
        let second = try TestPlatform(root: test.root)
        let job = try await Self.job(second)
        for _ in 0..<2 { try await OrganizationDeletion(platform: second.platform).handler.perform(job) }
        #expect(try second.platform.tenants.organizations() == [])
        for folder in [second.settings.output, second.settings.data] {
            let left = FileManager.default.enumerator(atPath: folder)?.allObjects.compactMap { $0 as? String } ?? []
            #expect(left.filter { $0.contains("maple") || $0.contains("\(organization.id)") } == [])
        }
        #expect(try await Doctor(platform: second.platform).problems() == [])
    }

    @Test("its short name and its host are given to nobody; its people stay if they belong elsewhere, or run the platform")
    func tombstones() async throws {
        let test = try TestPlatform()
        let organization = try await Self.ready(test)
        let elm = try await Self.ready(test, "elm")
        let (lonely, running) = (try EmailAddress("bo@oak.example"), try EmailAddress("ops@marquee.example"))
        let (ids, now) = ((0..<4).map { _ in test.platform.newID() }, test.clock.value)
        try await test.platform.database.write { connection in
            try connection.execute("UPDATE organization SET domain = 'maplepta.example' WHERE slug = 'maple'")
            for (index, email) in [lonely, running].enumerated() {
                try User.add(ids[index], email: email, name: "", language: .english, at: now, connection)
                try MembershipStore.add(
                    ids[index + 2], organization: organization.id, user: ids[index], role: .officer, title: "", at: now, in: connection)
            }
            try connection.execute("UPDATE user SET is_operator = 1 WHERE email_key = 'ops@marquee.example'")
            // A mail that was given up.
            try test.platform.jobs.enqueue(NewJob(kind: "mail", payload: NoPayload(), organization: organization.id), in: connection)
            try connection.execute("UPDATE job SET state = 'dead' WHERE kind = 'mail'")
        }
        let changed = try #require(try await test.platform.organizations.organization(organization.id))
        try await Self.begin(changed, test)
        let (emails, domains, kinds) = try await test.platform.database.read { connection in
            (
                try connection.rows("SELECT email_key FROM user ORDER BY email_key").map { try $0["email_key"] as String },
                try connection.rows("SELECT domain FROM claimed_domain").map { try $0["domain"] as String },
                try connection.rows("SELECT kind FROM job WHERE organization_id = :id", ["id": organization.id]).map { try $0["kind"] as String }
            )
        }
        #expect(emails == ["ana@oak.example", "ops@marquee.example"])
        #expect(domains == ["maplepta.example"])
        #expect(kinds == ["delete"])
        #expect(try await SignUp(test.platform, mail: { _, _ in }).isFree(organization.slug) == false)
        #expect(try await test.platform.organizations.organization(elm.id) != nil)
    }

    @Test("every table says what becomes of its rows when an organization or a user goes")
    func references() async throws {
        let test = try TestPlatform()
        let undecided = try await test.platform.database.read { connection in
            try connection.rows(
                """
                SELECT tables.name || '.' || keys."from" AS place FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
                WHERE tables.type = 'table' AND keys."table" IN ('organization', 'user') AND keys.on_delete NOT IN ('CASCADE', 'SET NULL')
                """
            ).map { try $0["place"] as String }
        }
        #expect(undecided == [], "a deletion would fail there")
    }
}
