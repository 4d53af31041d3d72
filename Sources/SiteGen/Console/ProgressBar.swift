import Glibc
import SiteBuilder
import Synchronization

/// Shows how far a long build has come. It appears after a third of a second and only on a terminal.
final class ProgressBar: Sendable {
    private struct State {
        var done = 0
        var lastShown = 0.0
        var isShown = false
    }

    private let total: Int
    private let start = Timings.clock()
    private let state = Mutex(State())

    init(total: Int) {
        self.total = total
    }

    func advance(_ name: String) {
        guard Console.isTerminal else { return }
        state.withLock { state in
            state.done += 1
            let now = Timings.clock()
            guard now - start > 0.33, now - state.lastShown > 0.05 else { return }
            state.lastShown = now
            state.isShown = true
            let width = 30
            let filled = width * state.done / max(1, total)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
            Console.write("\r\u{1B}[K\(bar) \(state.done)/\(total) \(name)", to: STDERR_FILENO)
        }
    }

    func finish() {
        state.withLock { if $0.isShown { Console.write("\r\u{1B}[K", to: STDERR_FILENO) } }
    }
}
