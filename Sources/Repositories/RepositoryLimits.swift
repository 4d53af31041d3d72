/// How large a tenant's content may grow. Sizes are in bytes.
package struct RepositoryLimits: Sendable, Hashable {
    /// Of one file.
    package var fileBytes: Int
    /// Of a commit's files together, however many of them have changed.
    package var totalBytes: Int
    /// Files of a commit.
    package var files: Int
    /// That one commit writes: they are held in memory.
    package var commitBytes: Int

    package init(fileBytes: Int = 25 << 20, totalBytes: Int = 1 << 30, files: Int = 10_000, commitBytes: Int = 128 << 20) {
        self.fileBytes = fileBytes
        self.totalBytes = totalBytes
        self.files = files
        self.commitBytes = commitBytes
    }
}
