import Database
import Tenancy

/// One PTSA, as the platform knows it. What its site says is in its repository.
struct Organization: Sendable, Hashable {
    let id: OrganizationID
    var name: String
    var slug: Slug
    /// The canonical custom host.
    var domain: String?
    var status: SubscriptionStatus
    var plan: String
    var trialEndsAt: Instant?
    let createdAt: Instant
    /// When its first release went live; nil while it is being made.
    var readyAt: Instant?
    var suspendedAt: Instant?
    var closedAt: Instant?

    static let columns = "id, name, slug, domain, subscription_status, plan, trial_ends_at, created_at, ready_at, suspended_at, closed_at"

    init(_ row: Row) throws(DatabaseError) {
        id = try row["id"]
        name = try row["name"]
        slug = try row["slug"]
        domain = try row["domain"]
        status = try row["subscription_status"]
        plan = try row["plan"]
        trialEndsAt = try row["trial_ends_at"]
        createdAt = try row["created_at"]
        readyAt = try row["ready_at"]
        suspendedAt = try row["suspended_at"]
        closedAt = try row["closed_at"]
    }
}

extension SubscriptionStatus: SQLConvertible {}
