import HTTPTypes
import Hummingbird
import StaticSites
import Tenancy

/// All routes of the app host. There is no other way to add one, so each has a surface and a permission, and both are checked before its
/// handler runs. So is that a request that may change something was sent by a page of ours.
struct RouteTable: Sendable {
    /// Finds out who sends a request. Throws `HTTPError` if they may not use a route: 401 if signing in would help, 403 if not, 404 if it is
    /// not for them to know that there is something.
    typealias Authorization = @Sendable (Permission, Request, AppContext) async throws -> Access

    let routes: [Route]
    private let appHost: Hostname
    private let scheme: String
    private let sameOrigin = SameOrigin()
    private let authorize: Authorization

    /// - Parameters:
    ///   - appHost: other names of the platform lead to routes for operations only.
    ///   - scheme: by which browsers reach the app host.
    ///   - authorize: asked for every route of the app host that isn't for operations.
    init(_ routes: [Route], appHost: Hostname, scheme: String, authorize: @escaping Authorization) {
        self.routes = routes
        self.appHost = appHost
        self.scheme = scheme
        self.authorize = authorize
    }

    func router() -> Router<AppContext> {
        let router = Router(context: AppContext.self)
        for (path, routes) in Dictionary(grouping: routes, by: \.path.description) {
            var answered: Set<HTTPRequest.Method> = []
            for route in routes {
                // The connection leaves the content of an answer to HEAD away.
                for method in route.method == .get ? [.get, .head] : [route.method] where answered.insert(method).inserted {
                    router.on(route.path, method: method) { request, context in try await answer(request, context, route) }
                }
            }
            let allowed = answered.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !answered.contains(method) {
                router.on(RouterPath(path), method: method) { _, context -> Response in
                    guard routes.contains(where: { isReached($0, under: context.visit.host) }) else { throw HTTPError(.notFound) }
                    throw HTTPError(.methodNotAllowed, headers: [.allow: allowed])
                }
            }
        }
        return router
    }

    /// QUERY: draft-ietf-httpbis-safe-method-w-body.
    private static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace] + [HTTPRequest.Method("QUERY")].compactMap { $0 }

    private func answer(_ request: Request, _ context: AppContext, _ route: Route) async throws -> Response {
        guard isReached(route, under: context.visit.host) else { throw HTTPError(.notFound) }
        guard route.permission.isForPrograms || comesFromUs(request, context) else { throw HTTPError(.forbidden) }
        guard route.surface == .app || route.permission != .anyone else { return try await route.handler(request, context) }
        return try await route.handler(request, context.known(as: try await authorize(route.permission, request, context)))
    }

    private func comesFromUs(_ request: Request, _ context: AppContext) -> Bool {
        guard let authority = context.original.hosts.first.flatMap({ try? Authority($0) }) else { return false }
        return sameOrigin.allows(request.method, request.headers, to: Origin(scheme: scheme, host: authority.host, port: authority.port))
    }

    private func isReached(_ route: Route, under host: Hostname) -> Bool {
        route.surface == .operations || host == appHost || Hostname.loopback.contains(appHost)
    }
}
