import Foundation
import SiteBuilder
import Synchronization

/// What folders take on the disk, for pages: counted beside the requests, no further than so many entries, and kept for a while.
final class FolderSizes: Sendable {
    private struct State {
        var known: [String: (size: FolderSize, at: ContinuousClock.Instant)] = [:]
        var counting: Set<String> = []
    }

    private let state = Mutex(State())
    /// One after another: nobody waits for many.
    private let queue: OperationQueue = {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        queue.qualityOfService = .utility
        return queue
    }()

    private static let age = Duration.seconds(600)
    /// Folders of which sizes are kept.
    private static let capacity = 10_000

    /// What is known at this moment, without waiting: nil while it is counted for the first time.
    func known(_ path: String) -> FolderSize? {
        let (size, isToBeCounted) = state.withLock { state -> (FolderSize?, Bool) in
            let known = state.known[path]
            if let known, known.at.duration(to: .now) < Self.age { return (known.size, false) }
            return (known?.size, state.counting.insert(path).inserted)
        }
        if isToBeCounted {
            queue.addOperation { [self] in keep(FolderSize(of: path), of: path) }
        }
        return size
    }

    /// Counts, or says what was counted a while ago.
    func size(of path: String) async -> FolderSize {
        if let size = state.withLock({ state in state.known[path].flatMap { $0.at.duration(to: .now) < Self.age ? $0.size : nil } }) { return size }
        return await withCheckedContinuation { continuation in
            queue.addOperation { [self] in
                let size = FolderSize(of: path)
                keep(size, of: path)
                continuation.resume(returning: size)
            }
        }
    }

    private func keep(_ size: FolderSize, of path: String) {
        state.withLock { state in
            if state.known.count >= Self.capacity { state.known = [:] }
            state.known[path] = (size, .now)
            state.counting.remove(path)
        }
    }
}
