/// The conditional headers of a GET or HEAD request (RFC 9110 13).
struct Preconditions {
    enum Outcome {
        case proceed
        /// 304
        case notModified
        /// 412
        case failed
    }

    let request: SiteRequest
    let tag: EntityTag
    /// Seconds since 1970, nil if the answer has no Last-Modified.
    let modified: Int64?

    /// In the order of RFC 9110 13.2.2.
    var outcome: Outcome {
        if let list = request.list(of: "if-match") {
            guard tag.isNamed(in: list, weakly: false) else { return .failed }
        } else if let modified, let limit = request.value(of: "if-unmodified-since").flatMap(HTTPDate.seconds), modified > limit {
            return .failed
        }
        if let list = request.list(of: "if-none-match") {
            return tag.isNamed(in: list, weakly: true) ? .notModified : .proceed
        }
        // Only the very date that we sent counts: after a roll-back the live file is older than the reader's copy, and is another one.
        if let modified, request.value(of: "if-modified-since").flatMap(HTTPDate.seconds) == modified { return .notModified }
        return .proceed
    }

    /// True if a Range header may be followed: there is no If-Range, or it names what we have.
    var allowRange: Bool {
        guard let condition = request.value(of: "if-range") else { return true }
        if condition.utf8.contains(UInt8(ascii: "\"")) { return tag.isNamed(in: condition, weakly: false) }
        return modified != nil && HTTPDate.seconds(condition) == modified
    }
}
