/// What a check-out did.
package struct CheckOutReport: Sendable, Hashable {
    package var commit: CommitID
    /// Files that are new or have another content now.
    package var written = 0
    /// Files, folders and links that don't belong to the commit.
    package var removed = 0
    /// Files that weren't touched.
    package var unchanged = 0
}

extension ContentRepository {
    /// Makes `contentFolder` hold the files of a commit and nothing else.
    ///
    /// Only files that differ are touched: they are written beside and renamed, so a reader never sees half a file. All files have mode 644, all
    /// folders 755. Whatever the moment at which a check-out was cut off, the next one completes it.
    ///
    /// The caller sees to it that nobody reads the folder meanwhile who needs all files to be of one commit.
    package func checkOut(_ commit: CommitID) async throws(RepositoryError) -> CheckOutReport {
        let files = try await files(at: commit)
        let lock = try await lock("\(folder)/content.lock", patience: git.lockPatience)
        defer { withExtendedLifetime(lock) {} }

        let indexPath = "\(folder)/content.index"
        let content = try ContentFolder(path: contentFolder, workshop: "\(folder)/content.new")
        defer { content.removeWorkshop() }
        let (survey, index) = try await onThread { (content.survey(keeping: files.map(\.path)), CheckOutIndex.read(indexPath)) }
        var report = CheckOutReport(commit: commit, removed: survey.removed)

        var entries: [CheckOutIndex.Entry] = []
        var stale: [RepositoryFile] = []
        for file in files {
            if let state = survey.states[file.path], index[file.path] == .init(path: file.path, blob: file.blob, state: state) {
                entries.append(.init(path: file.path, blob: file.blob, state: state))
            } else {
                stale.append(file)
            }
        }
        report.unchanged = entries.count
        while !stale.isEmpty {
            let batch = Array(Self.batch(of: stale))
            stale.removeFirst(batch.count)
            let contents = try await contents(of: batch)
            let written = try await onThread { () throws(RepositoryError) in try Self.put(batch, contents, into: content) }
            entries += written.entries
            report.written += written.count
            report.unchanged += batch.count - written.count
        }
        let checkedOut = CheckOutIndex(entries)
        try await onThread { () throws(RepositoryError) in try checkedOut.write(indexPath) }
        return report
    }

    private static func put(
        _ files: [RepositoryFile], _ contents: [ContentPath: [UInt8]], into content: ContentFolder
    ) throws(RepositoryError) -> (entries: [CheckOutIndex.Entry], count: Int) {
        var entries: [CheckOutIndex.Entry] = []
        var count = 0
        for file in files {
            guard let bytes = contents[file.path] else { continue }
            if try content.put(bytes, at: file.path) { count += 1 }
            entries.append(.init(path: file.path, blob: file.blob, state: try content.state(of: file.path)))
        }
        return (entries, count)
    }

    /// As many files as fit into some memory, at least one.
    private static func batch(of files: [RepositoryFile]) -> ArraySlice<RepositoryFile> {
        var bytes = 0
        return files.prefix { file in
            let isFirst = bytes == 0
            bytes += file.size + 1
            return isFirst || bytes <= 32 << 20
        }
    }
}
