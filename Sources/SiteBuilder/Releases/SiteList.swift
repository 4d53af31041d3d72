/// The sites of an output folder.
package enum SiteList {
    /// The slugs of all sites that are live, sorted.
    package static func slugs(in output: String) -> [String] {
        directoryEntries(output).filter { !$0.hasPrefix(".") && ReleaseFolders(output: output, slug: $0).liveID != nil }
    }
}
