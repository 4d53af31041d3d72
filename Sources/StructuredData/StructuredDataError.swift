/// What is wrong in a YAML or TOML text, where, and what to write instead.
package struct StructuredDataError: Error, Hashable, Sendable {
    package var mark: Mark
    package var problem: String
    package var advice: String

    package init(at mark: Mark, _ problem: String, advice: String) {
        self.mark = mark
        self.problem = problem
        self.advice = advice
    }
}
