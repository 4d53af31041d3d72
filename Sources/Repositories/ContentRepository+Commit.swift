package import Tenancy

/// What became of changes that were to be committed.
package enum CommitOutcome: Sendable, Hashable {
    case committed(CommitID)
    /// The files were like this already: no commit was made.
    case unchanged(CommitID)
    /// Somebody else has committed in the meantime: `head` is not what was expected, and nothing was changed.
    case conflict(head: CommitID)
}

extension ContentRepository {
    /// Adds a commit to the history, if `expected` is still the newest one.
    ///
    /// When this returns `committed`, the commit survives a power cut. When it throws, the history is as it was, or, if git was ended after
    /// its last step, has the commit; trying again then gives `conflict` or `unchanged`.
    package func commit(
        changes: [ContentPath: FileChange], onto expected: CommitID, author: Author, message: CommitMessage, at time: Instant
    ) async throws(RepositoryError) -> CommitOutcome {
        let before = try await head()
        guard before == expected else { return .conflict(head: before) }
        let files = try await files(at: expected)
        let changes = try await effective(ContentChanges(changes), on: files)
        guard !changes.isEmpty else {
            // It may have been committed a moment ago by somebody who was killed before flushing it.
            try await flushNames()
            return .unchanged(expected)
        }
        try check(changes, against: files)

        let stream = ImportStream(changes, onto: expected, author: author, message: message, at: time)
        for isRepeated in [false, true] {
            let id: CommitID
            do throws(RepositoryError) { id = try await importCommit(stream, into: repository, lock: lockPath) } catch {
                // git moves a branch only onward, from the commit that it is at.
                let head = try await head()
                if head != expected { return .conflict(head: head) }
                // A process that was killed may have left its lock, or a part of a pack on a full disk.
                let isClean = try await removeLeftovers()
                guard isClean, !isRepeated, case .git = error else { throw error }
                continue
            }
            try await flushNames()
            return .committed(id)
        }
        throw .busy
    }

    /// The changes without those that change nothing.
    private func effective(_ changes: ContentChanges, on files: [RepositoryFile]) async throws(RepositoryError) -> ContentChanges {
        let present = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
        let alike = changes.written.compactMap { path, bytes in present[path].flatMap { $0.size == bytes.count && !$0.isExecutable ? $0 : nil } }
        let contents = try await contents(of: alike)
        let same = Set(changes.written.filter { contents[$0.path] == $0.bytes }.map(\.path))
        return ContentChanges(
            written: changes.written.filter { !same.contains($0.path) },
            deleted: changes.deleted.filter { present[$0] != nil })
    }

    /// One process writes the objects and moves the branch. It refuses to move it from any other commit than the stream's parent.
    func importCommit(_ stream: ImportStream, into repository: String, lock: String?) async throws(RepositoryError) -> CommitID {
        let output = try await git.run(["fast-import", "--quiet", "--date-format=raw"], in: repository, input: stream.bytes, lock: lock)
        guard let id = CommitID(String(decoding: output.bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) else { throw output.failure() }
        return id
    }

    /// Flushes the folders in which git has made and renamed files: it flushes the files itself, but not their names.
    private func flushNames() async throws(RepositoryError) {
        let folders = ["\(repository)/objects/pack", "\(repository)/refs/heads"]
        try await onThread { () throws(RepositoryError) in for folder in folders { try flush(folder) } }
    }
}
