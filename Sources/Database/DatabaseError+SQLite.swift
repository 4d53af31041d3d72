import GRDB

extension DatabaseError {
    /// What GRDB or SQLite threw, in our terms. `file` is the one that was in use.
    init(_ error: any Error, file: String) {
        switch error {
        case let error as DatabaseError: self = error
        case let error as GRDB.DatabaseError: self.init(sqlite: error, file: file)
        case is CancellationError: self = .cancelled
        default: self = .unusable(file: file, reason: "\(error)")
        }
    }

    /// Result codes: https://www.sqlite.org/rescode.html
    private init(sqlite error: GRDB.DatabaseError, file: String) {
        // Only the message: the whole description holds SQL, and could hold somebody's data.
        let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .damaged(file: file, reason: message)
        case .SQLITE_FULL: self = .full(file: file)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(file: file)
        case .SQLITE_CONSTRAINT: self = .constraint(Constraint(error.extendedResultCode), place: Self.place(in: message))
        case .SQLITE_INTERRUPT: self = .cancelled
        case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_RANGE, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_ABORT: self = .statement(message)
        case .SQLITE_TOOBIG: self = .value(message)
        default: self = .unusable(file: file, reason: message)
        }
    }

    /// `UNIQUE constraint failed: account.email` → `account.email`
    private static func place(in message: String) -> String {
        let marker = " constraint failed: "
        return message.firstRange(of: marker).map { String(message[$0.upperBound...]) } ?? message
    }
}

extension DatabaseError.Constraint {
    fileprivate init(_ code: ResultCode) {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: self = .unique
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_CHECK: self = .check
        case .SQLITE_CONSTRAINT_NOTNULL: self = .notNull
        default: self = .other
        }
    }
}
