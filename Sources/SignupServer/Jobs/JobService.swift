import Database
import Logging
import ServiceLifecycle
import Synchronization
import Tenancy

/// Runs the jobs: each kind by its handler, organizations in turn, failed ones again later. It sleeps until there is something to do.
struct JobService: Service {
    private let store: JobStore
    private let queue: JobQueue
    private let handlers: [JobHandler]
    private let byKind: [String: JobHandler]
    private let now: @Sendable () -> Instant
    private let random: SecureRandom
    private let metrics: ServerMetrics
    private let logger: Logger
    /// When stopping, for the jobs that run.
    private let patience: Duration
    private let running = RunningJobs()

    /// A longer sleep would not notice that the clock was set. Seconds.
    private static let longestSleep: Int64 = 30
    /// A job that died is kept as long, for the operator to look at. Seconds.
    private static let deadJobsAreKept: Int64 = 30 * 86_400

    /// - Parameter handlers: one for each kind.
    init(
        database: PlatformDatabase, queue: JobQueue, handlers: [JobHandler], now: @escaping @Sendable () -> Instant, random: SecureRandom,
        metrics: ServerMetrics, logger: Logger, patience: Duration
    ) {
        var generator = random
        store = JobStore(database: database, owner: UniqueID(at: now(), using: &generator))
        self.queue = queue
        self.handlers = handlers
        byKind = Dictionary(handlers.map { ($0.kind, $0) }) { first, _ in first }
        self.now = now
        self.random = random
        self.metrics = metrics
        self.logger = logger
        self.patience = patience
    }

    func run() async throws {
        let wakeUp = queue.wakeUp
        await withGracefulShutdownHandler {
            let renewal = Task { await renewLeases() }
            await work()
            await stop()
            renewal.cancel()
        } onGracefulShutdown: {
            running.close()
            wakeUp.call()
        }
    }

    /// Until it is told to stop.
    private func work() async {
        var turns: JobStore.Turns = [:]
        var housekeeping: ContinuousClock.Instant?
        while !running.isClosed, !Task.isCancelled {
            var sleep = Duration.seconds(Self.longestSleep)
            do {
                try await buryAndRecover()
                let taken = try await store.take(places, turns: turns, now: now())
                turns = taken.turns
                for job in taken.jobs { begin(job) }
                if housekeeping.map({ $0.duration(to: .now) > .seconds(15) }) ?? true {
                    try await keepHouse()
                    housekeeping = .now
                }
                let moment = now()
                if let next = try await store.nextMoment(after: moment) {
                    sleep = .seconds(min(max(next.seconds - moment.seconds, 1), Self.longestSleep))
                }
            } catch {
                // The disk may be full. What waits is safe.
                logger.error("the jobs can't be read or written", metadata: ["problem": "\(error)"])
                sleep = .seconds(5)
            }
            await wakeUp(after: sleep)
        }
    }

    private func wakeUp(after sleep: Duration) async {
        guard !running.isClosed else { return }
        await queue.wakeUp.sleep(atMost: sleep)
    }

    private var places: [(handler: JobHandler, count: Int)] {
        let busy = running.jobs.reduce(into: [String: Int]()) { $0[$1.kind, default: 0] += 1 }
        return handlers.map { ($0, $0.limit - (busy[$0.kind] ?? 0)) }.filter { $0.1 > 0 }
    }

    private func buryAndRecover() async throws {
        for job in try await store.recover(byKind, running: running.jobs, random: random, now: now()) {
            note(job, outcome: "dead", problem: "the server ended while the job ran, at its last attempt")
        }
    }

    private func keepHouse() async throws {
        try await store.forgetDead(createdBefore: now().adding(seconds: -Self.deadJobsAreKept))
        let counts = try await store.counts()
        metrics.jobs(waiting: counts["waiting"] ?? 0, dead: counts["dead"] ?? 0)
    }

    // MARK: One job

    private func begin(_ job: Job) {
        guard let handler = byKind[job.kind] else { return }
        running.add(job) {
            Task {
                await perform(job, handler)
                running.remove(job)
                // Its place is free.
                queue.wakeUp.call()
            }
        }
    }

