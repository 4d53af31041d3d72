package import Tenancy

/// One entry of the history.
package struct Commit: Sendable, Hashable {
    package let id: CommitID
    package let parents: [CommitID]
    /// Nil if it wasn't written by us: what others wrote about themselves is not passed on.
    package let author: Author?
    package let time: Instant
    package let message: CommitMessage
}

/// What a commit did to one file.
package struct FileStatus: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable { case added, modified, deleted }

    package let path: ContentPath
    package let status: Status
}

extension ContentRepository {
    /// The history, newest first.
    ///
    /// - Parameters:
    ///   - path: only commits that changed this file.
    ///   - before: the last entry of the page before; nil for the first page.
    package func log(path: ContentPath? = nil, limit: Int = 50, before: CommitID? = nil) async throws(RepositoryError) -> [Commit] {
        let count = max(1, min(limit, 1000))
        let commits = try await read(from: before, count: count + 1, path: path)
        // The entry to begin after is in the answer only if it changed the file.
        return Array(commits.drop { $0.id == before }.prefix(count))
    }

    /// One entry of the history, wherever it is. Throws `noCommit` if there is none of that id.
    package func entry(_ commit: CommitID) async throws(RepositoryError) -> Commit {
        guard let entry = try await read(from: commit, count: 1, path: nil).first else { throw .noCommit(commit) }
        return entry
    }

    private func read(from commit: CommitID?, count: Int, path: ContentPath?) async throws(RepositoryError) -> [Commit] {
        // Fields end with a line feed, which only the last one may have in it; entries end with a zero.
        let format = "%H%n%P%n%an%n%ae%n%ct%n%B"
        let arguments = [
            "log", "-z", "--no-show-signature", "--no-mailmap", "--format=tformat:\(format)", "--max-count=\(count)", "--end-of-options",
        ]
        let output = try await git.finish(arguments + [commit?.text ?? Self.branch, "--"] + (path.map { [$0.text] } ?? []), in: repository)
        guard output.status == 0 else { throw await missing(commit) ?? output.failure() }
        var commits: [Commit] = []
        for record in output.bytes.split(separator: 0) {
            guard let commit = Self.commit(String(decoding: record, as: UTF8.self)) else { throw output.failure() }
            commits.append(commit)
        }
        return commits
    }

    private static func commit(_ record: String) -> Commit? {
        let fields = record.split(separator: "\n", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, let id = CommitID(fields[0]), let seconds = Int64(fields[4]) else { return nil }
        return Commit(
            id: id, parents: fields[1].split(separator: " ").compactMap { CommitID($0) },
            author: Author(name: String(fields[2]), email: String(fields[3])), time: Instant(seconds: seconds),
            message: CommitMessage(reading: String(fields[5])))
    }

    /// `noCommit` if that is why git has failed.
    func missing(_ commits: CommitID?...) async -> RepositoryError? {
        guard let head = try? await head() else { return .notFound(repository) }
        for commit in commits.compactMap({ $0 }) where commit != head {
            if let answers = try? await objects(["\(commit)^{commit}"], ofSize: 1 << 20), answers[0] == nil { return .noCommit(commit) }
        }
        return nil
    }

    /// The files that a commit changed, against its (first) parent. A file that was renamed was deleted and added.
    package func changes(of commit: CommitID) async throws(RepositoryError) -> [FileStatus] {
        let arguments = ["diff-tree", "-r", "-z", "--root", "--name-status", "--no-renames", "--no-commit-id", "-m", "--first-parent"]
        let output = try await git.finish(arguments + ["--end-of-options", commit.text, "--"], in: repository)
        guard output.status == 0 else { throw await missing(commit) ?? output.failure() }
        // `M`, a zero, the path, a zero.
        let fields = output.bytes.split(separator: 0)
        guard fields.count.isMultiple(of: 2) else { throw output.failure() }
        var changes: [FileStatus] = []
        for index in stride(from: 0, to: fields.count, by: 2) {
            let status: FileStatus.Status =
                switch String(decoding: fields[index], as: UTF8.self) {
                case "A": .added
                case "D": .deleted
                default: .modified
                }
            changes.append(FileStatus(path: try Self.contentPath(fields[index + 1]), status: status))
        }
        return changes.sorted { $0.path < $1.path }
    }

    /// The difference between two commits in the unified format, as text for people: bytes that aren't UTF-8 are replaced.
    ///
    /// - Parameters:
    ///   - from: nil for the difference to a site without any files.
    ///   - path: one file only.
    ///   - limit: in bytes; throws `outputTooLarge` beyond.
    package func diff(
        from: CommitID?, to: CommitID, path: ContentPath? = nil, limit: Int = 1 << 20
    ) async throws(RepositoryError) -> String {
        let arguments = ["diff-tree", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--unified=3"]
        let commits = [from?.text ?? Self.emptyTree, to.text]
        let output = try await git.finish(
            arguments + ["--end-of-options"] + commits + ["--"] + (path.map { [$0.text] } ?? []), in: repository, outputLimit: limit)
        guard output.status == 0 else { throw await missing(from, to) ?? output.failure() }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// git knows the tree without entries by heart.
    private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
}
