import Tenancy

/// What does the jobs of one kind. A feature makes one, and the server gives it to `JobService`.
///
/// A job runs **at least once**: when the process is killed, or the disk fails, between the work and the note that it is done, the job runs
/// again. So a handler must be idempotent. The usual ways: look first whether the work is still to be done, and end well if not; write the
/// result and a mark of it in one transaction; give everything that is made a name that comes from `job.id`, so that the second time
/// overwrites the first. What can't be made idempotent, such as a mail, carries the id along, so that the other side can tell.
struct JobHandler: Sendable {
    let kind: String
    /// So many jobs of the kind run at once in this process.
    let limit: Int
    /// At most one job of the kind runs for each organization, in any process.
    let isExclusive: Bool
    /// Seconds from one attempt to the next; a fifth is added or taken off by chance. After the last one the job is dead.
    let retryDelays: [Int]
    /// Returns when the work is done. Throws `JobFailure`; any other error is a failure that is worth another attempt. A task that is
    /// cancelled belongs to a server that stops: the job will run again, and this attempt does not count.
    let perform: @Sendable (Job) async throws -> Void

    /// Ten seconds to an hour, an hour and a half together.
    static let usualDelays = [10, 60, 300, 1200, 3600]

    init(
        kind: String, limit: Int = 2, isExclusive: Bool = false, retryDelays: [Int] = usualDelays,
        perform: @escaping @Sendable (Job) async throws -> Void
    ) {
        self.kind = kind
        self.limit = max(1, limit)
        self.isExclusive = isExclusive
        self.retryDelays = retryDelays
        self.perform = perform
    }

    var maximumAttempts: Int { retryDelays.count + 1 }

    /// When to try again after this attempt; nil if it was the last one.
    func nextAttempt(after attempt: Int, now: Instant, random: SecureRandom) -> Instant? {
        guard attempt >= 1, attempt <= retryDelays.count else { return nil }
        let delay = retryDelays[attempt - 1]
        var random = random
        return now.adding(seconds: Int64(delay) + Int64.random(in: -Int64(delay / 5)...Int64(delay / 5), using: &random))
    }
}

/// Why a job was not done. The text is kept with the job and logged: it must have no personal data in it.
enum JobFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// It may go well later.
    case temporary(String)
    /// It never will: no further attempt.
    case permanent(String)

    var description: String {
        switch self {
        case .temporary(let reason), .permanent(let reason): reason
        }
    }
}
