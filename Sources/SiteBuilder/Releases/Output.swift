/// How one file of a release comes about.
enum Output {
    enum Content: Sendable {
        /// Rendered through templates.
        case page(@Sendable () -> PageParts)
        /// Small enough to make every time; compared with the last release by its bytes.
        case bytes(@Sendable () -> [UInt8])
        /// Made only when the key is another than in the last release.
        case keyed(Fingerprint, @Sendable () -> [UInt8])
    }
}
