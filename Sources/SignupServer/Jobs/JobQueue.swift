import Database
import Tenancy

/// Where features put their jobs.
struct JobQueue: Sendable {
    private let now: @Sendable () -> Instant
    private let random: SecureRandom
    /// Called when a transaction with a new job is committed.
    let wakeUp = WakeUp()

    init(now: @escaping @Sendable () -> Instant, random: SecureRandom) {
        self.now = now
        self.random = random
    }

    /// Promises work as part of the caller's transaction: if that is committed the job will run, and if not there never was one.
    ///
    /// - Returns: the job's id, which stays the same over all attempts.
    @discardableResult
    func enqueue(_ job: NewJob, in connection: Connection) throws(DatabaseError) -> UniqueID {
        let now = now()
        var generator = random
        let id = UniqueID(at: now, using: &generator)
        if let key = job.key { try withdraw(kind: job.kind, organization: job.organization, key: key, in: connection) }
        try connection.execute(
            """
            INSERT INTO job (id, kind, organization_id, payload, coalescing_key, state, attempts, created_at, run_at)
            VALUES (:id, :kind, :organization, :payload, :key, 'waiting', 0, :now, :run_at)
            """,
            [
                "id": id, "kind": job.kind, "organization": job.organization, "payload": job.payload, "key": job.key, "now": now,
                "run_at": job.runAt ?? now,
            ])
        let wakeUp = wakeUp
        connection.afterCommit { wakeUp.call() }
        return id
    }

    /// Takes back a job that waits, because its work is done otherwise. One that runs goes on.
    func withdraw(kind: String, organization: OrganizationID?, key: String, in connection: Connection) throws(DatabaseError) {
        try connection.execute(
            "DELETE FROM job WHERE kind = :kind AND coalesce(organization_id, '') = :organization AND coalescing_key = :key AND state = 'waiting'",
            ["kind": kind, "organization": organization?.description ?? "", "key": key])
    }
}
