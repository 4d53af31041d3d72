import Database
import Tenancy

/// The jobs in the platform's file, as whoever runs them sees them.
///
/// A job is taken for the time of a lease. Whoever has taken it renews the lease while it works, and what is said of the job afterwards only
/// counts as long as the lease is still its own.
struct JobStore: Sendable {
    let database: PlatformDatabase
    /// This process, unlike any other.
    let owner: UniqueID

    /// Seconds. After a crash its jobs wait as long as this.
    static let leaseLength: Int64 = 30

    /// After whose turn whose turn is, for each kind.
    typealias Turns = [String: String]

    // MARK: Taking

    /// Takes what is due: for each kind as many as there are places, one organization after the other, those first that come after the last
    /// one whose turn it was.
    func take(
        _ places: [(handler: JobHandler, count: Int)], turns: Turns, now: Instant
    ) async throws -> (jobs: [Job], turns: Turns) {
        // The writer is for those who have something to write.
        guard try await database.read({ connection in try places.contains { try next(of: $0.handler, after: "", now, connection) != nil } }) else {
            return ([], turns)
        }
        return try await database.write { connection in
            var (jobs, turns): ([Job], Turns) = ([], turns)
            for (handler, count) in places {
                for _ in 0..<count {
                    let turn = turns[handler.kind] ?? ""
                    guard let row = try next(of: handler, after: turn, now, connection) ?? next(of: handler, after: "", now, connection) else {
                        break
                    }
                    let job = try begin(row, now, connection)
                    jobs.append(job)
                    turns[handler.kind] = job.organization?.description ?? ""
                }
            }
            return (jobs, turns)
        }
    }

    /// What is due: its time has come, or it was for at once, or it is to be tried again. The last two don't depend on a clock that may have
    /// been set back since.
    private static let isDue = "(job.run_at <= :now OR job.run_at <= job.created_at OR job.begun_at > :now)"

    /// - Parameter turn: an organization's id; empty for the platform's own jobs and then all organizations'.
    private func next(of handler: JobHandler, after turn: String, _ now: Instant, _ connection: Connection) throws(DatabaseError) -> Row? {
        let isFree = """
            NOT EXISTS (SELECT 1 FROM job AS other WHERE other.kind = job.kind AND other.state = 'running'
                AND coalesce(other.organization_id, '') = coalesce(job.organization_id, ''))
            """
        return try connection.row(
            """
            SELECT id, kind, organization_id, payload, attempts, created_at FROM job
            WHERE kind = :kind AND state = 'waiting' AND coalesce(organization_id, '') \(turn.isEmpty ? ">=" : ">") :turn
                AND \(Self.isDue) \(handler.isExclusive ? "AND " + isFree : "")
            ORDER BY coalesce(organization_id, ''), run_at, id LIMIT 1
            """,
            ["kind": handler.kind, "turn": turn, "now": now])
    }

    private func begin(_ row: Row, _ now: Instant, _ connection: Connection) throws(DatabaseError) -> Job {
        let job = Job(
            id: try row["id"], kind: try row["kind"], organization: try row["organization_id"], payload: try row["payload"],
            attempt: try row["attempts"] as Int + 1, createdAt: try row["created_at"])
        try connection.execute(
            """
            UPDATE job SET state = 'running', attempts = :attempt, begun_at = :now, lease_owner = :owner, lease_ends_at = :end WHERE id = :id
            """,
            ["id": job.id, "attempt": job.attempt, "now": now, "owner": owner, "end": now.adding(seconds: Self.leaseLength)])
        return job
    }

    // MARK: Leases

    /// For all jobs that still run here.
    func renew(_ jobs: [Job], now: Instant) async throws {
        try await database.write { connection in
            for job in jobs {
                try connection.execute(
                    "UPDATE job SET lease_ends_at = :end WHERE id = :id AND \(Self.isOwn)",
                    own(job, ["end": now.adding(seconds: Self.leaseLength)]))
            }
        }
    }

