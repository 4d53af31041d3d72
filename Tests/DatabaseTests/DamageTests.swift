import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import TestSupport
import Testing

@Suite("Damaged files")
struct DamageTests {
    private static let broken = OrganizationID.numbered(1)
    private static let sound = OrganizationID.numbered(2)

    /// Two tenants with some pages of events, closed.
    private static func make() async throws -> DataFolder {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        for id in [broken, sound] {
            let database = try await tenants.create(id)
            try await database.write { connection in
                for number in 1...200 {
                    try connection.execute(
                        "INSERT INTO event (id, organization_id, title, number) VALUES (:id, :organization_id, :title, :number)",
                        ["id": UniqueID.numbered(number), "title": String(repeating: "Fair ", count: 100), "number": number])
                }
            }
        }
        await tenants.close()
        return folder
    }

    /// Ways to break a file.
    private static let damages: [String: @Sendable (inout Data) -> Void] = [
        "empty": { $0 = Data() },
        "one byte": { $0 = Data([0]) },
        "another kind of file": { $0 = Data(repeating: 65, count: 50_000) },
        "zeros from the second page on": { $0.replaceSubrange(4096..., with: Data(count: $0.count - 4096)) },
        "zeros at the start": { $0.replaceSubrange(..<4096, with: Data(count: 4096)) },
        "cut off in the first page": { $0 = $0.prefix(1000) },
        "cut off in the middle": { $0 = $0.prefix($0.count / 2) },
        "a wrong header": { $0[0] = 0 },
        "a format of the future": { $0[19] = 9 },
        "noise in the first page": { data in
            var random = SeededGenerator(seed: 3)
            for index in 100..<4096 { data[index] = UInt8.random(in: 0...255, using: &random) }
        },
        "zeros in the last pages": { $0.replaceSubrange(($0.count - 20 * 4096)..., with: Data(count: 20 * 4096)) },
        "noise in all other pages": { data in
            var random = SeededGenerator(seed: 4)
            for index in 4096..<data.count { data[index] = UInt8.random(in: 0...255, using: &random) }
        },
    ]

    @Test("A broken file fails with its own error, by call and by check, and the neighbour works", arguments: damages.keys.sorted())
    func damage(name: String) async throws {
        let folder = try await Self.make()
        let file = URL(fileURLWithPath: folder.tenantFile(Self.broken))
        var data = try Data(contentsOf: file)
        let whole = data
        let damage = try #require(Self.damages[name])
        damage(&data)
        try data.write(to: file)

        let tenants = try folder.tenants()
        let database = tenants.database(of: Self.broken)
        do {
            #expect(try await database.problems() != [])
        } catch {
            // It can't even be opened, or not be read to the end.
            switch error {
            case .damaged, .unusable: break
            default: Issue.record(error)
            }
        }
        #expect(try await Event.count(in: tenants.database(of: Self.sound)) == 200)
        #expect(try await tenants.database(of: Self.sound).problems() == [])
        let report = try await tenants.migrateAll()
        #expect(report.failures[Self.sound] == nil)

        let error = await #expect(throws: DatabaseError.self) {
            try await database.read { connection in
                for row in try connection.rows("SELECT * FROM event ORDER BY number") { let _: String = try row["title"] }
            }
        }
        switch error {
        case .damaged, .unusable: #expect("\(error as Any)".contains(folder.tenantFile(Self.broken)))
        default: Issue.record("\(error as Any)")
        }
        // Put back from a backup, as another file of the same name, it works without a restart.
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
        try whole.write(to: file)
        #expect(try await Event.count(in: database) == 200)
    }

    @Test("A broken log is not read as data")
    func log() async throws {
        let folder = try DataFolder()
        let database = try await folder.tenants().create(Self.broken)
        try await Event.add(1, to: database)
        // What a crash leaves: the file and its log, copied while they are in use.
        let copy = try DataFolder()
        _ = try copy.tenants()
        try FileManager.default.copyItem(atPath: folder.tenantFolder(Self.broken), toPath: copy.tenantFolder(Self.broken))
        try FileManager.default.removeItem(atPath: copy.tenantFile(Self.broken) + "-shm")
        let log = URL(fileURLWithPath: copy.tenantFile(Self.broken) + "-wal")
        var data = try Data(contentsOf: log)
        for index in data.indices.dropFirst(data.count / 2) { data[index] ^= 0x55 }
        try data.write(to: log)
        let count = try? await Event.count(in: copy.tenants().database(of: Self.broken))
        #expect(count == nil || count == 0)
    }

    @Test("Any bytes as a file end in an error, never in the end of the process", arguments: 0..<40)
    func fuzz(seed: UInt64) async throws {
        let folder = try await Self.make()
        let file = URL(fileURLWithPath: folder.tenantFile(Self.broken))
        var data = try Data(contentsOf: file)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 1...200, using: &random) {
            data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        try data.write(to: file)
        let database = try folder.tenants().database(of: Self.broken)
        do {
            _ = try await database.read { try $0.rows("SELECT * FROM event, note ORDER BY title").map { try $0["title"] as String } }
            try await database.write { try $0.execute("UPDATE event SET title = title || 'x'") }
            _ = try await database.problems()
        } catch is DatabaseError {
            // As it should be.
        }
        #expect(try await Event.count(in: folder.tenants().database(of: Self.sound)) == 200)
    }
}
