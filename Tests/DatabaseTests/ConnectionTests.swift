import Database
import Tenancy
import Testing

@Suite("SQL on a connection")
struct ConnectionTests {
    private enum Status: String, SQLConvertible {
        case trial
        case active
    }

    private static let migrations = [
        Migration(
            "values", sql: "CREATE TABLE value (id INTEGER PRIMARY KEY, value, email TEXT UNIQUE, age INTEGER CHECK (age > 0), name TEXT NOT NULL)")
    ]

    private func platform() throws -> (DataFolder, PlatformDatabase) {
        let folder = try DataFolder()
        return (folder, try PlatformDatabase(folder: folder.path, migrations: Self.migrations))
    }

    /// What a value looks like in the file, and what comes back.
    private func roundTrip<Value: SQLConvertible & Equatable>(_ value: Value, stored: SQLValue) async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        try await platform.write { try $0.execute("INSERT INTO value (id, value, name) VALUES (1, :value, '')", ["value": value]) }
        let row = try #require(try await platform.read { try $0.row("SELECT value FROM value") })
        #expect(try row["value"] == stored)
        #expect(try row["value"] == value)
    }

    @Test("Every kind of value has one form in the file, and comes back the same")
    func values() async throws {
        let id = UniqueID.numbered(1)
        try await roundTrip("Día 🎉", stored: .text("Día 🎉"))
        try await roundTrip("", stored: .text(""))
        try await roundTrip(Int.min, stored: .integer(.min))
        try await roundTrip(true, stored: .integer(1))
        try await roundTrip(0.5, stored: .real(0.5))
        try await roundTrip([UInt8](0...255), stored: .bytes([UInt8](0...255)))
        try await roundTrip(String?.none, stored: .null)
        try await roundTrip(Optional(7), stored: .integer(7))
        try await roundTrip(Instant(seconds: 1_788_372_000), stored: .text("2026-09-02T18:00:00Z"))
        try await roundTrip(id, stored: .text("\(id)"))
        try await roundTrip(OrganizationID(id), stored: .text("\(id)"))
        try await roundTrip(try Slug("lincoln"), stored: .text("lincoln"))
        try await roundTrip(Status.trial, stored: .text("trial"))
        try await roundTrip(try JSONText(["b": 1, "a": 2]), stored: .text(#"{"a":2,"b":1}"#))
    }

    @Test("A value that is not of the form asked for is an error that names the column")
    func wrongValues() async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let row = try #require(
            try await platform.read {
                try $0.row("SELECT 'x' AS text, 2 AS number, NULL AS missing, 1.5 AS half, '2026-09-02' AS day, 'ABCD' AS upper, x'00ff' AS bytes")
            })
        func check<Value: SQLConvertible>(_ column: String, _ type: Value.Type) {
            #expect(throws: DatabaseError.value("column \(column) is not a \(type)")) { let _: Value = try row[column] }
        }
        check("text", Int.self)
        check("number", String.self)
        check("number", Bool.self)
        check("missing", String.self)
        check("half", Int.self)
        check("day", Instant.self)
        check("upper", UniqueID.self)
        check("text", Status.self)
        check("bytes", String.self)
        check("text", Slug.self)
        #expect(throws: DatabaseError.value("the result has no column other")) { let _: Int = try row["other"] }
        #expect(throws: DatabaseError.self) { try row.record("text") }
        #expect(try row["missing"] == Int?.none)
        #expect(throws: DatabaseError.self) { let _: [Int] = try JSONText(["a"]).decode() }
        #expect(throws: DatabaseError.self) { try JSONText(Double.nan) }
    }

    @Test(
        "What can't be stored as it is, is refused",
        arguments: [("a\0b" as any SQLConvertible, "NUL"), (Double.nan, "finite"), (-Double.infinity, "finite")])
    func refusedValues(value: any SQLConvertible, reason: String) async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let error = await #expect(throws: DatabaseError.self) { try await platform.read { try $0.row("SELECT :value", ["value": value]) } }
        guard case .value(let message) = error else {
            Issue.record("\(error as Any)")
            return
        }
        #expect(message.contains(reason))
    }

    @Test("What is larger than 64 MiB is refused")
    func tooLong() async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let bytes = [UInt8](repeating: 0, count: (64 << 20) + 1)
        await #expect(throws: DatabaseError.value("parameter :value is too long")) {
            try await platform.read { try $0.row("SELECT :value", ["value": bytes]) }
        }
    }

    @Test("Parameters must fit the statement", arguments: [["value": 1, "other": 2], [:], ["other": 1]])
    func parameters(values: [String: Int]) async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        await #expect(throws: DatabaseError.self) { try await platform.read { try $0.row("SELECT :value", values) } }
    }

    @Test("A text is never SQL")
    func injection() async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let name = "Robert'); DROP TABLE value; --"
        try await platform.write { try $0.execute("INSERT INTO value (name) VALUES (:name)", ["name": name]) }
        #expect(try await platform.read { try $0.row("SELECT name FROM value")?["name"] } == name)
        await #expect(throws: DatabaseError.self) { try await platform.write { try $0.execute("DELETE FROM value; DROP TABLE value") } }
    }

    @Test(
        "What breaks a rule says which",
        arguments: [
            ("INSERT INTO value (name, email) VALUES ('b', 'a@example.org')", DatabaseError.constraint(.unique, place: "value.email")),
            ("INSERT INTO value (id, name) VALUES (1, 'b')", .constraint(.unique, place: "value.id")),
            ("INSERT INTO value (name, age) VALUES ('b', 0)", .constraint(.check, place: "age > 0")),
            ("INSERT INTO value (name) VALUES (NULL)", .constraint(.notNull, place: "value.name")),
            ("INSERT INTO other VALUES (1)", .statement("no such table: other")),
            (#"INSERT INTO value (name) VALUES ("b")"#, .statement("no such column: b")),
        ])
    func constraints(sql: String, expected: DatabaseError) async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        try await platform.write { try $0.execute("INSERT INTO value (id, name, email) VALUES (1, 'a', 'a@example.org')") }
        await #expect(throws: expected) { try await platform.write { try $0.execute(sql) } }
        // No value of a record is in the words.
        #expect(!expected.description.contains("example.org"))
    }

    @Test("A transaction is all or nothing, and an error of a feature comes through as it is")
    func rollback() async throws {
        struct SlugTaken: Error, Equatable {}
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        await #expect(throws: SlugTaken()) {
            try await platform.write { connection in
                try connection.execute("INSERT INTO value (name) VALUES ('a')")
                throw SlugTaken()
            }
        }
        #expect(try await platform.read { try $0.rows("SELECT * FROM value").count } == 0)
        // One that the feature deals with takes nothing else along.
        try await platform.write { connection in
            try connection.execute("INSERT INTO value (id, name) VALUES (1, 'a')")
            do {
                try connection.execute("INSERT INTO value (id, name) VALUES (1, 'b')")
            } catch DatabaseError.constraint(.unique, _) {
                try connection.execute("INSERT INTO value (id, name) VALUES (2, 'b')")
            }
        }
        #expect(try await platform.read { try $0.rows("SELECT name FROM value ORDER BY id").map { try $0["name"] } } == ["a", "b"])
    }

    @Test("A statement says how many rows it has changed")
    func changes() async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let counts = try await platform.write { connection in
            try [
                connection.execute("INSERT INTO value (name) VALUES ('a'), ('b')"),
                connection.execute("UPDATE value SET name = 'c' WHERE name = 'a'"),
                connection.execute("UPDATE value SET name = 'c' WHERE name = 'a'"),
                connection.rows("DELETE FROM value RETURNING name").count,
            ]
        }
        #expect(counts == [2, 1, 0, 2])
    }

    @Test(
        "Reading changes nothing, and no statement reaches another file",
        arguments: [
            "INSERT INTO value (name) VALUES ('a')", "ATTACH DATABASE ':memory:' AS other", "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
            "SELECT load_extension('x')",
        ])
    func readOnly(sql: String) async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        await #expect(throws: DatabaseError.self) { try await platform.read { try $0.script(sql) } }
        guard !sql.hasPrefix("INSERT") else { return }
        await #expect(throws: DatabaseError.self) { try await platform.write { try $0.script(sql) } }
    }

    @Test("A cancelled task changes nothing")
    func cancellation() async throws {
        let (folder, platform) = try platform()
        defer { withExtendedLifetime(folder) {} }
        let task = Task {
            try await platform.write { connection in
                try connection.execute("INSERT INTO value (name) VALUES ('a')")
                // Long enough to be cancelled in.
                _ = try connection.rows(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n")
            }
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: DatabaseError.cancelled) { try await task.value }
        #expect(try await platform.read { try $0.rows("SELECT * FROM value").count } == 0)
    }

    @Test("The tenant's own id is always given, and nobody can give another")
    func organization() async throws {
        let folder = try DataFolder()
        let (id, other) = (OrganizationID.numbered(1), OrganizationID.numbered(2))
        let database = try await folder.tenants().create(id)
        #expect(try await database.read { try $0.row("SELECT :organization_id AS id")?["id"] } == id)
        await #expect(throws: DatabaseError.statement(":organization_id can't be given: it is the file's own organization")) {
            try await database.write { try $0.row("SELECT :organization_id AS id", ["organization_id": other]) }
        }
    }
}
