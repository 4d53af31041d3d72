import GRDB
import Tenancy

/// The tenant files that are open, at most `limit` at once.
///
/// A call takes its tenant's file and gives it back. When room is needed, the file that nobody uses and that was used least recently is
/// closed. Who can't be served waits in one line, for at most `patience`.
actor TenantFilePool {
    let limit: Int
    private let patience: Duration
    private let folders: TenantFolders
    private let file: TenantFile

    private enum Slot {
        case opening
        case open(OpenFile)
        case closing
        /// Somebody has it for himself alone, and closed.
        case exclusive
    }

    private struct OpenFile {
        let queue: DatabaseQueue
        var users = 0
        /// When it was last taken, in calls.
        var lastUse: UInt64
        /// It is to be closed as soon as nobody uses it: something was wrong with it.
        var isSpoilt = false
    }

    private struct Waiter {
        let ticket: UInt64
        let id: OrganizationID
        let isExclusive: Bool
        let continuation: CheckedContinuation<Result<DatabaseQueue?, DatabaseError>, Never>
        /// Ends the waiting.
        var timer: Task<Void, Never>?

        func answer(_ result: Result<DatabaseQueue?, DatabaseError>) {
            timer?.cancel()
            continuation.resume(returning: result)
        }
    }

    private var slots: [OrganizationID: Slot] = [:]
    private var waiters: [Waiter] = []
    private var calls: UInt64 = 0
    private var isClosed = false

    init(folders: TenantFolders, file: TenantFile, limit: Int, patience: Duration) {
        self.folders = folders
        self.file = file
        self.limit = max(limit, 1)
        self.patience = patience
    }

    /// The organizations whose file is open.
    var openOrganizations: [OrganizationID] {
        slots.compactMap { id, slot in if case .open = slot { id } else { nil } }
    }

    // MARK: Taking a file

    /// Lends the file of an organization to `body`. Throws `DatabaseError`, or what `body` throws.
    nonisolated func withFile<Value: Sendable>(
        of id: OrganizationID, _ body: @Sendable (DatabaseQueue) async throws -> Value
    ) async throws -> Value {
        guard let queue = try await take(id, isExclusive: false) else { throw DatabaseError.noOrganization(id) }
        do {
            let value = try await body(queue)
            await giveBack(id, spoilt: false)
            return value
        } catch {
            let error = translated(error, file: folders.database(id))
            await giveBack(id, spoilt: (error as? DatabaseError)?.spoilsFile == true)
            throw error
        }
    }

    /// Runs `body` on a thread of its own while nobody uses the file of an organization, and while it is closed.
    nonisolated func withClosedFile<Value: Sendable>(
        of id: OrganizationID, _ body: @escaping @Sendable () throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        _ = try await take(id, isExclusive: true)
        do {
            let value = try await onThread(body)
            await giveBackExclusive(id)
            return value
        } catch {
            await giveBackExclusive(id)
            throw error
        }
    }

    /// The same, with the file of an organization that must be there.
    nonisolated func withClosedFile<Value: Sendable>(
        of id: OrganizationID, _ body: @escaping @Sendable (TenantFile, DatabaseFile) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        let (file, folders) = (file, folders)
        return try await withClosedFile(of: id) { () throws(DatabaseError) in
            guard folders.isReady(id) else { throw .noOrganization(id) }
            return try body(file, DatabaseFile(path: folders.database(id)))
        }
    }

    /// Closes all files when their calls are done. Later calls fail with `DatabaseError.closed`.
    func close() async {
        isClosed = true
        for id in slots.keys {
            // One whose calls don't end is left to the end of the process.
            try? await withClosedFile(of: id) { () throws(DatabaseError) in }
        }
    }

    private func take(_ id: OrganizationID, isExclusive: Bool) async throws(DatabaseError) -> DatabaseQueue? {
        guard !isClosed || isExclusive else { throw .closed }
        calls += 1
        let ticket = calls
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiters.append(Waiter(ticket: ticket, id: id, isExclusive: isExclusive, continuation: continuation))
                serve()
                startTimer(of: ticket)
            }
        } onCancel: {
            Task { await self.refuse(ticket, .cancelled) }
        }
        return try result.get()
    }

    private func giveBack(_ id: OrganizationID, spoilt: Bool) {
        guard case .open(var open) = slots[id] else { return }
        open.users -= 1
        open.isSpoilt = open.isSpoilt || spoilt
        slots[id] = .open(open)
        if open.isSpoilt, open.users == 0 { close(open, of: id) }
        serve()
    }

    private func giveBackExclusive(_ id: OrganizationID) {
        slots[id] = nil
        serve()
    }

    // MARK: Waiting

    /// Bounds the time of one who had to get in line.
    private func startTimer(of ticket: UInt64) {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return }
        let waiter = waiters[index]
        let error: DatabaseError = waiter.isExclusive ? .locked(file: folders.database(waiter.id)) : .crowded(limit: limit)
        waiters[index].timer = Task {
            do {
                try await Task.sleep(for: patience)
                refuse(ticket, error)
            } catch {
                // Answered in time.
            }
        }
    }

    private func refuse(_ ticket: UInt64, _ error: DatabaseError) {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiters.remove(at: index).answer(.failure(error))
        serve()
    }

    /// Gives everybody in line what can be had now, first come first served, and starts to open and close what the others need.
    private func serve() {
        var remaining: [Waiter] = []
        // Somebody wants these alone: those behind him wait too, or he would wait for ever.
        var reserved: Set<OrganizationID> = []
        var wanted = 0
        for waiter in waiters {
            switch slots[waiter.id] {
            case .open(var open) where !waiter.isExclusive && !reserved.contains(waiter.id) && !open.isSpoilt:
                calls += 1
                open.users += 1
                open.lastUse = calls
                slots[waiter.id] = .open(open)
                waiter.answer(.success(open.queue))
                continue
            case .open(let open) where waiter.isExclusive && open.users == 0:
                close(open, of: waiter.id)
            case .opening, .open, .closing, .exclusive:
                break
            case nil where reserved.contains(waiter.id):
                break
            case nil where slots.count >= limit:
                wanted += 1
            case nil where waiter.isExclusive:
                slots[waiter.id] = .exclusive
                waiter.answer(.success(nil))
                continue
            case nil:
                open(waiter.id)
            }
            if waiter.isExclusive { reserved.insert(waiter.id) }
            remaining.append(waiter)
        }
        waiters = remaining
        makeRoom(for: wanted)
    }

    // MARK: Opening and closing

    /// Closes files that nobody uses, as many as are wanted and are not being closed already.
    private func makeRoom(for wanted: Int) {
        var wanted = wanted - slots.values.count { if case .closing = $0 { true } else { false } }
        while wanted > 0, let (id, open) = leastRecentlyUsed {
            close(open, of: id)
            wanted -= 1
        }
    }

    private var leastRecentlyUsed: (OrganizationID, OpenFile)? {
        slots.compactMap { id, slot -> (OrganizationID, OpenFile)? in
            guard case .open(let open) = slot, open.users == 0 else { return nil }
            return (id, open)
        }
        .min { $0.1.lastUse < $1.1.lastUse }
    }

    private func open(_ id: OrganizationID) {
        slots[id] = .opening
        let (file, folders) = (file, folders)
        Task {
            do throws(DatabaseError) {
                let queue = try await onThread { () throws(DatabaseError) in
                    guard folders.isReady(id) else { throw .noOrganization(id) }
                    return try file.open(DatabaseFile(path: folders.database(id)), of: id).queue
                }
                slots[id] = .open(OpenFile(queue: queue, lastUse: calls))
            } catch {
                slots[id] = nil
                refuseAll(of: id, error)
            }
            serve()
        }
    }

    private func refuseAll(of id: OrganizationID, _ error: DatabaseError) {
        let refused = waiters.filter { $0.id == id && !$0.isExclusive }
        waiters.removeAll { $0.id == id && !$0.isExclusive }
        for waiter in refused { waiter.answer(.failure(error)) }
    }

    private func close(_ open: OpenFile, of id: OrganizationID) {
        slots[id] = .closing
        Task {
            // What is acknowledged is on the disk; a log that can't be written back now is read at the next opening.
            _ = try? await onThread { () throws(DatabaseError) in try? open.queue.close() }
            slots[id] = nil
            serve()
        }
    }
}

extension DatabaseError {
    /// Whether the file should be opened anew before the next call, because it may have been replaced meanwhile.
    fileprivate var spoilsFile: Bool {
        switch self {
        case .damaged, .unusable: true
        default: false
        }
    }
}
