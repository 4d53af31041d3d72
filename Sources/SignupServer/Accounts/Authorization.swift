import Database
import HTTPTypes
import Hummingbird
import StaticSites
import Tenancy

/// Finds out who sends a request, from the session's cookie, and whether they may do what they ask for. The route table asks it, once.
struct Authorization: Sendable {
    let platform: Platform
    let cookies: Cookies

    /// Throws `HTTPError`: for a stranger 303 to the sign-in page if it is a page that was asked for, else 401; 403 for a user without the right
    /// role; 404 for a user who is no member, as for an organization that isn't there; 423 where editing rests.
    @Sendable func access(_ permission: Permission, _ request: Request, _ context: AppContext) async throws -> Access {
        guard let user = try await user(context) else {
            guard permission == .anyone else { throw strangerError(request, context) }
            return .stranger
        }
        var access = Access(user: user)
        switch permission {
        case .anyone, .signedIn: break
        case .operator: guard user.isOperator else { throw HTTPError(.forbidden) }
        case .member(let roles, let purpose):
            guard let slug = context.parameters.get("slug").flatMap({ try? Slug($0) }), let organization = try await organization(slug, user)
            else { throw HTTPError(.notFound) }
            guard !organization.roles.isDisjoint(with: roles) else { throw HTTPError(.forbidden) }
            guard !purpose.isForOwnPeople || !organization.isOperator else { throw HTTPError(.forbidden) }
            guard !purpose.needsEditing || organization.status.allowsEditing else { throw HTTPError(.locked) }
            access.organization = organization
        }
        return access
    }

    private func user(_ context: AppContext) async throws -> SignedInUser? {
        guard let token = context.cookies[.session].flatMap({ SecretToken($0) }) else { return nil }
        let now = platform.now()
        guard let (session, user) = try await platform.database.read({ try Session.find(token, at: now, $0) }) else { return nil }
        if session.isWorthNoticing(at: now) { try await platform.database.write { try session.notice(at: now, $0) } }
        return SignedInUser(
            id: user.id, session: session.id, email: user.email, name: user.name, language: user.language, isOperator: user.isOperator)
    }

    /// By the user's own seats; an operator who has none may have entered with an owner's consent.
    private func organization(_ slug: Slug, _ user: SignedInUser) async throws -> OrganizationAccess? {
        if let organization = try await membership(of: user.id, in: slug) { return organization }
        guard user.isOperator else { return nil }
        let now = platform.now()
        return try await platform.database.read { try SupportEntry.access(of: user.id, to: slug, at: now, $0) }
    }

    /// A seat counts from its start to its end.
    private func membership(of user: UniqueID, in slug: Slug) async throws -> OrganizationAccess? {
        let now = platform.now()
        return try await platform.database.read { connection in
            let rows = try connection.rows(
                """
                SELECT organization.id, organization.name, organization.subscription_status, membership.role FROM membership
                JOIN organization ON organization.id = membership.organization_id
                WHERE organization.slug = :slug AND membership.user_id = :user
                    AND membership.starts_at <= :now AND (membership.ends_at IS NULL OR membership.ends_at > :now)
                """, ["slug": slug, "user": user, "now": now])
            guard let first = rows.first else { return nil }
            let roles = try rows.compactMap { row in Role(rawValue: try row["role"]) }
            guard !roles.isEmpty else { return nil }
            return OrganizationAccess(
                id: try first["id"], name: try first["name"], slug: slug, status: try first["subscription_status"], roles: Set(roles),
                actor: .user(user))
        }
    }

    private static let signInPath: LocalPath = "/sign-in"

    private func strangerError(_ request: Request, _ context: AppContext) -> HTTPError {
        guard request.method == .get || request.method == .head else { return HTTPError(.unauthorized) }
        let wanted = LocalPath(checking: context.visit.encodedPath + (context.visit.encodedQuery.map { "?\($0)" } ?? ""))
        let path = Self.signInPath.with("next", (wanted ?? SignIn.start).text)
        return HTTPError(.seeOther, headers: [.location: path.text])
    }
}
