/// Why a text is no date, for the person who wrote it.
package struct WrittenDateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, such as “there is no 30 February 2026”.
    package let problem: String
    /// What to write instead, such as “write a day from 1 to 28”.
    package let advice: String

    package var description: String { "\(problem): \(advice)" }
}
