import Glibc
import Synchronization
import Tenancy

/// Finds the live release of a host in the output folder. The file system alone decides, and it is asked for every request, so a
/// publish, a roll-back or a new host is seen at once:
///
///     .hosts/<hostname>  →  ../<slug>  →  .releases/<slug>/<release>
///
/// Both links are read here and must have exactly this shape; nothing else is followed. Only the open folder of a release is kept.
final class ReleaseStore: Sendable {
    private let output: String
    private let openReleases = Mutex<[Slug: ReleaseFolder]>([:])

    /// Each takes one descriptor. When they are too many, all are let go: opening one again costs some microseconds.
    private static let maximumOpen = 256

    /// How often a release may be cleaned away under a reader's hands before the reader gives up.
    static let attempts = 10

    init(output: String) {
        self.output = output
    }

    /// The organization that a live host leads to.
    func slug(of host: Hostname) -> Slug? {
        guard !host.isAddress, let target = Self.target(ofLink: "\(output)/.hosts/\(host.text)"), target.hasPrefix("../") else { return nil }
        return try? Slug(target.dropFirst(3))
    }

    /// The live release of an organization, nil if it has none.
    func release(of slug: Slug) throws(SiteUnavailable) -> ReleaseFolder? {
        // A release can be cleaned away between reading the link and opening the folder; then the link has changed too.
        for _ in 0..<Self.attempts {
            guard let name = liveName(of: slug) else { return nil }
            let cached = openReleases.withLock { $0[slug] }
            if let cached, cached.name == name, cached.isStill(at: "\(output)/.releases/\(slug.text)/\(name)") { return cached }
            guard let opened = try ReleaseFolder(output: output, slug: slug.text, name: name) else { continue }
            openReleases.withLock { releases in
                if releases.count >= Self.maximumOpen { releases.removeAll() }
                releases[slug] = opened
            }
            return opened
        }
        return nil
    }

    private func liveName(of slug: Slug) -> String? {
        let folder = ".releases/\(slug.text)/"
        guard let target = Self.target(ofLink: "\(output)/\(slug.text)"), target.hasPrefix(folder) else { return nil }
        let name = target.dropFirst(folder.count)
        guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        return String(name)
    }

    /// What a symbolic link holds; nil if it is none, or longer than any of ours.
    private static func target(ofLink path: String) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = base.withMemoryRebound(to: CChar.self, capacity: buffer.count) { readlink(path, $0, buffer.count) }
            guard count > 0, count < buffer.count else { return nil }
            return String(validating: buffer[..<count], as: UTF8.self)
        }
    }
}