    /// Takes jobs away from processes that have not renewed their leases: killed ones. A lease that ends later than any could was given by a
    /// clock that has been set back since.
    ///
    /// - Parameter running: what runs in this process, whatever the clock says.
    /// - Returns: the jobs that have died of it, because it was their last attempt.
    func recover(_ handlers: [String: JobHandler], running: [Job], random: SecureRandom, now: Instant) async throws -> [Job] {
        let isOver = "state = 'running' AND (lease_ends_at <= :now OR lease_ends_at > :latest)"
        let parameters: [String: any SQLConvertible] = ["now": now, "latest": now.adding(seconds: 2 * Self.leaseLength)]
        guard try await database.read({ try $0.row("SELECT 1 AS found FROM job WHERE \(isOver) LIMIT 1", parameters) != nil }) else { return [] }
        return try await database.write { connection in
            var dead: [Job] = []
            for row in try connection.rows(
                "SELECT id, kind, organization_id, payload, attempts, created_at, lease_owner FROM job WHERE \(isOver)", parameters)
            {
                let job = Job(
                    id: try row["id"], kind: try row["kind"], organization: try row["organization_id"], payload: try row["payload"],
                    attempt: try row["attempts"], createdAt: try row["created_at"])
                let owner: UniqueID = try row["lease_owner"]
                guard owner != self.owner || !running.contains(job) else { continue }
                let problem = "the server ended while the job ran"
                // Nobody's fault at first; but a job that takes the server with it each time must not do so without end.
                let handler = handlers[job.kind]
                let isForgiven = job.attempt == 1 || handler == nil
                let next = isForgiven ? now : handler?.nextAttempt(after: job.attempt, now: now, random: random)
                if let next {
                    try wait(job, until: next, problem: problem, attempts: job.attempt, owner: owner, connection)
                } else {
                    try die(job, problem: problem, owner: owner, connection)
                    dead.append(job)
                }
            }
            return dead
        }
    }

    // MARK: Ends

    /// Forgets a job, and all that it was about.
    func finish(_ job: Job) async throws {
        _ = try await database.write { try $0.execute("DELETE FROM job WHERE id = :id AND \(Self.isOwn)", own(job)) }
    }

    func retry(_ job: Job, at next: Instant, problem: String) async throws {
        try await database.write { try wait(job, until: next, problem: problem, attempts: job.attempt, owner: owner, $0) }
    }

    /// Leaves a job to whoever starts next, as if it had not been begun.
    func release(_ job: Job, now: Instant) async throws {
        try await database.write { try wait(job, until: now, problem: nil, attempts: job.attempt - 1, owner: owner, $0) }
    }

    func bury(_ job: Job, problem: String) async throws {
        try await database.write { try die(job, problem: problem, owner: owner, $0) }
    }

    private func wait(
        _ job: Job, until next: Instant, problem: String?, attempts: Int, owner: UniqueID, _ connection: Connection
    ) throws(DatabaseError) {
        // A newer one with its key has been waiting meanwhile: that one will do.
        let isReplaced = """
            coalescing_key IS NOT NULL AND EXISTS (SELECT 1 FROM job AS newer WHERE newer.state = 'waiting' AND newer.kind = job.kind
                AND coalesce(newer.organization_id, '') = coalesce(job.organization_id, '') AND newer.coalescing_key = job.coalescing_key)
            """
        guard try connection.execute("DELETE FROM job WHERE id = :id AND \(Self.isOwn) AND \(isReplaced)", own(job, owner)) == 0 else { return }
        try connection.execute(
            """
            UPDATE job SET state = 'waiting', run_at = :next, attempts = :attempts, problem = :problem, lease_owner = NULL, lease_ends_at = NULL
            WHERE id = :id AND \(Self.isOwn)
            """,
            own(job, owner, ["next": next, "attempts": attempts, "problem": problem]))
    }

    private func die(_ job: Job, problem: String, owner: UniqueID, _ connection: Connection) throws(DatabaseError) {
        try connection.execute(
            "UPDATE job SET state = 'dead', problem = :problem, lease_owner = NULL, lease_ends_at = NULL WHERE id = :id AND \(Self.isOwn)",
            own(job, owner, ["problem": problem]))
    }

    /// The lease, and the very attempt that it was for.
    private static let isOwn = "state = 'running' AND lease_owner = :owner AND attempts = :attempt"

    private func own(_ job: Job, _ owner: UniqueID? = nil, _ more: [String: any SQLConvertible] = [:]) -> [String: any SQLConvertible] {
        more.merging(["id": job.id, "owner": owner ?? self.owner, "attempt": job.attempt]) { $1 }
    }

    private func own(_ job: Job, _ more: [String: any SQLConvertible]) -> [String: any SQLConvertible] { own(job, nil, more) }

    // MARK: Looking

