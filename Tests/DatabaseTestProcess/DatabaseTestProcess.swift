import Database
import Glibc
import Tenancy

/// A program that works on databases until it is killed. Each line that it prints is something that was acknowledged.
///
///     DatabaseTestProcess write FOLDER ORGANIZATION          events with numbers from 1 up
///     DatabaseTestProcess write-platform FOLDER              the same with accounts
///     DatabaseTestProcess write-limited FOLDER ORGANIZATION  the same as write, with files of at most 256 KiB; prints the error that ends it
///     DatabaseTestProcess create FOLDER                      new organizations
///     DatabaseTestProcess migrate FOLDER                     `TestSchema.place` for all tenants; prints `migrated N, current N, failed N`
@main
struct DatabaseTestProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let command = arguments.first, let folder = arguments.dropFirst().first else { exit(2) }
        switch command {
        case "write": try await writeEvents(folder, arguments.last ?? "")
        case "write-limited": try await writeEventsWithLimit(folder, arguments.last ?? "")
        case "write-platform": try await writeAccounts(folder)
        case "create": try await createOrganizations(folder)
        case "migrate": try await migrate(folder)
        default: exit(2)
        }
    }

    private static func writeEvents(_ folder: String, _ organization: String) async throws {
        guard let id = OrganizationID(organization) else { exit(2) }
        let database = try TenantDatabases(folder: folder, migrations: TestSchema.tenant).database(of: id)
        var random = SystemRandomNumberGenerator()
        for number in 1... {
            // Two rows that belong together.
            let event = UniqueID(at: now, using: &random)
            let note = UniqueID(at: now, using: &random)
            try await database.write { connection in
                try connection.execute(
                    "INSERT INTO event (id, organization_id, title, number) VALUES (:id, :organization_id, :title, :number)",
                    ["id": event, "title": String(repeating: "Fair ", count: 100), "number": number])
                try connection.execute(
                    "INSERT INTO note (id, organization_id, event_id, words) VALUES (:id, :organization_id, :event, 'Bring a chair')",
                    ["id": note, "event": event])
            }
            say("\(number)")
        }
    }

    private static func writeEventsWithLimit(_ folder: String, _ organization: String) async throws {
        // Writing beyond the limit is then an error instead of the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 256 << 10, rlim_max: 256 << 10)
        guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
        do {
            try await writeEvents(folder, organization)
        } catch let error as DatabaseError {
            say("\(error)")
            exit(1)
        }
    }

    private static func writeAccounts(_ folder: String) async throws {
        let database = try PlatformDatabase(folder: folder, migrations: TestSchema.platform)
        var random = SystemRandomNumberGenerator()
        for number in 1... {
            let id = UniqueID(at: now, using: &random)
            try await database.write { connection in
                try connection.execute(
                    "INSERT INTO account (id, email, number) VALUES (:id, :email, :number)",
                    ["id": id, "email": "\(id)@example.org", "number": number])
            }
            say("\(number)")
        }
    }

    private static func createOrganizations(_ folder: String) async throws {
        let tenants = try TenantDatabases(folder: folder, migrations: TestSchema.tenant)
        var random = SystemRandomNumberGenerator()
        while true {
            let id = OrganizationID(at: now, using: &random)
            _ = try await tenants.create(id)
            say("\(id)")
        }
    }

    private static func migrate(_ folder: String) async throws {
        let tenants = try TenantDatabases(folder: folder, migrations: TestSchema.tenant + [TestSchema.place])
        say("ready")
        let report = try await tenants.migrateAll()
        say("migrated \(report.migrated), current \(report.current), failed \(report.failures.count)")
    }

    private static let now = Instant(seconds: 1_800_000_000)

    /// At once, so that it is not lost with the process.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
