import Glibc
package import Tenancy

/// The content of one organization, with its history: a git repository without a work tree, and a folder that holds one of its commits for
/// `SiteBuilder`.
///
/// ```
/// data/tenants/<organization id>/
///   repository.git/     objects, and one branch: main
///   repository.lock     held by whoever writes to the repository
///   content/            one commit as plain files, written by `checkOut` alone
///   content.index       which commit's files they are, and how they looked to the file system
///   content.new/        files that are being written
///   content.lock        held by whoever writes to the folder
/// ```
///
/// A value of this type is a name and no state: any number of them may be made for one folder, in any number of processes. It can name no
/// other organization's folder.
package struct ContentRepository: Sendable {
    let folder: String
    let limits: RepositoryLimits
    let git: Git

    /// `folder` is the organization's own; it needn't exist yet.
    package init(folder: String, limits: RepositoryLimits = RepositoryLimits(), git: Git = Git()) {
        self.folder = folder.hasPrefix("/") ? folder : "\(Self.currentFolder)/\(folder)"
        self.limits = limits
        self.git = git
    }

    /// Where `checkOut` puts the files.
    package var contentFolder: String { "\(folder)/content" }

    var repository: String { "\(folder)/repository.git" }
    var lockPath: String { "\(folder)/repository.lock" }
    static let branch = "refs/heads/main"

    private static var currentFolder: String {
        guard let buffer = getcwd(nil, 0) else { return "" }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    // MARK: Making one

    /// Makes the repository with its first commit, and gives that commit.
    ///
    /// All or nothing, also when the power goes: the repository is made beside and renamed. Safe to repeat: when there is one already, nothing
    /// is changed and its newest commit is given.
    package func create(files: [ContentPath: [UInt8]], author: Author, message: CommitMessage, at time: Instant) async throws(RepositoryError)
        -> CommitID
    {
        if let head = try await currentHead() {
            try flush(folder)
            return head
        }
        try check(ContentChanges(writing: files), against: [])
        try makeFolders(folder)
        let lock = try await lock(lockPath, patience: git.lockPatience)
        defer { withExtendedLifetime(lock) {} }
        // Somebody was faster.
        if let head = try await currentHead() {
            try flush(folder)
            return head
        }
        removeUnfinishedFolders()
        let unfinished = try makeUnfinishedFolder(Self.unfinishedRepository)
        do throws(RepositoryError) {
            let head = try await fill(unfinished, with: files, author: author, message: message, at: time)
            guard rename(unfinished, repository) == 0 else { throw writeError(repository) }
            try flush(folder)
            return head
        } catch {
            removeTree(unfinished)
            throw error
        }
    }

    private func fill(
        _ unfinished: String, with files: [ContentPath: [UInt8]], author: Author, message: CommitMessage, at time: Instant
    ) async throws(RepositoryError) -> CommitID {
        _ = try await git.run(
            ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--object-format=sha1", unfinished], in: unfinished)
        let stream = ImportStream(ContentChanges(writing: files), onto: nil, author: author, message: message, at: time)
        let head = try await importCommit(stream, into: unfinished, lock: nil)
        try await onThread { () throws(RepositoryError) in
            try walk(unfinished) { path, entry throws(RepositoryError) in if entry.kind != .other { try flush(path) } }
            try flush(unfinished)
        }
        return head
    }

    // MARK: Unfinished folders

    /// A repository that is being made: only under the lock.
    static let unfinishedRepository = ".repository-"
    /// The texts of a merge.
    static let unfinishedMerge = ".merge-"

    /// A new folder whose name begins like this.
    func makeUnfinishedFolder(_ prefix: String) throws(RepositoryError) -> String {
        var template = "\(folder)/\(prefix)XXXXXX".utf8CString.map { $0 }
        guard mkdtemp(&template) != nil else { throw writeError(folder) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes what calls that were cut off have left. Only under the lock.
    func removeUnfinishedFolders() {
        guard let descriptor = Descriptor(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { return }
        let longAgo = time(nil) - 3600
        for entry in entries(of: descriptor.number) {
            guard let name = entry.name else { continue }
            // Merges need no lock; one takes milliseconds.
            if name.hasPrefix(Self.unfinishedRepository) || name.hasPrefix(Self.unfinishedMerge) && entry.status.st_ctim.tv_sec < longAgo {
                removeTree(entry.bytes, in: descriptor.number)
            }
        }
    }

    // MARK: The newest commit

    /// The newest commit. Throws `notFound` when there is no repository.
    package func head() async throws(RepositoryError) -> CommitID {
        guard let head = try await currentHead() else { throw .notFound(repository) }
        return head
    }

    private func currentHead() async throws(RepositoryError) -> CommitID? {
        // A reference is a file of one line (gitrepository-layout(5)); reading it takes no process.
        if let bytes = readFile("\(repository)/\(Self.branch)", limit: 64), bytes.last == UInt8(ascii: "\n"),
            let id = CommitID(String(decoding: bytes.dropLast(), as: UTF8.self))
        {
            return id
        }
        guard access(repository, F_OK) == 0 else { return nil }
        // Or packed with others in one file, by somebody else's git.
        let output = try await git.finish(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(Self.branch)^{commit}"], in: repository)
        guard output.status == 0, let id = CommitID(String(decoding: output.bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) else {
            throw output.failure()
        }
        return id
    }
}
