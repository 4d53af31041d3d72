import Database
import Logging
import ServiceLifecycle
import SiteBuilder
import Tenancy

/// The doctor's round, every night and whenever an operator asks. What is found is kept for the console, and logged.
struct DoctorJob: Sendable {
    let platform: Platform
    let logger: Logger

    static let kind = "doctor"

    var handler: JobHandler {
        JobHandler(kind: Self.kind, limit: 1, isExclusive: true) { _ in try await look() }
    }

    private func look() async throws {
        let begin = platform.now()
        var problems: [String]
        // What stands in its way is what the operator must know.
        do { problems = try await Doctor(platform: platform).problems() } catch { problems = ["the doctor could not finish: \(error)"] }
        try Task.checkCancellation()
        for problem in problems.prefix(DoctorReport.kept) { logger.error("the doctor has found something", metadata: ["problem": .string(problem)]) }
        let (report, end) = (DoctorReport(begunAt: begin, endedAt: platform.now(), all: problems), platform.now())
        try await platform.database.write { connection in
            try report.keep(in: connection)
            try Self.promiseNight(platform, after: end, in: connection)
        }
    }

    // MARK: When

    /// At once, in place of the coming night's.
    static func ask(_ platform: Platform, at now: Instant, in connection: Connection) throws(DatabaseError) {
        try platform.jobs.enqueue(NewJob(kind: kind, payload: NoPayload(), runAt: now, key: kind), in: connection)
    }

    /// Whether one runs or is about to.
    static func isAsked(at now: Instant, _ connection: Connection) throws(DatabaseError) -> Bool {
        try connection.row(
            "SELECT 1 AS found FROM job WHERE kind = :kind AND (state = 'running' OR state = 'waiting' AND run_at <= :now) LIMIT 1",
            ["kind": kind, "now": now]) != nil
    }

    /// Unless one waits already.
    static func promiseNight(_ platform: Platform, after now: Instant, in connection: Connection) throws(DatabaseError) {
        guard try connection.row("SELECT 1 AS found FROM job WHERE kind = :kind AND state = 'waiting' LIMIT 1", ["kind": kind]) == nil else { return }
        try platform.jobs.enqueue(NewJob(kind: kind, payload: NoPayload(), runAt: night(after: now), key: kind), in: connection)
    }

    /// 9 o'clock UTC: between midnight and 5 in the morning from Hawaii's neighbours in the west to the east coast.
    static func night(after now: Instant) -> Instant {
        let day: Int64 = 86_400
        let (nine, today) = (9 * 3_600 as Int64, now.seconds - (now.seconds % day + day) % day)
        return Instant(seconds: today + nine > now.seconds ? today + nine : today + day + nine)
    }
}

/// Promises the first round when the server starts.
struct DoctorService: Service {
    let platform: Platform
    let logger: Logger

    func run() async throws {
        do {
            try await platform.database.write { try DoctorJob.promiseNight(platform, after: platform.now(), in: $0) }
        } catch {
            // The disk may be full: that must not keep the sites down.
            logger.error("the doctor's round can't be promised", metadata: ["problem": "\(error)"])
        }
        try? await gracefulShutdown()
    }
}

/// What the doctor found the last time.
struct DoctorReport: Sendable, Hashable {
    let begunAt: Instant
    let endedAt: Instant
    /// The first of them.
    let problems: [String]
    /// Of all.
    let count: Int

    static let kept = 200

    init(begunAt: Instant, endedAt: Instant, all: [String]) {
        self.begunAt = begunAt
        self.endedAt = endedAt
        problems = all.prefix(Self.kept).map { String($0.prefix(500)) }
        count = all.count
    }

    private init(_ row: Row) throws {
        begunAt = try row["begun_at"]
        endedAt = try row["ended_at"]
        problems = try (row["problems"] as JSONText).decode(as: [String].self)
        count = try row["problem_count"]
    }

    /// Nil before the first time.
    static func last(_ connection: Connection) throws -> DoctorReport? {
        try connection.row("SELECT * FROM doctor_report").map { try DoctorReport($0) }
    }

    func keep(in connection: Connection) throws(DatabaseError) {
        try connection.execute(
            """
            INSERT INTO doctor_report (id, begun_at, ended_at, problems, problem_count) VALUES ('last', :begin, :end, :problems, :count)
            ON CONFLICT (id) DO UPDATE SET begun_at = :begin, ended_at = :end, problems = :problems, problem_count = :count
            """, ["begin": begunAt, "end": endedAt, "problems": JSONText(problems), "count": count])
    }
}
