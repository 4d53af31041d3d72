import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// What the link in an invitation leads to.
struct InvitationRoutes: Sendable {
    let web: Web
    let platform: Platform
    let invitations: Invitations

    var routes: [Route] {
        [
            Route(.get, "/invitation", surface: .app, permission: .anyone, handler: show),
            Route(.post, "/invitation", surface: .app, permission: .anyone, handler: accept),
        ]
    }

    private static let form = Form("invitation", submit: "invitation.accept", [])

    /// Programs that check mails open links; only the button gives the seat.
    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let token = request.uri.queryParameters["token"].flatMap({ SecretToken($0) }) else { return overPage(context) }
        switch try await invitations.look(at: token) {
        case .over: return overPage(context)
        case .resting: throw HTTPError(.locked)
        case .ready(let invitation, let organization): return page(invitation, organization, token, context)
        }
    }

    private func page(_ invitation: Invitation, _ organization: String, _ token: SecretToken, _ context: AppContext) -> Response {
        let other = context.access.user.flatMap { $0.email.lowercased() == invitation.email.lowercased() ? nil : $0.shownName }
        let strings = web.pages.strings[context.language]
        var response = web.pages.response(
            Page(
                "invitation", title: "invitation.title", status: other == nil ? .ok : .conflict,
                form: other == nil ? FormView(Self.form, Self.form.entry(), action: Invitations.linkPath, hidden: [("token", token.text)]) : nil,
                words: [
                    "role": RoleWords.name(invitation.role), "role_hint": RoleWords.hint(invitation.role),
                    "lead": .string(invitation.isHandover ? "invitation.handover_lead" : "invitation.lead", ["organization": organization]),
                ],
                values: [
                    "seat_title": .optional(invitation.title.isEmpty ? nil : invitation.title), "email": .text(invitation.email),
                    "other": .optional(other),
                    "other_lead": .optional(other.map { strings("invitation.other_user", ["name": $0, "email": invitation.email]) }),
                ]), context)
        // Ties the button to this browser, which may press it again.
        response.headers.append(web.cookies.set(.signIn, to: CookieValue(browser(context) ?? SecretToken(platform.random))))
        return response
    }

    @Sendable private func accept(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let token = try await FormData.read(request)["token"].flatMap({ SecretToken($0) }) else { return overPage(context) }
        // Without the cookie the browser keeps none: it may not press the button twice then.
        let outcome = try await invitations.accept(
            token, browser: browser(context) ?? SecretToken(platform.random), user: context.access.user, language: context.language,
            named: BrowserName.of(userAgent: request.headers[.userAgent]), replacing: context.cookies[.session].flatMap { SecretToken($0) })
        switch outcome {
        case .accepted(let invitation, let slug, let session):
            let path = PeopleRoutes.path(slug)
            var response = Response.redirect(
                to: invitation.isHandover ? path.appending("handovers").appending(invitation.id.description) : DashboardRoutes.path(slug))
            response.headers.append(web.cookies.set(.session, to: CookieValue(session)))
            return response
        case .otherUser:
            guard case .ready(let invitation, let organization) = try await invitations.look(at: token) else { return overPage(context) }
            return page(invitation, organization, token, context)
        case .resting: throw HTTPError(.locked)
        case .over: return overPage(context)
        }
    }

    private func overPage(_ context: AppContext) -> Response {
        web.pages.response(Page("invitation-over", title: "invitation.over_title", status: .gone), context)
    }

    private func browser(_ context: AppContext) -> SecretToken? { context.cookies[.signIn].flatMap { SecretToken($0) } }
}
