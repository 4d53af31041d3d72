import Tenancy

/// Who may use a route.
enum Permission: Sendable, Hashable {
    case anyone
    case signedIn
    /// Members of the organization that the route is about, in one of these roles.
    case member(Set<Role>)
    /// Those who run the platform.
    case `operator`
}
