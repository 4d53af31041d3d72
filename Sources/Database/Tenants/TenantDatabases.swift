package import Tenancy

/// The files of all tenants, below `<folder>/tenants`.
package struct TenantDatabases: Sendable {
    private let folders: TenantFolders
    private let file: TenantFile
    private let pool: TenantFilePool

    /// How many files are migrated at once: their time is waiting for the disk.
    private static let migrationWidth = 4

    /// - limit: how many files are open at once, of 3 descriptors each.
    /// - patience: how long a call waits for its turn before it fails with `DatabaseError.crowded`.
    ///
    /// Removes what creations and deletions that were cut off have left. Files are migrated when they are opened, see `migrateAll`.
    package init(folder: String, migrations: [Migration], limit: Int = 50, patience: Duration = .seconds(5)) throws(DatabaseError) {
        folders = TenantFolders(root: "\(folder)/tenants")
        file = TenantFile(migrations: migrations)
        pool = TenantFilePool(folders: folders, file: file, limit: limit, patience: patience)
        try makeFolder(folders.root)
        try folders.cleanUp()
    }

    /// The way to one organization's data, and the only one. Whether it exists is known when it is used.
    package func database(of id: OrganizationID) -> TenantDatabase {
        TenantDatabase(organization: id, folder: folders.folder(id), path: folders.database(id), pool: pool)
    }

    /// The organizations that have a folder here, oldest first.
    package func organizations() throws(DatabaseError) -> [OrganizationID] { try folders.organizations() }

    /// The organizations whose file is open now: for metrics.
    package func openOrganizations() async -> [OrganizationID] { await pool.openOrganizations }

    /// Makes the folder and the database of a new organization, all or nothing. Safe to repeat: an existing one is left as it is.
    package func create(_ id: OrganizationID) async throws(DatabaseError) -> TenantDatabase {
        let (folders, file) = (folders, file)
        try await pool.withClosedFile(of: id) { () throws(DatabaseError) in
            try folders.create(id) { database throws(DatabaseError) in try file.create(database, of: id) }
        }
        return database(of: id)
    }

    /// Removes all that is in the organization's folder: database, -wal, -shm, and what others have put there. Waits for running calls;
    /// later ones fail with `DatabaseError.noOrganization`. Another process that has the file open does not notice.
    package func delete(_ id: OrganizationID) async throws(DatabaseError) {
        let folders = folders
        try await pool.withClosedFile(of: id) { () throws(DatabaseError) in try folders.delete(id) }
    }

    /// Brings all files up to date, so that no call has to. One that fails is reported and does not stop the others; a run that was cut off is
    /// simply repeated.
    package func migrateAll() async throws(DatabaseError) -> MigrationReport {
        let organizations = try organizations()
        return await withTaskGroup(of: (OrganizationID, Result<Int, DatabaseError>).self) { group in
            var report = MigrationReport()
            for (index, id) in organizations.enumerated() {
                if index >= Self.migrationWidth, let done = await group.next() { report.add(done) }
                group.addTask { (id, await migrate(id)) }
            }
            for await done in group { report.add(done) }
            return report
        }
    }

    private func migrate(_ id: OrganizationID) async -> Result<Int, DatabaseError> {
        do throws(DatabaseError) {
            return .success(try await pool.withClosedFile(of: id) { tenant, file throws(DatabaseError) in try tenant.update(file, of: id) })
        } catch {
            return .failure(error)
        }
    }

    /// Closes all files when their calls are done: for the end of the program. Later calls fail with `DatabaseError.closed`.
    package func close() async { await pool.close() }
}

/// What a migration of all tenants' files came to.
package struct MigrationReport: Sendable, Hashable {
    /// Files that lacked something and have it now.
    package internal(set) var migrated = 0
    /// Files that lacked nothing.
    package internal(set) var current = 0
    package internal(set) var failures: [OrganizationID: DatabaseError] = [:]

    mutating func add(_ done: (id: OrganizationID, result: Result<Int, DatabaseError>)) {
        switch done.result {
        case .success(0): current += 1
        case .success: migrated += 1
        case .failure(let error): failures[done.id] = error
        }
    }
}
