/// How one file of a release comes about.
enum Output {
    enum Content: Sendable {
        /// Rendered through templates.
        case page(@Sendable () -> PageParts)
        /// Small enough to make every time; compared with the last release by its bytes.
        case bytes(@Sendable () -> [UInt8])
        /// A copy of a file, made only when the file looks other than at the last release.
        case copied(input: Fingerprint, @Sendable () -> [UInt8])
    }
}
