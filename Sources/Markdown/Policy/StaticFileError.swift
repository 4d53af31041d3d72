/// Why a file is not published.
package struct StaticFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package let message: String
    /// What to do instead.
    package let advice: String

    package init(message: String, advice: String) {
        self.message = message
        self.advice = advice
    }

    package var description: String { "\(message): \(advice)" }
}
