import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import StaticSites
import Synchronization
import Tenancy

/// The organization's real home page with other colours: for a frame beside the form. It is made in memory and kept nowhere.
struct PreviewRoutes: Sendable {
    let web: Web
    let platform: Platform
    let publisher: SitePublisher
    private let turns = PreviewTurns()

    init(web: Web, platform: Platform, publisher: SitePublisher) {
        self.web = web
        self.platform = platform
        self.publisher = publisher
    }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("preview") }

    var routes: [Route] {
        [Route(.get, "/manage/{slug}/preview", surface: .app, permission: .member(Permission.editors), handler: show)]
    }

    private static let limit = RateLimit("previews by organization", 240, perSeconds: 600)

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        if let seconds = web.limiter.take(Self.limit, for: organization.id.description, at: platform.now()) {
            return web.tooMany(seconds: seconds, context)
        }
        guard let data = try? FormData(Array((request.uri.query ?? "").utf8)) else { throw HTTPError(.badRequest) }
        let folder = TenantFolder(slug: organization.slug.text, path: platform.repository(of: organization.id).contentFolder)
        let output = platform.settings.output
        // One at a time for each organization: who moves a colour's slider asks for many.
        var patience = 40
        while !turns.begin(organization.id) {
            patience -= 1
            guard patience > 0 else { throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"]) }
            try await Task.sleep(for: .milliseconds(50))
        }
        defer { turns.end(organization.id) }
        let page = try await publisher.read { environment, now in
            Result { () throws(BuildError) in
                try SitePreview(environment: environment, output: output, now: now).home(folder) { SetupForms.draft(data, of: &$0) }
            }
        }
        guard case .success(let bytes) = page else { throw HTTPError(.notFound) }
        var response = Response("text/html; charset=utf-8", bytes)
        response.headers[Self.contentSecurityPolicy] = Self.policy
        response.headers[Self.frameOptions] = "SAMEORIGIN"
        // A sandboxed page with an opener policy is refused by browsers.
        response.headers[Self.openerPolicy] = "unsafe-none"
        return response
    }

    /// An origin of its own and no script; nothing is loaded from anywhere.
    private static let policy =
        "sandbox; default-src 'none'; style-src data: 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    private static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy") ?? .origin
    private static let frameOptions = HTTPField.Name("X-Frame-Options") ?? .origin
    private static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .origin

    /// For the one page that shows a preview. No other page of the app host lets itself be framed, so this frames nothing else.
    static func allowFrame(in response: inout Response) {
        let usual = SecurityHeaders.standard.fields(for: .app).first { $0.name == "Content-Security-Policy" }?.value.text ?? "default-src 'self'"
        response.headers[contentSecurityPolicy] = usual.replacing("frame-src 'none'", with: "frame-src 'self'")
    }
}

/// Whose preview is being made.
private final class PreviewTurns: Sendable {
    private let running = Mutex<Set<OrganizationID>>([])

    func begin(_ id: OrganizationID) -> Bool { running.withLock { $0.insert(id).inserted } }

    func end(_ id: OrganizationID) { running.withLock { _ = $0.remove(id) } }
}
