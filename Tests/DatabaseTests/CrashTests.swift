import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import TestSupport
import Testing

@Suite("Crashes and full disks")
struct CrashTests {
    private static let id = OrganizationID.numbered(1)

    @Test("kill -9 while a tenant's file is written: nothing acknowledged is lost, nothing is half there", arguments: 0..<12)
    func killedWriter(seed: UInt64) async throws {
        let folder = try DataFolder()
        var tenants = try folder.tenants()
        _ = try await tenants.create(Self.id)
        await tenants.close()
        var random = SeededGenerator(seed: seed)
        var acknowledged = 0
        for _ in 0..<2 {
            let process = try TestProcess("write", folder.path, "\(Self.id)")
            // Killed in the midst of its work, not at its start.
            #expect(try process.nextLine() == "1")
            try await Task.sleep(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
            process.kill()
            acknowledged += try process.remainingLines().count + 1
            tenants = try folder.tenants()
            let database = tenants.database(of: Self.id)
            let count = try await Event.count(in: database)
            // At most the one was committed whose line was not printed any more.
            #expect(count >= acknowledged && count <= acknowledged + 1)
            acknowledged = count
            let notes: Int = try await database.read { try $0.row("SELECT count(*) AS count FROM note")?["count"] ?? -1 }
            #expect(notes == count)
            #expect(try await database.problems() == [])
            await tenants.close()
        }
    }

    @Test("kill -9 while the platform's file is written", arguments: 0..<8)
    func killedPlatform(seed: UInt64) async throws {
        let folder = try DataFolder()
        var random = SeededGenerator(seed: seed)
        let process = try TestProcess("write-platform", folder.path)
        #expect(try process.nextLine() == "1")
        try await Task.sleep(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
        process.kill()
        let acknowledged = try process.remainingLines().count + 1
        let platform = try PlatformDatabase(folder: folder.path, migrations: TestSchema.platform)
        let count: Int = try await platform.read { try $0.row("SELECT count(*) AS count FROM account")?["count"] ?? -1 }
        #expect(count >= acknowledged && count <= acknowledged + 1)
        #expect(try await platform.problems() == [])
    }

    @Test("kill -9 while tenants are created: those acknowledged are there and whole, no half one is seen", arguments: 0..<8)
    func killedCreation(seed: UInt64) async throws {
        let folder = try DataFolder()
        var random = SeededGenerator(seed: seed)
        let process = try TestProcess("create", folder.path)
        var acknowledged = [try #require(try process.nextLine())]
        try await Task.sleep(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
        process.kill()
        acknowledged += try process.remainingLines()
        let tenants = try folder.tenants()
        let found = try tenants.organizations()
        #expect(Set(found.map(\.description)).isSuperset(of: acknowledged))
        #expect(found.count <= acknowledged.count + 1)
        for id in found {
            try await Event.add(1, to: tenants.database(of: id))
            #expect(try await tenants.database(of: id).problems() == [])
        }
        #expect(try folder.names() == found.map(\.description))
    }

    @Test("A file that may not grow: the error says so, what was acknowledged is there, and it goes on when there is room")
    func limitedFile() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        _ = try await tenants.create(Self.id)
        await tenants.close()
        let process = try TestProcess("write-limited", folder.path, "\(Self.id)")
        let output = try process.remainingLines()
        #expect(process.exitCode() == 1)
        let error = try #require(output.last)
        let lines = output.dropLast()
        #expect(error.contains(folder.tenantFile(Self.id)))
        #expect(lines.count > 10)
        let database = try folder.tenants().database(of: Self.id)
        #expect(try await Event.count(in: database) == lines.count)
        #expect(try await database.problems() == [])
        try await Event.add(1, to: database)
    }

    @Test("A full disk is an error that says so, and no damage", .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
    func fullDisk() async throws {
        let folder = try DataFolder()
        let disk = try SmallDisk(at: folder.path, mebibytes: 2)
        defer { withExtendedLifetime(disk) {} }
        let tenants = try folder.tenants()
        let (database, neighbour) = (try await tenants.create(Self.id), try await tenants.create(.numbered(2)))
        let platform = try PlatformDatabase(folder: folder.path, migrations: TestSchema.platform)
        var acknowledged = 0
        let error = await #expect(throws: DatabaseError.self) {
            while true {
                try await Event.add(acknowledged, String(repeating: "Fair ", count: 2000), to: database)
                acknowledged += 1
            }
        }
        #expect(error == .full(file: folder.tenantFile(Self.id)))
        #expect(acknowledged > 10)
        #expect(try await Event.count(in: database) == acknowledged)
        #expect(try await database.problems() == [])
        // Others fail in the same way, and nothing half-made is left in their place.
        await #expect(throws: DatabaseError.self) { try await Event.add(1, String(repeating: "x", count: 500_000), to: neighbour) }
        await #expect(throws: DatabaseError.self) {
            try await platform.write {
                try $0.execute("INSERT INTO account (id, email) VALUES (:id, :id)", ["id": String(repeating: "x", count: 500_000)])
            }
        }
        await #expect(throws: DatabaseError.self) { for number in 3... { _ = try await tenants.create(.numbered(number)) } }
        await #expect(throws: DatabaseError.self) { try await database.backUp(to: "\(folder.path)/copy.sqlite") }
        #expect(throws: TenantFileError.full(try FileKey("large"))) {
            try database.files.write([UInt8](repeating: 1, count: 2 << 20), to: FileKey("large"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.tenantFolder(Self.id) + "/files") == [])
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/copy.sqlite"))
        // With room, all go on.
        try await tenants.delete(Self.id)
        try await Event.add(1, to: neighbour)
        #expect(try await neighbour.problems() == [])
        #expect(try await platform.problems() == [])
        await tenants.close()
        try await platform.close()
        #expect(try folder.tenants().organizations().allSatisfy { $0 != Self.id })
    }
}

/// A file system of a few mebibytes, which goes with the value.
private final class SmallDisk {
    private let path: String

    static var isPossible: Bool { geteuid() == 0 && FileManager.default.isExecutableFile(atPath: mount) && canMount }

    /// A container may forbid it to root as well.
    private static let canMount: Bool = {
        guard let folder = try? DataFolder() else { return false }
        return (try? SmallDisk(at: folder.path, mebibytes: 1)) != nil
    }()

    private static let mount = "/usr/bin/mount"

    init(at path: String, mebibytes: Int) throws {
        self.path = path
        try Self.run(Self.mount, "-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=700", "marquee-database", path)
    }

    deinit { try? Self.run("/usr/bin/umount", path) }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = try Process.run(URL(fileURLWithPath: program), arguments: arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
