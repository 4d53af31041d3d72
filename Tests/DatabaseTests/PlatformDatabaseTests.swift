import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import Testing

@Suite("The platform's database")
struct PlatformDatabaseTests {
    private func open(_ folder: DataFolder, _ migrations: [Migration] = TestSchema.platform) throws -> PlatformDatabase {
        try PlatformDatabase(folder: folder.path, migrations: migrations)
    }

    private func add(_ number: Int, to platform: PlatformDatabase) async throws {
        try await platform.write {
            try $0.execute(
                "INSERT INTO account (id, email) VALUES (:id, :email)", ["id": UniqueID.numbered(number), "email": "a\(number)@example.org"])
        }
    }

    @Test(
        "Every connection has the settings that durability and safety rest on",
        arguments: [
            ("journal_mode", SQLValue.text("wal")), ("synchronous", .integer(2)), ("foreign_keys", .integer(1)), ("trusted_schema", .integer(0)),
            ("cell_size_check", .integer(1)),
        ])
    func settings(name: String, expected: SQLValue) async throws {
        let folder = try DataFolder()
        let platform = try open(folder)
        let tenant = try await folder.tenants().create(.numbered(1))
        #expect(try await platform.write { try $0.row("PRAGMA \(name)")?[name] } == expected)
        #expect(try await platform.read { try $0.row("PRAGMA \(name)")?[name] } == expected)
        #expect(try await tenant.write { try $0.row("PRAGMA \(name)")?[name] } == expected)
        #expect(try await tenant.read { try $0.row("PRAGMA \(name)")?[name] } == expected)
    }

    @Test("Files are for us alone")
    func modes() async throws {
        let parent = try DataFolder()
        let folder = "\(parent.path)/new/data"
        let platform = try PlatformDatabase(folder: folder, migrations: TestSchema.platform)
        try await add(1, to: platform)
        #expect(try DataFolder.mode(folder) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try DataFolder.mode(platform.path + suffix) == 0o600) }
        try await platform.close()
        // As a copy from somewhere else may be.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: platform.path)
        _ = try PlatformDatabase(folder: folder, migrations: TestSchema.platform)
        #expect(try DataFolder.mode(platform.path) == 0o600)
    }

    @Test("What is written is there after closing and opening, and closing leaves one file")
    func reopening() async throws {
        let folder = try DataFolder()
        let platform = try open(folder)
        try await add(1, to: platform)
        try await platform.close()
        #expect(try folder.names("") == ["platform.sqlite"])
        await #expect(throws: DatabaseError.self) { try await add(2, to: platform) }
        #expect(try await open(folder).read { try $0.rows("SELECT * FROM account").count } == 1)
    }

    @Test("Readers see whole transactions and wait for no writer")
    func readersAndWriters() async throws {
        let folder = try DataFolder()
        let platform = try open(folder)
        try await withThrowingTaskGroup { group in
            for writer in 0..<10 {
                group.addTask {
                    for number in 0..<10 {
                        // Two at a time, so that an odd number is half a transaction.
                        try await platform.write { connection in
                            for part in 0..<2 {
                                let id = UniqueID.numbered(writer * 100 + number * 2 + part)
                                try connection.execute("INSERT INTO account (id, email) VALUES (:id, :email)", ["id": id, "email": "\(id)"])
                            }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<50 {
                        let count: Int = try await platform.read { try $0.row("SELECT count(*) AS count FROM account")?["count"] ?? -1 }
                        #expect(count % 2 == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await platform.read { try $0.rows("SELECT id FROM account").count } == 200)
        #expect(try await platform.problems() == [])
    }

    @Test("A backup is whole, private, and never replaces a file")
    func backup() async throws {
        let folder = try DataFolder()
        let platform = try open(folder)
        try await add(1, to: platform)
        let copies = try DataFolder()
        try await platform.backUp(to: "\(copies.path)/platform.sqlite")
        #expect(try DataFolder.mode("\(copies.path)/platform.sqlite") == 0o600)
        #expect(try copies.names("") == ["platform.sqlite"])
        #expect(try await open(copies).read { try $0.rows("SELECT * FROM account").count } == 1)
        await #expect(throws: DatabaseError.self) { try await platform.backUp(to: "\(copies.path)/platform.sqlite") }
        await #expect(throws: DatabaseError.self) { try await platform.backUp(to: "\(copies.path)/missing/platform.sqlite") }
    }

    @Test("A link is not opened")
    func link() async throws {
        let folder = try DataFolder()
        try await open(folder).close()
        let other = try DataFolder()
        try FileManager.default.createSymbolicLink(atPath: "\(other.path)/platform.sqlite", withDestinationPath: "\(folder.path)/platform.sqlite")
        #expect(throws: DatabaseError.unusable(file: "\(other.path)/platform.sqlite", reason: "it is not a plain file")) { try open(other) }
    }
}
