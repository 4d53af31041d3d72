/// Something to mend in a text that was read, with what to write instead.
package struct Issue: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable, Comparable {
        /// The value is used as well as it can be, but somebody should look.
        case warning
        /// The value can't be used.
        case error

        package static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
    }

    package var severity: Severity
    package var mark: Mark
    package var problem: String
    package var advice: String

    package init(_ severity: Severity, at mark: Mark, _ problem: String, advice: String) {
        self.severity = severity
        self.mark = mark
        self.problem = problem
        self.advice = advice
    }
}
