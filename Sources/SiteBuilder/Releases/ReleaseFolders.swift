import Glibc

/// Where a tenant's releases are:
///
/// ```
/// output/<slug>                      → .releases/<slug>/000042       the live site
/// output/.releases/<slug>/000042/    a finished release, never written again
/// output/.releases/<slug>/000042.state, 000042.sources
/// output/.releases/<slug>/000043.pending       beside a finished release that has not been live yet
/// output/.releases/<slug>/.building-000043/    unfinished; removed by the next build
/// output/.releases/<slug>/lock, pictures/
/// output/.hosts/<host>               → ../<slug>
/// ```
package struct ReleaseFolders: Sendable {
    /// How many releases are kept, the live one included.
    package static let keptReleases = 5

    package let output: String
    package let slug: String

    package init(output: String, slug: String) {
        self.output = output
        self.slug = slug
    }

    package var folder: String { "\(output)/.releases/\(slug)" }
    package var link: String { "\(output)/\(slug)" }
    var pictures: String { "\(folder)/pictures" }
    func release(_ id: String) -> String { "\(folder)/\(id)" }
    func state(_ id: String) -> String { "\(folder)/\(id).state" }
    func sources(_ id: String) -> String { "\(folder)/\(id).sources" }
    func pending(_ id: String) -> String { "\(folder)/\(id).pending" }
    func building(_ id: String) -> String { "\(folder)/.building-\(id)" }

    /// The release that is live, or nil.
    package var liveID: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let prefix = ".releases/\(slug)/"
        guard target.hasPrefix(prefix) else { return nil }
        let id = String(target.dropFirst(prefix.count))
        return Self.isID(id) ? id : nil
    }

    /// Releases that are or were live, oldest first.
    package var releaseIDs: [String] { Self.releaseIDs(in: directoryEntries(folder), live: liveID) }

    /// A release that was cut off before it went live is none.
    private static func releaseIDs(in names: [String], live: String?) -> [String] {
        let pending = Set(names.filter { $0.hasSuffix(".pending") })
        return names.filter { isID($0) && ($0 == live || !pending.contains("\($0).pending")) }
    }

    static func isID(_ name: String) -> Bool { name.utf8.count == 6 && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }

    /// The number after the highest that was ever used.
    func nextID() -> String {
        let highest = directoryEntries(folder).compactMap { name in name.hasPrefix(".") ? nil : Int(name.prefix(6)) }.max() ?? 0
        let number = String((highest + 1) % 1_000_000)
        return String(repeating: "0", count: 6 - number.utf8.count) + number
    }

    /// What a build that was cut off has left, and releases that are no longer kept: names in the folder.
    func leftovers(live: String?) -> [String] {
        let names = directoryEntries(folder)
        let kept = Set(Self.releaseIDs(in: names, live: live).suffix(Self.keptReleases) + [live].compactMap { $0 })
        return names.filter { name in
            if name.hasPrefix(".building-") || name.hasPrefix(".link-") || name.hasSuffix(".new") || name.hasSuffix(".pending") { return true }
            guard Self.isID(name) || name.hasSuffix(".state") || name.hasSuffix(".sources") else { return false }
            return !kept.contains(String(name.prefix(6)))
        }
    }

    func clean() {
        for name in leftovers(live: liveID) { removeTree("\(folder)/\(name)") }
    }

    /// Makes a release live: a new link takes the old one's place in one step (rename(2)).
    func makeLive(_ id: String) throws(BuildError) {
        // Whatever a build that was cut off has left: the one that gives way was live.
        if let live = liveID { unlink(pending(live)) }
        let temporary = "\(folder)/.link-\(getpid())"
        unlink(temporary)
        guard symlink(".releases/\(slug)/\(id)", temporary) == 0 else { throw .unwritable(path: temporary, reason: systemMessage()) }
        guard rename(temporary, link) == 0 else {
            let reason = systemMessage()
            unlink(temporary)
            throw .unwritable(path: link, reason: reason)
        }
        unlink(pending(id))
    }
}

/// Keeps two builds of one tenant apart. The system frees it when the process ends, however it ends.
final class TenantLock: Sendable {
    private let descriptor: Int32

    /// Throws `BuildError.busy` when another process has it.
    init(_ folders: ReleaseFolders) throws(BuildError) {
        try makeDirectories(folders.folder)
        let path = "\(folders.folder)/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .busy(tenant: folders.slug) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
