import Database
import ServiceLifecycle
import Tenancy

/// What every feature of the platform works with: its data, and the world outside as values that a test can replace.
struct Platform: Sendable {
    let settings: ServerSettings
    let database: PlatformDatabase
    let tenants: TenantDatabases
    let now: @Sendable () -> Instant
    let random: SecureRandom
    let addresses: PlatformAddresses
    let jobs: JobQueue

    /// Opens the databases, makes them if there are none, and brings them up to date.
    init(
        _ settings: ServerSettings, now: @escaping @Sendable () -> Instant, random: SecureRandom = .system, addresses: PlatformAddresses
    ) throws(DatabaseError) {
        self.settings = settings
        self.now = now
        self.random = random
        self.addresses = addresses
        jobs = JobQueue(now: now, random: random)
        database = try PlatformDatabase(folder: settings.data, migrations: PlatformMigrations.all)
        tenants = try TenantDatabases(folder: settings.data, migrations: TenantMigrations.all)
    }

    /// A new id, which sorts by its time.
    func newID() -> UniqueID {
        var generator = random
        return UniqueID(at: now(), using: &generator)
    }
}

/// Closes the databases when all others have stopped.
struct PlatformService: Service {
    let platform: Platform

    func run() async throws {
        try? await gracefulShutdown()
        await platform.tenants.close()
        try? await platform.database.close()
    }
}
