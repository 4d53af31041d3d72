import Glibc
import Synchronization

/// Whether the server can do its work, and why not.
final class Readiness: Sendable {
    private struct State {
        var reasonNotBuilt: String? = "the sites are being built"
        var isStopping = false
    }

    private let state = Mutex(State())
    private let output: String

    init(output: String) {
        self.output = output
    }

    /// The first build of all sites is over, whatever came of each.
    func sitesAreBuilt() { state.withLock { $0.reasonNotBuilt = nil } }

    func sitesAreNotBuilt(because reason: String) { state.withLock { $0.reasonNotBuilt = reason } }

    func isStopping() { state.withLock { $0.isStopping = true } }

    /// Empty if the server is ready.
    var reasons: [String] {
        var reasons = state.withLock { [$0.reasonNotBuilt, $0.isStopping ? "the server is stopping" : nil].compactMap { $0 } }
        if access(output, R_OK | X_OK) != 0 { reasons.append("the output folder can't be read: \(String(cString: strerror(errno)))") }
        return reasons
    }
}
