import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import Testing

/// One row of `Fixtures/isolation_cases.tsv`, as the table of all areas has it.
struct IsolationCase: Sendable, CustomStringConvertible {
    let input: String
    let expected: String
    var description: String { "\(input): \(expected)" }

    static let all: [IsolationCase] = {
        guard let file = Bundle.module.url(forResource: "isolation_cases", withExtension: "tsv", subdirectory: "Fixtures"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().map { row in
            let columns = row.components(separatedBy: "\t") + ["", "", ""]
            return IsolationCase(input: columns[1], expected: columns[2])
        }
    }()
}

@Suite("Cases of isolation with a SQLite file per tenant")
struct IsolationCasesTests {
    @Test("every row has a check, and every check a row")
    func isComplete() {
        #expect(IsolationCase.all.count == 8)
        #expect(Set(IsolationCase.all.map(\.input)) == Set(Self.checks.keys))
    }

    @Test("what the row says is so", arguments: IsolationCase.all)
    func holds(row: IsolationCase) async throws {
        let check = try #require(Self.checks[row.input])
        try await check(try DataFolder(inMemory: true))
    }

    private static let a = OrganizationID.numbered(1)
    private static let b = OrganizationID.numbered(2)

    private static let checks: [String: @Sendable (DataFolder) async throws -> Void] = [
        "51st tenant opened with pool limit 50": { folder in
            let tenants = try folder.tenants(limit: 50)
            let ids = (1...51).map { OrganizationID.numbered($0) }
            for id in ids { _ = try await tenants.create(id) }
            for id in ids.prefix(50) { _ = try await Event.count(in: tenants.database(of: id)) }
            // The first is used again, so that the second is the one that was used least recently.
            _ = try await Event.count(in: tenants.database(of: ids[0]))
            #expect(await Set(tenants.openOrganizations()) == Set(ids.prefix(50)))
            _ = try await Event.count(in: tenants.database(of: ids[50]))
            #expect(await Set(tenants.openOrganizations()) == Set(ids).subtracting([ids[1]]))
        },
        "belongs_to a record of another tenant": { folder in
            let tenants = try folder.tenants()
            let (one, other) = (try await tenants.create(a), try await tenants.create(b))
            try await Event.add(1, to: one)
            let event = try #require(try await Event.load(1, from: one))
            let insert = "INSERT INTO note (id, organization_id, event_id, words) VALUES (:id, :organization_id, :event, 'Words')"
            // By its record id, the handle refuses it; by its bare id, the file does.
            await #expect(throws: DatabaseError.foreignRecord(event.id, used: b)) {
                try await other.write { try $0.execute(insert, ["id": UniqueID.numbered(9), "event": event.id]) }
            }
            await #expect(throws: DatabaseError.constraint(.foreignKey, place: "FOREIGN KEY constraint failed")) {
                try await other.write { try $0.execute(insert, ["id": UniqueID.numbered(9), "event": event.id.value]) }
            }
            try await one.write { try $0.execute(insert, ["id": UniqueID.numbered(9), "event": event.id]) }
        },
        "destroy tenant": { folder in
            let tenants = try folder.tenants()
            let database = try await tenants.create(a)
            try await Event.add(1, to: database)
            #expect(try folder.names("tenants/\(a)") == ["tenant.sqlite", "tenant.sqlite-shm", "tenant.sqlite-wal"])
            try await tenants.delete(a)
            #expect(try folder.names() == [])
            await #expect(throws: DatabaseError.noOrganization(a)) { try await Event.count(in: database) }
            #expect(try folder.names() == [])
        },
        "equality of id 1 in A and id 1 in B": { folder in
            let tenants = try folder.tenants()
            for (id, title) in [(a, "Fair"), (b, "Fair")] { try await Event.add(1, title, to: try await tenants.create(id)) }
            let one = try #require(try await Event.load(1, from: tenants.database(of: a)))
            let other = try #require(try await Event.load(1, from: tenants.database(of: b)))
            #expect(one.id.value == other.id.value)
            #expect(one != other)
            #expect("\(one.id)" == "\(a)/\(UniqueID.numbered(1))")
            #expect(try JSONText([one.id]).text == "[\"\(a)/\(UniqueID.numbered(1))\"]")
            #expect(try JSONText([one.id]).decode() == [one.id])
            #expect(RecordID("\(other.id)") == other.id)
        },
        "migration run over 2,000 tenant files": { folder in
            try await MigrationRunTests.checkRunWithAKill(folder, tenants: 2000)
        },
        "query with no tenant selected": { folder in
            // There is no other way to a handle than with an id, and one for an organization that isn't there opens and makes nothing.
            let tenants = try folder.tenants()
            await #expect(throws: DatabaseError.noOrganization(a)) { try await Event.count(in: tenants.database(of: a)) }
            #expect(try folder.names() == [])
            // The platform's file has no tenant's tables.
            let platform = try PlatformDatabase(folder: folder.path, migrations: TestSchema.platform)
            await #expect(throws: DatabaseError.statement("no such table: event")) { try await platform.read { try $0.rows("SELECT * FROM event") } }
            await #expect(throws: DatabaseError.self) { try await platform.read { try $0.rows("SELECT * FROM account WHERE id = :organization_id") } }
        },
        "record loaded under tenant A used under tenant B": { folder in
            let tenants = try folder.tenants()
            for id in [a, b] { try await Event.add(1, to: try await tenants.create(id)) }
            var event = try #require(try await Event.load(1, from: tenants.database(of: a)))
            event.title = "Changed"
            let changed = event
            await #expect(throws: DatabaseError.foreignRecord(event.id, used: b)) { try await changed.save(to: tenants.database(of: b)) }
            #expect(try await Event.load(1, from: tenants.database(of: b))?.title == "Fair")
            try await changed.save(to: tenants.database(of: a))
            #expect(try await Event.load(1, from: tenants.database(of: a)) == changed)
        },
        "tenant blob key with ../": { folder in
            let tenants = try folder.tenants()
            let database = try await tenants.create(a)
            #expect(throws: FileKeyError.dot) { try FileKey("../tenant.sqlite") }
            #expect(throws: FileKeyError.dot) { try FileKey("letters/../../../\(b)/tenant.sqlite") }
            let key = try FileKey("letters/welcome.pdf")
            try database.files.write([1, 2, 3], to: key)
            #expect(try folder.names("tenants/\(a)/files/letters") == ["welcome.pdf"])
        },
    ]
}
