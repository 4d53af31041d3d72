import ArgumentParser
import SiteBuilder

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the sites that have changed.",
        discussion: """
            A site is built into a new folder and goes live in one step when it is
            complete. A page with an error stays as it was, and everything else is built.
            Nothing is done for a site whose content, theme and date-dependent parts are
            as they were.
            """)

    @OptionGroup var shared: SharedOptions

    @Flag(help: "Write .gz and .br beside text files, for web servers that send them.")
    var precompress = false

    @Flag(help: "Render every page, whatever the last release holds.")
    var force = false

    @Flag(help: "Show where the time went.")
    var timings = false

    @Flag(help: "Also make a copy that opens by double-click, in <output>/.offline/<name>/.")
    var offline = false

    func run() throws {
        let start = Timings.clock()
        let result: BuildResult
        do throws(BuildError) {
            result = try build()
        } catch {
            Reporter(shared).fail(error)
            throw ExitCode.nothingWritten
        }
        Reporter(shared).report(result, seconds: Timings.clock() - start, timings: timings)
        if let code = result.exitCode { throw code }
    }

    private func build() throws(BuildError) -> BuildResult {
        let (tenants, problems) = try shared.tenants()
        let environment = try BuildEnvironment(
            templates: shared.templates, output: shared.output,
            options: .init(address: shared.address, precompress: precompress, force: force))
        let bar = shared.json ? nil : ProgressBar(total: tenants.count)
        let fleet = FleetBuilder(environment: environment, output: shared.output, now: shared.moment, jobs: shared.threads)
        let reports = fleet.build(tenants) { bar?.advance($0.slug) }
        bar?.finish()
        if shared.tenant.isEmpty { HostLinks(output: shared.output).prune() }
        var result = BuildResult(reports: reports, problems: problems)
        if offline {
            for tenant in tenants {
                do throws(BuildError) {
                    try OfflineCopy(output: shared.output, slug: tenant.slug).make()
                } catch {
                    result.problems.append("\(tenant.slug): the offline copy was not made: \(error)")
                }
            }
        }
        return result
    }
}

/// What a build of several tenants came to.
struct BuildResult {
    var reports: [TenantReport]
    var problems: [String]

    /// Nil for success.
    var exitCode: ExitCode? {
        let failed = reports.filter { if case .failed = $0.outcome { true } else { false } }
        if !reports.isEmpty, failed.count == reports.count { return .nothingWritten }
        return failed.isEmpty && problems.isEmpty && !reports.contains(where: \.hasErrors) ? nil : .contentErrors
    }
}
