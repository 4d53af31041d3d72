import Hummingbird
import SiteBuilder
import Templating

/// The page at `/` of the app host. While trying things out it lists the sites; who uses a platform is not for everybody to see.
struct HomeRoutes: Sendable {
    let settings: ServerSettings
    let output: String
    let addresses: PlatformAddresses
    let pages: Pages

    var routes: [Route] {
        [Route(.get, "/", surface: .app, permission: .anyone) { _, context in pages.response(page(), context) }]
    }

    private func page() -> Page {
        let slugs = settings.environment == .development ? SiteList.slugs(in: output) : []
        let sites: [TemplateValue] = slugs.map { ["address": .text("\(addresses.sites.origin(of: $0))/"), "slug": .text($0)] }
        return Page("home", title: "home.title", values: ["sites": .list(sites), "has_sites": .bool(!sites.isEmpty)])
    }
}
