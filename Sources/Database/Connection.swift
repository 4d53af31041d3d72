import CSQLite
import FoundationEssentials
import GRDB
import GRDBSQLite
package import Tenancy

/// SQL on one file, inside one transaction. It is handed to the closures of `read` and `write` and can't leave them.
///
/// Values reach SQL as named parameters only. In a tenant's file `:organization_id` is always the tenant's own: nobody can give another.
package struct Connection {
    /// Whose file it is; nil for the platform's.
    package let organization: OrganizationID?
    private let database: GRDB.Database
    private let file: String

    init(_ database: GRDB.Database, file: String, organization: OrganizationID?) {
        self.database = database
        self.file = file
        self.organization = organization
    }

    /// Runs one statement. Returns how many rows an INSERT, UPDATE or DELETE has changed: an UPDATE that finds nothing is no error.
    ///
    /// Throws `DatabaseError`: `constraint` when the data breaks a rule, `statement` for wrong SQL or parameters that don't fit.
    @discardableResult
    package func execute(_ sql: String, _ parameters: [String: any SQLConvertible] = [:]) throws(DatabaseError) -> Int {
        try inOurTerms {
            let statement = try database.cachedStatement(sql: sql)
            try statement.execute(arguments: arguments(parameters, for: statement))
            return database.changesCount
        }
    }

    /// All rows that one statement gives.
    package func rows(_ sql: String, _ parameters: [String: any SQLConvertible] = [:]) throws(DatabaseError) -> [Row] {
        try inOurTerms {
            let statement = try database.cachedStatement(sql: sql)
            let columns = statement.columnNames
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments(parameters, for: statement))
            var rows: [Row] = []
            while let row = try cursor.next() {
                rows.append(Row(columns: columns, values: row.databaseValues.map { SQLValue($0) }, organization: organization))
            }
            return rows
        }
    }

    /// The first row that one statement gives, or nil.
    package func row(_ sql: String, _ parameters: [String: any SQLConvertible] = [:]) throws(DatabaseError) -> Row? {
        try rows(sql, parameters).first
    }

    /// Runs several statements without parameters: for migrations.
    package func script(_ sql: String) throws(DatabaseError) {
        try inOurTerms { try database.execute(sql: sql) }
    }

    /// Calls `body` when this transaction is committed and on the disk, and never if it is not. It must be quick: the writer waits for it.
    package func afterCommit(_ body: @escaping @Sendable () -> Void) {
        database.afterNextTransaction(onCommit: { _ in body() })
    }

    // MARK: Parameters

    private static let organizationName = "organization_id"

    private func arguments(_ parameters: [String: any SQLConvertible], for statement: Statement) throws(DatabaseError) -> StatementArguments {
        var values: [String: DatabaseValue] = [:]
        for (name, parameter) in parameters {
            guard organization == nil || name != Self.organizationName else {
                throw .statement(":\(name) can't be given: it is the file's own organization")
            }
            guard hasParameter(name, statement) else { throw .statement("it has no parameter :\(name)") }
            values[name] = try stored(parameter.sqlValue, as: name)
        }
        if let organization, hasParameter(Self.organizationName, statement) {
            values[Self.organizationName] = organization.description.databaseValue
        }
        // GRDB refuses what is missing.
        return StatementArguments(values)
    }

    private func hasParameter(_ name: String, _ statement: Statement) -> Bool {
        sqlite3_bind_parameter_index(statement.sqliteStatement, ":" + name) > 0
    }

    private func stored(_ value: SQLValue, as name: String) throws(DatabaseError) -> DatabaseValue {
        switch value {
        case .null: return .null
        case .integer(let number): return number.databaseValue
        case .real(let number):
            // SQLite would store a NaN as NULL.
            guard number.isFinite else { throw .value("parameter :\(name) is not a finite number") }
            return number.databaseValue
        case .text(let text):
            // The text would end there, without a word; PostgreSQL refuses it as well.
            guard !text.utf8.contains(0) else { throw .value("parameter :\(name) has a NUL character in its text") }
            guard text.utf8.count <= Self.longest else { throw .value("parameter :\(name) is too long") }
            return text.databaseValue
        case .bytes(let bytes):
            guard bytes.count <= Self.longest else { throw .value("parameter :\(name) is too long") }
            return Data(bytes).databaseValue
        case .record(let record):
            guard record.organization == organization else { throw .foreignRecord(record, used: organization) }
            return record.value.description.databaseValue
        }
    }

    /// 64 MiB. Larger things are files.
    private static let longest = 64 << 20

    private func inOurTerms<Value>(_ work: () throws -> Value) throws(DatabaseError) -> Value {
        do {
            return try work()
        } catch {
            throw DatabaseError(error, file: file)
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes(Array(data))
        }
    }
}
