import CoreMetrics
import HTTPServing
import Logging
import Markdown
import ServiceLifecycle
import SiteBuilder
import StaticSites
import Synchronization
import Tenancy
import UnixSignals

/// The server put together: what it is made of, and how the parts know of each other. It runs as services until it is told to stop.
struct MarqueeServer: Sendable {
    let routes: RouteTable
    let recorder: MetricsRecorder
    let connections: ConnectionRegistry
    private let services: [(name: String, service: any Service)]
    private let logger: Logger

    /// What a test or a command may want other than usual.
    struct Dependencies: Sendable {
        var now: @Sendable () -> Instant
        /// Threads for building sites.
        var jobs: Int
        /// For the names of requests.
        var random: UInt64
        /// More routes of the app host.
        var routes: [Route] = []
        var authorize: RouteTable.Authorization = RouteTable.nobodyIsSignedIn
        /// Told the port.
        var onListening: @Sendable (Int) -> Void = { _ in }
        /// Told when the first build is over.
        var onFirstBuild: @Sendable ([TenantReport]) -> Void = { _ in }
    }

    init(_ settings: ServerSettings, _ dependencies: Dependencies, recorder: MetricsRecorder, logger: Logger) {
        let port = ListeningPort()
        let metrics = ServerMetrics(recorder)
        let readiness = Readiness(output: settings.output)
        let connections = ConnectionRegistry(maximum: settings.limits.connections)
        let origin: @Sendable (String) -> String = { slug in
            SitesAddress(
                scheme: settings.publicScheme, domain: settings.sitesDomain.text,
                port: settings.linkPort(listeningOn: port.current ?? settings.port)
            ).origin(of: slug)
        }
        let sites = StaticResponder(configuration: Self.sites(settings, origin))

        let operations = OperationsRoutes(
            readiness: readiness, recorder: recorder, connections: connections, output: settings.output, metricsToken: settings.metricsToken,
            startTime: dependencies.now().seconds)
        let routes = RouteTable(
            operations.routes + HomeRoutes(settings: settings, output: settings.output, origin: origin).routes + SiteRoutes(sites: sites).routes
                + dependencies.routes,
            appHost: settings.appHost, authorize: dependencies.authorize)
        let frontDoor = FrontDoor(
            sites: sites, app: AppHost(routes: routes, sites: sites, trustedProxies: settings.trustedProxies, logger: logger), metrics: metrics,
            requestIDs: RequestIDs(start: dependencies.random), logger: logger)

        let builds = SiteBuildService(
            settings: settings, readiness: readiness, metrics: metrics, logger: logger, jobs: dependencies.jobs, now: dependencies.now,
            port: { await port.value() }, onFirstBuild: dependencies.onFirstBuild)
        let http = HTTPService(frontDoor: frontDoor, settings: settings, connections: connections, readiness: readiness, logger: logger) { number in
            port.set(number)
            dependencies.onListening(number)
        }
        self.routes = routes
        self.recorder = recorder
        self.connections = connections
        self.logger = logger
        // The last is stopped first.
        services = [("builds", builds), ("http", http)]
    }

    /// Runs until it is told to stop, and everything accepted is finished. Throws `ListenError`.
    func run(stopOn signals: [UnixSignal] = []) async throws {
        try await group(stopOn: signals).run()
    }

    func group(stopOn signals: [UnixSignal] = []) -> ServiceGroup {
        // Without names, the group writes every property of a service into the log.
        let services = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0.service, serviceName: $0.name) }
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, gracefulShutdownSignals: signals, logger: logger))
    }

    private static func sites(_ settings: ServerSettings, _ origin: @escaping @Sendable (String) -> String) -> StaticSitesConfiguration {
        var configuration = StaticSitesConfiguration(output: settings.output, sitesDomain: settings.sitesDomain)
        // This machine's own names are for its own probes; the route table lets them reach nothing else.
        configuration.appHosts = Hostname.loopback.union([settings.appHost])
        configuration.canonicalOrigin = { slug in origin(slug.text) }
        if let security = try? SecurityHeaders(frameSources: EmbedHosts.frameHosts.map { "https://\($0)" }, formTargets: []) {
            configuration.security = security
        }
        return configuration
    }
}

/// The port, known once the server listens.
private final class ListeningPort: Sendable {
    private let number = Mutex<Int?>(nil)
    private let stream: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Int.self)
    }

    var current: Int? { number.withLock { $0 } }

    func set(_ port: Int) {
        number.withLock { $0 = port }
        continuation.yield(port)
        continuation.finish()
    }

    /// For one that waits.
    func value() async -> Int { await stream.first { _ in true } ?? current ?? 0 }
}
