/// The content of an answer.
package enum SiteBody: Sendable {
    case none
    case bytes([UInt8])
    /// `count` bytes of an open file from `offset` on; `sendfile(2)` may send them. The file stays open as long as the value lives.
    case file(OpenFile, offset: Int, count: Int)

    package var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .file(_, _, let count): count
        }
    }

    /// Some of the bytes. `offset` and `count` lie within the content.
    func part(offset: Int, count: Int) -> SiteBody {
        switch self {
        case .none: .none
        case .bytes(let bytes): .bytes(Array(bytes.dropFirst(offset).prefix(count)))
        case .file(let file, let start, _): .file(file, offset: start + offset, count: count)
        }
    }

    /// All bytes in memory, nil if the file cannot be read.
    package func collected() -> [UInt8]? {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes
        case .file(let file, let offset, let count): file.read(offset: offset, count: count)
        }
    }
}
