import Tenancy

/// When each site is built next: when it will be wrong, and at least once a day, which finds content that was changed by hand.
struct BuildSchedule: Sendable {
    private var moments: [String: Instant] = [:]

    /// Seconds.
    static let longestPause: Int64 = 24 * 3600
    static let pauseAfterFailure: Int64 = 15 * 60

    /// Notes a build that has ended.
    /// - Parameter validUntil: from when on another build is needed; nil if time changes nothing.
    mutating func built(_ slug: String, at now: Instant, validUntil: Instant?, hasFailed: Bool = false) {
        let latest = now.adding(seconds: hasFailed ? Self.pauseAfterFailure : Self.longestPause)
        // A second later, and never again at once: the site would be built for a moment that it already shows.
        moments[slug] = min(latest, max(validUntil.map { $0.adding(seconds: 1) } ?? latest, now.adding(seconds: 1)))
    }

    mutating func remove(_ slug: String) { moments[slug] = nil }

    var slugs: Set<String> { Set(moments.keys) }

    /// Sites to build now, those that have waited longest first.
    func due(at now: Instant) -> [String] {
        moments.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    }
}
