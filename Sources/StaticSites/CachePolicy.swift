/// How long browsers and caches may keep an answer.
package enum CachePolicy: Sendable {
    /// Kept for a year without asking: the name holds a fingerprint of the content.
    case immutable
    /// Kept, but asked about every time: a publish is seen at once.
    case revalidate
    /// Never kept.
    case never

    package var value: HeaderValue {
        switch self {
        case .immutable: "public, max-age=31536000, immutable"
        case .revalidate: "public, max-age=0, must-revalidate"
        case .never: "no-store"
        }
    }

    /// Files below `/assets/` and `/media/` with a fingerprint between two dots of their name, as in `site.3f9a1c07.css`.
    static func of(_ path: SitePath) -> CachePolicy {
        guard path.segments.count >= 2, let folder = path.segments.first, let name = path.segments.last,
            folder.elementsEqual("assets".utf8) || folder.elementsEqual("media".utf8)
        else { return .revalidate }
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.dropFirst().dropLast().contains(where: isFingerprint) ? .immutable : .revalidate
    }

    /// 8 to 64 hexadecimal digits in lower case.
    private static func isFingerprint(_ part: ArraySlice<UInt8>) -> Bool {
        (8...64).contains(part.count)
            && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }
}
