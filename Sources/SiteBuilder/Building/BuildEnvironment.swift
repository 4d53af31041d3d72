import Glibc
package import Tenancy

/// What all tenants' builds share: theme, strings, options.
package struct BuildEnvironment: Sendable {
    package struct Options: Sendable, Hashable {
        package var address: SitesAddress
        /// Writes `.gz` and `.br` beside text files.
        package var precompress: Bool
        /// Renders everything, whatever the last release holds.
        package var force: Bool

        package init(address: SitesAddress = SitesAddress(), precompress: Bool = false, force: Bool = false) {
            self.address = address
            self.precompress = precompress
            self.force = force
        }
    }

    package let theme: Theme
    package let strings: StringTable
    package let options: Options
    package let icons: IconCache
    let timeZoneComponents = TimeZoneComponentCache()
    /// Of theme, strings, options and generator.
    package let fingerprint: Fingerprint

    /// Throws `BuildError` when templates or strings can't be read.
    package init(templates: String, output: String, options: Options) throws(BuildError) {
        theme = try Theme(folder: "\(templates)/site")
        strings = try StringTable(folder: "\(templates)/strings")
        self.options = options
        icons = IconCache(folder: "\(output)/.cache/icons")
        var builder = FingerprintBuilder()
        builder.add(theme.fingerprint)
        builder.add(strings.fingerprint)
        builder.add(options.address.origin(of: "slug"))
        builder.add(options.precompress ? 1 : 0)
        builder.add(generator)
        fingerprint = builder.finish()
    }

    /// Tells one build of this program from another, because a changed program makes other sites from the same content.
    let generator = Self.runningProgram

    private static let runningProgram: Fingerprint = {
        var status = stat()
        guard stat("/proc/self/exe", &status) == 0 else { return Fingerprint(high: 0, low: 0) }
        return Fingerprint(
            high: UInt64(bitPattern: Int64(status.st_mtim.tv_sec)) &* 1_000_000_007 &+ UInt64(status.st_mtim.tv_nsec), low: UInt64(status.st_size))
    }()
}

/// What a tenant's build came to.
package struct TenantReport: Sendable {
    package enum Outcome: Sendable, Equatable {
        case built(release: String)
        /// The live release is what a build would give.
        case unchanged
        case failed(String)
    }

    package var slug: String
    package var outcome: Outcome
    package var findings: [Finding] = []
    package var rendered = 0
    package var linked = 0
    /// Paths that changed, for the browser's live reload.
    package var timings = Timings()
    /// From when on another build is needed, whatever editors do.
    package var validUntil: Instant?

    package init(slug: String, outcome: Outcome) {
        self.slug = slug
        self.outcome = outcome
    }

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
}

/// Where a build's time went, in seconds of one thread.
package struct Timings: Sendable {
    package var phases: [String: Double] = [:]

    package static let order = ["scan", "read", "model", "pictures", "links", "render", "search", "write", "sync"]

    package init() {}

    mutating func add(_ phase: String, _ seconds: Double) { phases[phase, default: 0] += seconds }

    package mutating func add(_ other: Timings) { phases.merge(other.phases, uniquingKeysWith: +) }

    mutating func measure<Value, Failure: Error>(_ phase: String, _ work: () throws(Failure) -> Value) throws(Failure) -> Value {
        let start = Self.clock()
        defer { add(phase, Self.clock() - start) }
        return try work()
    }

    package static func clock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
