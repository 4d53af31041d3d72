import Glibc
package import Tenancy

/// What became of a commit that was to be undone.
package enum RevertOutcome: Sendable, Hashable {
    case reverted(CommitID)
    /// Everything that it did has been undone already.
    case unchanged(CommitID)
    /// These files have been changed since then, in the same places: nothing was changed.
    case conflict([ContentPath])
}

/// Two edits of one text, put together.
package enum MergedText: Sendable, Hashable {
    case clean([UInt8])
    /// Both changed the same lines: the text has both, between `<<<<<<<` and `>>>>>>>`.
    case conflict([UInt8])
    /// Not text: there is nothing to put together.
    case binary
}

extension ContentRepository {
    /// Undoes one commit, and nothing that came after it, by a new commit.
    package func revert(
        _ commit: CommitID, author: Author, message: CommitMessage, at time: Instant
    ) async throws(RepositoryError) -> RevertOutcome {
        guard let parent = try await entry(commit).parents.first else { throw .nothingToRevert(commit) }
        let before = try await fileMap(at: parent)
        let after = try await fileMap(at: commit)
        let changed = Set(before.keys).union(after.keys).filter { before[$0]?.blob != after[$0]?.blob }
        for _ in 0..<Self.attempts {
            let head = try await head()
            let undone = try await undo(changed.sorted(), before: before, after: after, now: try await fileMap(at: head))
            guard undone.conflicts.isEmpty else { return .conflict(undone.conflicts) }
            switch try await self.commit(changes: undone.changes, onto: head, author: author, message: message, at: time) {
            case .committed(let id): return .reverted(id)
            case .unchanged(let id): return .unchanged(id)
            case .conflict: continue
            }
        }
        throw .busy
    }

    private static let attempts = 20

    private typealias Files = [ContentPath: RepositoryFile]

    private func fileMap(at commit: CommitID) async throws(RepositoryError) -> Files {
        Dictionary(try await files(at: commit).map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    }

    /// What turns the files of `now` into what they would be without the step from `before` to `after`, file by file.
    private func undo(
        _ paths: [ContentPath], before: Files, after: Files, now: Files
    ) async throws(RepositoryError) -> (changes: [ContentPath: FileChange], conflicts: [ContentPath]) {
        let open = paths.filter { now[$0]?.blob != before[$0]?.blob }
        let versions = [before, after, now]
        let size = open.reduce(0) { sum, path in versions.reduce(sum) { $0 + ($1[path]?.size ?? 0) } }
        guard size <= 3 * limits.commitBytes else { throw .commitTooLarge(bytes: size / 3, limit: limits.commitBytes) }
        let old = try await contents(of: open.compactMap { before[$0] })
        // Only files that were changed again are put together.
        let changedAgain = open.filter { now[$0]?.blob != after[$0]?.blob }
        let base = try await contents(of: changedAgain.compactMap { after[$0] })
        let ours = try await contents(of: changedAgain.compactMap { now[$0] })

        var changes: [ContentPath: FileChange] = [:]
        var conflicts: [ContentPath] = []
        for path in open {
            if now[path]?.blob == after[path]?.blob {
                changes[path] = old[path].map { .write($0) } ?? .delete
            } else if let base = base[path], let ours = ours[path], let theirs = old[path],
                case .clean(let merged) = try await mergeText(base: base, ours: ours, theirs: theirs)
            {
                changes[path] = .write(merged)
            } else {
                conflicts.append(path)
            }
        }
        return (changes, conflicts)
    }

    /// Puts two edits of one text together, line by line (git-merge-file(1)).
    package func mergeText(base: [UInt8], ours: [UInt8], theirs: [UInt8]) async throws(RepositoryError) -> MergedText {
        let temporary = try makeUnfinishedFolder(Self.unfinishedMerge)
        defer { removeTree(temporary) }
        for (name, text) in [("ours", ours), ("base", base), ("theirs", theirs)] { try replaceFile("\(temporary)/\(name)", text) }
        let arguments = ["merge-file", "--stdout", "--quiet", "-L", "ours", "-L", "base", "-L", "theirs", "--"]
        let output = try await git.finish(
            arguments + ["ours", "base", "theirs"].map { "\(temporary)/\($0)" }, in: repository, outputLimit: 4 * limits.fileBytes)
        // The status is the number of conflicts, up to 127; 255 for what isn't text.
        switch output.status {
        case 0: return .clean(output.bytes)
        case 1...127: return .conflict(output.bytes)
        case 255 where output.bytes.isEmpty: return .binary
        default: throw output.failure()
        }
    }
}
