import Database
import HTTPTypes
import Hummingbird
import StaticSites
import Tenancy

/// Finds out who sends a request, from the session's cookie, and whether they may do what they ask for. The route table asks it, once.
struct Authorization: Sendable {
    let platform: Platform
    let web: Web
    let programs: ProgramGate

    /// Throws `HTTPError`: for a stranger 303 to the sign-in page if it is a page that was asked for, else 401; 403 for a user without the right
    /// role; 404 for a user who is no member, as for an organization that isn't there; 423 where editing rests; 429 for too
    /// many changes in an hour.
    @Sendable func access(_ permission: Permission, _ request: Request, _ context: AppContext) async throws -> Access {
        if case .token(let scope) = permission { return try await programs.access(scope, request, context) }
        let known = try await known(context)
        guard let user = known.user else {
            guard permission == .anyone else {
                throw strangerError(request, context, leadingTo: known.halfOpen == nil ? Self.signInPath : SecondFactorSignInRoutes.path)
            }
            return known
        }
        var access = known
        switch permission {
        case .anyone, .signedIn, .token: break
        case .operator: guard user.isOperator else { throw HTTPError(.forbidden) }
        case .member(let roles, let purpose):
            guard let slug = context.parameters.get("slug").flatMap({ try? Slug($0) }), let organization = try await organization(slug, user)
            else { throw HTTPError(.notFound) }
            guard user.hasSecondFactor || !organization.needsSecondFactor else { throw secondFactorError(request, context) }
            guard !organization.roles.isDisjoint(with: roles) else { throw HTTPError(.forbidden) }
            if let seconds = waitingTime(request, organization) { throw HTTPError(.tooManyRequests, headers: [.retryAfter: String(seconds)]) }
            guard !purpose.isForOwnPeople || !organization.isOperator else { throw HTTPError(.forbidden) }
            access.organization = organization
            guard !purpose.needsEditing || organization.status.allowsEditing else {
                throw OrganizationRests(
                    page: web.pages.response(OrganizationStanding.page(organization, context.language), context.known(as: access)))
            }
        }
        return access
    }

    /// No organization can keep the machine from the others by changing something without end.
    private static let changes = RateLimit("changes by organization", 600, perSeconds: 3_600)

    private func waitingTime(_ request: Request, _ organization: OrganizationAccess) -> Int? {
        guard !SameOrigin.safeMethods.contains(request.method) else { return nil }
        return web.limiter.take(Self.changes, for: organization.id.description, at: platform.now())
    }

    /// Who has the session's token. A session without the user's second factor opens nothing.
    private func known(_ context: AppContext) async throws -> Access {
        guard let token = context.cookies[.session].flatMap({ SecretToken($0) }) else { return .stranger }
        let now = platform.now()
        guard let (session, user) = try await platform.database.read({ try Session.find(token, at: now, $0) }) else { return .stranger }
        guard !session.isHalfOpen else { return Access(halfOpen: HalfOpenSession(id: session.id, user: user.id)) }
        if session.isWorthNoticing(at: now) { try await platform.database.write { try session.notice(at: now, $0) } }
        return Access(
            user: SignedInUser(
                id: user.id, session: session.id, email: user.email, name: user.name, language: user.language, isOperator: user.isOperator,
                hasSecondFactor: session.hasSecondFactor, secondFactorAt: session.secondFactorAt))
    }

    /// By the user's own seats; an operator who has none may have entered with an owner's consent.
    private func organization(_ slug: Slug, _ user: SignedInUser) async throws -> OrganizationAccess? {
        if let organization = try await membership(of: user.id, in: slug) { return organization }
        guard user.isOperator else { return nil }
        let now = platform.now()
        return try await platform.database.read { try SupportEntry.access(of: user.id, to: slug, at: now, $0) }
    }

    /// Which seats count, `Roster` says; it has to know of the owners for that.
    private func membership(of user: UniqueID, in slug: Slug) async throws -> OrganizationAccess? {
        let now = platform.now()
        return try await platform.database.read { connection in
            guard
                let organization = try connection.row(
                    """
                    SELECT id, name, subscription_status, closed_at, settings, requires_second_factor FROM organization WHERE slug = :slug
                    """, ["slug": slug])
            else { return nil }
            let id: OrganizationID = try organization["id"]
            let seats = try connection.rows(
                "SELECT \(Membership.columns) FROM membership WHERE organization_id = :id AND (user_id = :user OR role = 'owner')",
                ["id": id, "user": user])
            let roles = Roster(seats: try seats.map { try Membership($0) }).roles(of: user, at: now)
            guard !roles.isEmpty else { return nil }
            var access = OrganizationAccess(
                id: id, name: try organization["name"], slug: slug, status: try organization["subscription_status"], roles: roles,
                actor: .user(user), requiresSecondFactor: try organization["requires_second_factor"])
            if let closed: Instant = try organization["closed_at"] {
                access.deletionDay = TimeZoneRules.ofSignUp(try organization["settings"]).local(OrganizationDeletion.moment(closedAt: closed)).date
            }
            access.hasOthers = try Self.countOrganizations(of: user, at: now, connection) > 1
            return access
        }
    }

    private static func countOrganizations(of user: UniqueID, at now: Instant, _ connection: Connection) throws -> Int {
        try connection.row(
            """
            SELECT COUNT(DISTINCT organization_id) AS organizations FROM membership
            WHERE user_id = :user AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
            """, ["user": user, "now": now])?["organizations"] ?? 0
    }

    private static let signInPath: LocalPath = "/sign-in"

    private func strangerError(_ request: Request, _ context: AppContext, leadingTo path: LocalPath) -> HTTPError {
        leading(to: path, request, context) ?? HTTPError(.unauthorized)
    }

    /// Says what is missing and how to set it up.
    private func secondFactorError(_ request: Request, _ context: AppContext) -> HTTPError {
        leading(to: "/account/second-factor?needed", request, context) ?? HTTPError(.forbidden)
    }

    /// From a page that somebody wants to see, and back to it later; nil where it was no page that was asked for.
    private func leading(to path: LocalPath, _ request: Request, _ context: AppContext) -> HTTPError? {
        guard request.method == .get || request.method == .head else { return nil }
        let wanted = LocalPath(checking: context.visit.encodedPath + (context.visit.encodedQuery.map { "?\($0)" } ?? ""))
        return HTTPError(.seeOther, headers: [.location: path.with("next", (wanted ?? SignIn.start).text).text])
    }
}
