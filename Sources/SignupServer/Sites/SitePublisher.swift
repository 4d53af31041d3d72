import CMemory
import Foundation
import Logging
import Repositories
import SiteBuilder
import Tenancy

/// Makes sites from what they are made of, and knows when each is to be made again.
///
/// A site is built by one build at a time. Whoever asks while it is being built shares the next build with all others who ask meanwhile, so
/// the newest content wins and a busy editor makes no queue.
actor SitePublisher {
    private let settings: ServerSettings
    private let sources: SiteSources
    private let metrics: ServerMetrics
    private let logger: Logger
    private let now: @Sendable () -> Instant
    /// Of the sites in links, known when the server listens.
    private let address: @Sendable () async -> SitesAddress

    /// Of the organizations that changed last: reading a whole site anew takes some milliseconds, and memory is all tenants'.
    private let cache = SourceCache(maximumPages: 2_000)
    private let threads = BuildThreads()
    private var environment: BuildEnvironment?
    private var schedule = BuildSchedule()
    private var running: [Slug: Task<TenantReport, Never>] = [:]
    private var waiting: [Slug: Task<TenantReport, Never>] = [:]
    private var hasBuilt = false

    init(
        settings: ServerSettings, sources: SiteSources, metrics: ServerMetrics, logger: Logger, now: @escaping @Sendable () -> Instant,
        address: @escaping @Sendable () async -> SitesAddress
    ) {
        self.settings = settings
        self.sources = sources
        self.metrics = metrics
        self.logger = logger
        self.now = now
        self.address = address
    }

    // MARK: One site

    /// Builds what is committed now, and makes it live if it differs from what is live. When this returns without failure, it is on the disk.
    func publish(_ slug: Slug) async -> TenantReport {
        if let next = waiting[slug] { return await next.value }
        let previous = running[slug]
        let task = Task {
            _ = await previous?.value
            begins(slug)
            let report = await build(slug)
            ends(slug)
            return report
        }
        if previous == nil { running[slug] = task } else { waiting[slug] = task }
        return await task.value
    }

    private func begins(_ slug: Slug) {
        if let task = waiting.removeValue(forKey: slug) { running[slug] = task }
    }

    private func ends(_ slug: Slug) {
        // Another that has waited for this one is running already, or will.
        if waiting[slug] == nil { running[slug] = nil }
    }

    private func build(_ slug: Slug) async -> TenantReport {
        var report: TenantReport
        do {
            let folder = try await sources.folder(of: slug)
            let builder = FleetBuilder(
                environment: try await readEnvironment(), output: settings.output, now: now(), jobs: 1, cache: cache)
            report = await threads.run { builder.build([folder]) }.first ?? TenantReport(slug: slug.text, outcome: .failed("not built"))
        } catch {
            report = TenantReport(slug: slug.text, outcome: .failed("\(error)"))
        }
        note(report)
        return report
    }

    /// Looks at sites with what their builds are made of, on the threads for it.
    func read<Value: Sendable>(_ work: @escaping @Sendable (BuildEnvironment, Instant) -> Value) async throws -> Value {
        let environment = try await readEnvironment()
        let now = now()
        return await threads.run { work(environment, now) }
    }

    // MARK: All sites

    /// Builds all, some at a time. `progress` is told of each group.
    func publishAll(threads count: Int, progress: (_ done: Int, _ total: Int) -> Void) async throws -> [TenantReport] {
        let environment = try await readEnvironment()
        let (folders, problems) = try await sources.all()
        for problem in problems { logger.error("a site is left out", metadata: ["problem": .string(problem)]) }
        var reports: [TenantReport] = []
        for start in stride(from: 0, to: folders.count, by: Self.groupSize) {
            try Task.checkCancellation()
            let group = Array(folders[start..<min(start + Self.groupSize, folders.count)])
            let builder = FleetBuilder(environment: environment, output: settings.output, now: now(), jobs: count, cache: cache)
            let built = await build(group, with: builder)
            for report in built { note(report) }
            reports += built
            progress(reports.count, folders.count)
        }
        return reports
    }

    /// Builds some together. Whoever publishes one of them meanwhile waits, and builds it again with what is newer.
    private func build(_ group: [TenantFolder], with builder: FleetBuilder) async -> [TenantReport] {
        let slugs = group.compactMap { try? Slug($0.slug) }
        while let other = slugs.lazy.compactMap({ self.running[$0] }).first { _ = await other.value }
        let work = Task { [threads] in await threads.run { builder.build(group) } }
        var tasks: [Slug: Task<TenantReport, Never>] = [:]
        for slug in slugs {
            let task = Task {
                await work.value.first { $0.slug == slug.text } ?? TenantReport(slug: slug.text, outcome: .failed("not built"))
            }
            running[slug] = task
            tasks[slug] = task
        }
        let reports = await work.value
        for (slug, task) in tasks {
            _ = await task.value
            if running[slug] == task { ends(slug) }
        }
        return reports
    }

    /// So many sites are built between two looks at whether the server is to stop.
    private static let groupSize = 64

    /// Builds those that have run out of date, one after another, so that readers notice nothing.
    func publishDue() async {
        for slug in schedule.due(at: now()) where !Task.isCancelled {
            guard let slug = try? Slug(slug), await sources.exists(slug) else {
                // The site stays until somebody removes it.
                schedule.remove(slug)
                continue
            }
            _ = await publish(slug)
        }
    }

    private func readEnvironment() async throws -> BuildEnvironment {
        if let environment { return environment }
        let (templates, output, options) = (settings.templates, settings.output, BuildEnvironment.Options(address: await address()))
        let made = try await threads.run {
            Result { () throws(BuildError) in try BuildEnvironment(templates: templates, output: output, options: options) }
        }.get()
        environment = made
        return made
    }

    /// Gives the system back what builds have freed: the allocator keeps it otherwise. Done when nothing hurries.
    func releaseMemory() {
        guard hasBuilt, running.isEmpty else { return }
        hasBuilt = false
        marquee_release_memory()
    }

    private func note(_ report: TenantReport) {
        hasBuilt = true
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

/// Threads for what reads and computes for long, as many as there are cores: the tasks' own are for requests.
private struct BuildThreads: Sendable {
    private let queue = OperationQueue()

    init() {
        queue.maxConcurrentOperationCount = max(1, ProcessInfo.processInfo.activeProcessorCount)
        queue.qualityOfService = .userInitiated
    }

    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: work()) }
        }
    }
}
