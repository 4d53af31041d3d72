import Tenancy

/// The organization that a request is for, settled once and never changed while it is answered.
struct SiteContext: Sendable {
    let slug: Slug
    let surface: SecurityHeaders.Surface

    /// What stands in front of the site's paths: nothing on its own host.
    var base: String { surface == .sharedPath ? "/org/\(slug)" : "" }
}
