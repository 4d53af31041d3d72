import HTTPTypes
import HTTPServing
import Hummingbird
import SiteBuilder

/// For the machine that watches this one: is it alive, can it work, and how much does it do.
struct OperationsRoutes: Sendable {
    let readiness: Readiness
    let recorder: MetricsRecorder
    let connections: ConnectionRegistry
    let output: String
    let metricsToken: Secret?
    /// Seconds since 1970.
    let startTime: Int64

    var routes: [Route] {
        [
            Route(.get, "/health", surface: .operations, permission: .anyone) { _, _ in .text("ok\n") },
            Route(.get, "/ready", surface: .operations, permission: .anyone) { _, _ in ready() },
            Route(.get, "/metrics", surface: .operations, permission: .anyone, handler: metrics),
        ]
    }

    private func ready() -> Response {
        let reasons = readiness.reasons
        let body = JSONValue.object([("ready", .bool(reasons.isEmpty)), ("reasons", .list(reasons.map { .text($0) }))])
        return .json(body, status: reasons.isEmpty ? .ok : .serviceUnavailable)
    }

    /// For this machine, or for whoever has the token. What came through a proxy is not this machine, even if the proxy runs on it.
    @Sendable private func metrics(_ request: Request, _ context: AppContext) throws -> Response {
        let isLocal = !context.forwarded.isForwarded && context.forwarded.client?.isLoopback == true
        guard isLocal || hasToken(request) else { throw HTTPError(.notFound) }
        var gauges = ProcessGauges.read(startTime: startTime)
        gauges["marquee_http_connections"] = Double(connections.count)
        gauges["marquee_sites"] = Double(SiteList.slugs(in: output).count)
        return .text(recorder.text(gauges: gauges), type: PrometheusText.contentType)
    }

    private func hasToken(_ request: Request) -> Bool {
        guard let token = metricsToken, let given = request.headers[.authorization] else { return false }
        let scheme = "Bearer "
        return given.hasPrefix(scheme) && token.isSame(as: given.dropFirst(scheme.count))
    }
}
