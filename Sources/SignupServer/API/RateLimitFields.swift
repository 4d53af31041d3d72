import HTTPTypes
import Hummingbird

/// How much somebody may still do, as the answer's header says it (draft-ietf-httpapi-ratelimit-headers-10).
struct RateLimitFields: Sendable, Hashable {
    private var policies: [String] = []
    private var states: [String] = []

    mutating func add(_ limit: RateLimit, _ taking: RateLimiter.Taking) {
        policies.append("\"\(limit.name)\";q=\(limit.count);w=\(limit.seconds)")
        states.append("\"\(limit.name)\";r=\(taking.remaining);t=\(taking.reset)")
    }

    static let policy = HTTPField.Name("RateLimit-Policy")
    static let state = HTTPField.Name("RateLimit")

    var fields: HTTPFields {
        guard !policies.isEmpty, let policy = Self.policy, let state = Self.state else { return [:] }
        return [policy: policies.joined(separator: ", "), state: states.joined(separator: ", ")]
    }
}
