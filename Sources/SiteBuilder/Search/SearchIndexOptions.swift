/// How a search index is cut into files. The limits are in bytes before compression.
package struct SearchIndexOptions: Sendable, Hashable {
    /// Writes scripts in place of JSON: a page that was opened by double-click may load these, but must not fetch.
    package var offline = false
    /// An index up to this size is one file.
    package var largestSingleFile = 150_000
    /// Terms are gathered into files of at most this size; only a single term found in tens of thousands of pages makes a larger one.
    package var largestShard = 48_000
    package var documentsPerChunk = 64

    package init() {}
}
