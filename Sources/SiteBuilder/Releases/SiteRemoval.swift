import Glibc

/// Takes a site away: its link, its hosts, its releases. May be repeated, and goes on where an earlier one was cut off.
package enum SiteRemoval {
    /// Throws `BuildError.busy` while the site is being built.
    package static func remove(_ slug: String, from output: String) throws(BuildError) {
        let folders = ReleaseFolders(output: output, slug: slug)
        let lock = try TenantLock(folders)
        defer { withExtendedLifetime(lock) {} }
        // From here on nobody finds it any more.
        guard unlink(folders.link) == 0 || errno == ENOENT else { throw .unwritable(path: folders.link, reason: systemMessage()) }
        HostLinks(output: output).prune()
        removeTree(folders.folder)
    }
}
