import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// The smaller pages of an organization: each a row that leads to it.
struct MoreRoutes: Sendable {
    let web: Web

    struct Row: Sendable {
        /// Below the organization's own path.
        let path: String
        let title: Words
        let lead: Words
        let roles: Set<Role>
    }

    static let rows = [
        Row(path: "plan", title: "more.plan", lead: "more.plan_lead", roles: Permission.board),
        Row(path: "export", title: "more.export", lead: "more.export_lead", roles: ExportRoutes.roles),
        Row(path: "log", title: "more.log", lead: "more.log_lead", roles: [.owner, .officer]),
        Row(path: "security", title: "more.security", lead: "more.security_lead", roles: [.owner]),
        Row(path: "programs", title: "more.programs", lead: "more.programs_lead", roles: [.owner]),
        Row(path: "support", title: "more.support", lead: "more.support_lead", roles: [.owner]),
    ]

    var routes: [Route] {
        [Route(.get, "/manage/{slug}/more", surface: .app, permission: .member(Permission.board), handler: show)]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) throws -> Response {
        let organization = try context.organization()
        let strings = web.pages.strings[context.language]
        let home = DashboardRoutes.path(organization.slug)
        let rows = Self.rows.filter { !$0.roles.isDisjoint(with: organization.roles) }.map { row -> TemplateValue in
            [
                "address": .text(home.appending(row.path).text), "label": .text(row.title.text(strings)), "lead": .text(row.lead.text(strings)),
            ]
        }
        return web.pages.response(Page("more", title: "navigation.more", values: ["rows": .list(rows)]), context)
    }
}
