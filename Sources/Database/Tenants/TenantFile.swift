import GRDB
import Tenancy

/// How a tenant's file is made and opened.
///
/// One connection per open file: 3 descriptors, and one call of a tenant at a time. What was measured is in docs/decisions.md.
struct TenantFile: Sendable {
    /// The features' own.
    let migrations: [Migration]

    /// Makes the file, brings it up to date and closes it.
    func create(_ file: DatabaseFile, of id: OrganizationID) throws(DatabaseError) {
        try file.create()
        let queue = try connect(file, id)
        try inOurTerms(file) {
            _ = try queue.writeWithoutTransaction { try migrator(file, id).run(on: $0) }
            try queue.close()
        }
    }

    /// Opens the file of an organization and brings it up to date. `applied` is how many migrations it lacked.
    func open(_ file: DatabaseFile, of id: OrganizationID) throws(DatabaseError) -> (queue: DatabaseQueue, applied: Int) {
        guard try file.secure() else { throw .damaged(file: file.path, reason: "the file is missing") }
        let queue = try connect(file, id)
        let applied = try inOurTerms(file) {
            try queue.writeWithoutTransaction { database in
                try checkOwner(database, file, id)
                return try migrator(file, id).run(on: database)
            }
        }
        return (queue, applied)
    }

    /// Brings the file up to date and closes it. Returns how many migrations it lacked.
    func update(_ file: DatabaseFile, of id: OrganizationID) throws(DatabaseError) -> Int {
        let (queue, applied) = try open(file, of: id)
        try inOurTerms(file) { try queue.close() }
        return applied
    }

    /// What is broken in the file; empty when it is sound. Opens it for that and closes it.
    func problems(_ file: DatabaseFile, of id: OrganizationID) throws(DatabaseError) -> [String] {
        let (queue, _) = try open(file, of: id)
        return try inOurTerms(file) {
            defer { try? queue.close() }
            return try queue.read { try DatabaseFile.problems($0) }
        }
    }

    private func connect(_ file: DatabaseFile, _ id: OrganizationID) throws(DatabaseError) -> DatabaseQueue {
        try inOurTerms(file) {
            var configuration = DatabaseFile.configuration(.tenant)
            configuration.label = "tenant \(id)"
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            // Not by GRDB's own setting: it would lower `synchronous`, and write into every file that it opens.
            let mode = try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
            guard mode == "wal" else { throw DatabaseError.unusable(file: file.path, reason: "SQLite can't keep a write-ahead log there") }
            return queue
        }
    }

    /// A file that was restored into the wrong folder must not be used.
    private func checkOwner(_ database: GRDB.Database, _ file: DatabaseFile, _ id: OrganizationID) throws {
        guard try database.tableExists("organization") else { throw DatabaseError.damaged(file: file.path, reason: "it is not a tenant's file") }
        let owner = try String.fetchOne(database, sql: "SELECT id FROM organization")
        guard owner == id.description else {
            throw DatabaseError.damaged(file: file.path, reason: "it belongs to \(owner.map { "organization \($0)" } ?? "nobody")")
        }
    }

    private func migrator(_ file: DatabaseFile, _ id: OrganizationID) -> Migrator {
        Migrator(migrations: [Self.organization] + migrations, organization: id, file: file.path)
    }

    /// The first step of every tenant's file: the one organization that it belongs to. All tables refer to it, so that the file itself
    /// refuses a record of another.
    private static let organization = Migration("organization") { connection in
        try connection.script(
            """
            CREATE TABLE organization (id TEXT NOT NULL PRIMARY KEY);
            CREATE TRIGGER organization_insert BEFORE INSERT ON organization WHEN EXISTS (SELECT 1 FROM organization)
            BEGIN SELECT RAISE(ABORT, 'a tenant''s file belongs to one organization'); END;
            CREATE TRIGGER organization_update BEFORE UPDATE ON organization
            BEGIN SELECT RAISE(ABORT, 'a tenant''s file belongs to one organization'); END;
            CREATE TRIGGER organization_delete BEFORE DELETE ON organization
            BEGIN SELECT RAISE(ABORT, 'a tenant''s file belongs to one organization'); END;
            """)
        try connection.execute("INSERT INTO organization (id) VALUES (:organization_id)")
    }

    private func inOurTerms<Value>(_ file: DatabaseFile, _ work: () throws -> Value) throws(DatabaseError) -> Value {
        do {
            return try work()
        } catch {
            throw DatabaseError(error, file: file.path)
        }
    }
}
