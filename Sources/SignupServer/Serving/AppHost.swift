import HTTPServing
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import StaticSites
import Tenancy

/// Answers requests for the platform's own host through Hummingbird's router.
struct AppHost: Sendable {
    private let router: RouterResponder<AppContext>
    private let sites: StaticResponder
    private let pages: Pages
    private let cookies: Cookies
    private let proxies: [NetworkRange]
    private let logger: Logger

    /// Bytes of an answer that are kept together with its head; more is streamed.
    private static let collectedSize = 64 << 10

    init(routes: RouteTable, sites: StaticResponder, web: Web, trustedProxies: [NetworkRange], logger: Logger) {
        router = routes.router().buildResponder()
        self.sites = sites
        pages = web.pages
        cookies = web.cookies
        proxies = trustedProxies
        self.logger = logger
    }

    /// - Returns: the answer, and the route's pattern for the log: a path may hold what is nobody's business.
    func respond(
        to request: SiteRequest, _ visit: AppVisit, body: ByteBuffer, from peer: SocketAddress?, requestID: String
    ) async -> (response: ServerResponse, route: String) {
        // Two slashes in a row are one, and saying so must not lead to another host.
        guard visit.isCanonical else { return (ServerResponse(sites.respond(to: request)), "") }
        var logger = logger
        logger[metadataKey: "request"] = .string(requestID)
        let forwarded = ForwardedRequest(request, from: NetworkAddress(peer), trusting: proxies)
        guard let head = Self.head(request, visit, forwarded) else {
            let isAPI = APIPath.contains(visit.encodedPath)
            return (isAPI ? ServerResponse(Problem(.badRequest), requestID) : ServerResponse(sites.errorPage(400)), "")
        }
        let context = AppContext(
            source: AppContext.Source(
                requestID: requestID, visit: visit, forwarded: forwarded, original: request, cookies: cookies.read(head.headerFields), logger: logger)
        )
        do {
            let response = try await router.respond(to: Request(head: head, body: RequestBody(buffer: body)), context: context)
            return (try await sendable(response, context), context.endpointPath ?? "")
        } catch {
            logger.error("a route has failed", metadata: ["route": .string(context.endpointPath ?? ""), "error": "\(error)"])
            let failure = (try? await sendable(failure(error, context), context)) ?? ServerResponse(sites.errorPage(500))
            return (failure, context.endpointPath ?? "")
        }
    }

    private static func head(_ request: SiteRequest, _ visit: AppVisit, _ forwarded: ForwardedRequest) -> HTTPRequest? {
        guard let method = HTTPRequest.Method(request.method) else { return nil }
        var fields = HTTPFields()
        fields.reserveCapacity(forwarded.headers.count)
        for (name, value) in forwarded.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return HTTPRequest(
            method: method, scheme: forwarded.isSecure ? "https" : "http", authority: visit.host.text,
            path: visit.encodedPath + (visit.encodedQuery.map { "?\($0)" } ?? ""), headerFields: fields)
    }

    /// A page that says what to do; for a program, the same in JSON.
    private func failure(_ status: Int, _ context: AppContext) -> Response {
        guard APIPath.contains(context.visit.encodedPath) else { return pages.error(status, context) }
        return Problem(HTTPResponse.Status(code: status)).response(context.requestID)
    }

    /// The same, for what nobody has foreseen.
    private func failure(_ error: any Error, _ context: AppContext) -> Response {
        guard APIPath.contains(context.visit.encodedPath) else { return pages.failure(error, context) }
        let status: HTTPResponse.Status = ServiceFailure(error) == nil ? .internalServerError : .serviceUnavailable
        return Problem(status).response(context.requestID)
    }

    /// An error without content of its own gets one; and every answer its security headers.
    private func sendable(_ response: Response, _ context: AppContext) async throws -> ServerResponse {
        var response = response
        if response.status.code >= 400, response.body.contentLength == 0 {
            var page = failure(response.status.code, context)
            for field in response.headers where field.name != .contentLength { page.headers.append(field) }
            response = page
        }
        var answer = ServerResponse(status: response.status.code, headers: HTTPHeaders(), body: try await Self.body(response.body))
        for field in response.headers { answer.headers.add(name: field.name.rawName, value: field.value) }
        for field in sites.securityFields(for: .app) where !answer.headers.contains(name: field.name) {
            answer.headers.add(name: field.name, value: field.value.text)
        }
        // What is made for one reader is kept by nobody, unless its route says otherwise.
        if !answer.headers.contains(name: "cache-control") { answer.headers.add(name: "Cache-Control", value: CachePolicy.never.value.text) }
        return answer
    }

    private static func body(_ body: ResponseBody) async throws -> ServerResponse.Body {
        guard let length = body.contentLength, length <= collectedSize else {
            return .stream { writer in try await body.write(StreamedBody(writer: writer)) }
        }
        guard length > 0 else { return .none }
        let collected = CollectedBody()
        try await body.write(collected)
        return .buffer(collected.buffer)
    }
}

/// Puts an answer's pieces together.
private final class CollectedBody: ResponseBodyWriter {
    var buffer = ByteBuffer()

    func write(_ piece: ByteBuffer) async throws {
        buffer.writeImmutableBuffer(piece)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Hands an answer's pieces on as they come. Trailers are left out: no reader of ours asks for them.
private struct StreamedBody: ResponseBodyWriter {
    let writer: BodyWriter

    mutating func write(_ piece: ByteBuffer) async throws {
        try await writer.write(piece)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
