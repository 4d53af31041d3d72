import Hummingbird
import SiteBuilder
import Templating

/// The page at `/` of the app host. While trying things out it lists the sites; who uses a platform is not for everybody to see.
struct HomeRoutes: Sendable {
    let settings: ServerSettings
    let output: String
    let addresses: PlatformAddresses

    var routes: [Route] {
        [Route(.get, "/", surface: .app, permission: .anyone) { _, _ in .html(page()) }]
    }

    private func page() -> String {
        let slugs = settings.environment == .development ? SiteList.slugs(in: output) : []
        let items = slugs.map { "<li><a href=\"\("\(addresses.sites.origin(of: $0))/".escapedForHTML)\">\($0.escapedForHTML)</a></li>" }
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Marquee</title>
            <main>
            <h1>Marquee</h1>
            <p>Websites for school PTSAs.</p>
            \(items.isEmpty ? "" : "<h2>All sites</h2>\n<ul>\(items.joined())</ul>")
            </main>
            </html>

            """
    }
}
