import Hummingbird
import Tenancy

/// Who sends a request and what they may do: found out once, before a handler runs, and never changed.
struct Access: Sendable {
    /// Nil for a stranger.
    var user: SignedInUser?
    /// Of a stranger who has still to show a second factor.
    var halfOpen: HalfOpenSession?
    /// Of a route about an organization: which, and the roles that the user has in it today. Nil for other routes.
    var organization: OrganizationAccess?
    /// Of a route for programs: which one.
    var program: ProgramAccess?

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
    var hasSecondFactor = false
    /// When it was shown last, in this session.
    var secondFactorAt: Instant?

    var shownName: String { name.isEmpty ? email : name }
}

/// What signing in has opened for a user who has a second factor.
struct HalfOpenSession: Sendable, Hashable {
    let id: UniqueID
    let user: UniqueID
}

/// A program with a token.
struct ProgramAccess: Sendable {
    let token: UniqueID
    /// How much it may still do, for the answer.
    let limits: RateLimitFields
}

struct OrganizationAccess: Sendable, Hashable {
    let id: OrganizationID
    let name: String
    let slug: Slug
    let status: SubscriptionStatus
    /// Never empty for a user. A program has none: it has scopes.
    let roles: Set<Role>
    /// Who acts: a member, a program, or whoever runs the platform with an owner's consent.
    let actor: AuditActor
    /// Of its owners and treasurers.
    var requiresSecondFactor = false
    /// The user has a seat in another organization too.
    var hasOthers = false
    /// Of a closed one: when all of it will be deleted, where it is.
    var deletionDay: CivilDate?

    /// The user's own seats need a second factor here.
    var needsSecondFactor: Bool { requiresSecondFactor && !roles.isDisjoint(with: Self.guarded) }

    /// The seats that can give the organization away, and those that see its money.
    static let guarded: Set<Role> = [.owner, .treasurer]

    /// Whoever runs the platform acts, with an owner's consent: in no seat, and for nothing that is for the organization's own people alone.
    var isOperator: Bool { if case .operator = actor { true } else { false } }

    /// The role that counts most.
    var leadingRole: Role { Role.allCases.first(where: roles.contains) ?? .viewer }
}
