/// The path of a request, decoded once (RFC 3986 2.1, 3.3).
struct SitePath: Equatable {
    enum Failure: Error {
        /// A broken `%` sequence, a control character, a backslash or a `..` segment: 400.
        case malformed
        /// A `/` inside of a segment (`%2F`), or too many segments: nothing can have this name, 404.
        case impossible
    }

    /// Not empty, without `/`, control characters, backslashes, and none is `..`.
    let segments: [[UInt8]]
    /// True if the path ended with a slash.
    let isFolder: Bool
    /// True if slashes stood in a row. They are already collapsed here.
    let hadEmptySegments: Bool

    static let maximumDepth = 64

    init(encoded: ArraySlice<UInt8>) throws(Failure) {
        guard encoded.first == UInt8(ascii: "/") else { throw .malformed }
        var segments: [[UInt8]] = []
        var impossible = false
        let raw = encoded.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for segment in raw where !segment.isEmpty {
            let decoded = try Self.decode(segment)
            guard !decoded.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }) else { throw .malformed }
            impossible = impossible || decoded.contains(UInt8(ascii: "/"))
            segments.append(decoded)
        }
        guard !impossible, segments.count <= Self.maximumDepth else { throw .impossible }
        self.segments = segments
        self.isFolder = raw.last?.isEmpty ?? true
        self.hadEmptySegments = raw.dropLast().contains(where: \.isEmpty)
    }

    private init(segments: [[UInt8]], isFolder: Bool) {
        self.segments = segments
        self.isFolder = isFolder
        self.hadEmptySegments = false
    }

    /// The path below the first `count` segments; the root if there is nothing below.
    func dropFirst(_ count: Int) -> SitePath {
        let rest = Array(segments.dropFirst(count))
        return SitePath(segments: rest, isFolder: isFolder || rest.isEmpty)
    }

    /// The same path with another last segment, as a file.
    func replacingLast(with name: [UInt8]) -> SitePath {
        SitePath(segments: segments.dropLast() + [name], isFolder: false)
    }

    /// The folder that this path is in.
    var parent: SitePath { SitePath(segments: Array(segments.dropLast()), isFolder: true) }

    /// The same segments, as a folder or as a file.
    func asFolder(_ isFolder: Bool) -> SitePath {
        SitePath(segments: segments, isFolder: isFolder || segments.isEmpty)
    }

    /// The name in the file system, relative to the release. No slash at either end.
    var fileName: [UInt8] { Array(segments.joined(separator: [UInt8(ascii: "/")])) }

    /// True if no file may be served under this path: a segment begins with a dot, `.well-known` in front excepted (RFC 8615).
    var isHidden: Bool {
        segments.enumerated().contains { index, segment in
            segment.first == UInt8(ascii: ".") && !(index == 0 && segment.elementsEqual(".well-known".utf8))
        }
    }

    /// The path for a Location header. It begins with exactly one slash, so it never names another host.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for segment in segments {
            bytes.append(UInt8(ascii: "/"))
            for byte in segment { Self.append(byte, to: &bytes, when: Self.isPlain(byte)) }
        }
        if isFolder || segments.isEmpty { bytes.append(UInt8(ascii: "/")) }
        return bytes
    }

    /// A raw query for a Location header: nothing is changed but bytes above 127, which are encoded.
    static func encoded(query: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in query { append(byte, to: &bytes, when: byte < 0x80) }
        return bytes
    }

    private static func decode(_ segment: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segment.count)
        var index = segment.startIndex
        while index < segment.endIndex {
            var byte = segment[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard segment.endIndex - index >= 2, let high = digit(segment[index]), let low = digit(segment[index + 1]) else { throw .malformed }
                byte = high << 4 | low
                index += 2
            }
            guard byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") else { throw .malformed }
            bytes.append(byte)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Unreserved characters and the few others that every program leaves alone in a path.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "="),
            UInt8(ascii: "@"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8], when isPlain: Bool) {
        if isPlain {
            bytes.append(byte)
        } else {
            let digits = Array("0123456789ABCDEF".utf8)
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
