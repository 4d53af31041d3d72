import HTTPTypes
import Hummingbird
import StaticSites
import Tenancy

/// All routes of the app host. There is no other way to add one, so each has a surface and a permission, and both are checked before its
/// handler runs.
struct RouteTable: Sendable {
    /// Throws `HTTPError` if the sender of a request may not use a route: 401 if signing in would help, 403 if not.
    typealias Authorization = @Sendable (Permission, Request, AppContext) async throws -> Void

    let routes: [Route]
    private let appHost: Hostname
    private let authorize: Authorization

    /// - Parameters:
    ///   - appHost: other names of the platform lead to routes for operations only.
    ///   - authorize: asked for every route that isn't for anyone.
    init(_ routes: [Route], appHost: Hostname, authorize: @escaping Authorization) {
        self.routes = routes
        self.appHost = appHost
        self.authorize = authorize
    }

    /// Nobody can sign in, so what isn't for anyone is for no one.
    static let nobodyIsSignedIn: Authorization = { _, _, _ in throw HTTPError(.unauthorized) }

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

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    private func answer(_ request: Request, _ context: AppContext, _ route: Route) async throws -> Response {
        guard isReached(route, under: context.visit.host) else { throw HTTPError(.notFound) }
        if route.permission != .anyone { try await authorize(route.permission, request, context) }
        return try await route.handler(request, context)
    }

    private func isReached(_ route: Route, under host: Hostname) -> Bool {
        route.surface == .operations || host == appHost || Hostname.loopback.contains(appHost)
    }
}
