import Glibc
import StaticSites
import Synchronization

/// The text of the Date header, made once a second.
final class HTTPClock: Sendable {
    private let latest = Mutex((second: Int64(-1), text: ""))

    /// The date of now; empty if the machine's clock is beyond the year 9999.
    var text: String {
        let now = Int64(time(nil))
        return latest.withLock { latest in
            if latest.second != now { latest = (now, HTTPDate.text(now) ?? "") }
            return latest.text
        }
    }
}
