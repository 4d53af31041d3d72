import HTTPServing
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import StaticSites
import Tenancy

/// Where every request comes in. Its host is resolved first and once; then it goes to the sites, or to the routes of the app host.
/// Everything that leaves carries a request's name and is counted.
struct FrontDoor: RequestAnswerer {
    let sites: StaticResponder
    let app: AppHost
    let metrics: ServerMetrics
    let requestIDs: RequestIDs
    let logger: Logger

    func reply(to request: SiteRequest, body: ByteBuffer, from peer: SocketAddress?) -> ServerReply {
        let start = NIODeadline.now()
        let requestID = requestIDs.next()
        switch sites.resolve(request) {
        case .site(let slug, let response):
            return .now(finished(ServerResponse(response), Exchange(requestID, request.method, .site, start, site: slug.text)))
        case .refused(let response):
            return .now(finished(ServerResponse(response), Exchange(requestID, request.method, .none, start)))
        case .app(let visit):
            return .later {
                let (response, route) = await app.respond(to: request, visit, body: body, from: peer, requestID: requestID)
                return finished(response, Exchange(requestID, request.method, .app, start, route: route))
            }
        }
    }

    func refusal(_ status: Int, to target: String?) -> ServerResponse {
        let requestID = requestIDs.next()
        let isAPI = target.map { APIPath.contains($0) } ?? false
        let response = isAPI ? ServerResponse(Problem(HTTPResponse.Status(code: status)), requestID) : ServerResponse(sites.errorPage(status))
        return finished(response, Exchange(requestID, "-", .none, .now()))
    }

    /// What is known of a request, for the log and the metrics. No address, no query, no path.
    private struct Exchange: Sendable {
        let requestID: String
        let method: String
        let surface: ServerMetrics.Surface
        let start: NIODeadline
        let site: String
        let route: String

        init(_ requestID: String, _ method: String, _ surface: ServerMetrics.Surface, _ start: NIODeadline, site: String = "", route: String = "") {
            self.requestID = requestID
            self.method = method
            self.surface = surface
            self.start = start
            self.site = site
            self.route = route
        }
    }

    private func finished(_ response: ServerResponse, _ exchange: Exchange) -> ServerResponse {
        var response = response
        response.headers.add(name: "X-Request-Id", value: exchange.requestID)
        response.whenSent = { sent in
            let duration = NIODeadline.now() - exchange.start
            metrics.answered(exchange.surface, status: sent.status, bytes: sent.bytes, nanoseconds: duration.nanoseconds)
            log(exchange, sent, duration)
        }
        return response
    }

    /// Readers of public sites are counted, not written down: those lines are for looking into something.
    private func log(_ exchange: Exchange, _ sent: SentResponse, _ duration: TimeAmount) {
        let level: Logger.Level = sent.status >= 500 ? .error : exchange.surface == .app ? .info : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "request": .string(exchange.requestID), "method": .string(exchange.method), "surface": .string(exchange.surface.rawValue),
            "status": .stringConvertible(sent.status), "bytes": .stringConvertible(sent.bytes),
            "milliseconds": .stringConvertible(duration.nanoseconds / 1_000_000),
        ]
        if !exchange.site.isEmpty { metadata["site"] = .string(exchange.site) }
        if !exchange.route.isEmpty { metadata["route"] = .string(exchange.route) }
        if !sent.isComplete { metadata["left"] = "the client left before the end" }
        logger.log(level: level, "answered", metadata: metadata)
    }
}
