import Database
import DatabaseTestProcess
import Foundation
import GRDB
import Tenancy
import TestSupport

/// A `data` folder that goes with the value.
final class DataFolder: Sendable {
    let path: String

    /// In memory where there is a file system for it: for tests with thousands of files that are not about the disk.
    init(inMemory: Bool = false) throws {
        let parent = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        path = parent + "marquee-database-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func tenants(_ migrations: [Migration] = TestSchema.tenant, limit: Int = 50, patience: Duration = .seconds(20)) throws -> TenantDatabases {
        try TenantDatabases(folder: path, migrations: migrations, limit: limit, patience: patience)
    }

    func tenantFolder(_ id: OrganizationID) -> String { "\(path)/tenants/\(id)" }
    func tenantFile(_ id: OrganizationID) -> String { "\(tenantFolder(id))/tenant.sqlite" }

    func names(_ folder: String = "tenants") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    /// As somebody with the sqlite3 command would do it: without any of our rules but those in the file.
    static func tamper(_ file: String, _ sql: String, foreignKeys: Bool = true) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = foreignKeys
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

extension OrganizationID {
    /// The same in every run.
    static func numbered(_ number: Int) -> OrganizationID {
        var random = SeededGenerator(seed: UInt64(number))
        return OrganizationID(at: Instant(seconds: 1_800_000_000 + Int64(number)), using: &random)
    }
}

extension UniqueID {
    /// The same in every run.
    static func numbered(_ number: Int) -> UniqueID {
        var random = SeededGenerator(seed: UInt64(number) << 32)
        return UniqueID(at: Instant(seconds: 1_800_000_000), using: &random)
    }
}

/// The feature of the tests: its records and its SQL.
struct Event: Sendable, Hashable {
    var id: RecordID
    var title: String

    static func add(_ number: Int, _ title: String = "Fair", to database: TenantDatabase) async throws {
        try await database.write { connection in
            try connection.execute(
                "INSERT INTO event (id, organization_id, title, number) VALUES (:id, :organization_id, :title, :number)",
                ["id": UniqueID.numbered(number), "title": title, "number": number])
        }
    }

    static func load(_ number: Int, from database: TenantDatabase) async throws -> Event? {
        try await database.read { connection in
            try connection.row("SELECT id, title FROM event WHERE id = :id", ["id": UniqueID.numbered(number)]).map { row in
                Event(id: try row.record("id"), title: try row["title"])
            }
        }
    }

    func save(to database: TenantDatabase) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE event SET title = :title WHERE organization_id = :organization_id AND id = :id", ["id": id, "title": title])
        }
    }

    static func count(in database: TenantDatabase) async throws -> Int {
        try await database.read { try $0.row("SELECT count(*) AS count FROM event")?["count"] ?? -1 }
    }
}
