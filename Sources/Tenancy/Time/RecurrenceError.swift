/// Why a text is no rule of recurrence, for the person who wrote it.
package struct RecurrenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, such as “FREQ is missing”.
    package let problem: String
    /// What to write instead.
    package let advice: String

    package var description: String { "\(problem): \(advice)" }
}
