import Database
import Foundation
import ServiceLifecycle
import Tenancy
import Testing

@testable import SignupServer

@Suite("Running jobs")
struct JobServiceTests {
    /// What runs the jobs of a fixture, until the body ends.
    private func withService(
        _ fixture: JobFixture, _ handlers: [JobHandler], patience: Duration = .seconds(5), recorder: MetricsRecorder = MetricsRecorder(),
        _ body: (ServiceGroup) async throws -> Void
    ) async throws {
        let clock = fixture.test.clock
        let service = JobService(
            database: fixture.test.platform.database, queue: fixture.queue, handlers: handlers, now: { clock.value },
            random: fixture.test.platform.random, metrics: ServerMetrics(recorder), logger: fixture.test.log.logger(), patience: patience)
        let group = ServiceGroup(services: [service], logger: fixture.test.log.logger())
        let running = Task { try await group.run() }
        do {
            try await body(group)
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not happen within 20 seconds")
    }

    @Test("a job runs at once when its transaction is committed, and is gone when it is done")
    func atOnce() async throws {
        let fixture = try JobFixture()
        let seen = Shared<[Job]>([])
        let recorder = MetricsRecorder()
        try await withService(fixture, [JobHandler(kind: "build") { job in seen.change { $0.append(job) } }], recorder: recorder) { _ in
            // It has looked already, and sleeps.
            try await Task.sleep(for: .milliseconds(300))
            let clock = ContinuousClock()
            let begin = clock.now
            let id = try await fixture.add("a")
            try await eventually { try await fixture.store.counts().isEmpty && !seen.value.isEmpty }
            // Less than the longest sleep.
            #expect(clock.now - begin < .seconds(20))
            #expect(seen.value.map(\.id) == [id])
        }
        #expect(recorder.text().contains(#"marquee_jobs_total{kind="build",outcome="done"} 1"#))
    }

    @Test("a job that fails is tried again in its time, then given up; the reason is kept and logged without addresses")
    func retries() async throws {
        let fixture = try JobFixture()
        let attempts = Shared<[Int]>([])
        let handler = JobHandler(kind: "build", retryDelays: [100, 1000]) { job in
            attempts.change { $0.append(job.attempt) }
            throw JobFailure.temporary("pat@school.example is away")
        }
        let recorder = MetricsRecorder()
        try await withService(fixture, [handler], recorder: recorder) { _ in
            try await fixture.add("a")
            try await eventually { attempts.value.count == 1 }
            for (count, seconds) in [(2, 121), (3, 1201)] as [(Int, Int64)] {
                try await eventually { try await fixture.store.counts() == ["waiting": 1] }
                fixture.queue.wakeUp.call()
                try await Task.sleep(for: .milliseconds(100))
                #expect(attempts.value.count == count - 1)
                fixture.pass(seconds: seconds)
                fixture.queue.wakeUp.call()
                try await eventually { attempts.value.count == count }
            }
            try await eventually { try await fixture.store.counts() == ["dead": 1] }
        }
        #expect(attempts.value == [1, 2, 3])
        let problems = try await fixture.store.dead().map(\.problem)
        #expect(problems == ["[e-mail] is away"])
        #expect(fixture.test.log.text.contains("a job was given up"))
        #expect(!fixture.test.log.text.contains("pat@school.example"))
        #expect(recorder.text().contains(#"marquee_jobs_total{kind="build",outcome="retried"} 2"#))
        #expect(recorder.text().contains(#"marquee_jobs_total{kind="build",outcome="dead"} 1"#))
    }

    @Test("a failure that is for good is given up at once; any other error is worth another attempt")
    func permanent() async throws {
        struct Surprise: Error {}
        let fixture = try JobFixture()
        let handlers = [
            JobHandler(kind: "build") { _ in throw JobFailure.permanent("never") }, JobHandler(kind: "other") { _ in throw Surprise() },
        ]
        try await withService(fixture, handlers) { _ in
            try await fixture.add("a")
            try await fixture.add("b", kind: "other")
            try await eventually { try await fixture.store.counts() == ["dead": 1, "waiting": 1] }
            #expect(try await fixture.store.dead().map(\.problem) == ["never"])
        }
    }

    @Test("no more run at once than the kind allows, and a slow kind doesn't hold up another; every job runs once")
    func bounded() async throws {
        let fixture = try JobFixture()
        let (now, most, done) = (Shared(0), Shared(0), Shared<[String]>([]))
        let slow = JobHandler(kind: "slow", limit: 3) { job in
            now.change { $0 += 1 }
            let count = now.value
            most.change { $0 = max($0, count) }
            try await Task.sleep(for: .milliseconds(20))
            now.change { $0 -= 1 }
            done.change { $0.append("\(job.id)") }
        }
        let stuck = JobHandler(kind: "stuck", limit: 2) { _ in try await Task.sleep(for: .seconds(60)) }
        try await withService(fixture, [stuck, slow], patience: .milliseconds(50)) { _ in
            for _ in 0..<5 { try await fixture.add("x", kind: "stuck") }
            for number in 0..<40 { try await fixture.add("\(number)", kind: "slow") }
            try await eventually { try await fixture.store.counts() == ["running": 2, "waiting": 3] && done.value.count == 40 }
        }
        #expect(most.value <= 3)
        #expect(Set(done.value).count == 40)
        // Stopped, it has left those that ran to the next.
        #expect(try await fixture.store.counts() == ["waiting": 5])
    }

    @Test("when it stops, it finishes what runs and begins nothing new")
    func stops() async throws {
        let fixture = try JobFixture()
        let (begun, done) = (Shared(0), Shared(0))
        let handler = JobHandler(kind: "build", limit: 1) { _ in
            begun.change { $0 += 1 }
            try await Task.sleep(for: .milliseconds(500))
            done.change { $0 += 1 }
        }
        try await withService(fixture, [handler]) { group in
            for _ in 0..<3 { try await fixture.add("x") }
            try await eventually { begun.value == 1 }
            await group.triggerGracefulShutdown()
        }
        #expect(begun.value == 1)
        #expect(done.value == 1)
        #expect(try await fixture.store.counts() == ["waiting": 2])
        #expect(try await fixture.take(5).map(\.attempt) == [1, 1])
    }

    @Test("a clock that jumps to and fro neither stalls the jobs nor lets any run twice")
    func jumps() async throws {
        let fixture = try JobFixture()
        let seen = Shared<[UniqueID]>([])
        let handler = JobHandler(kind: "build", limit: 4) { job in
            seen.change { $0.append(job.id) }
            try await Task.sleep(for: .milliseconds(30))
        }
        let ids = Shared<Set<UniqueID>>([])
        try await withService(fixture, [handler]) { _ in
            for number in 0..<60 {
                if number.isMultiple(of: 5) { fixture.pass(seconds: [86_400, -40 * 86_400, 3600, -7200][number / 5 % 4]) }
                let id = try await fixture.add("\(number)")
                ids.change { $0.insert(id) }
                try await Task.sleep(for: .milliseconds(5))
            }
            try await eventually { try await fixture.store.counts().isEmpty }
        }
        #expect(seen.value.count == 60)
        #expect(Set(seen.value) == ids.value)
    }

    @Test("what nobody knows how to do waits for a server that does")
    func unknown() async throws {
        let fixture = try JobFixture()
        try await withService(fixture, [JobHandler(kind: "build") { _ in }]) { _ in
            try await fixture.add("a", kind: "from the future")
            try await fixture.add("b")
            try await eventually { try await fixture.store.counts() == ["waiting": 1] }
        }
    }
}
