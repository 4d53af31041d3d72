import Database
import DatabaseTestProcess
import Foundation
import GRDB
import Tenancy
import Testing

@Suite("Migrations over all tenants' files")
struct MigrationRunTests {
    /// Kills the program in the middle of a run, twice, and runs it once more.
    static func checkRunWithAKill(_ folder: DataFolder, tenants count: Int) async throws {
        let old = try folder.tenants()
        let ids = (1...count).map { OrganizationID.numbered($0) }
        try await withThrowingTaskGroup { group in
            for part in 0..<4 {
                group.addTask {
                    for id in ids[(part * count / 4)..<((part + 1) * count / 4)] { _ = try await old.create(id) }
                }
            }
            try await group.waitForAll()
        }
        try await Event.add(1, to: old.database(of: ids[0]))
        await old.close()

        var migrated = 0
        for _ in 0..<2 {
            let process = try TestProcess("migrate", folder.path)
            #expect(try process.nextLine() == "ready")
            // They are taken in this order.
            let goal = folder.tenantFile(ids[migrated + count / 10])
            while try Self.names(goal).last != TestSchema.place.name { try await Task.sleep(for: .milliseconds(10)) }
            process.kill()
            let now = try ids.count { try Self.names(folder.tenantFile($0)).last == TestSchema.place.name }
            #expect(now > migrated && now < count)
            migrated = now
        }

        let tenants = try folder.tenants(TestSchema.tenant + [TestSchema.place])
        let clock = ContinuousClock.now
        let report = try await tenants.migrateAll()
        print("migrated \(report.migrated) of \(count) files in \(ContinuousClock.now - clock), \(migrated) were done before the kill")
        #expect(report.failures.isEmpty)
        #expect(report.current == migrated)
        #expect(report.migrated == count - migrated)
        #expect(try ids.allSatisfy { try Self.names(folder.tenantFile($0)) == ["organization", "events", TestSchema.place.name] })
        #expect(try await tenants.migrateAll().current == count)
        #expect(try await Event.count(in: tenants.database(of: ids[0])) == 1)
    }

    private static func names(_ file: String) throws -> [String] {
        let queue = try DatabaseQueue(path: file)
        defer { try? queue.close() }
        return try queue.read { try String.fetchAll($0, sql: "SELECT name FROM migration ORDER BY number") }
    }

    @Test("A file that can't be migrated is reported by organization, and the others go on")
    func failures() async throws {
        let folder = try DataFolder()
        let ids = (1...6).map { OrganizationID.numbered($0) }
        let old = try folder.tenants()
        for id in ids { try await Event.add(1, to: try await old.create(id)) }
        await old.close()
        // One has data that the new rule forbids, one has no database any more, one is not one at all, one is from the future, one another's.
        try DataFolder.tamper(folder.tenantFile(ids[0]), "UPDATE event SET number = -1")
        try FileManager.default.removeItem(atPath: folder.tenantFile(ids[1]))
        try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: folder.tenantFile(ids[2])))
        try DataFolder.tamper(folder.tenantFile(ids[3]), "INSERT INTO migration VALUES (3, 'from the future')")
        try FileManager.default.removeItem(atPath: folder.tenantFile(ids[4]))
        try FileManager.default.copyItem(atPath: folder.tenantFile(ids[5]), toPath: folder.tenantFile(ids[4]))

        let rule = Migration(
            "tickets",
            sql: """
                CREATE TABLE ticket (organization_id TEXT NOT NULL REFERENCES organization (id), number INTEGER CHECK (number > 0));
                INSERT INTO ticket SELECT organization_id, number FROM event;
                """)
        let report = try await folder.tenants(TestSchema.tenant + [rule]).migrateAll()
        #expect(report.migrated == 1)
        #expect(Set(report.failures.keys) == Set(ids.prefix(5)))
        #expect(
            report.failures[ids[0]]
                == .migration(file: folder.tenantFile(ids[0]), name: "tickets", reason: "the file's data breaks a rule: number > 0"))
        #expect(report.failures[ids[1]] == .damaged(file: folder.tenantFile(ids[1]), reason: "the file is missing"))
        #expect(report.failures[ids[2]] == .damaged(file: folder.tenantFile(ids[2]), reason: "file is not a database"))
        #expect(report.failures[ids[3]] == .newer(file: folder.tenantFile(ids[3]), migration: "from the future"))
        #expect(report.failures[ids[4]] == .damaged(file: folder.tenantFile(ids[4]), reason: "it belongs to organization \(ids[5])"))
        #expect(report.failures[ids[3]]?.description.contains("newer version of this program") == true)
        // What failed is as it was.
        #expect(try Self.names(folder.tenantFile(ids[0])) == ["organization", "events"])
    }

    @Test("A file that was forgotten is migrated when it is opened")
    func atOpening() async throws {
        let folder = try DataFolder()
        let old = try folder.tenants()
        try await Event.add(1, to: try await old.create(.numbered(1)))
        await old.close()
        let database = try folder.tenants(TestSchema.tenant + [TestSchema.place]).database(of: .numbered(1))
        #expect(try await database.read { try $0.rows("SELECT place FROM event").count } == 1)
    }

    @Test("Two programs may migrate at once")
    func twoPrograms() async throws {
        let folder = try DataFolder()
        let old = try folder.tenants()
        for number in 1...40 { _ = try await old.create(.numbered(number)) }
        await old.close()
        let migrations = TestSchema.tenant + [TestSchema.place]
        // Each with connections of its own.
        let (one, other) = (try folder.tenants(migrations), try folder.tenants(migrations))
        async let first = one.migrateAll()
        async let second = other.migrateAll()
        let reports = try await [first, second]
        #expect(reports.allSatisfy { $0.failures.isEmpty && $0.migrated + $0.current == 40 })
        #expect(reports[0].migrated + reports[1].migrated == 40)
    }
}
