import Synchronization

/// A cache of limited cost that lets go of what was not used for the longest time. Safe to share between threads.
final class RecentCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let key: Key
        let value: Value
        let cost: Int
        /// Neighbours by time of use, as positions in `entries`.
        var newer: Int?
        var older: Int?
    }

    private struct State {
        var positions: [Key: Int] = [:]
        var entries: [Entry?] = []
        var free: [Int] = []
        var newest: Int?
        var oldest: Int?
        var cost = 0

        mutating func add(_ entry: Entry) {
            let position: Int
            if let reused = free.popLast() {
                position = reused
                entries[position] = entry
            } else {
                position = entries.count
                entries.append(entry)
            }
            positions[entry.key] = position
            cost += entry.cost
            linkAsNewest(position)
        }

        mutating func remove(_ position: Int) {
            guard let entry = entries[position] else { return }
            unlink(position)
            entries[position] = nil
            positions[entry.key] = nil
            free.append(position)
            cost -= entry.cost
        }

        mutating func unlink(_ position: Int) {
            guard let entry = entries[position] else { return }
            if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
            if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
        }

        mutating func linkAsNewest(_ position: Int) {
            entries[position]?.newer = nil
            entries[position]?.older = newest
            if let newest { entries[newest]?.newer = position } else { oldest = position }
            newest = position
        }
    }

    private let state = Mutex(State())
    private let maximumCost: Int

    init(maximumCost: Int) {
        self.maximumCost = maximumCost
    }

    subscript(key: Key) -> Value? {
        state.withLock { state -> Value? in
            guard let position = state.positions[key], let entry = state.entries[position] else { return nil }
            if state.newest != position {
                state.unlink(position)
                state.linkAsNewest(position)
            }
            return entry.value
        }
    }

    /// Values that cost more than an eighth of the limit are not kept, so that one cannot drive out all others.
    func insert(_ value: Value, for key: Key, cost: Int) {
        guard cost <= maximumCost / 8 else { return }
        state.withLock { state in
            if let position = state.positions[key] { state.remove(position) }
            state.add(Entry(key: key, value: value, cost: cost))
            while state.cost > maximumCost, let oldest = state.oldest { state.remove(oldest) }
        }
    }

    /// The sum of the costs of what is kept.
    var cost: Int { state.withLock { $0.cost } }
}
