import Hummingbird
import Tenancy

/// Who sends a request and what they may do: found out once, before a handler runs, and never changed.
struct Access: Sendable {
    /// Nil for a stranger.
    var user: SignedInUser?
    /// Of a route about an organization: which, and the roles that the user has in it today. Nil for other routes.
    var organization: OrganizationAccess?

    static let stranger = Access()
}

/// A user with an open session.
struct SignedInUser: Sendable, Hashable {
    let id: UniqueID
    let session: UniqueID
    let email: String
    /// May be empty.
    let name: String
    let language: Language
    /// Runs the platform.
    let isOperator: Bool

    var shownName: String { name.isEmpty ? email : name }
}

struct OrganizationAccess: Sendable, Hashable {
    let id: OrganizationID
    let name: String
    let slug: Slug
    let status: SubscriptionStatus
    /// Never empty.
    let roles: Set<Role>
    /// Who acts: a member, or whoever runs the platform with an owner's consent.
    let actor: AuditActor

    /// Whoever runs the platform acts, with an owner's consent: in no seat, and for nothing that is for the organization's own people alone.
    var isOperator: Bool { if case .operator = actor { true } else { false } }

    /// The role that counts most.
    var leadingRole: Role { Role.allCases.first(where: roles.contains) ?? .viewer }
}
