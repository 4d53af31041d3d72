import SiteBuilder
import Tenancy

/// Tells what happened, as text or as JSON.
struct Reporter {
    private let shared: SharedOptions

    init(_ shared: SharedOptions) {
        self.shared = shared
    }

    fileprivate var isJSON: Bool { shared.json }

    func fail(_ error: BuildError) {
        if shared.json {
            print(JSONValue.object([("error", .text(error.description))]).string)
        } else {
            Console.standardError(Console.styled("error: ", .red) + error.description)
        }
    }

    func report(_ result: BuildResult, seconds: Double, timings: Bool) {
        var total = Timings()
        for report in result.reports { total.add(report.timings) }
        if shared.json {
            var members: [(String, JSONValue)] = [
                ("seconds", .text(Self.seconds(seconds))), ("tenants", .list(result.reports.map(json))),
                ("problems", .list(result.problems.map { .text($0) })),
            ]
            if timings { members.append(("timings", .object(Timings.order.map { ($0, .text(Self.seconds(total.phases[$0] ?? 0))) }))) }
            print(JSONValue.object(members).string)
            return
        }
        for problem in result.problems { Console.standardError(Console.styled("error: ", .red) + problem) }
        for report in result.reports {
            for finding in report.findings where finding.severity >= .warning { Console.standardError(line(finding, report.slug)) }
            if case .failed(let problem) = report.outcome { Console.standardError(Console.styled("error: ", .red) + "\(report.slug): \(problem)") }
        }
        let built = result.reports.filter { if case .built = $0.outcome { true } else { false } }
        let unchanged = result.reports.filter { $0.outcome == .unchanged }
        if result.reports.count <= 12 {
            for report in built {
                print("\(Console.styled("built", .green)) \(report.slug): \(report.rendered) files written, \(report.linked) unchanged")
            }
        }
        let errors = result.reports.flatMap(\.findings).filter { $0.severity == .error }.count
        var summary = "\(built.count) built, \(unchanged.count) unchanged"
        if errors > 0 { summary += ", \(errors) \(errors == 1 ? "error" : "errors")" }
        print("\(summary), in \(Self.seconds(seconds)) s")
        if timings {
            for phase in Timings.order {
                print("  \(phase.padded(to: 10))\(Self.seconds(total.phases[phase] ?? 0).leftPadded(to: 9)) s of one thread")
            }
        }
    }

    func line(_ finding: Finding, _ slug: String) -> String {
        let word: String
        switch finding.severity {
        case .error: word = Console.styled("error", .red)
        case .warning: word = Console.styled("warning", .yellow)
        case .advice: word = Console.styled("advice", .cyan)
        }
        let place = "\(shared.content)/\(slug)/\(finding.path):\(finding.line):\(finding.column)"
        return "\(Console.styled(place, .bold)): \(word): \(finding.problem): \(finding.advice)"
    }

    private func json(_ report: TenantReport) -> JSONValue {
        var members: [(String, JSONValue)] = [("tenant", .text(report.slug))]
        switch report.outcome {
        case .built(let id): members += [("outcome", .text("built")), ("release", .text(id))]
        case .unchanged: members.append(("outcome", .text("unchanged")))
        case .failed(let problem): members += [("outcome", .text("failed")), ("problem", .text(problem))]
        }
        members += [("rendered", .number(report.rendered)), ("linked", .number(report.linked)), ("findings", .list(report.findings.map(Self.json)))]
        if let until = report.validUntil { members.append(("valid_until", .text(until.description))) }
        return .object(members)
    }

    static func json(_ finding: Finding) -> JSONValue {
        .object([
            ("severity", .text(finding.severity.rawValue)), ("rule", .text(finding.rule)), ("path", .text(finding.path)),
            ("line", .number(finding.line)),
            ("column", .number(finding.column)), ("problem", .text(finding.problem)), ("advice", .text(finding.advice)),
        ])
    }

    static func seconds(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Reporter {
    /// What `SiteGen check` found.
    func report(findings: [(slug: String, findings: [Finding])], failures: [(slug: String, error: BuildError)]) {
        if isJSON {
            let tenants = findings.map { JSONValue.object([("tenant", .text($0.slug)), ("findings", .list($0.findings.map(Self.json)))]) }
            let failed = failures.map { JSONValue.object([("tenant", .text($0.slug)), ("problem", .text($0.error.description))]) }
            print(JSONValue.object([("tenants", .list(tenants)), ("failures", .list(failed))]).string)
            return
        }
        for (slug, found) in findings {
            for finding in found { print(line(finding, slug)) }
        }
        for (slug, error) in failures { Console.standardError(Console.styled("error: ", .red) + "\(slug): \(error)") }
        let all = findings.flatMap(\.findings)
        let counts = Finding.Severity.allCases.reversed().map { severity in
            let count = all.filter { $0.severity == severity }.count
            return "\(count) \(severity.rawValue)\(count == 1 || severity == .advice ? "" : "s")"
        }
        print(counts.joined(separator: ", "))
    }
}
