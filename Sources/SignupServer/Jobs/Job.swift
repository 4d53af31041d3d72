import Database
import Tenancy

/// Work to be done after the transaction that asks for it: a mail, a release, a reminder on a later day.
struct NewJob: Sendable {
    let kind: String
    /// JSON. It is kept until the job is done: say what to do, and read the facts when it is done.
    let payload: JSONText
    /// Whose work it is; nil for the platform's own.
    let organization: OrganizationID?
    /// Nil for at once.
    let runAt: Instant?
    /// A waiting job of the same kind, organization and key gives way to this one. One that runs goes on, and this one runs after it.
    let key: String?

    init(kind: String, payload: JSONText, organization: OrganizationID? = nil, runAt: Instant? = nil, key: String? = nil) {
        self.kind = kind
        self.payload = payload
        self.organization = organization
        self.runAt = runAt
        self.key = key
    }

    /// Throws `DatabaseError.value` when the payload has no JSON form.
    init(
        kind: String, payload: some Encodable, organization: OrganizationID? = nil, runAt: Instant? = nil, key: String? = nil
    ) throws(DatabaseError) {
        self.init(kind: kind, payload: try JSONText(payload), organization: organization, runAt: runAt, key: key)
    }
}

/// A job that somebody has taken, and does now.
struct Job: Sendable, Hashable {
    let id: UniqueID
    let kind: String
    let organization: OrganizationID?
    let payload: JSONText
    /// 1 for the first.
    let attempt: Int
    let createdAt: Instant
}
