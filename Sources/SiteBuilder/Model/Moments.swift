package import Tenancy

/// The build's clock: the moment it is made for, and the next moment at which the result would be another.
///
/// Every question "has this passed?" is asked here, so that a site knows by itself until when it is right.
package struct Moments: Sendable {
    package let now: Instant
    /// Nil when time alone changes nothing any more.
    package private(set) var nextChange: Instant?

    package init(now: Instant) {
        self.now = now
    }

    package mutating func hasPassed(_ moment: Instant) -> Bool {
        if moment <= now { return true }
        if nextChange.map({ moment < $0 }) ?? true { nextChange = moment }
        return false
    }
}
