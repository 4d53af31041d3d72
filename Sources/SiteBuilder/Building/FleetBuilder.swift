import Dispatch
import Glibc
import Synchronization
package import Tenancy

/// A tenant's folder of content.
package struct TenantFolder: Sendable, Hashable {
    package let slug: String
    package let path: String

    package init(slug: String, path: String) {
        self.slug = slug
        self.path = path
    }

    /// The tenants of a content folder, by slug. Folders that begin with `_` or `.` are none; a name that is no slug is a problem.
    package static func all(in content: String) throws(BuildError) -> (tenants: [TenantFolder], problems: [String]) {
        guard access(content, R_OK | X_OK) == 0 else { throw .unreadable(path: content, reason: systemMessage()) }
        var tenants: [TenantFolder] = []
        var problems: [String] = []
        for name in directoryEntries(content) where !name.hasPrefix("_") && !name.hasPrefix(".") {
            guard isFolder("\(content)/\(name)") else { continue }
            do throws(SlugError) {
                tenants.append(TenantFolder(slug: try Slug(name).text, path: "\(content)/\(name)"))
            } catch {
                problems.append("\(content)/\(name): the folder's name can't be an address: \(error)")
            }
        }
        return (tenants, problems)
    }

    /// The tenant's folder; nil when there is none.
    package static func named(_ slug: String, in content: String) -> TenantFolder? {
        isFolder("\(content)/\(slug)") ? TenantFolder(slug: slug, path: "\(content)/\(slug)") : nil
    }

    /// The tenants that files belong to, by slug. No other tenant is looked at.
    package static func holding(_ files: Set<String>, in content: String) -> [TenantFolder] {
        let names = files.compactMap { file in
            file.hasPrefix(content + "/") ? file.dropFirst(content.count + 1).split(separator: "/", maxSplits: 1).first : nil
        }
        return Set(names).sorted().compactMap { name in (try? Slug(name)).flatMap { named($0.text, in: content) } }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// Builds many tenants, each apart from the others: what goes wrong with one stays with that one.
package struct FleetBuilder: Sendable {
    /// So many finished releases are flushed to disk with one call, and made live together.
    private static let groupSize = 96
    /// So many groups may wait for the disk before building waits for it too.
    private static let groupsInFlight = 2

    let environment: BuildEnvironment
    let output: String
    let now: Instant
    let jobs: Int
    let cache: SourceCache?

    package init(environment: BuildEnvironment, output: String, now: Instant, jobs: Int, cache: SourceCache? = nil) {
        self.environment = environment
        self.output = output
        self.now = now
        self.jobs = max(1, jobs)
        self.cache = cache
    }

    /// Builds `tenants` and returns their reports in the same order. `progress` is told of every tenant that is done.
    package func build(_ tenants: [TenantFolder], progress: @escaping @Sendable (TenantReport) -> Void = { _ in }) -> [TenantReport] {
        // Many tenants share the threads among them; one tenant has them all.
        let tenantJobs = tenants.count >= jobs * 2 ? 1 : jobs
        let builder = TenantBuilder(environment: environment, output: output, now: now, jobs: tenantJobs, cache: cache)
        let reports = Mutex<[Int: TenantReport]>([:])
        let group = ReleaseGroup(size: Self.groupSize)
        // The disk has a thread of its own: while it writes, the others build.
        let disk = DispatchQueue(label: "releases")
        let room = DispatchSemaphore(value: Self.groupsInFlight)
        @Sendable func finish(_ prepared: [(Int, PreparedRelease)]) {
            let start = Timings.clock()
            let errors = PreparedRelease.commit(prepared.map(\.1))
            let share = (Timings.clock() - start) / Double(max(1, prepared.count))
            for (index, release) in prepared {
                reports.withLock { reports in
                    reports[index]?.timings.add("sync", share)
                    if let error = errors[release.folders.slug] { reports[index]?.outcome = .failed(error.description) }
                }
                if let report = reports.withLock({ $0[index] }) { progress(report) }
            }
        }
        Parallel.each(tenants.count, jobs: tenantJobs == 1 ? jobs : 1) { index in
            let (report, release) = builder.prepare(slug: tenants[index].slug, content: tenants[index].path)
            reports.withLock { $0[index] = report }
            guard let release else {
                progress(report)
                return
            }
            guard let full = group.add(index, release) else { return }
            room.wait()
            disk.async {
                finish(full)
                room.signal()
            }
        }
        disk.sync { finish(group.takeAll()) }
        return tenants.indices.map { index in
            reports.withLock { $0[index] } ?? TenantReport(slug: tenants[index].slug, outcome: .failed("not built"))
        }
    }
}

/// Releases that wait for their common flush.
private final class ReleaseGroup: Sendable {
    private let size: Int
    private let waiting = Mutex<[(Int, PreparedRelease)]>([])

    init(size: Int) { self.size = size }

    /// Adds one; returns the whole group, emptied, when it is full.
    func add(_ index: Int, _ release: PreparedRelease) -> [(Int, PreparedRelease)]? {
        waiting.withLock { waiting in
            waiting.append((index, release))
            guard waiting.count >= size else { return nil }
            defer { waiting = [] }
            return waiting
        }
    }

    func takeAll() -> [(Int, PreparedRelease)] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
