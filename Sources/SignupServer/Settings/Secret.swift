/// A text that is never shown: whatever prints a value that holds one prints `(secret)`.
struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// For whoever it is meant for.
    var revealed: String { text }

    /// Looks at every byte, so that the time tells nothing of where they differ.
    func isSame(as other: some StringProtocol) -> Bool {
        let (own, given) = (Array(text.utf8), Array(other.utf8))
        guard own.count == given.count else { return false }
        return zip(own, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    var description: String { "(secret)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
