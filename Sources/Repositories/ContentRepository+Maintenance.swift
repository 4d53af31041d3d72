import Glibc

/// What `maintain` achieved. Sizes are in bytes, of all files of the repository.
package struct MaintenanceReport: Sendable, Hashable {
    package var bytesBefore: Int
    package var bytesAfter: Int
}

/// What `verify` found.
package struct RepositoryHealth: Sendable, Hashable {
    /// Nil when the branch leads nowhere.
    package var head: CommitID?
    /// One line each, in git's words: for the operator.
    package var problems: [String]

    package var isSound: Bool { head != nil && problems.isEmpty }
}

extension ContentRepository {
    /// Reads every object and compares it with its name (git-fsck(1)). Says what is wrong instead of throwing it.
    package func verify() async throws(RepositoryError) -> RepositoryHealth {
        guard access(repository, F_OK) == 0 else { throw .notFound(repository) }
        let output = try await git.finish(
            ["fsck", "--full", "--strict", "--no-dangling", "--no-progress"], in: repository, patience: git.longPatience)
        let lines = (String(decoding: output.bytes, as: UTF8.self) + output.words).split(whereSeparator: \.isNewline).map(String.init)
        var health = RepositoryHealth(head: nil, problems: lines.filter { !$0.hasPrefix("notice:") })
        do { health.head = try await head() } catch { health.problems.append(error.log) }
        if output.status != 0, health.problems.isEmpty { health.problems.append(output.failure().log) }
        return health
    }

    /// Writes the whole history into one file that any git can clone (git-bundle(1)), replacing what is at `path`. Gives its size in bytes.
    package func bundle(to path: String) async throws(RepositoryError) -> Int {
        _ = try await head()
        let unfinished = "\(path).new"
        defer { unlink(unfinished) }
        _ = try await git.run(["bundle", "create", "--quiet", unfinished, "HEAD", Self.branch], in: repository, patience: git.longPatience)
        return try putInPlace(unfinished, at: path)
    }

    /// Writes one zip file (git-archive(1)): the files of a commit in `<top>/site/`, and other files of ours beside them in `<top>/`. Replaces what
    /// is at `path`, and gives its size in bytes.
    ///
    /// - Parameter top: the one folder that everything is in.
    package func archive(_ commit: CommitID, in top: String, adding files: [String], to path: String) async throws(RepositoryError) -> Int {
        // A tenant's own .gitattributes could leave files out or change their bytes. This file has the last word (gitattributes(5)).
        try makeFolders("\(repository)/info")
        try replaceFile("\(repository)/info/attributes", Array("* -export-ignore -export-subst -text -ident -filter -working-tree-encoding\n".utf8))
        let unfinished = "\(path).new"
        defer { unlink(unfinished) }
        // A prefix is for the files that are added after it, and the last one for the commit's.
        let arguments = ["archive", "--format=zip", "--output=\(unfinished)", "--prefix=\(top)/"] + files.map { "--add-file=\($0)" }
        let output = try await git.finish(
            arguments + ["--prefix=\(top)/site/", "--end-of-options", commit.text], in: repository, patience: git.longPatience)
        guard output.status == 0 else { throw await missing(commit) ?? output.failure() }
        return try putInPlace(unfinished, at: path)
    }

    /// Flushes a file and gives it its name. Returns its size in bytes.
    private func putInPlace(_ unfinished: String, at path: String) throws(RepositoryError) -> Int {
        try flush(unfinished)
        var status = stat()
        guard stat(unfinished, &status) == 0, rename(unfinished, path) == 0 else { throw writeError(path) }
        return Int(status.st_size)
    }

    /// Whether `maintain` is due. Every commit is a pack of its own, and each pack makes every call some hundredths of a millisecond slower.
    package func needsMaintenance() -> Bool {
        guard let packs = Descriptor(open("\(repository)/objects/pack", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { return false }
        return entries(of: packs.number).count { $0.name?.hasSuffix(".pack") == true } > Self.comfortablePacks
    }

    private static let comfortablePacks = 50

    /// Packs all objects into one file and removes what no commit leads to. Readers are not disturbed; commits wait.
    package func maintain() async throws(RepositoryError) -> MaintenanceReport {
        _ = try await head()
        guard try await removeLeftovers(patience: git.lockPatience) else { throw .busy }
        let before = try size()
        _ = try await git.run(
            ["repack", "-a", "-d", "-l", "--quiet", "--no-write-bitmap-index"], in: repository, lock: lockPath, patience: git.longPatience)
        _ = try await git.run(["prune", "--expire=now"], in: repository, lock: lockPath, patience: git.longPatience)
        return MaintenanceReport(bytesBefore: before, bytesAfter: try size())
    }

    private func size() throws(RepositoryError) -> Int {
        var bytes = 0
        try walk(repository) { _, entry throws(RepositoryError) in if entry.kind == .file { bytes += Int(entry.status.st_size) } }
        return bytes
    }

    /// Removes what processes that were killed have left: locks, parts of packs, reports of crashes. Everybody who writes holds the lock, also
    /// when we are gone, so under the lock these belong to nobody. False when somebody is writing.
    func removeLeftovers(patience: Duration = .zero) async throws(RepositoryError) -> Bool {
        let lock: Descriptor
        do { lock = try await Repositories.lock(lockPath, patience: patience) } catch {
            if error == .busy { return false }
            throw error
        }
        defer { withExtendedLifetime(lock) {} }
        removeUnfinishedFolders()
        try walk(repository) { path, entry throws(RepositoryError) in
            guard entry.kind == .file, let name = entry.name else { return }
            let isTemporary = ["tmp_", ".tmp-", "fast_import_crash_"].contains { name.hasPrefix($0) }
            let isLock = name.hasSuffix(".lock") || name.hasSuffix(".keep") || name == "gc.pid"
            if isTemporary || isLock { unlink(path) }
        }
        return true
    }
}