    /// When there may be something to do next, besides what is due already: a job's time comes, or a lease ends. Nil for never.
    func nextMoment(after now: Instant) async throws -> Instant? {
        try await database.read { connection in
            let row = try connection.row(
                """
                SELECT min(moment) AS moment FROM (
                    SELECT min(run_at) AS moment FROM job WHERE state = 'waiting' AND run_at > :now
                    UNION ALL SELECT min(lease_ends_at) FROM job WHERE state = 'running' AND lease_ends_at > :now
                ) AS moments
                """, ["now": now])
            return try row?["moment"]
        }
    }

    /// How many jobs are in each state.
    func counts() async throws -> [String: Int] {
        try await database.read { connection in
            var counts: [String: Int] = [:]
            for row in try connection.rows("SELECT state, count(*) AS count FROM job GROUP BY state") { counts[try row["state"]] = try row["count"] }
            return counts
        }
    }

    /// One that was given up, for the operator.
    struct DeadJob: Sendable, Hashable {
        let id: UniqueID
        let kind: String
        let organization: OrganizationID?
        let attempts: Int
        let createdAt: Instant
        let problem: String
    }

    /// The newest first.
    func dead(limit: Int = 100) async throws -> [DeadJob] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT id, kind, organization_id, attempts, created_at, problem FROM job WHERE state = 'dead' ORDER BY id DESC LIMIT :limit
                """, ["limit": limit]
            ).map { row in
                DeadJob(
                    id: try row["id"], kind: try row["kind"], organization: try row["organization_id"], attempts: try row["attempts"],
                    createdAt: try row["created_at"], problem: try row["problem"] as String? ?? "")
            }
        }
    }

    /// One as it stands in the list, for the operator: not what it is about, which may be somebody's address.
    struct ListedJob: Sendable, Hashable {
        let id: UniqueID
        let kind: String
        let organization: OrganizationID?
        /// `waiting`, `running` or `dead`.
        let state: String
        let attempts: Int
        let createdAt: Instant
        let runAt: Instant
        /// What went wrong the last time; empty if nothing did.
        let problem: String
    }

    /// The states in which a job can be.
    static let states = ["waiting", "running", "dead"]

    /// Those that wait by their time; others the newest first.
    func list(state: String, organization: OrganizationID? = nil, limit: Int = 100) async throws -> [ListedJob] {
        let order = state == "waiting" ? "run_at, id" : "id DESC"
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT id, kind, organization_id, state, attempts, created_at, run_at, problem FROM job
                WHERE state = :state AND (:organization IS NULL OR organization_id = :organization) ORDER BY \(order) LIMIT :limit
                """, ["state": state, "organization": organization, "limit": limit]
            ).map { row in
                ListedJob(
                    id: try row["id"], kind: try row["kind"], organization: try row["organization_id"], state: try row["state"],
                    attempts: try row["attempts"], createdAt: try row["created_at"], runAt: try row["run_at"],
                    problem: try row["problem"] as String? ?? "")
            }
        }
    }

    /// Forgets a dead job, with all that it was about. False if there is no such job.
    func removeDead(_ id: UniqueID) async throws -> Bool {
        try await database.write { try $0.execute("DELETE FROM job WHERE id = :id AND state = 'dead'", ["id": id]) == 1 }
    }

    /// Begins anew with a dead job, at once and with all attempts. False if there is no such job. A newer one with its key stands for it.
    func revive(_ id: UniqueID, now: Instant) async throws -> Bool {
        try await database.write { connection in
            let replaced = """
                EXISTS (SELECT 1 FROM job AS newer WHERE newer.state = 'waiting' AND newer.kind = job.kind
                    AND coalesce(newer.organization_id, '') = coalesce(job.organization_id, '') AND newer.coalescing_key = job.coalescing_key)
                """
            let removed = try connection.execute("DELETE FROM job WHERE id = :id AND state = 'dead' AND \(replaced)", ["id": id])
            let revived = try connection.execute(
                "UPDATE job SET state = 'waiting', attempts = 0, run_at = :now WHERE id = :id AND state = 'dead'", ["id": id, "now": now])
            return removed + revived > 0
        }
    }

    /// Forgets jobs that died before a moment, with all that they were about.
    func forgetDead(createdBefore moment: Instant) async throws {
        _ = try await database.write { try $0.execute("DELETE FROM job WHERE state = 'dead' AND created_at < :moment", ["moment": moment]) }
    }
}

extension Platform {
    /// To look at the jobs, and to begin anew with dead ones.
    var jobStore: JobStore { JobStore(database: database, owner: newID()) }
}
