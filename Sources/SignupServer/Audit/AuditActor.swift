import Tenancy

/// Who did it. A user is an id: the log has no name and no address, and stays true when somebody's account is gone.
enum AuditActor: Sendable, Hashable {
    /// The platform itself, because a moment came.
    case platform
    /// Whoever runs the platform, at the terminal of its machine.
    case terminal
    /// Whoever runs the platform, in the console or acting for an owner who has agreed.
    case `operator`(UniqueID)
    case user(UniqueID)
    /// A program, with one of the organization's tokens.
    case token(UniqueID)

    var kind: String {
        switch self {
        case .platform: "platform"
        case .terminal: "terminal"
        case .operator: "operator"
        case .user: "user"
        case .token: "token"
        }
    }

    var id: UniqueID? {
        switch self {
        case .platform, .terminal: nil
        case .operator(let id), .user(let id), .token(let id): id
        }
    }

    /// Nil for what we never wrote.
    init?(kind: String, id: UniqueID?) {
        switch (kind, id) {
        case ("platform", nil): self = .platform
        case ("terminal", nil): self = .terminal
        case ("operator", let id?): self = .operator(id)
        case ("user", let id?): self = .user(id)
        case ("token", let id?): self = .token(id)
        default: return nil
        }
    }
}
