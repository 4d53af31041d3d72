import ArgumentParser
import SiteBuilder

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show everything that is wrong, stale or unsafe in the content.",
        usage: "SiteGen check [<options>]",
        discussion: """
            Errors stop a page from being published. Warnings and advice don't: they are
            what a careful editor would look at.

            WHAT IS LOOKED AT
            \(CheckRule.allCases.map { helpEntry($0.rawValue, $0.summary) }.joined(separator: "\n"))
            """)

    /// A name and what it means in two columns, because ArgumentParser continues a long line at the margin.
    private static func helpEntry(_ name: String, _ meaning: String) -> String {
        let (column, width) = (28, 78)
        var lines = ["  \(name)".padded(to: column - 1)]
        for word in meaning.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(repeating: " ", count: column) + word)
            }
        }
        return lines.joined(separator: "\n")
    }

    @OptionGroup var shared: SharedOptions

    @Flag(help: "End with exit code 1 for warnings too.")
    var strict = false

    func run() throws {
        let (findings, failures): ([(slug: String, findings: [Finding])], [(slug: String, error: BuildError)])
        do throws(BuildError) {
            (findings, failures) = try check()
        } catch {
            Reporter(shared).fail(error)
            throw ExitCode.nothingWritten
        }
        Reporter(shared).report(findings: findings, failures: failures)
        let worst: Finding.Severity = strict ? .warning : .error
        if !failures.isEmpty || findings.contains(where: { $0.findings.contains { $0.severity >= worst } }) { throw ExitCode.contentErrors }
    }

    private func check() throws(BuildError) -> ([(slug: String, findings: [Finding])], [(slug: String, error: BuildError)]) {
        let (tenants, _) = try shared.tenants()
        let environment = try BuildEnvironment(templates: shared.templates, output: shared.output, options: .init(address: shared.address))
        let inspector = TenantInspector(environment: environment, output: shared.output, now: shared.moment, jobs: shared.threads)
        var findings: [(String, [Finding])] = []
        var failures: [(String, BuildError)] = []
        for tenant in tenants {
            do throws(BuildError) {
                findings.append((tenant.slug, try inspector.findings(tenant)))
            } catch {
                failures.append((tenant.slug, error))
            }
        }
        return (findings, failures)
    }
}
