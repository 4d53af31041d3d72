import Logging
import ServiceLifecycle
import SiteBuilder

/// Keeps the sites right: builds all when the server starts, then each when it runs out of date. The sites that are live are served
/// meanwhile. Stopping does not wait for a build: what is not published leaves no trace.
struct SiteBuildService: Service {
    let publisher: SitePublisher
    let readiness: Readiness
    let logger: Logger
    /// For the first build.
    let threads: Int
    /// Told when the first build is over.
    let onFirstBuild: @Sendable ([TenantReport]) -> Void

    /// How often the clock is looked at: it may jump, and a machine may have slept. Seconds.
    private static let tick = 30

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
        while !Task.isCancelled {
            do {
                let reports = try await publisher.publishAll(threads: threads) { done, total in
                    readiness.sitesAreNotBuilt(because: "the sites are being built: \(done) of \(total)")
                }
                readiness.sitesAreBuilt()
                await publisher.releaseMemory()
                onFirstBuild(reports)
                break
            } catch is CancellationError {
                return
            } catch {
                // Templates or content can't be read. What is live stays up, and the operator may mend it.
                logger.error("no site can be built", metadata: ["problem": .string("\(error)")])
                readiness.sitesAreNotBuilt(because: "\(error)")
                try? await Task.sleep(for: .seconds(Self.tick))
            }
        }
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(Self.tick))
            await publisher.publishDue()
            await publisher.releaseMemory()
        }
    }
}
