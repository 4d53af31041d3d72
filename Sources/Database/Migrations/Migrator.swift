import GRDB
import Tenancy

/// Applies what a file lacks of a list of migrations.
///
/// The file notes the names in their order, in its table `migration`. A step and its note are one transaction, so that a program that is
/// killed goes on where it was; and the step looks again inside the transaction, so that two programs may do it at once.
struct Migrator {
    let migrations: [Migration]
    /// Whose file it is; nil for the platform's.
    let organization: OrganizationID?
    let file: String

    /// Returns how many steps were applied. Throws `DatabaseError.newer` for a file that knows more than the list.
    func run(on database: GRDB.Database) throws(DatabaseError) -> Int {
        var applied = 0
        for (index, migration) in migrations.enumerated().dropFirst(try notedCount(database)) {
            applied += try apply(migration, at: index, on: database) ? 1 : 0
        }
        return applied
    }

    /// How many of the list the file has, after a check that it has nothing else.
    private func notedCount(_ database: GRDB.Database) throws(DatabaseError) -> Int {
        let noted = try inOurTerms { () throws -> [String] in
            // A new file has no table yet.
            guard try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'migration')") == true else { return [] }
            return try String.fetchAll(database, sql: "SELECT name FROM migration ORDER BY number")
        }
        for (index, name) in noted.enumerated() where index >= migrations.count || migrations[index].name != name {
            guard migrations.contains(where: { $0.name == name }) else { throw .newer(file: file, migration: name) }
            throw .migration(file: file, name: name, reason: "it is not in its place in the list, which may only grow at its end")
        }
        return noted.count
    }

    /// False when another program was faster.
    private func apply(_ migration: Migration, at index: Int, on database: GRDB.Database) throws(DatabaseError) -> Bool {
        var isApplied = false
        do {
            // Tables are rebuilt by dropping the old one (https://www.sqlite.org/lang_altertable.html#otheralter), which foreign keys would
            // forbid. The switch has no effect inside a transaction.
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
            try database.inTransaction(.immediate) {
                try database.execute(sql: "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
                guard try notedCount(database) <= index else { return .commit }
                try migration.apply(Connection(database, file: file, organization: organization))
                try database.checkForeignKeys()
                if organization != nil { try checkTables(database, of: migration) }
                try database.execute(sql: "INSERT INTO migration (number, name) VALUES (?, ?)", arguments: [index + 1, migration.name])
                isApplied = true
                return .commit
            }
        } catch {
            throw inMigrationTerms(error, migration)
        }
        return isApplied
    }

    /// Every table of a tenant's file carries `organization_id` and is bound to the one organization of the file.
    private func checkTables(_ database: GRDB.Database, of migration: Migration) throws {
        let unbound = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM pragma_table_list AS tables
                WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT IN ('migration', 'organization')
                AND (
                    NOT EXISTS (SELECT 1 FROM pragma_table_info(tables.name) WHERE name = 'organization_id' AND "notnull" = 1)
                    OR NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(tables.name) WHERE "from" = 'organization_id' AND "table" = 'organization')
                )
                ORDER BY name
                """)
        guard let table = unbound.first else { return }
        throw DatabaseError.migration(
            file: file, name: migration.name,
            reason: "table \(table) lacks “organization_id TEXT NOT NULL REFERENCES organization (id)”")
    }

    /// What is wrong with the disk stays what it is; all else is a fault of the migration.
    private func inMigrationTerms(_ error: any Error, _ migration: Migration) -> DatabaseError {
        guard error is DatabaseError || error is GRDB.DatabaseError else { return .migration(file: file, name: migration.name, reason: "\(error)") }
        return switch DatabaseError(error, file: file) {
        case .statement(let reason), .value(let reason): .migration(file: file, name: migration.name, reason: reason)
        case .constraint(_, let place): .migration(file: file, name: migration.name, reason: "the file's data breaks a rule: \(place)")
        case .foreignRecord(let record, let used):
            .migration(file: file, name: migration.name, reason: "\(DatabaseError.foreignRecord(record, used: used))")
        case let other: other
        }
    }

    private func inOurTerms<Value>(_ work: () throws -> Value) throws(DatabaseError) -> Value {
        do {
            return try work()
        } catch {
            throw DatabaseError(error, file: file)
        }
    }
}
