import Glibc
import Tenancy

/// Where the tenants' data is:
///
/// ```
/// data/tenants/<organization id>/tenant.sqlite     and -wal, -shm while it is open
/// data/tenants/<organization id>/files/            see TenantFiles
/// data/tenants/.creating-<organization id>/        not ready; never used, removed by `cleanUp`
/// data/tenants/.deleting-<organization id>/        gone; removed by `cleanUp`
/// ```
///
/// The final name is the mark that a folder is ready: it gets that name in one step, when it is whole and on the disk.
struct TenantFolders: Sendable {
    let root: String

    func folder(_ id: OrganizationID) -> String { "\(root)/\(id)" }
    func database(_ id: OrganizationID) -> String { "\(folder(id))/\(Self.databaseName)" }

    private func creating(_ id: OrganizationID) -> String { "\(root)/\(Self.creatingPrefix)\(id)" }
    private func deleting(_ id: OrganizationID) -> String { "\(root)/\(Self.deletingPrefix)\(id)" }

    private static let databaseName = "tenant.sqlite"
    private static let creatingPrefix = ".creating-"
    private static let deletingPrefix = ".deleting-"

    /// All that are ready, oldest first.
    func organizations() throws(DatabaseError) -> [OrganizationID] {
        try names(in: root).compactMap { OrganizationID($0) }.filter { isReady($0) }
    }

    /// A symbolic link is no folder: it could lead to a neighbour.
    func isReady(_ id: OrganizationID) -> Bool {
        var status = stat()
        return lstat(folder(id), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folder, with what `fill` puts into the database file it is given. Does nothing when it is there already.
    ///
    /// Throws `DatabaseError.locked` while another process is creating the same one.
    func create(_ id: OrganizationID, fill: (DatabaseFile) throws(DatabaseError) -> Void) throws(DatabaseError) {
        guard !isReady(id) else { return }
        let unfinished = creating(id)
        guard mkdir(unfinished, 0o700) == 0 || errno == EEXIST else { throw .unusable(file: unfinished, reason: systemMessage()) }
        let lock = try FolderLock(unfinished)
        defer { withExtendedLifetime(lock) {} }
        // Another process has finished, or cleaned up, before we had the lock.
        guard lock.isOf(unfinished) else {
            guard isReady(id) else { throw .locked(file: unfinished) }
            return
        }
        for name in try names(in: unfinished) { try removeTree("\(unfinished)/\(name)") }
        try fill(DatabaseFile(path: "\(unfinished)/\(Self.databaseName)"))
        try flush(unfinished)
        guard rename(unfinished, folder(id)) == 0 else { throw .unusable(file: folder(id), reason: systemMessage()) }
        try flush(root)
    }

    /// Removes the folder with everything in it. It is gone at once, and what a crash leaves of it is removed by `cleanUp`.
    func delete(_ id: OrganizationID) throws(DatabaseError) {
        try removeTree(deleting(id))
        guard rename(folder(id), deleting(id)) == 0 else {
            if errno == ENOENT { throw .noOrganization(id) }
            throw .unusable(file: folder(id), reason: systemMessage())
        }
        try flush(root)
        try removeTree(deleting(id))
    }

    /// Removes what creations and deletions that were cut off have left. Those that are still at work keep theirs.
    func cleanUp() throws(DatabaseError) {
        for name in try names(in: root) {
            let path = "\(root)/\(name)"
            if name.hasPrefix(Self.deletingPrefix) { try removeTree(path) }
            guard name.hasPrefix(Self.creatingPrefix), let lock = try? FolderLock(path) else { continue }
            defer { withExtendedLifetime(lock) {} }
            if lock.isOf(path) { try removeTree(path) }
        }
    }
}

/// Keeps two processes from making one folder. The system frees it when the process ends, however it ends.
private final class FolderLock {
    private let descriptor: Int32

    /// Throws `DatabaseError.locked` when another has it.
    init(_ path: String) throws(DatabaseError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unusable(file: path, reason: systemMessage()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .locked(file: path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the locked folder still has this name.
    func isOf(_ path: String) -> Bool {
        var named = stat()
        var locked = stat()
        return lstat(path, &named) == 0 && fstat(descriptor, &locked) == 0 && named.st_dev == locked.st_dev && named.st_ino == locked.st_ino
    }
}
