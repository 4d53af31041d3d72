import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import Testing

@Suite("Creating and deleting tenants")
struct TenantLifeTests {
    private let id = OrganizationID.numbered(1)

    @Test("A new tenant has a folder and a file that are for us alone")
    func creation() async throws {
        let folder = try DataFolder()
        let database = try await folder.tenants().create(id)
        #expect(database.organization == id)
        #expect(try folder.names() == ["\(id)"])
        #expect(try DataFolder.mode(folder.tenantFolder(id)) == 0o700)
        #expect(try DataFolder.mode("\(folder.path)/tenants") == 0o700)
        try await Event.add(1, to: database)
        for suffix in ["", "-wal", "-shm"] { #expect(try DataFolder.mode(folder.tenantFile(id) + suffix) == 0o600) }
        #expect(try folder.tenants().organizations() == [id])
    }

    @Test("Creating again changes nothing")
    func again() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        try await Event.add(1, to: try await tenants.create(id))
        #expect(try await Event.count(in: tenants.create(id)) == 1)
        #expect(try await Event.count(in: folder.tenants().create(id)) == 1)
    }

    @Test("Of many who create the same tenant at once, all get the same one, and other processes at most a reason to repeat")
    func atOnce() async throws {
        let folder = try DataFolder()
        // Two programs: their connections and their lines are their own.
        let programs = [try folder.tenants(), try folder.tenants()]
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    do {
                        _ = try await Event.count(in: programs[task % 2].create(id))
                    } catch DatabaseError.locked {
                        // The other program is at it.
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        #expect(try folder.names() == ["\(id)"])
        #expect(try await Event.count(in: programs[0].create(id)) == 0)
    }

    @Test("What a creation that was cut off has left is never used, and removed at the next start")
    func halfCreated() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        for name in [".creating-\(id)", ".creating-\(OrganizationID.numbered(2))", ".deleting-\(OrganizationID.numbered(3))"] {
            let half = "\(folder.path)/tenants/\(name)"
            try FileManager.default.createDirectory(atPath: "\(half)/files", withIntermediateDirectories: true)
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(half)/tenant.sqlite"))
        }
        #expect(try tenants.organizations() == [])
        await #expect(throws: DatabaseError.noOrganization(id)) { try await Event.count(in: tenants.database(of: id)) }
        // Creating it begins from nothing.
        #expect(try await Event.count(in: tenants.create(id)) == 0)
        #expect(try folder.names("tenants/\(id)") == ["tenant.sqlite", "tenant.sqlite-shm", "tenant.sqlite-wal"])
        #expect(try folder.names().count == 3)
        _ = try folder.tenants()
        #expect(try folder.names() == ["\(id)"])
    }

