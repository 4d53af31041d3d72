import Synchronization
import Tenancy

/// How often something may be done.
struct RateLimit: Sendable {
    /// Unique among all limits.
    let name: String
    /// How many at once.
    let count: Int
    /// Seconds after which they are all there again; they come back one by one.
    let seconds: Int

    init(_ name: String, _ count: Int, perSeconds seconds: Int) {
        self.name = name
        self.count = max(count, 1)
        self.seconds = max(seconds, 1)
    }
}

/// Counts what was done, by whom, in memory: a restart forgets it. Each key has a bucket of tokens that fills up evenly (token bucket).
///
/// Memory is bounded: when `capacity` keys have been used, those that were not used again since the last time that happened are forgotten.
/// Whoever makes room for himself that way needs as many addresses.
final class RateLimiter: Sendable {
    private struct Key: Hashable {
        let limit: String
        let who: String
    }

    private struct Bucket {
        /// In parts: one use is as many parts as the limit has seconds, and each second gives back as many as it has uses.
        var parts: Int64
        var time: Int64
    }

    private struct State {
        var recent: [Key: Bucket] = [:]
        var older: [Key: Bucket] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = 20_000) {
        self.capacity = max(capacity, 1)
    }

    /// What came of taking one use, and what is left.
    struct Taking: Sendable, Hashable {
        /// Nil if there was one, else the seconds until there is.
        let wait: Int?
        /// Uses left.
        let remaining: Int
        /// Seconds until all are there again.
        let reset: Int
    }

    /// Takes one use. Nil if there was one, else the seconds until there is.
    func take(_ limit: RateLimit, for who: String, at now: Instant) -> Int? {
        use(limit, for: who, at: now).wait
    }

    /// Takes one use, and says what is left.
    func use(_ limit: RateLimit, for who: String, at now: Instant) -> Taking {
        // What is longer is no address of anything; its beginning stands for it.
        let key = Key(limit: limit.name, who: String(decoding: who.utf8.prefix(320), as: UTF8.self))
        let (cost, gain) = (Int64(limit.seconds), Int64(limit.count))
        return state.withLock { state in
            var bucket = state.recent[key] ?? state.older[key] ?? Bucket(parts: cost * gain, time: now.seconds)
            // A clock that was set back gives nothing, and takes nothing either.
            let elapsed = min(max(now.seconds - bucket.time, 0), cost)
            bucket.parts = min(bucket.parts + elapsed * gain, cost * gain)
            bucket.time = now.seconds
            let isAllowed = bucket.parts >= cost
            if isAllowed { bucket.parts -= cost }
            if state.recent[key] == nil, state.recent.count >= capacity {
                state.older = state.recent
                state.recent = [:]
            }
            state.recent[key] = bucket
            return Taking(
                wait: isAllowed ? nil : Int((cost - bucket.parts + gain - 1) / gain), remaining: Int(bucket.parts / cost),
                reset: Int((cost * gain - bucket.parts + gain - 1) / gain))
        }
    }

    /// Keys in memory.
    var count: Int { state.withLock { $0.recent.count + $0.older.count } }
}

extension NetworkAddress {
    /// What one household or one school has: the first 24 bits of an IPv4 address, the first 64 of an IPv6 address.
    var network: String {
        isIPv4
            ? bytes[12..<15].map(String.init).joined(separator: ".") + ".0/24"
            : Hexadecimal.text(bytes.prefix(8)) + "/64"
    }
}
