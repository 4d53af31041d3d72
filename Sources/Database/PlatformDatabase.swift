import GRDB

/// The one file with the platform's own facts: organizations, hosts, users, memberships, sessions, subscriptions, jobs.
///
/// Several readers and one writer at a time; readers don't wait for the writer.
package struct PlatformDatabase: Sendable {
    package let path: String
    private let pool: DatabasePool

    /// Opens `<folder>/platform.sqlite`, makes it if there is none, and applies the migrations that it lacks.
    package init(folder: String, migrations: [Migration]) throws(DatabaseError) {
        path = "\(folder)/platform.sqlite"
        let file = DatabaseFile(path: path)
        try makeFolder(folder)
        if !(try file.secure()) {
            try file.create()
            try flush(folder)
        }
        do {
            var configuration = DatabaseFile.configuration(.platform)
            configuration.label = "platform"
            configuration.maximumReaderCount = 4
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = Migrator(migrations: migrations, organization: nil, file: path)
            try pool.writeWithoutTransaction { database in
                // GRDB chose NORMAL when it switched to WAL, after our configuration: a power cut would take what was acknowledged.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                _ = try migrator.run(on: database)
            }
        } catch {
            throw DatabaseError(error, file: path)
        }
    }

    /// Reads, all of it from one moment. Throws `DatabaseError`, or what `body` throws, unchanged.
    package func read<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) async throws -> Value {
        try await inOurTerms { try await pool.read { try body(Connection($0, file: path, organization: nil)) } }
    }

    /// One transaction: when it returns, everything is on the disk; when it throws, nothing is changed. Throws `DatabaseError`, or what `body`
    /// throws, unchanged.
    @discardableResult
    package func write<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) async throws -> Value {
        try await inOurTerms { try await pool.write { try body(Connection($0, file: path, organization: nil)) } }
    }

    /// What is broken in the file; empty when it is sound. It reads the whole file.
    package func problems() async throws(DatabaseError) -> [String] {
        do {
            return try await pool.read { try DatabaseFile.problems($0) }
        } catch {
            throw DatabaseError(error, file: path)
        }
    }

    /// Writes a copy of this moment to a new file.
    package func backUp(to destination: String) async throws(DatabaseError) {
        try await onThread { () throws(DatabaseError) in try DatabaseFile(path: path).backUp(to: destination) }
    }

    /// Ends it: writes back what is in the -wal file. Later calls fail.
    package func close() async throws(DatabaseError) {
        try await onThread { () throws(DatabaseError) in
            do {
                try pool.close()
            } catch {
                throw DatabaseError(error, file: path)
            }
        }
    }

    private func inOurTerms<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch {
            throw translated(error, file: path)
        }
    }
}

/// GRDB's errors in our terms; those of a feature as they are.
func translated(_ error: any Error, file: String) -> any Error {
    error is GRDB.DatabaseError || error is CancellationError ? DatabaseError(error, file: file) : error
}
