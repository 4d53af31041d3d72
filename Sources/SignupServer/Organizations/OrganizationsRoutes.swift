import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// The organizations that a user looks after: where signing in leads.
struct OrganizationsRoutes: Sendable {
    let web: Web
    let platform: Platform

    var routes: [Route] {
        [Route(.get, "/organizations", surface: .app, permission: .signedIn, handler: show)]
    }

    /// An organization with the seats that the user has in it today.
    private struct Place: Sendable {
        let name: String
        let slug: Slug
        let status: SubscriptionStatus
        var roles: [Role]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let places = try await places(of: try context.user().id)
        if places.count == 1, let only = places.first { return .redirect(to: DashboardRoutes.path(only.slug)) }
        let strings = web.pages.strings[context.language]
        return web.pages.response(
            Page(
                "organizations", title: "organizations.title",
                values: [
                    "has_organizations": .bool(!places.isEmpty),
                    "organizations": .list(
                        places.map { place in
                            [
                                "name": .text(place.name), "path": .text(DashboardRoutes.path(place.slug).text),
                                "host": .text("\(place.slug).\(platform.settings.sitesDomain)"),
                                "roles": .text(place.roles.map { $0.label.text(strings) }.joined(separator: ", ")),
                                "status": .optional(place.status.label?.text(strings)),
                            ]
                        }),
                ]), context)
    }

    private func places(of user: UniqueID) async throws -> [Place] {
        let now = platform.now()
        return try await platform.database.read { connection in
            let rows = try connection.rows(
                """
                SELECT organization.name, organization.slug, organization.subscription_status, membership.role FROM membership
                JOIN organization ON organization.id = membership.organization_id
                WHERE membership.user_id = :user AND membership.starts_at <= :now AND (membership.ends_at IS NULL OR membership.ends_at > :now)
                ORDER BY organization.name, organization.slug
                """, ["user": user, "now": now])
            var places: [Place] = []
            for row in rows {
                let slug: Slug = try row["slug"]
                guard let role = Role(rawValue: try row["role"]) else { continue }
                if places.last?.slug == slug {
                    places[places.count - 1].roles.append(role)
                } else {
                    places.append(Place(name: try row["name"], slug: slug, status: try row["subscription_status"], roles: [role]))
                }
            }
            return places
        }
    }
}

extension Role {
    fileprivate var label: Words {
        switch self {
        case .owner: "organizations.role_owner"
        case .officer: "organizations.role_officer"
        case .treasurer: "organizations.role_treasurer"
        case .editor: "organizations.role_editor"
        case .viewer: "organizations.role_viewer"
        }
    }
}

extension SubscriptionStatus {
    /// Nil where there is nothing to say.
    fileprivate var label: Words? {
        switch self {
        case .trialing: "organizations.status_trialing"
        case .frozen: "organizations.status_frozen"
        case .suspended: "organizations.status_suspended"
        case .closed: "organizations.status_closed"
        case .active: nil
        }
    }
}
