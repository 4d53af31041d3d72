/// The parts of a request target (RFC 9112 3.2), still encoded. Origin form (`/a?b`) and absolute form (`http://host/a?b`) are read.
struct RequestTarget {
    enum Failure: Error {
        /// Not a target that a browser sends: 400.
        case malformed
    }

    /// From the absolute form; it wins over the Host header (RFC 9112 3.2.2).
    let authority: String?
    let path: ArraySlice<UInt8>
    /// Without the `?`; nil if there was none.
    let query: ArraySlice<UInt8>?

    init(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        // Bytes above 127 should be encoded, but old programs send them raw and every server takes them.
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }) else { throw .malformed }
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "/") {
            authority = nil
        } else {
            rest = try Self.withoutScheme(rest)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            guard end > rest.startIndex else { throw .malformed }
            authority = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        path = mark == rest.startIndex ? [UInt8(ascii: "/")] : rest[..<mark]
        query = mark == rest.endIndex ? nil : rest[(mark + 1)...]
    }

    private static func withoutScheme(_ bytes: ArraySlice<UInt8>) throws(Failure) -> ArraySlice<UInt8> {
        for scheme in ["http://", "https://"] where bytes.count >= scheme.utf8.count {
            let start = bytes.prefix(scheme.utf8.count)
            // Setting the bit changes upper to lower case; `:` and `/` already have it.
            if start.map({ $0 | 0x20 }).elementsEqual(scheme.utf8) { return bytes.dropFirst(scheme.utf8.count) }
        }
        throw .malformed
    }
}
