import CSQLite
import GRDB
import Glibc
import Tenancy

/// One SQLite file on the disk: what is the same for the platform's and the tenants'.
///
/// Never open such a file with open(2) in this process: closing it again would drop the locks that SQLite holds
/// (https://www.sqlite.org/howtocorrupt.html, 2.2).
struct DatabaseFile {
    let path: String

    /// SQLite's page cache of one connection.
    struct CacheSize {
        let kibibytes: Int
        static let platform = CacheSize(kibibytes: 8192)
        /// Many are open at once, and small.
        static let tenant = CacheSize(kibibytes: 512)
    }

    /// How long a statement waits for a transaction of another connection or process.
    private static let patience = 5.0

    static func configuration(_ cache: CacheSize) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            guard let connection = database.sqliteConnection else { return }
            let code = marquee_sqlite_harden(UnsafeMutableRawPointer(connection))
            guard code == 0 else { throw GRDB.DatabaseError(resultCode: ResultCode(rawValue: code)) }
            // No statement can name a second file.
            _ = marquee_sqlite_limit_attached(UnsafeMutableRawPointer(connection), 0)
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA cell_size_check = ON;
                    PRAGMA cache_size = -\(cache.kibibytes);
                    """)
        }
        return configuration
    }

    /// Makes an empty file, which SQLite takes for a new database. SQLite gives -wal and -shm the same mode.
    func create() throws(DatabaseError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(file: path, reason: systemMessage()) }
        close(descriptor)
    }

    /// Checks that there is a plain file, and takes from all others the right to read it. False when there is none.
    func secure() throws(DatabaseError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw .unusable(file: path, reason: systemMessage())
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unusable(file: path, reason: "it is not a plain file") }
        guard status.st_mode & 0o077 == 0 || chmod(path, 0o600) == 0 else { throw .unusable(file: path, reason: systemMessage()) }
        return true
    }

    /// What is broken in the file; empty when it is sound. It reads the whole file.
    static func problems(_ database: GRDB.Database) throws -> [String] {
        let found = try String.fetchAll(database, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
        guard found.isEmpty else { return found }
        return try GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(20).map { row in
            "table \(row["table"] as DatabaseValue), row \(row["rowid"] as DatabaseValue): a reference leads nowhere"
        }
    }

    /// Copies the file as it is at one moment, while others go on writing (VACUUM INTO). The copy appears under its name when it is whole and
    /// on the disk.
    ///
    /// Throws `DatabaseError.unusable` when something has that name already.
    func backUp(to destination: String) throws(DatabaseError) {
        guard access(destination, F_OK) != 0 else { throw .unusable(file: destination, reason: "it exists already: name another file") }
        let partial = DatabaseFile(path: destination + ".partial")
        unlink(partial.path)
        try partial.create()
        do {
            defer { unlink(partial.path) }
            try copy(into: partial.path)
            // SQLite leaves that to us.
            try flush(partial.path)
            guard link(partial.path, destination) == 0 else { throw .unusable(file: destination, reason: systemMessage()) }
        }
        try flush(folder(of: destination))
    }

    private func copy(into destination: String) throws(DatabaseError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(Self.patience)
            let source = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? source.close() }
            try source.vacuum(into: destination)
        } catch {
            throw DatabaseError(error, file: path)
        }
    }
}
