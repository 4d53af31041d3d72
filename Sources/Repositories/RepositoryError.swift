/// Why a repository did not do what it was asked to. `description` may be shown to the person who must act; what git itself said is in `log`.
package enum RepositoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no repository here.
    case notFound(String)
    case noCommit(CommitID)
    case fileTooLarge(ContentPath, bytes: Int, limit: Int)
    case tooManyFiles(Int, limit: Int)
    case tooLarge(bytes: Int, limit: Int)
    /// One commit would write more than we hold in memory.
    case commitTooLarge(bytes: Int, limit: Int)
    /// A file is where a folder must be.
    case fileInTheWay(ContentPath, of: ContentPath)
    /// A commit holds something that we neither write nor check out.
    case unsafe(path: String, UnsafeEntry)
    /// The first commit of a history has nothing before it.
    case nothingToRevert(CommitID)
    case diskFull
    /// Somebody else has been writing for too long.
    case busy
    case timedOut(operation: String)
    case outputTooLarge(operation: String, limit: Int)
    case cancelled
    /// A file or a folder of ours.
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// git, or a program it needs, can't be started.
    case unavailable(program: String, reason: String)
    /// git failed for a reason that we don't know.
    case git(operation: String, GitFailure)

    package enum UnsafeEntry: Sendable, Hashable {
        case path(ContentPathError)
        case symbolicLink
        case submodule
        /// Two entries in one place.
        case duplicate
    }

    package struct GitFailure: Sendable, Hashable {
        /// The exit code, or 128 + the signal.
        package let status: Int32
        /// git's own words, cut off after some lines.
        package let words: String
    }

    package var description: String {
        switch self {
        case .notFound: "This organization has no content yet."
        case .noCommit(let id): "There is no version \(id.text.prefix(10)) of this site."
        case .fileTooLarge(let path, let bytes, let limit): "\(path) has \(Self.size(bytes)): a file may have \(Self.size(limit))."
        case .tooManyFiles(let count, let limit): "The site would have \(count) files: it may have \(limit). Remove some that are no longer needed."
        case .tooLarge(let bytes, let limit):
            "The site's files would have \(Self.size(bytes)): they may have \(Self.size(limit)). Remove pictures or documents that are no longer needed."
        case .commitTooLarge(let bytes, let limit):
            "These files have \(Self.size(bytes)) together: \(Self.size(limit)) can be saved at once. Save some of them first."
        case .fileInTheWay(let file, let path): "\(path) can't be saved, because \(file) is a file, not a folder: choose another name."
        case .unsafe(let path, let entry): "\(Self.visible(path)): \(Self.text(entry))"
        case .nothingToRevert: "This is the first version of the site: there is nothing before it."
        case .diskFull: "The server's disk is full. Nothing was changed; please try again later."
        case .busy: "The site is being saved by somebody else. Please try again in a moment."
        case .timedOut, .outputTooLarge, .cancelled, .unreadable, .unwritable, .unavailable, .git:
            "Something went wrong with the site's files. Please try again; if it happens again, the operator finds the reason in the log."
        }
    }

    /// One line for the operator.
    package var log: String {
        switch self {
        case .notFound(let path): "\(path) isn't there"
        case .timedOut(let operation): "git \(operation) took too long and was ended"
        case .outputTooLarge(let operation, let limit): "git \(operation) wrote more than \(limit) bytes and was ended"
        case .cancelled: "the caller no longer waits"
        case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) can't be written: \(reason)"
        case .unavailable(let program, let reason): "\(program) can't be started: \(reason)"
        case .git(let operation, let failure): "git \(operation) failed with status \(failure.status): \(Self.visible(failure.words))"
        default: description
        }
    }

    private static func text(_ entry: UnsafeEntry) -> String {
        switch entry {
        case .path(let error): error.description
        case .symbolicLink: "This is a link to another place: put the file itself here."
        case .submodule: "This is another repository: put its files here."
        case .duplicate: "There are two things of this name: rename one of them."
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 10 << 20 ? "\((bytes + 1023) >> 10) KB" : "\((bytes + (1 << 20) - 1) >> 20) MB"
    }

    /// On one line, without anything that a terminal would obey.
    private static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(600) {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
            result.unicodeScalars.append(isControl ? " " : scalar)
        }
        return result
    }
}
