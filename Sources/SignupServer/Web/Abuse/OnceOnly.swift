import Synchronization
import Tenancy

/// Sees to it that something short-lived is used once. It remembers what was used for as long as that is valid, in bounded memory; when that
/// is full, nothing more is accepted until some of it has expired.
final class OnceOnly: Sendable {
    private struct State {
        var recent: Set<String> = []
        var older: Set<String> = []
        /// When `recent` was begun.
        var start: Int64 = 0
    }

    private let state = Mutex(State())
    private let validity: Int64
    private let capacity: Int

    /// - Parameter validity: seconds after which what was used is refused for its age anyway.
    init(validity: Int64, capacity: Int = 50_000) {
        self.validity = validity
        self.capacity = capacity
    }

    func wasUsed(_ id: String) -> Bool { state.withLock { $0.recent.contains(id) || $0.older.contains(id) } }

    /// True the first time.
    func use(_ id: String, at now: Instant) -> Bool {
        state.withLock { state in
            if now.seconds - state.start >= validity {
                // What is older than two spans has expired.
                state.older = now.seconds - state.start < 2 * validity ? state.recent : []
                state.recent = []
                state.start = now.seconds
            }
            guard !state.recent.contains(id), !state.older.contains(id), state.recent.count < capacity else { return false }
            state.recent.insert(id)
            return true
        }
    }
}
