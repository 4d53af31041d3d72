import Dispatch
import Synchronization

/// Work spread over a few threads.
package enum Parallel {
    /// Calls `work` for 0..<count, on at most `jobs` threads at once, each taking the next free number.
    package static func each(_ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Void) {
        guard jobs > 1, count > 1 else {
            for index in 0..<count { work(index) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(jobs, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                work(index)
            }
        }
    }

    /// The results of `work` for 0..<count, in order.
    package static func map<Value: Sendable>(_ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Value) -> [Value] {
        guard jobs > 1, count > 1 else { return (0..<count).map(work) }
        let chunk = max(1, min(64, count / (jobs * 4)))
        let chunkCount = (count + chunk - 1) / chunk
        let results = Mutex<[Int: [Value]]>([:])
        each(chunkCount, jobs: jobs) { number in
            let part = (number * chunk..<min(count, (number + 1) * chunk)).map(work)
            results.withLock { $0[number] = part }
        }
        return results.withLock { parts in (0..<chunkCount).flatMap { parts[$0] ?? [] } }
    }
}
