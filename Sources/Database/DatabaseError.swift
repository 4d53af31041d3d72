package import Tenancy

/// Why a database did not do what it was asked. The description is for the operator; visitors get a page in the application's words.
package enum DatabaseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such organization here, or it is being deleted.
    case noOrganization(OrganizationID)
    /// The file is not a database, is broken or belongs to somebody else. Other files are not touched by this.
    case damaged(file: String, reason: String)
    /// A later version of the program has been at this file.
    case newer(file: String, migration: String)
    /// A migration can't be applied. The file is as it was before that migration.
    case migration(file: String, name: String, reason: String)
    /// No room on the disk. What was not acknowledged is undone.
    case full(file: String)
    /// Somebody else has held the file for too long.
    case locked(file: String)
    /// The system refuses to open, read or write the file.
    case unusable(file: String, reason: String)
    /// All tenant files that may be open at once were in use for too long.
    case crowded(limit: Int)
    /// The program is ending.
    case closed
    /// The data breaks a rule of its table. `place` says which: `account.email`, or the rule's name.
    case constraint(Constraint, place: String)
    /// A record of one organization was used with the database of another, or of none.
    case foreignRecord(RecordID, used: OrganizationID?)
    /// The SQL is wrong, or does not fit its parameters: a mistake in the program.
    case statement(String)
    /// A value that a column or a parameter can't have.
    case value(String)
    /// The task was cancelled before the transaction was committed.
    case cancelled

    package enum Constraint: Sendable, Hashable {
        case unique
        case foreignKey
        case check
        case notNull
        case other
    }

    package var description: String {
        switch self {
        case .noOrganization(let id): "there is no organization \(id) here"
        case .damaged(let file, let reason): "\(file) is damaged: \(reason): restore it from a backup"
        case .newer(let file, let migration):
            "\(file) was written by a newer version of this program (it has the migration “\(migration)”): install that version or a later one"
        case .migration(let file, let name, let reason): "\(file) can't be brought up to date: migration “\(name)”: \(reason)"
        case .full(let file): "\(file) can't be written: the disk is full: make room"
        case .locked(let file): "\(file) is held by another process or a long transaction: try again"
        case .unusable(let file, let reason): "\(file) can't be used: \(reason)"
        case .crowded(let limit): "all \(limit) tenant databases that may be open at once are in use: try again, or raise the limit"
        case .closed: "the databases are closed, because the program is ending"
        case .constraint(let constraint, let place): "the data breaks a rule (\(constraint)) of the table: \(place)"
        case .foreignRecord(let record, let used):
            "record \(record.value) belongs to organization \(record.organization), not to \(used.map { "organization \($0)" } ?? "the platform")"
        case .statement(let reason): "wrong SQL: \(reason)"
        case .value(let reason): "wrong value: \(reason)"
        case .cancelled: "cancelled before it was committed"
        }
    }
}