    @Test("A folder that another process is filling is left alone")
    func lockedFolder() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        let half = "\(folder.path)/tenants/.creating-\(id)"
        try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: false)
        let descriptor = open(half, O_RDONLY | O_DIRECTORY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        await #expect(throws: DatabaseError.locked(file: half)) { try await tenants.create(id) }
        _ = try folder.tenants()
        #expect(try folder.names() == [".creating-\(id)"])
        close(descriptor)
        _ = try await tenants.create(id)
        #expect(try folder.names() == ["\(id)"])
    }

    @Test("A creation that fails leaves nothing that is used")
    func failedCreation() async throws {
        let folder = try DataFolder()
        let wrong = try folder.tenants([Migration("wrong", sql: "CREATE nonsense")])
        await #expect(throws: DatabaseError.self) { try await wrong.create(id) }
        #expect(try wrong.organizations() == [])
        #expect(try await Event.count(in: folder.tenants().create(id)) == 0)
    }

    @Test("Deleting waits for running calls, removes the folder with all in it, and the neighbours stay")
    func deletion() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        let (one, other) = (try await tenants.create(id), try await tenants.create(.numbered(2)))
        for database in [one, other] { try await Event.add(1, to: database) }
        try one.files.write([1], to: FileKey("letters/one"))
        let gate = Gate()
        let reading = Task {
            try await one.read { connection -> Int in
                gate.enter()
                gate.waitUntilOpen()
                return try connection.rows("SELECT * FROM event").count
            }
        }
        await gate.waitUntilEntered(1)
        let deletion = Task { try await tenants.delete(id) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(try folder.names() == ["\(id)", "\(other.organization)"])
        // Who comes later finds nothing.
        let late = Task { try await Event.count(in: one) }
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        #expect(try await reading.value == 1)
        try await deletion.value
        await #expect(throws: DatabaseError.noOrganization(id)) { try await late.value }
        await #expect(throws: DatabaseError.noOrganization(id)) { try await tenants.delete(id) }
        #expect(try folder.names() == ["\(other.organization)"])
        #expect(try await Event.count(in: other) == 1)
        #expect(throws: TenantFileError.self) { try one.files.read(FileKey("letters/one"), limit: 10) }
        #expect(throws: TenantFileError.self) { try one.files.write([1], to: FileKey("letters/one")) }
    }

    @Test("A link to a neighbour's folder or file is not followed")
    func links() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        try await Event.add(1, to: try await tenants.create(id))
        let (linked, hollow) = (OrganizationID.numbered(2), OrganizationID.numbered(3))
        try FileManager.default.createSymbolicLink(atPath: folder.tenantFolder(linked), withDestinationPath: folder.tenantFolder(id))
        try FileManager.default.createDirectory(atPath: folder.tenantFolder(hollow), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: folder.tenantFile(hollow), withDestinationPath: folder.tenantFile(id))
        await #expect(throws: DatabaseError.noOrganization(linked)) { try await Event.count(in: tenants.database(of: linked)) }
        await #expect(throws: DatabaseError.unusable(file: folder.tenantFile(hollow), reason: "it is not a plain file")) {
            try await Event.count(in: tenants.database(of: hollow))
        }
        #expect(try tenants.organizations() == [id, hollow])
    }

    @Test("A backup of one tenant opens in another place as the same tenant, and never as another")
    func backup() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        let database = try await tenants.create(id)
        try await Event.add(1, to: database)
        let elsewhere = try DataFolder()
        let copies = try elsewhere.tenants()
        for number in 1...2 {
            _ = try await copies.create(.numbered(number))
            try FileManager.default.removeItem(atPath: elsewhere.tenantFile(.numbered(number)))
            try await database.backUp(to: elsewhere.tenantFile(.numbered(number)))
        }
        #expect(try await Event.count(in: copies.database(of: id)) == 1)
        #expect(try await copies.database(of: id).problems() == [])
        await #expect(throws: DatabaseError.damaged(file: elsewhere.tenantFile(.numbered(2)), reason: "it belongs to organization \(id)")) {
            try await Event.count(in: copies.database(of: .numbered(2)))
        }
        await #expect(throws: DatabaseError.self) { try await database.backUp(to: elsewhere.tenantFile(id)) }
    }

    @Test("A backup is of one moment, and writers go on meanwhile")
    func backupUnderWriting() async throws {
        let folder = try DataFolder()
        let tenants = try folder.tenants()
        let database = try await tenants.create(id)
        let insert = "INSERT INTO event (id, organization_id, title, number) VALUES (:id, :organization_id, :title, :number)"
        let writing = Task {
            for number in 0..<100 {
                try await database.write { connection in
                    for part in 0..<2 {
                        let id = UniqueID.numbered(number * 2 + part)
                        try connection.execute(insert, ["id": id, "title": String(repeating: "x", count: 2000), "number": number])
                    }
                }
            }
        }
        for copy in 0..<10 {
            let elsewhere = try DataFolder()
            _ = try elsewhere.tenants()
            try FileManager.default.createDirectory(atPath: elsewhere.tenantFolder(id), withIntermediateDirectories: false)
            try await database.backUp(to: elsewhere.tenantFile(id))
            let count = try await Event.count(in: elsewhere.tenants().database(of: id))
            #expect(count % 2 == 0, "copy \(copy)")
        }
        try await writing.value
        #expect(try await Event.count(in: database) == 200)
    }
}
