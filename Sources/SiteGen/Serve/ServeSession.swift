import Dispatch
import Glibc
import HTTPServing
import Markdown
import SiteBuilder
import StaticSites
import Synchronization
import Tenancy

/// One run of `SiteGen serve`: the sites, the server, the watcher.
struct ServeSession {
    private let shared: SharedOptions
    private let port: Int
    private let servePaths: Bool
    private let cache = SourceCache()
    private let live = LiveReload()

    /// Throws `BuildError` when nothing can be built.
    init(shared: SharedOptions, port: Int, servePaths: Bool) throws(BuildError) {
        self.shared = shared
        self.port = port
        self.servePaths = servePaths
    }

    func run(watch: Bool) throws(BuildError) {
        // The port is part of the addresses in the pages, so it has to be known before the first build.
        let port = port == 0 ? FreePort.find() : port
        let watcher = watch ? try FileWatcher(folders: [shared.content, shared.templates]) : nil
        var environment = try environment(port: port)
        let (tenants, problems) = try shared.tenants()
        let start = Timings.clock()
        let first = build(tenants, environment)
        Reporter(shared).report(BuildResult(reports: first, problems: problems), seconds: Timings.clock() - start, timings: false)
        for report in first { live.update(report) }
        var validUntil = Dictionary(first.map { ($0.slug, $0.validUntil) }, uniquingKeysWith: { _, last in last })

        let server = try startServer(port: port)
        defer { stop(server) }
        printAddresses(tenants, port: server.port)
        let signals = StopSignals()
        while !signals.isStopped {
            let changed = wait(watcher, until: validUntil.values.compactMap { $0 }.min(), signals)
            if signals.isStopped { return }
            if changed.contains(where: { $0.hasPrefix(shared.templates) }) {
                do throws(BuildError) {
                    environment = try self.environment(port: port)
                    live.templateProblem(nil)
                } catch {
                    Reporter(shared).fail(error)
                    live.templateProblem(error.description)
                    continue
                }
            }
            for report in rebuild(changed, environment) { validUntil[report.slug] = report.validUntil }
        }
    }

    // MARK: Building

    private func environment(port: Int) throws(BuildError) -> BuildEnvironment {
        var address = shared.address
        address.scheme = "http"
        address.port = shared.sitesPort ?? port
        return try BuildEnvironment(templates: shared.templates, output: shared.output, options: .init(address: address))
    }

    private func build(_ tenants: [TenantFolder], _ environment: BuildEnvironment) -> [TenantReport] {
        let bar = ProgressBar(total: tenants.count)
        defer { bar.finish() }
        return FleetBuilder(environment: environment, output: shared.output, now: shared.moment, jobs: shared.threads, cache: cache)
            .build(tenants) { bar.advance($0.slug) }
    }

    /// Builds the tenants that the changed paths belong to, or all when the theme changed or time has passed.
    private func rebuild(_ changed: Set<String>, _ environment: BuildEnvironment) -> [TenantReport] {
        let isEverything = changed.isEmpty || changed.contains { $0.hasPrefix(shared.templates) }
        let affected = isEverything ? (try? shared.tenants().tenants) ?? [] : shared.tenants(of: changed)
        let start = Timings.clock()
        let rebuilt = FleetBuilder(environment: environment, output: shared.output, now: shared.moment, jobs: shared.threads, cache: cache).build(
            affected)
        let seconds = Timings.clock() - start
        let news = rebuilt.filter { $0.outcome != .unchanged || !$0.findings.isEmpty }
        if !news.isEmpty { Reporter(shared).report(BuildResult(reports: news, problems: []), seconds: seconds, timings: false) }
        for report in rebuilt { live.update(report) }
        return rebuilt
    }

    /// Waits until files change, a site runs out of date, or somebody stops the server. Empty when time has passed.
    private func wait(_ watcher: FileWatcher?, until: Instant?, _ signals: StopSignals) -> Set<String> {
        let seconds = until.map { max(1, $0.seconds - shared.moment.seconds + 1) } ?? 3600
        let milliseconds = shared.now == nil ? Int32(clamping: min(seconds, 3600) * 1000) : -1
        var descriptors = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        if let watcher { descriptors.append(pollfd(fd: watcher.descriptor, events: Int16(POLLIN), revents: 0)) }
        while true {
            let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
            if count < 0, errno == EINTR { continue }
            if descriptors[0].revents != 0 {
                signals.consume()
                return []
            }
            if count == 0 { return [] }
            let changed = watcher?.changes() ?? []
            if !changed.isEmpty { return changed }
        }
    }

    // MARK: Serving

    private func startServer(port: Int) throws(BuildError) -> HTTPServer {
        guard let domain = try? Hostname(shared.sitesDomain) else { throw .noTenant("\(shared.sitesDomain) is not a domain") }
        var configuration = StaticSitesConfiguration(output: shared.output, sitesDomain: domain, port: UInt16(clamping: port), servePaths: servePaths)
        if let security = try? SecurityHeaders(frameSources: EmbedHosts.frameHosts.map { "https://\($0)" }, formTargets: []) {
            configuration.security = security
        }
        let output = shared.output
        configuration.index = { IndexPage.html(output: output, domain: domain.text, port: port) }
        let responder = StaticResponder(configuration: configuration)
        let live = live
        let outcome = Mutex<Result<HTTPServer, ListenError>?>(nil)
        let isReady = DispatchSemaphore(value: 0)
        Task {
            do throws(ListenError) {
                let server = try await HTTPServer.start(responder: responder, port: port) { request in
                    live.reply(to: request, responder: responder, domain: domain)
                }
                outcome.withLock { $0 = .success(server) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
            isReady.signal()
        }
        isReady.wait()
        switch outcome.withLock({ $0 }) {
        case .success(let server)?: return server
        case .failure(let error)?: throw .noTenant("the server can't start: \(error)")
        case nil: throw .noTenant("the server can't start")
        }
    }

    private func stop(_ server: HTTPServer) {
        live.close()
        let isDone = DispatchSemaphore(value: 0)
        Task {
            await server.shutdown()
            isDone.signal()
        }
        isDone.wait()
    }

    private func printAddresses(_ tenants: [TenantFolder], port: Int) {
        print("")
        print("  \(Console.styled("http://localhost:\(port)/", .bold))  all sites")
        for tenant in tenants.prefix(20) {
            print(
                "  \(Console.styled("http://\(tenant.slug).\(shared.sitesDomain):\(port)/", .cyan))"
                    + (servePaths ? "  or http://localhost:\(port)/org/\(tenant.slug)/" : ""))
        }
        if tenants.count > 20 { print("  and \(tenants.count - 20) more") }
        print("\n  Press Control-C to stop.")
        fflush(nil)
    }
}

/// A port that nobody listens on at this moment.
enum FreePort {
    static func find() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return 8080 }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else { return 8080 }
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
            }
        }
    }
}

/// SIGINT and SIGTERM as something to wait for, beside files.
final class StopSignals {
    /// Readable when a signal has come.
    let descriptor: Int32
    private(set) var isStopped = false
    private let sources: [any DispatchSourceSignal]

    init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        descriptor = ends[0]
        let writingEnd = ends[1]
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { _ = write(writingEnd, [1], 1) }
            source.resume()
            return source
        }
    }

    func consume() {
        isStopped = true
    }
}
