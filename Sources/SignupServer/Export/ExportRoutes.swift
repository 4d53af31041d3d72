import Database
import HTTPTypes
import Hummingbird
import NIOCore
import Repositories
import SiteBuilder
import Templating
import Tenancy

/// The page from which an organization takes everything that is its own. It is open whatever the organization's standing.
struct ExportRoutes: Sendable {
    let web: Web
    let platform: Platform
    let export: OrganizationExport

    /// An officer's export has nobody's address in it.
    static let roles: Set<Role> = [.owner, .officer]

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("export") }

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/export", surface: .app, permission: .member(Self.roles, .owning), handler: show),
            Route(.post, "/manage/{slug}/export", surface: .app, permission: .member(Self.roles, .owning), handler: download),
        ]
    }

    private static let form = Form("export", submit: "export.submit", [])
    /// Each takes a minute of a processor where there is much history.
    private static let limit = RateLimit("exports of an organization", 12, perSeconds: 3_600)

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard try await isReady(organization) else { return .redirect(to: DashboardRoutes.path(organization.slug)) }
        return page(organization, context)
    }

    private func isReady(_ organization: OrganizationAccess) async throws -> Bool {
        try await platform.organizations.organization(organization.id)?.readyAt != nil
    }

    private func page(_ organization: OrganizationAccess, isBusy: Bool = false, _ context: AppContext) -> Response {
        var page = Page(
            "export", title: "export.title", status: isBusy ? .serviceUnavailable : .ok,
            form: FormView(Self.form, Self.form.entry(), action: Self.path(organization.slug)),
            values: ["has_people": .bool(organization.roles.contains(.owner)), "is_busy": .bool(isBusy)])
        page.showsStanding = false
        var response = web.pages.response(page, context)
        if isBusy { response.headers[.retryAfter] = "60" }
        return response
    }

    @Sendable private func download(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard try await isReady(organization) else { return .redirect(to: DashboardRoutes.path(organization.slug)) }
        let now = platform.now()
        if let seconds = web.limiter.take(Self.limit, for: "\(organization.id)", at: now) { return web.tooMany(seconds: seconds, context) }
        let hasPeople = organization.roles.contains(.owner)
        let contents = OrganizationExport.Contents(readme: readme(organization, hasPeople, at: now, context), hasPeople: hasPeople)
        guard let finished = try await export.make(of: organization, contents) else { return page(organization, isBusy: true, context) }
        try await platform.database.write { connection in
            try AuditLog.add(
                .exported, finished.commit.text, ["people": hasPeople ? "yes" : "no"], by: organization.actor, to: organization.id, at: now,
                in: connection)
        }
        return Self.file(finished, named: "\(organization.slug)-\("\(now)".prefix(10)).zip")
    }

    /// - Parameter name: of plain letters, digits, dots and hyphens.
    private static func file(_ finished: FinishedExport, named name: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/zip"
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        headers[.contentLength] = String(finished.size)
        let body = ResponseBody(contentLength: finished.size) { writer in
            var offset = 0
            while offset < finished.size {
                let piece = try await finished.piece(at: offset)
                try await writer.write(ByteBuffer(bytes: piece))
                offset += piece.count
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func readme(_ organization: OrganizationAccess, _ hasPeople: Bool, at now: Instant, _ context: AppContext) -> String {
        let strings = web.pages.strings[context.language]
        let parameters = [
            "organization": organization.name, "address": "\(platform.addresses.site(organization.slug))/", "date": "\(now)",
            "slug": organization.slug.text,
        ]
        let parts =
            [
                strings("export.readme", parameters), strings("export.readme_site"), strings("export.readme_history", parameters),
                strings("export.readme_log"),
            ] + (hasPeople ? [strings("export.readme_people")] : [])
        return parts.joined(separator: "\n\n") + "\n"
    }
}
