import Database
import DatabaseTestProcess
import Foundation
import Tenancy
import Testing

@Suite("The pool of open tenant files", .timeLimit(.minutes(3)))
struct TenantPoolTests {
    private func make(_ count: Int, limit: Int, patience: Duration = .seconds(20), in folder: DataFolder) async throws -> (
        TenantDatabases, [TenantDatabase]
    ) {
        let tenants = try folder.tenants(limit: limit, patience: patience)
        var databases: [TenantDatabase] = []
        for number in 1...count { databases.append(try await tenants.create(.numbered(number))) }
        return (tenants, databases)
    }

    /// How many descriptors this process has on database files of a folder.
    private func descriptors(_ folder: DataFolder) throws -> Int {
        let links = "/proc/self/fd"
        return try FileManager.default.contentsOfDirectory(atPath: links).count { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(links)/\(name)"))?.hasPrefix(folder.path) == true
        }
    }

    /// Holds the file of a tenant until the gate opens.
    private func hold(_ database: TenantDatabase, until gate: Gate) -> Task<Void, any Error> {
        Task {
            try await database.read { connection in
                gate.enter()
                gate.waitUntilOpen()
                _ = try connection.row("SELECT 1 AS one")
            }
        }
    }

    @Test("200 tasks on 20 tenants through 4 files: nothing is lost, and never more than 4 are open")
    func manyTasks() async throws {
        let folder = try DataFolder(inMemory: true)
        let (tenants, databases) = try await make(20, limit: 4, patience: .seconds(120), in: folder)
        try await withThrowingTaskGroup { group in
            for task in 0..<200 {
                group.addTask {
                    let database = databases[(task * 7) % 20]
                    try await Event.add(task, to: database)
                    #expect(try await Event.load(task, from: database) != nil)
                    #expect(await tenants.openOrganizations().count <= 4)
                    #expect(try descriptors(folder) <= 4 * 3)
                }
            }
            try await group.waitForAll()
        }
        for database in databases { #expect(try await Event.count(in: database) == 10) }
    }

    @Test("A file in use is never closed; who waits for room too long gets an error, and the next one finds room")
    func crowded() async throws {
        let folder = try DataFolder()
        let (tenants, databases) = try await make(3, limit: 2, patience: .seconds(2), in: folder)
        let gate = Gate()
        let holders = databases.prefix(2).map { hold($0, until: gate) }
        await gate.waitUntilEntered(2)
        await #expect(throws: DatabaseError.crowded(limit: 2)) { try await Event.count(in: databases[2]) }
        #expect(await Set(tenants.openOrganizations()) == Set(databases.prefix(2).map(\.organization)))
        gate.open()
        for holder in holders { try await holder.value }
        #expect(try await Event.count(in: databases[2]) == 0)
        #expect(await tenants.openOrganizations().contains(databases[2].organization))
    }

    @Test("Who waits is served in the order of coming")
    func order() async throws {
        let folder = try DataFolder()
        let (_, databases) = try await make(6, limit: 1, in: folder)
        let gate = Gate()
        let holder = hold(databases[0], until: gate)
        await gate.waitUntilEntered(1)
        let served = Served()
        var tasks: [Task<Void, any Error>] = []
        for (number, database) in databases.dropFirst().enumerated() {
            tasks.append(
                Task {
                    try await database.read { _ in }
                    await served.add(number)
                })
            try await Task.sleep(for: .milliseconds(30))
        }
        gate.open()
        try await holder.value
        for task in tasks { try await task.value }
        #expect(await served.numbers == [0, 1, 2, 3, 4])
    }

    @Test("A cancelled task gives up its place in line")
    func cancellation() async throws {
        let folder = try DataFolder()
        let (_, databases) = try await make(2, limit: 1, in: folder)
        let gate = Gate()
        let holder = hold(databases[0], until: gate)
        await gate.waitUntilEntered(1)
        let waiting = Task { try await Event.count(in: databases[1]) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        await #expect(throws: DatabaseError.cancelled) { try await waiting.value }
        gate.open()
        try await holder.value
        #expect(try await Event.count(in: databases[1]) == 0)
    }

    @Test("Closing waits for calls, leaves only the files, and ends all later calls")
    func closing() async throws {
        let folder = try DataFolder()
        let (tenants, databases) = try await make(2, limit: 2, in: folder)
        for database in databases { try await Event.add(1, to: database) }
        let gate = Gate()
        let holder = hold(databases[0], until: gate)
        await gate.waitUntilEntered(1)
        let closing = Task { await tenants.close() }
        try await Task.sleep(for: .milliseconds(50))
        await #expect(throws: DatabaseError.closed) { try await Event.count(in: databases[1]) }
        gate.open()
        try await holder.value
        await closing.value
        #expect(try descriptors(folder) == 0)
        for database in databases { #expect(try folder.names("tenants/\(database.organization)") == ["tenant.sqlite"]) }
    }
}

/// Lets a test stop others at a place, and go on when it wants.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var entered = 0
    private var isOpen = false

    func enter() {
        condition.withLock { entered += 1 }
    }

    /// Blocks its thread: only for the closures of `read` and `write`, which have one of their own.
    func waitUntilOpen() {
        condition.withLock {
            while !isOpen { condition.wait() }
        }
    }

    func waitUntilEntered(_ count: Int) async {
        while condition.withLock({ entered < count }) { try? await Task.sleep(for: .milliseconds(5)) }
    }

    func open() {
        condition.withLock {
            isOpen = true
            condition.broadcast()
        }
    }
}

private actor Served {
    private(set) var numbers: [Int] = []
    func add(_ number: Int) { numbers.append(number) }
}
