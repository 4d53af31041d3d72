import GRDB
package import Tenancy

/// The data of exactly one organization. Only `TenantDatabases` makes one, and nothing leads from one to another.
///
/// It holds no open file: it can be kept or thrown away at will.
package struct TenantDatabase: Sendable {
    package let organization: OrganizationID
    /// The organization's own, `data/tenants/<organization id>`: the place for its repository and whatever else is deleted with it.
    package let folder: String
    private let path: String
    private let pool: TenantFilePool

    init(organization: OrganizationID, folder: String, path: String, pool: TenantFilePool) {
        self.organization = organization
        self.folder = folder
        self.path = path
        self.pool = pool
    }

    /// The organization's files that are not in the database.
    package var files: TenantFiles { TenantFiles(tenant: folder) }

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

    /// What is broken in the file; empty when it is sound. Reads the whole file, while other calls wait, and leaves it closed.
    package func problems() async throws(DatabaseError) -> [String] {
        let id = organization
        return try await pool.withClosedFile(of: id) { tenant, file throws(DatabaseError) in try tenant.problems(file, of: id) }
    }

    /// Writes a copy of this moment to a new file.
    package func backUp(to destination: String) async throws(DatabaseError) {
        let path = path
        do {
            try await pool.withFile(of: organization) { _ in
                try await onThread { () throws(DatabaseError) in try DatabaseFile(path: path).backUp(to: destination) }
            }
        } catch {
            throw DatabaseError(error, file: path)
        }
    }
}
