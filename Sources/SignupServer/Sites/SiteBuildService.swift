import Dispatch
import Logging
import ServiceLifecycle
import SiteBuilder
import Tenancy

/// Builds the sites of the content folder: all of them when the server starts, then each when it runs out of date. The sites that are live
/// are served meanwhile. Stopping does not wait for a build: what is not published leaves no trace.
struct SiteBuildService: Service {
    let settings: ServerSettings
    let readiness: Readiness
    let metrics: ServerMetrics
    let logger: Logger
    /// Threads for the first build.
    let jobs: Int
    let now: @Sendable () -> Instant
    /// Of the sites in links, known when the server listens.
    let address: @Sendable () async -> SitesAddress
    /// Told when the first build is over.
    let onFirstBuild: @Sendable ([TenantReport]) -> Void

    /// How often the clock is looked at: it may jump, and a machine may have slept. Seconds.
    private static let tick = 30
    /// So many sites are built between two looks at whether the server is to stop.
    private static let groupSize = 64

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await build() }
            group.addTask { try? await gracefulShutdown() }
            // Either has ended, or been cancelled.
            await group.next()
            group.cancelAll()
        }
    }

    private func build() async {
        let address = await address()
        let cache = SourceCache()
        var schedule = BuildSchedule()
        while !Task.isCancelled {
            do throws(BuildError) {
                guard let environment = try await environment(address) else { return }
                let builder = { (jobs: Int) in
                    FleetBuilder(environment: environment, output: settings.output, now: now(), jobs: jobs, cache: cache)
                }
                try await buildAll(builder(jobs), &schedule)
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(Self.tick))
                    try await buildDue(&schedule) { builder(1) }
                }
            } catch {
                // Templates or content can't be read. What is live stays up, and the operator may mend it.
                logger.error("no site can be built", metadata: ["problem": .string(error.description)])
                readiness.sitesAreNotBuilt(because: error.description)
                try? await Task.sleep(for: .seconds(Self.tick))
            }
        }
    }

    /// Nil when cancelled.
    private func environment(_ address: SitesAddress) async throws(BuildError) -> BuildEnvironment? {
        let result = await onThread { () -> Result<BuildEnvironment, BuildError> in
            Result { () throws(BuildError) in
                try BuildEnvironment(templates: settings.templates, output: settings.output, options: .init(address: address))
            }
        }
        return try result?.get()
    }

    private func buildAll(_ builder: FleetBuilder, _ schedule: inout BuildSchedule) async throws(BuildError) {
        let (tenants, problems) = try TenantFolder.all(in: settings.content)
        for problem in problems { logger.error("a folder is left out", metadata: ["problem": .string(problem)]) }
        var reports: [TenantReport] = []
        for start in stride(from: 0, to: tenants.count, by: Self.groupSize) {
            let group = Array(tenants[start..<min(start + Self.groupSize, tenants.count)])
            guard let built = await build(group, with: builder) else { return }
            for report in built { note(report, &schedule) }
            reports += built
            readiness.sitesAreNotBuilt(because: "the sites are being built: \(reports.count) of \(tenants.count)")
        }
        readiness.sitesAreBuilt()
        onFirstBuild(reports)
    }

    /// One site after another, so that readers notice nothing.
    private func buildDue(_ schedule: inout BuildSchedule, _ builder: () -> FleetBuilder) async throws(BuildError) {
        for slug in schedule.due(at: now()) where !Task.isCancelled {
            guard let tenant = TenantFolder.named(slug, in: settings.content) else {
                // The folder has gone. The site stays until somebody removes it.
                schedule.remove(slug)
                continue
            }
            guard let reports = await build([tenant], with: builder()) else { return }
            for report in reports { note(report, &schedule) }
        }
    }

    /// Nil when cancelled before the end.
    private func build(_ tenants: [TenantFolder], with builder: FleetBuilder) async -> [TenantReport]? {
        await onThread { builder.build(tenants) }
    }

    /// Runs what reads and computes for long on a thread of its own: the tasks' threads are for requests.
    /// - Returns: nil when cancelled before the end, which the thread then comes to unheard.
    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        let (stream, continuation) = AsyncStream.makeStream(of: Value.self)
        DispatchQueue.global(qos: .utility).async {
            continuation.yield(work())
            continuation.finish()
        }
        return await stream.first { _ in true }
    }

    private func note(_ report: TenantReport, _ schedule: inout BuildSchedule) {
        let outcome: String
        switch report.outcome {
        case .built(let release):
            outcome = "built"
            logger.info("a site is built", metadata: ["site": .string(report.slug), "release": .string(release), "files": "\(report.rendered)"])
        case .unchanged:
            outcome = "unchanged"
        case .failed(let problem):
            outcome = "failed"
            logger.error("a site can't be built", metadata: ["site": .string(report.slug), "problem": .string(problem)])
        }
        for finding in report.findings where finding.severity == .error {
            logger.warning("an error in a site's content", metadata: ["site": .string(report.slug), "finding": .string(finding.description)])
        }
        metrics.built(outcome: outcome, seconds: report.timings.phases.values.reduce(0, +))
        schedule.built(report.slug, at: now(), validUntil: report.validUntil, hasFailed: outcome == "failed")
    }
}
