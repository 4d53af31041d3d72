import Tenancy

/// Who may use a route.
enum Permission: Sendable, Hashable {
    case anyone
    case signedIn
    /// Members of the organization that the route is about (`{slug}` in its path), in one of these roles, for a purpose that its standing with
    /// the platform allows.
    case member(Set<Role>, Purpose)
    /// Those who run the platform.
    case `operator`
    /// Programs with a token of an organization that allows this. They are known by the token in each request alone: cookies are not looked at,
    /// so no page can make a browser send such a request for its reader.
    case token(APIScope)

    /// What a member's route is for. A trial's end takes away less than a suspension.
    enum Purpose: Sendable, Hashable {
        /// Looking, taking an export away, and leaving: always.
        case looking
        /// Changing what the site says: while it is on trial or subscribed.
        case editing
        /// What is for the organization's own people alone: everything that is theirs taken away, its end, what opens it to programs or to whoever
        /// runs the platform. Always, and never for the latter, whatever an owner has agreed to.
        case owning
        /// Saying who belongs to the organization, and what opens it to programs: when editing is possible, and for its own people alone.
        case seating

        var needsEditing: Bool { self == .editing || self == .seating }
        var isForOwnPeople: Bool { self == .owning || self == .seating }
    }

    var isForPrograms: Bool {
        if case .token = self { true } else { false }
    }

    static func member(_ roles: Set<Role>) -> Permission { .member(roles, .looking) }

    /// The seats that write the site.
    static let editors: Set<Role> = [.owner, .officer, .editor]
    /// The seats that may see who belongs to the board.
    static let board: Set<Role> = [.owner, .officer, .treasurer]
    static let all = Set(Role.allCases)
}
