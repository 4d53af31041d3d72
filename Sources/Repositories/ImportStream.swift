import Tenancy

/// One commit in the language of `git fast-import` (git-fast-import(1), "Input Format").
///
/// Everything that comes from outside is preceded by its length or stands in quotes, and paths have no control characters and no backslashes.
struct ImportStream {
    private(set) var bytes: [UInt8] = []

    /// - Parameter parent: nil for the first commit.
    init(_ changes: ContentChanges, onto parent: CommitID?, author: Author, message: CommitMessage, at time: Instant) {
        bytes.reserveCapacity(changes.written.reduce(1024) { $0 + $1.bytes.count + 600 })
        // Without the word "done" at the end nothing is committed: a stream that was cut off changes nothing.
        line("feature done")
        line("commit \(ContentRepository.branch)")
        line("mark :1")
        // Git's times begin in 1970.
        line("committer \(author.name) <\(author.email)> \(max(0, time.seconds)) +0000")
        data(Array(message.text.utf8))
        if let parent { line("from \(parent)") }
        for path in changes.deleted { line("D \(Self.quoted(path))") }
        for (path, content) in changes.written {
            line("M 100644 inline \(Self.quoted(path))")
            data(content)
        }
        line("")
        line("get-mark :1")
        line("done")
    }

    private static func quoted(_ path: ContentPath) -> String {
        "\"" + path.text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func data(_ content: [UInt8]) {
        line("data \(content.count)")
        bytes.append(contentsOf: content)
        bytes.append(UInt8(ascii: "\n"))
    }
}
