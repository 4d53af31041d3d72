import Database
import HTTPTypes
import Hummingbird
import Tenancy

/// Lets programs in: finds the token that a request shows, and the organization whose it is, and sees that nobody asks too much.
struct ProgramGate: Sendable {
    let platform: Platform
    private let limiter = RateLimiter()

    init(_ platform: Platform) {
        self.platform = platform
    }

    /// What one network may ask, with whatever tokens and without.
    static let network = RateLimit("network", 1_200, perSeconds: 60)
    static let token = RateLimit("token", 300, perSeconds: 60)
    /// Changes: each is committed and published.
    static let writes = RateLimit("writes", 60, perSeconds: 600)

    /// Throws `Problem`: 401 without a token that is valid, 403 for one that doesn't allow this or whose organization doesn't, 429 for too much.
    func access(_ scope: APIScope, _ request: Request, _ context: AppContext) async throws -> Access {
        let now = platform.now()
        var limits = RateLimitFields()
        try take(Self.network, context.forwarded.client?.network ?? "", at: now, &limits)
        let token = try await token(request, at: now, limits)
        try take(Self.token, token.id.description, at: now, &limits)
        if scope.isWriting { try take(Self.writes, token.id.description, at: now, &limits) }
        guard token.scopes.contains(scope) else {
            throw Problem(
                .forbidden, "scope", title: "The token doesn't allow this", "It needs the scope \(scope.rawValue).",
                headers: Self.challenge("error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"") + limits.fields)
        }
        return Access(
            organization: try await organization(of: token, for: scope, limits), program: ProgramAccess(token: token.id, limits: limits))
    }

    private func take(_ limit: RateLimit, _ who: String, at now: Instant, _ limits: inout RateLimitFields) throws(Problem) {
        let taking = limiter.use(limit, for: who, at: now)
        limits.add(limit, taking)
        guard let wait = taking.wait else { return }
        throw Problem(
            .tooManyRequests, "rate-limit", title: "Too many requests", "Wait \(wait) seconds.",
            headers: [.retryAfter: String(wait)] + limits.fields)
    }

    private func token(_ request: Request, at now: Instant, _ limits: RateLimitFields) async throws -> APIToken {
        let values = request.headers[values: .authorization]
        guard !values.isEmpty else {
            throw Problem(
                .unauthorized, "token", title: "A token is missing", "Send the header Authorization: Bearer, with a token of the organization.",
                headers: Self.challenge("") + limits.fields)
        }
        let found = values.count == 1 ? try await find(values[0], at: now) : nil
        // One that never was, one that is over and one that was taken back look the same.
        guard let token = found else {
            throw Problem(
                .unauthorized, "token", title: "The token isn't valid", "It is not known, has expired, or was revoked.",
                headers: Self.challenge("error=\"invalid_token\"") + limits.fields)
        }
        let today = now.day
        if token.lastUsedOn != today { try await platform.database.write { try token.notice(on: today, $0) } }
        return token
    }

    private func find(_ header: String, at now: Instant) async throws -> APIToken? {
        guard let secret = APIToken.secret(inHeader: header) else { return nil }
        return try await platform.database.read { try APIToken.find(secret, at: now, $0) }
    }

    private func organization(of token: APIToken, for scope: APIScope, _ limits: RateLimitFields) async throws -> OrganizationAccess {
        guard let organization = try await platform.organizations.organization(token.organization) else { throw HTTPError(.notFound) }
        switch organization.status {
        case .trialing, .active: break
        case .frozen:
            if scope.isWriting { throw Problem.editingRests(limits.fields) }
        case .suspended, .closed:
            throw Problem(
                .forbidden, "organization-stopped", title: "The organization is \(organization.status.rawValue)",
                "Its owners were told why. Its site stays up.", headers: limits.fields)
        }
        return OrganizationAccess(
            id: organization.id, name: organization.name, slug: organization.slug, status: organization.status, roles: [], actor: .token(token.id))
    }

    /// RFC 6750, 3.
    private static func challenge(_ parameters: String) -> HTTPFields {
        [.wwwAuthenticate: "Bearer realm=\"api\"" + (parameters.isEmpty ? "" : ", " + parameters)]
    }
}

extension Problem {
    static func editingRests(_ headers: HTTPFields = [:]) -> Problem {
        Problem(
            .forbidden, "editing-rests", title: "Editing rests", "The trial is over: an owner can choose a plan in the dashboard.", headers: headers)
    }
}

extension HTTPFields {
    static func + (left: HTTPFields, right: HTTPFields) -> HTTPFields {
        var all = left
        for field in right { all.append(field) }
        return all
    }
}
