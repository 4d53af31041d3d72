/// The sites of an output folder.
package enum SiteList {
    /// The slugs of all sites that are live, sorted.
    package static func slugs(in output: String) -> [String] {
        directoryEntries(output).filter { !$0.hasPrefix(".") && isLive($0, in: output) }
    }

    package static func isLive(_ slug: String, in output: String) -> Bool { liveRelease(slug, in: output) != nil }

    /// The number of the release that is live: `000042`.
    package static func liveRelease(_ slug: String, in output: String) -> String? { ReleaseFolders(output: output, slug: slug).liveID }
}
