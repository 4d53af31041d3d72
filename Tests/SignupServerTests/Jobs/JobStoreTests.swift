import Database
import Foundation
import Tenancy
import Testing

@testable import SignupServer

/// A queue with its store, without anybody who runs the jobs.
struct JobFixture {
    let test: TestPlatform
    let queue: JobQueue
    let store: JobStore

    init() throws {
        test = try TestPlatform()
        let clock = test.clock
        queue = JobQueue(now: { clock.value }, random: test.platform.random)
        store = JobStore(database: test.platform.database, owner: test.platform.newID())
    }

    /// Another process at the same database.
    var other: JobStore { JobStore(database: test.platform.database, owner: test.platform.newID()) }

    var now: Instant { test.clock.value }

    func pass(seconds: Int64) { test.clock.change { $0 = $0.adding(seconds: seconds) } }

    @discardableResult
    func add(
        _ payload: String, kind: String = "build", organization: OrganizationID? = nil, after seconds: Int64? = nil, key: String? = nil
    ) async throws -> UniqueID {
        let job = try NewJob(kind: kind, payload: payload, organization: organization, runAt: seconds.map { now.adding(seconds: $0) }, key: key)
        return try await test.platform.database.write { try queue.enqueue(job, in: $0) }
    }

    static func handler(_ kind: String = "build", isExclusive: Bool = false, retryDelays: [Int] = [10, 100]) -> JobHandler {
        JobHandler(kind: kind, isExclusive: isExclusive, retryDelays: retryDelays) { _ in }
    }

    /// Takes up to `count` jobs as if after a start.
    func take(_ count: Int, _ handler: JobHandler = handler(), store: JobStore? = nil, turns: JobStore.Turns = [:]) async throws -> [Job] {
        try await (store ?? self.store).take([(handler, count)], turns: turns, now: now).jobs
    }

    func recover(_ store: JobStore? = nil, running: [Job] = [], _ handler: JobHandler = handler()) async throws -> [Job] {
        try await (store ?? self.store).recover([handler.kind: handler], running: running, random: test.platform.random, now: now)
    }
}

extension Job {
    fileprivate var word: String { (try? payload.decode(as: String.self)) ?? "" }
}

