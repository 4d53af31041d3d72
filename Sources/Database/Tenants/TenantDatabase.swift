import GRDB
package import Tenancy

/// The data of exactly one organization. Only `TenantDatabases` makes one, and nothing leads from one to another.
///
/// It holds no open file: it can be kept or thrown away at will.
package struct TenantDatabase: Sendable {
    package let organization: OrganizationID
    /// The organization's files that are not in the database.
    package let files: TenantFiles
    private let path: String
    private let pool: TenantFilePool

    init(organization: OrganizationID, path: String, pool: TenantFilePool, files: TenantFiles) {
        self.organization = organization
        self.path = path
        self.pool = pool
        self.files = files
    }

    /// Reads, all of it from one moment. Throws `DatabaseError`, or what `body` throws, unchanged.
    package func read<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) async throws -> Value {
        try await pool.withFile(of: organization) { queue in
            try await queue.read { try body(Connection($0, file: path, organization: organization)) }
        }
    }

    /// One transaction: when it returns, everything is on the disk; when it throws, nothing is changed. Throws `DatabaseError`, or what `body`
    /// throws, unchanged.
    @discardableResult
    package func write<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) async throws -> Value {
        try await pool.withFile(of: organization) { queue in
            try await queue.write { try body(Connection($0, file: path, organization: organization)) }
        }
    }

    /// What is broken in the file; empty when it is sound. It reads the whole file.
    package func problems() async throws(DatabaseError) -> [String] {
        try await inOurTerms { try await pool.withFile(of: organization) { try await $0.read { try DatabaseFile.problems($0) } } }
    }

    /// Writes a copy of this moment to a new file.
    package func backUp(to destination: String) async throws(DatabaseError) {
        let path = path
        try await inOurTerms {
            try await pool.withFile(of: organization) { _ in
                try await onThread { () throws(DatabaseError) in try DatabaseFile(path: path).backUp(to: destination) }
            }
        }
    }

    private func inOurTerms<Value>(_ work: () async throws -> Value) async throws(DatabaseError) -> Value {
        do {
            return try await work()
        } catch {
            throw DatabaseError(error, file: path)
        }
    }
}
