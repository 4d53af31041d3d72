/// A strong entity tag (RFC 9110 8.8.3): equal tags mean equal bytes.
struct EntityTag: Equatable, Sendable {
    /// With its quotation marks.
    let text: String

    /// The tag of content with this XXH3 hash. It is the same for every release and on every machine that has the same bytes.
    init(hash: UInt64, size: Int, variant: String) {
        text = "\"\(String(hash, radix: 16))-\(String(size, radix: 16))\(variant)\""
    }

    /// The tag of a file that is too large to be hashed while a reader waits. Every number is set apart, so no two files share a tag.
    init(identity: FileIdentity, variant: String) {
        let numbers = [Int64(identity.size), identity.modified, Int64(bitPattern: identity.inode), identity.changed]
        text = "\"" + numbers.map { String($0, radix: 16) }.joined(separator: ".") + variant + "\""
    }

    /// True if a list such as `"a", W/"b"` or `*` names this tag. Weak comparison is for If-None-Match, strong for If-Match and If-Range.
    func isNamed(in list: String, weakly: Bool) -> Bool {
        // Our tags hold no comma, so a tag of somebody else's that does cannot be taken for ours.
        list.split(separator: ",").contains { element in
            let tag = element.trimmingSpaces()
            if tag == "*" || tag == text { return true }
            return weakly && tag.hasPrefix("W/") && tag.dropFirst(2) == text
        }
    }
}
