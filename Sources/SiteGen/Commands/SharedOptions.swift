import ArgumentParser
import Foundation
import SiteBuilder
import StructuredData
import Tenancy

/// What all commands take.
struct SharedOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder with one folder per PTSA.", valueName: "folder"))
    var content = "Content"

    @Option(help: ArgumentHelp("The folder with the theme and its strings.", valueName: "folder"))
    var templates = "Templates"

    @Option(help: ArgumentHelp("Where the sites go.", valueName: "folder"))
    var output = "output"

    @Option(help: ArgumentHelp("Build as if it were this moment, for example 2026-09-02T08:00:00Z. Without it: now.", valueName: "moment"))
    var now: String?

    @Option(help: ArgumentHelp("How many threads to use. Without it: as many as the machine has processors.", valueName: "number"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Only this PTSA; may be given more than once.", valueName: "name"))
    var tenant: [String] = []

    @Option(help: ArgumentHelp("The domain under which the sites are reached, as <name>.<domain>.", valueName: "domain"))
    var sitesDomain = "sites.localhost"

    @Option(help: ArgumentHelp("The port in complete addresses; with it they begin with http:. For trying sites out.", valueName: "port"))
    var sitesPort: Int?

    @Flag(help: "Write one JSON object instead of text.")
    var json = false

    mutating func validate() throws {
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256.") }
        if let sitesPort, !(1...65_535).contains(sitesPort) { throw ValidationError("--sites-port takes a number from 1 to 65535.") }
        if let now, Instant(now) == nil { throw ValidationError("--now takes a moment such as 2026-09-02T08:00:00Z.") }
        for name in tenant {
            do throws(SlugError) { _ = try Slug(name) } catch { throw ValidationError("--tenant \(name): \(error)") }
        }
        do throws(HostnameError) { _ = try Hostname(sitesDomain) } catch { throw ValidationError("--sites-domain \(sitesDomain): \(error)") }
    }

    var moment: Instant {
        now.flatMap { Instant($0) } ?? Instant(seconds: Int64(Date().timeIntervalSince1970))
    }

    var threads: Int { jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

    var address: SitesAddress {
        SitesAddress(scheme: sitesPort == nil ? "https" : "http", domain: sitesDomain, port: sitesPort)
    }

    /// The tenants to work on. Throws `BuildError`.
    func tenants() throws(BuildError) -> (tenants: [TenantFolder], problems: [String]) {
        guard !tenant.isEmpty else { return try TenantFolder.all(in: content) }
        var chosen: [TenantFolder] = []
        for name in tenant {
            // The others are not looked at: one tenant's build costs the same beside ten and beside ten thousand.
            guard let found = TenantFolder.named(name, in: content) else { throw try missing(name) }
            chosen.append(found)
        }
        return (chosen, [])
    }

    /// The tenants among them that changed files belong to. The others are not looked at.
    func tenants(of changed: Set<String>) -> [TenantFolder] {
        TenantFolder.holding(changed, in: content).filter { tenant.isEmpty || tenant.contains($0.slug) }
    }

    private func missing(_ name: String) throws(BuildError) -> BuildError {
        let slugs = try TenantFolder.all(in: content).tenants.map(\.slug)
        let near = Spelling.nearest(to: name, in: slugs).map { "did you mean \($0)?" }
        let few = slugs.prefix(20).joined(separator: ", ") + (slugs.count > 20 ? ", and \(slugs.count - 20) more" : "")
        return .noTenant("there is no folder \(content)/\(name); \(near ?? "there are \(few)")")
    }
}

extension ExitCode {
    static let contentErrors = ExitCode(1)
    static let usage = ExitCode(2)
    static let nothingWritten = ExitCode(3)
}
