import Hummingbird
import StaticSites

/// Addresses of sites on the app host: they lead to the sites' own.
struct SiteRoutes: Sendable {
    let sites: StaticResponder

    var routes: [Route] {
        [
            Route(.get, "/org/**", surface: .app, permission: .anyone) { _, context in
                Response(sites.respond(to: context.original))
            }
        ]
    }
}
