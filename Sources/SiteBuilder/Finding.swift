package import StructuredData

/// Something in a tenant's content that somebody should mend: `path:line:column: what is wrong: what to write instead`.
package struct Finding: Hashable, Sendable, Comparable, CustomStringConvertible {
    package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
        /// Worth a look.
        case advice
        /// Used as well as it can be, but not what was meant.
        case warning
        /// The page stays as it was until this is mended.
        case error

        private var rank: Int { self == .advice ? 0 : self == .warning ? 1 : 2 }
        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    package var severity: Severity
    /// A short name for the kind of finding, for scripts: `dead-link`.
    package var rule: String
    /// From the tenant's folder.
    package var path: String
    package var line: Int
    package var column: Int
    package var problem: String
    package var advice: String

    package init(_ severity: Severity, _ rule: String, path: String, line: Int = 1, column: Int = 1, _ problem: String, advice: String) {
        self.severity = severity
        self.rule = rule
        self.path = path
        self.line = line
        self.column = column
        self.problem = problem
        self.advice = advice
    }

    package init(_ issue: Issue, rule: String, path: String) {
        self.init(
            issue.severity == .error ? .error : .warning, rule, path: path, line: issue.mark.line, column: issue.mark.column, issue.problem,
            advice: issue.advice)
    }

    package var description: String { "\(path):\(line):\(column): \(problem): \(advice)" }

    package static func < (left: Finding, right: Finding) -> Bool {
        (left.path, left.line, left.column, left.rule, left.problem) < (right.path, right.line, right.column, right.rule, right.problem)
    }
}