@Suite("The jobs in the database")
struct JobStoreTests {
    @Test("a job is there when the transaction that asked for it is committed, and not if it isn't")
    func transaction() async throws {
        let fixture = try JobFixture()
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await fixture.test.platform.database.write { connection in
                try fixture.queue.enqueue(try NewJob(kind: "build", payload: "lost"), in: connection)
                throw Failure()
            }
        }
        #expect(try await fixture.take(5) == [])
        let id = try await fixture.add("kept")
        let jobs = try await fixture.take(5)
        #expect(jobs.map(\.word) == ["kept"])
        #expect(jobs.map(\.id) == [id])
        #expect(jobs.first?.attempt == 1)
        // Nobody gets it twice.
        #expect(try await fixture.take(5) == [])
        #expect(try await fixture.take(5, store: fixture.other) == [])
    }

    @Test("organizations have their turns, however much one of them wants; the platform's own jobs have one, too")
    func fairness() async throws {
        let fixture = try JobFixture()
        let ids = (0..<3).map { _ in OrganizationID(fixture.test.platform.newID()) }.sorted()
        for number in 1...6 { try await fixture.add("a\(number)", organization: ids[0]) }
        for number in 1...2 { try await fixture.add("b\(number)", organization: ids[1]) }
        try await fixture.add("c1", organization: ids[2])
        try await fixture.add("p1")
        fixture.pass(seconds: 1)
        var turns: JobStore.Turns = [:]
        var letters = ""
        for _ in 0..<5 {
            let taken = try await fixture.store.take([(JobFixture.handler(), 2)], turns: turns, now: fixture.now)
            turns = taken.turns
            letters += taken.jobs.map { String($0.word.prefix(1)) }.joined()
        }
        #expect(letters == "abcpabaaaa" || letters == "pabcabaaaa", "\(letters)")
    }

    @Test("of an exclusive kind, one job runs for each organization at a time; other kinds don't matter")
    func exclusive() async throws {
        let fixture = try JobFixture()
        let handler = JobFixture.handler(isExclusive: true)
        let ids = (0..<2).map { _ in OrganizationID(fixture.test.platform.newID()) }.sorted()
        for number in 1...2 { for id in ids { try await fixture.add("\(number)", organization: id) } }
        for word in ["x", "y"] { try await fixture.add(word, kind: "mail", organization: ids[0]) }
        let jobs = try await fixture.take(4, handler)
        #expect(jobs.map(\.organization) == ids)
        #expect(try await fixture.take(4, JobFixture.handler("mail")).count == 2)
        // Also for another process.
        #expect(try await fixture.take(4, handler, store: fixture.other) == [])
        let first = try #require(jobs.first)
        try await fixture.store.finish(first)
        #expect(try await fixture.take(4, handler).map(\.organization) == [ids[0]])
    }

    @Test("of several with one key, the newest is kept; one that runs goes on, and the newest runs after it")
    func coalescing() async throws {
        let fixture = try JobFixture()
        let ids = (0..<2).map { _ in OrganizationID(fixture.test.platform.newID()) }
        for number in 1...3 { try await fixture.add("\(number)", organization: ids[0], key: "publish") }
        try await fixture.add("other organization", organization: ids[1], key: "publish")
        try await fixture.add("other kind", kind: "mail", organization: ids[0], key: "publish")
        try await fixture.add("other key", organization: ids[0], key: "x")
        try await fixture.add("none", organization: ids[0])
        try await fixture.add("none", organization: ids[0])
        fixture.pass(seconds: 1)
        let running = try await fixture.take(10)
        #expect(running.map(\.word).sorted() == ["3", "none", "none", "other key", "other organization"])
        // While it runs, it is wanted again, twice; then it fails, and the new one stands for it.
        try await fixture.add("4", organization: ids[0], key: "publish")
        try await fixture.add("5", organization: ids[0], key: "publish")
        let old = try #require(running.first { $0.word == "3" })
        try await fixture.store.retry(old, at: fixture.now, problem: "no")
        #expect(try await fixture.take(10).map(\.word) == ["5"])
    }

    @Test("what is for later waits; and the store knows when to look again")
    func later() async throws {
        let fixture = try JobFixture()
        try await fixture.add("in an hour", after: 3600)
        #expect(try await fixture.take(1) == [])
        #expect(try await fixture.store.nextMoment(after: fixture.now) == fixture.now.adding(seconds: 3600))
        fixture.pass(seconds: 3600)
        #expect(try await fixture.take(1).map(\.word) == ["in an hour"])
        #expect(try await fixture.store.nextMoment(after: fixture.now) == fixture.now.adding(seconds: JobStore.leaseLength))
    }

    @Test("a killed process's jobs run again when its lease is over, and not before; what it says then counts no more")
    func leases() async throws {
        let fixture = try JobFixture()
        try await fixture.add("a")
        let killed = fixture.other
        let old = try #require(try await fixture.take(1, store: killed).first)
        fixture.pass(seconds: JobStore.leaseLength - 1)
        try await killed.renew([old], now: fixture.now)
        fixture.pass(seconds: JobStore.leaseLength - 1)
        #expect(try await fixture.recover() == [])
        #expect(try await fixture.take(1) == [])
        fixture.pass(seconds: 1)
        #expect(try await fixture.recover() == [])
        let again = try #require(try await fixture.take(1).first)
        #expect(again.id == old.id)
        #expect(again.attempt == 2)
        // It was not killed but asleep, and wakes up.
        try await killed.finish(old)
        try await killed.bury(old, problem: "no")
        try await killed.renew([old], now: fixture.now)
        #expect(try await fixture.store.counts() == ["running": 1])
        try await fixture.store.finish(again)
        #expect(try await fixture.store.counts() == [:])
    }

    @Test("a job that ends the server with it each time is given up in the end, and does not follow at once")
    func poison() async throws {
        let fixture = try JobFixture()
        try await fixture.add("poison")
        var taken = 0
        var dead: [Job] = []
        for _ in 0..<100 where dead.isEmpty {
            taken += try await fixture.take(1, store: fixture.other).count
            fixture.pass(seconds: JobStore.leaseLength)
            dead = try await fixture.recover()
        }
        #expect(taken == 3)
        #expect(dead.map(\.word) == ["poison"])
        let listed = try await fixture.store.dead()
        #expect(listed.map(\.attempts) == [3])
        #expect(listed.map(\.problem) == ["the server ended while the job ran"])
    }

    @Test("a dead job is kept until the operator begins anew or it is forgotten")
    func dead() async throws {
        let fixture = try JobFixture()
        let id = try await fixture.add("a", key: "k")
        let job = try #require(try await fixture.take(1).first)
        try await fixture.store.bury(job, problem: "no such thing")
        #expect(try await fixture.take(1) == [])
        #expect(try await fixture.store.dead().map(\.id) == [id])
        #expect(try await fixture.store.revive(id, now: fixture.now))
        #expect(try await fixture.store.revive(id, now: fixture.now) == false)
        let again = try #require(try await fixture.take(1).first)
        #expect(again.attempt == 1)
        try await fixture.store.bury(again, problem: "no")
        // A newer one with its key stands for it.
        try await fixture.add("b", key: "k")
        #expect(try await fixture.store.revive(id, now: fixture.now))
        #expect(try await fixture.take(5).map(\.word) == ["b"])
        #expect(try await fixture.store.dead() == [])
    }

    @Test("released, a job waits as if it had not been begun")
    func released() async throws {
        let fixture = try JobFixture()
        try await fixture.add("a")
        let job = try #require(try await fixture.take(1).first)
        try await fixture.store.release(job, now: fixture.now)
        #expect(try await fixture.take(1, store: fixture.other).map(\.attempt) == [1])
    }

    @Test("a clock that is set back by a year keeps nothing waiting that was for now", arguments: [-365 * 86_400, -3600, -2])
    func clockBack(seconds: Int64) async throws {
        let fixture = try JobFixture()
        try await fixture.add("failed")
        let failed = try #require(try await fixture.take(1).first)
        try await fixture.store.retry(failed, at: fixture.now.adding(seconds: 10), problem: "no")
        try await fixture.add("killed", kind: "mail")
        _ = try await fixture.take(1, JobFixture.handler("mail"), store: fixture.other)
        try await fixture.add("at once")
        try await fixture.add("tomorrow", after: 86_400)
        fixture.pass(seconds: seconds)
        #expect(try await fixture.take(5).map(\.word).sorted() == ["at once", "failed"])
        // A lease that is longer than one can be; a short step back only makes it so much longer.
        _ = try await fixture.recover(nil, running: [], JobFixture.handler("mail"))
        let early = try await fixture.take(5, JobFixture.handler("mail"))
        #expect(early.count == (seconds < -JobStore.leaseLength ? 1 : 0))
        fixture.pass(seconds: JobStore.leaseLength - seconds)
        _ = try await fixture.recover(nil, running: early, JobFixture.handler("mail"))
        #expect(try await fixture.take(5, JobFixture.handler("mail")).count + early.count == 1)
    }

    @Test("a clock that jumps ahead takes no job from a process that runs it itself, and lets no more run at once than usual")
    func clockAhead() async throws {
        let fixture = try JobFixture()
        for number in 1...50 { try await fixture.add("\(number)", after: Int64(number) * 86_400) }
        try await fixture.add("now")
        let running = try await fixture.take(5)
        #expect(running.map(\.word) == ["now"])
        fixture.pass(seconds: 365 * 86_400)
        #expect(try await fixture.recover(nil, running: running) == [])
        #expect(try await fixture.store.counts() == ["running": 1, "waiting": 50])
        #expect(try await fixture.take(3).count == 3)
    }

    @Test("between two attempts there is the handler's time, a fifth more or less, and after the last one there is none")
    func backOff() throws {
        let handler = JobFixture.handler(retryDelays: [10, 100, 1000])
        let now = TestPlatform.start
        for (attempt, delay) in [(1, 10), (2, 100), (3, 1000)] {
            var seen: Set<Int64> = []
            for _ in 0..<200 {
                let next = try #require(handler.nextAttempt(after: attempt, now: now, random: .system))
                seen.insert(next.seconds - now.seconds)
            }
            #expect(seen.min() ?? 0 >= delay * 8 / 10)
            #expect(seen.max() ?? 0 <= delay * 12 / 10)
            #expect(seen.count > 2)
        }
        for attempt in [0, -1, 4, 5, .max] { #expect(handler.nextAttempt(after: attempt, now: now, random: .system) == nil) }
    }
}
