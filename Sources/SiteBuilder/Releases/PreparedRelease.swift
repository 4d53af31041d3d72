import CFileSystem
import Glibc
import Synchronization

/// A finished release that waits to be flushed to disk and made live. Its tenant stays locked until then.
package final class PreparedRelease: Sendable {
    let folders: ReleaseFolders
    let id: String
    let host: String
    let newFiles: [String]
    private let lock: TenantLock

    init(folders: ReleaseFolders, id: String, host: String, lock: TenantLock, newFiles: [String]) {
        self.folders = folders
        self.id = id
        self.host = host
        self.lock = lock
        self.newFiles = newFiles
    }

    /// More files than this are flushed with one call for the whole file system instead of one each.
    private static let singleFlushLimit = 200
    private static let flushesAtOnce = 8

    /// Makes releases live: every byte is on disk before a release gets its name, every name before a link leads to it, and the links are on
    /// disk before this returns.
    ///
    /// Returns what went wrong, by slug.
    package static func commit(_ releases: [PreparedRelease]) -> [String: BuildError] {
        guard let output = releases.first?.folders.output else { return [:] }
        let isGroup = releases.reduce(0) { $0 + $1.newFiles.count } > singleFlushLimit
        var errors: [String: BuildError] = [:]
        func step(_ action: (PreparedRelease) throws(BuildError) -> Void, thenFlush folder: (ReleaseFolders) -> [String]) {
            for release in releases where errors[release.folders.slug] == nil {
                do throws(BuildError) { try action(release) } catch { errors[release.folders.slug] = error }
            }
            let going = releases.filter { errors[$0.folders.slug] == nil }
            do throws(BuildError) {
                if isGroup { try flushFileSystem(output) } else { for path in Set(going.flatMap { folder($0.folders) }) { try flush(path) } }
            } catch {
                for release in going { errors[release.folders.slug] = error }
            }
        }
        step({ release throws(BuildError) in if !isGroup { try release.flushFiles() } }, thenFlush: { _ in [] })
        step({ release throws(BuildError) in try release.finish() }, thenFlush: { [$0.folder] })
        step({ release throws(BuildError) in try release.goLive() }, thenFlush: { [$0.output, "\($0.output)/.hosts"] })
        for release in releases { release.folders.clean() }
        return errors
    }

    private func flushFiles() throws(BuildError) {
        // Together, so that they share the file system's commits to its journal.
        let paths = newFiles + [folders.building(id)]
        let failure = Mutex<BuildError?>(nil)
        Parallel.each(paths.count, jobs: Self.flushesAtOnce) { index in
            do throws(BuildError) { try Self.flush(paths[index]) } catch { failure.withLock { $0 = error } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Gives the release its number. Until it is live, a mark beside it says that it isn't.
    func finish() throws(BuildError) {
        try replaceFile(folders.pending(id), [])
        guard rename(folders.building(id), folders.release(id)) == 0 else {
            throw .unwritable(path: folders.release(id), reason: systemMessage())
        }
    }

    private func goLive() throws(BuildError) {
        try folders.makeLive(id)
        try HostLinks(output: folders.output).set(host, slug: folders.slug)
    }

    /// Puts a file's content, or a folder's names, on disk.
    private static func flush(_ path: String) throws(BuildError) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unwritable(path: path, reason: systemMessage()) }
    }

    private static func flushFileSystem(_ path: String) throws(BuildError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        defer { close(descriptor) }
        guard marquee_syncfs(descriptor) == 0 else { throw .unwritable(path: path, reason: systemMessage()) }
    }
}

/// `output/.hosts/`: a link for every host name that is live.
package struct HostLinks: Sendable {
    let folder: String

    package init(output: String) { folder = "\(output)/.hosts" }

    /// Whether a host leads to a tenant.
    func leads(_ host: String, to slug: String) -> Bool {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = readlink("\(folder)/\(host)", &buffer, buffer.count - 1)
        return count > 0 && String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) == "../\(slug)"
    }

    func set(_ host: String, slug: String) throws(BuildError) {
        let target = "../\(slug)"
        let path = "\(folder)/\(host)"
        // The tenant's lock is held, so nobody else writes this name; what is there was left by a build that was cut off.
        let temporary = "\(folder)/.\(host).new"
        unlink(temporary)
        if leads(host, to: slug) { return }
        try makeDirectories(folder)
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
            let reason = systemMessage()
            unlink(temporary)
            throw .unwritable(path: path, reason: reason)
        }
    }

    /// Removes the links of hosts whose site is gone.
    package func prune() {
        for name in directoryEntries(folder) where name.hasPrefix(".") && name.hasSuffix(".new") { unlink("\(folder)/\(name)") }
        for name in directoryEntries(folder) where !name.hasPrefix(".") && access("\(folder)/\(name)", F_OK) != 0 { unlink("\(folder)/\(name)") }
    }
}
