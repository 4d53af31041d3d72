import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// Where owners decide whether owners and treasurers need a second factor.
struct OrganizationSecurityRoutes: Sendable {
    let web: Web
    let platform: Platform

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/security", surface: .app, permission: .member([.owner], .owning), handler: show),
            Route(.post, "/manage/{slug}/security", surface: .app, permission: .member([.owner], .seating), handler: save),
        ]
    }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("security") }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        try await page(.ok, context)
    }

    private func page(_ status: HTTPResponse.Status, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let user = try context.user()
        let without = try await seatsWithout(organization.id)
        let strings = web.pages.strings[context.language]
        let path = Self.path(organization.slug)
        return web.pages.response(
            Page(
                "organization-security", title: "security.title", status: status,
                values: [
                    "action": .text(path.text), "is_required": .bool(organization.requiresSecondFactor),
                    "can_require": .bool(user.hasSecondFactor), "was_refused": .bool(status != .ok),
                    "is_saved": .bool((context.visit.encodedQuery ?? "").split(separator: "&").contains("saved=yes")),
                    "set_up": .text(SecondFactorRoutes.path.with("next", path.text).text),
                    "without": without > 0 ? .text(strings.plural("security.without", without)) : .none,
                ]), context)
    }

    /// How many people in seats that would need one have no second factor.
    private func seatsWithout(_ id: OrganizationID) async throws -> Int {
        let now = platform.now()
        return try await platform.database.read { connection in
            let row = try connection.row(
                """
                SELECT count(DISTINCT membership.user_id) AS count FROM membership
                WHERE membership.organization_id = :id AND membership.role IN (:owner, :treasurer)
                    AND membership.starts_at <= :now AND (membership.ends_at IS NULL OR membership.ends_at > :now)
                    AND NOT \(SecondFactor.condition("membership.user_id"))
                """, ["id": id, "owner": Role.owner, "treasurer": Role.treasurer, "now": now])
            return try row?["count"] ?? 0
        }
    }

    @Sendable private func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let user = try context.user()
        guard let answer = try await FormData.read(request)["required"], ["yes", "no"].contains(answer) else { throw HTTPError(.badRequest) }
        let isRequired = answer == "yes"
        let now = platform.now()
        let isAccepted = try await platform.database.write { connection in
            // Nobody locks the door from outside.
            guard try !isRequired || SecondFactor.isOn(for: user.id, connection) else { return false }
            let changed = try connection.execute(
                "UPDATE organization SET requires_second_factor = :required WHERE id = :id AND requires_second_factor <> :required",
                ["required": isRequired, "id": organization.id])
            guard changed == 1 else { return true }
            try AuditLog.add(
                isRequired ? .secondFactorRequired : .secondFactorNotRequired, by: organization.actor, to: organization.id, at: now, in: connection)
            return true
        }
        guard isAccepted else { return try await page(.unprocessableContent, context) }
        return .redirect(to: Self.path(organization.slug).with("saved", "yes"))
    }
}
