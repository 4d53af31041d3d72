import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import Testing

@Suite("Migrations of a file")
struct MigrationTests {
    private static let first = Migration("first", sql: "CREATE TABLE first (id INTEGER PRIMARY KEY)")
    private static let second = Migration("second", sql: "CREATE TABLE second (id INTEGER PRIMARY KEY REFERENCES first (id))")

    private func open(_ folder: DataFolder, _ migrations: [Migration]) throws -> PlatformDatabase {
        try PlatformDatabase(folder: folder.path, migrations: migrations)
    }

    private func noted(_ platform: PlatformDatabase) async throws -> [String] {
        try await platform.read { try $0.rows("SELECT name FROM migration ORDER BY number").map { try $0["name"] } }
    }

    @Test("Each is applied once, in the order of the list")
    func order() async throws {
        let folder = try DataFolder()
        #expect(try await noted(open(folder, [Self.first])) == ["first"])
        #expect(try await noted(open(folder, [Self.first, Self.second])) == ["first", "second"])
        #expect(try await noted(open(folder, [Self.first, Self.second])) == ["first", "second"])
    }

    @Test("A file from a newer version is refused and says so")
    func newer() async throws {
        let folder = try DataFolder()
        try await open(folder, [Self.first, Self.second]).close()
        let error = #expect(throws: DatabaseError.newer(file: "\(folder.path)/platform.sqlite", migration: "second")) {
            try open(folder, [Self.first])
        }
        #expect(error?.description.contains("install that version or a later one") == true)
    }

    @Test("A list that was changed before its end is refused")
    func changedList() async throws {
        let folder = try DataFolder()
        try await open(folder, [Self.first, Self.second]).close()
        #expect(throws: DatabaseError.self) { try open(folder, [Self.second, Self.first]) }
        #expect(throws: DatabaseError.self) { try open(folder, [Self.first, Migration("between", sql: ""), Self.second]) }
        #expect(throws: DatabaseError.self) { try open(folder, [Self.first, Self.second, Self.first]) }
    }

    @Test(
        "One that fails leaves the file as it was before it",
        arguments: [
            ("DROP TABLE first; CREATE TABLE nonsense", "incomplete input"),
            ("INSERT INTO second (id) VALUES (1)", "FOREIGN KEY constraint violation"),
        ])
    func failing(sql: String, reason: String) async throws {
        let folder = try DataFolder()
        try await open(folder, [Self.first, Self.second]).close()
        let error = #expect(throws: DatabaseError.self) { try open(folder, [Self.first, Self.second, Migration("third", sql: sql)]) }
        guard case .migration(_, "third", let words) = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(words.contains(reason), "\(words)")
        let platform = try open(folder, [Self.first, Self.second])
        #expect(try await noted(platform) == ["first", "second"])
        #expect(try await platform.read { try $0.rows("SELECT * FROM first").count } == 0)
    }

    @Test("An error of a migration's own code names the migration")
    func thrown() throws {
        struct Unreadable: Error {}
        let folder = try DataFolder()
        let migration = Migration("settings") { _ in throw Unreadable() }
        #expect(throws: DatabaseError.migration(file: "\(folder.path)/platform.sqlite", name: "settings", reason: "Unreadable()")) {
            try open(folder, [migration])
        }
    }

    @Test("A table that others refer to can be rebuilt")
    func rebuilding() async throws {
        let folder = try DataFolder()
        let old = try open(folder, [Self.first, Self.second])
        try await old.write { connection in
            try connection.execute("INSERT INTO first (id) VALUES (1)")
            try connection.execute("INSERT INTO second (id) VALUES (1)")
        }
        try await old.close()
        let rebuild = Migration(
            "rebuild",
            sql: """
                CREATE TABLE new_first (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
                INSERT INTO new_first (id) SELECT id FROM first;
                DROP TABLE first;
                ALTER TABLE new_first RENAME TO first;
                """)
        let platform = try open(folder, [Self.first, Self.second, rebuild])
        #expect(try await platform.read { try $0.rows("SELECT name FROM first, second WHERE first.id = second.id").count } == 1)
        // The rule holds again.
        await #expect(throws: DatabaseError.self) { try await platform.write { try $0.execute("INSERT INTO second (id) VALUES (2)") } }
    }

    @Test(
        "A table of a tenant's file must be bound to the organization",
        arguments: [
            "CREATE TABLE plain (id TEXT)",
            "CREATE TABLE plain (id TEXT, organization_id TEXT NOT NULL)",
            "CREATE TABLE plain (id TEXT, organization_id TEXT REFERENCES organization (id))",
            "CREATE TABLE plain (id TEXT, organization_id TEXT NOT NULL REFERENCES event (id))",
        ])
    func unboundTable(sql: String) async throws {
        let folder = try DataFolder()
        let error = await #expect(throws: DatabaseError.self) {
            try await folder.tenants(TestSchema.tenant + [Migration("plain", sql: sql)]).create(.numbered(1))
        }
        #expect(error?.description.contains("table plain lacks “organization_id TEXT NOT NULL REFERENCES organization (id)”") == true)
        #expect(try folder.tenants().organizations() == [])
    }

    @Test(
        "The file itself refuses a wrong organization, whoever writes",
        arguments: [
            "INSERT INTO event (id, organization_id, title) VALUES ('x', '\(OrganizationID.numbered(2))', 'Fair')",
            "UPDATE event SET organization_id = '\(OrganizationID.numbered(2))'",
            "INSERT INTO organization (id) VALUES ('\(OrganizationID.numbered(2))')",
            "UPDATE organization SET id = '\(OrganizationID.numbered(2))'",
            "DELETE FROM organization",
            "INSERT OR REPLACE INTO organization (id) VALUES ('\(OrganizationID.numbered(1))')",
        ])
    func boundFile(sql: String) async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        let database = try await tenants.create(.numbered(1))
        try await Event.add(1, to: database)
        await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute(sql) } }
        await tenants.close()
        #expect(throws: (any Error).self) { try DataFolder.tamper(folder.tenantFile(.numbered(1)), sql) }
        #expect(try await folder.tenants().database(of: .numbered(1)).problems() == [])
    }

    @Test("Rows of another organization that came past the rules are found by the check")
    func smuggled() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        try await Event.add(1, to: try await tenants.create(.numbered(1)))
        await tenants.close()
        try DataFolder.tamper(
            folder.tenantFile(.numbered(1)), "UPDATE event SET organization_id = '\(OrganizationID.numbered(2))'", foreignKeys: false)
        let problems = try await folder.tenants().database(of: .numbered(1)).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.contains("event") == true)
    }
}
