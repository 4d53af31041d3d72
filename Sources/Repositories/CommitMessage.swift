/// What a commit says: a line in the application's words, and a line by the editor if there is one.
package struct CommitMessage: Sendable, Hashable {
    /// In bytes of UTF-8.
    package static let maximumLength = 500

    package let summary: String
    package let note: String?

    /// An empty note is no note. Throws for texts of more than one line.
    package init(_ summary: String, note: String? = nil) throws(CommitMessageError) {
        guard let summary = try Self.line(summary) else { throw .empty }
        self.summary = summary
        self.note = try note.map(Self.line) ?? nil
    }

    /// Reads the text of a commit, whoever wrote it.
    init(reading text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        summary = lines.first ?? ""
        note = lines.count > 1 ? lines.dropFirst().joined(separator: " ") : nil
    }

    var text: String { [summary, note].compactMap { $0 }.joined(separator: "\n\n") + "\n" }

    private static func line(_ text: String) throws(CommitMessageError) -> String? {
        guard text.utf8.count <= maximumLength else { throw .tooLong }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: throw .controlCharacter
            default: break
            }
        }
        let words = text.split(separator: " ")
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}

/// Why a text is not a message. The description is meant for the editor who wrote the note.
package enum CommitMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case tooLong
    case controlCharacter

    package var description: String {
        switch self {
        case .empty: "The message is empty: say in a few words what was changed."
        case .tooLong: "The note is too long: use at most \(CommitMessage.maximumLength) bytes, about four lines on a phone."
        case .controlCharacter: "The note has line breaks or characters that can't be seen: write it in one line."
        }
    }
}