    private func perform(_ job: Job, _ handler: JobHandler) async {
        let begin = ContinuousClock.now
        do {
            try await handler.perform(job)
        } catch {
            // A server that stops has released it.
            guard !Task.isCancelled else { return }
            return await fail(job, handler, error, begin)
        }
        await end(job, "done", begin) { try await store.finish(job) }
    }

    private func fail(_ job: Job, _ handler: JobHandler, _ error: any Error, _ begin: ContinuousClock.Instant) async {
        let problem = String(Redaction.clean("\(error)").prefix(500))
        var next = handler.nextAttempt(after: job.attempt, now: now(), random: random)
        if case .permanent? = error as? JobFailure { next = nil }
        if let next {
            await end(job, "retried", begin, problem) { try await store.retry(job, at: next, problem: problem) }
        } else {
            await end(job, "dead", begin, problem) { try await store.bury(job, problem: problem) }
        }
    }

    /// Where the end can't be written, because the disk is full, the job's lease runs out and it runs again.
    private func end(
        _ job: Job, _ outcome: String, _ begin: ContinuousClock.Instant, _ problem: String? = nil, _ write: () async throws -> Void
    ) async {
        metrics.jobEnded(kind: job.kind, seconds: begin.duration(to: .now) / .seconds(1))
        note(job, outcome: outcome, problem: problem)
        for attempt in 1...5 {
            do {
                return try await write()
            } catch {
                logger.error("the end of a job can't be written", metadata: ["job": "\(job.id)", "try": "\(attempt)", "problem": "\(error)"])
                guard (try? await Task.sleep(for: .seconds(attempt))) != nil else { return }
            }
        }
    }

    private func note(_ job: Job, outcome: String, problem: String?) {
        metrics.job(kind: job.kind, outcome: outcome)
        guard let problem else { return }
        logger.log(
            level: outcome == "dead" ? .error : .warning, outcome == "dead" ? "a job was given up" : "a job has failed and is tried again",
            metadata: ["job": "\(job.id)", "kind": .string(job.kind), "attempt": "\(job.attempt)", "problem": .string(problem)])
    }

    // MARK: Leases and the end

    private func renewLeases() async {
        while (try? await Task.sleep(for: .seconds(JobStore.leaseLength) / 3)) != nil {
            let jobs = running.jobs
            guard !jobs.isEmpty else { continue }
            do {
                try await store.renew(jobs, now: now())
            } catch {
                logger.error("the leases of jobs can't be renewed", metadata: ["problem": "\(error)"])
            }
        }
    }

    /// Lets the jobs that run come to their end for a while, then leaves them to whoever starts next.
    private func stop() async {
        await running.wait(atMost: patience)
        for job in running.cancel() {
            do {
                try await store.release(job, now: now())
            } catch {
                logger.error("a job can't be released", metadata: ["job": "\(job.id)", "problem": "\(error)"])
            }
        }
    }
}

/// What runs in this process.
private final class RunningJobs: Sendable {
    private struct State {
        var tasks: [UniqueID: (job: Job, task: Task<Void, Never>)] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let ended = WakeUp()

    var jobs: [Job] { state.withLock { $0.tasks.values.map(\.job) } }

    /// No more are to be begun.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func close() { state.withLock { $0.isClosed = true } }

    /// The task waits at `remove` until it is in.
    func add(_ job: Job, _ begin: () -> Task<Void, Never>) {
        state.withLock { $0.tasks[job.id] = (job, begin()) }
    }

    func remove(_ job: Job) {
        state.withLock { $0.tasks[job.id] = nil }
        ended.call()
    }

    func wait(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while !jobs.isEmpty, .now < deadline, !Task.isCancelled { await ended.sleep(atMost: deadline - .now) }
    }

    /// Cancels what still runs, and tells what that was.
    func cancel() -> [Job] {
        state.withLock { state in
            for (_, task) in state.tasks.values { task.cancel() }
            return state.tasks.values.map(\.job)
        }
    }
}
