import HTTPTypes
import Hummingbird

/// One thing that can be asked of the app host. Features declare theirs as values; `RouteTable` puts them together.
struct Route: Sendable {
    /// Under which of the platform's own names a route is reached.
    enum Surface: Sendable, Equatable {
        /// The app host.
        case app
        /// The app host, and this machine's own names (`localhost`, `127.0.0.1`) too: for probes that know no other.
        case operations
    }

    let method: HTTPRequest.Method
    /// In Hummingbird's form: `/invitations/{token}`, `/org/**`.
    let path: RouterPath
    let surface: Surface
    let permission: Permission
    let handler: @Sendable (Request, AppContext) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: RouterPath, surface: Surface, permission: Permission,
        handler: @escaping @Sendable (Request, AppContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.surface = surface
        self.permission = permission
        self.handler = handler
    }
}
