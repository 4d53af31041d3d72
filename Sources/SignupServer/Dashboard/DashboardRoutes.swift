import Database
import HTTPTypes
import Hummingbird
import Templating
import Tenancy

/// An organization's first page for those who look after it.
struct DashboardRoutes: Sendable {
    let web: Web
    let platform: Platform

    /// The dashboard of an organization.
    static func path(_ slug: Slug) -> LocalPath { ("/manage" as LocalPath).appending(slug.text) }

    var routes: [Route] {
        [Route(.get, "/manage/{slug}", surface: .app, permission: .member(Set(Role.allCases)), handler: show)]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let id = try context.organization().id
        guard let organization = try await platform.organizations.organization(id) else { throw HTTPError(.notFound) }
        guard organization.readyAt != nil else { return notReadyPage(organization, context) }
        try await checkDatabase(of: id)
        return web.pages.response(
            Page(
                "dashboard", title: .verbatim(organization.name), words: try await status(organization),
                values: [
                    "address": .text("\(platform.addresses.site(organization.slug))/"),
                    "host": .text("\(organization.slug).\(platform.settings.sitesDomain)"),
                ],
                isWide: true), context)
    }

    /// What is damaged shows on the first page, and not only where something is changed. Whatever else stands in the way may pass.
    private func checkDatabase(of id: OrganizationID) async throws {
        do {
            _ = try await platform.tenants.database(of: id).read { try $0.row("SELECT id FROM organization") }
        } catch let error as DatabaseError {
            if case .damaged = error { throw error }
        }
    }

    private func status(_ organization: Organization) async throws -> [String: Words] {
        guard organization.status == .trialing, let end = organization.trialEndsAt else { return [:] }
        let days = max(0, (end.seconds - platform.now().seconds + 86_399) / 86_400)
        return ["status": .string("dashboard.trial", ["days": String(days)])]
    }

    /// Looks again by itself: making a site takes a second, and after a fault some more.
    private func notReadyPage(_ organization: Organization, _ context: AppContext) -> Response {
        var response = web.pages.response(Page("dashboard-waiting", title: .verbatim(organization.name), status: .ok), context)
        if let refresh = HTTPField.Name("Refresh") { response.headers[refresh] = "3" }
        return response
    }
}
