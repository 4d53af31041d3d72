/// The last good text of every page, so that a page with an error can stay as it was while the rest of the site moves on.
struct SourceArchive: Sendable {
    private(set) var files: [String: [UInt8]]

    private static let magic = Array("MARQUEES".utf8)

    init(_ files: [String: [UInt8]] = [:]) {
        self.files = files
    }

    func bytes() -> [UInt8] {
        var output = Self.magic
        output.reserveCapacity(files.reduce(64) { $0 + $1.key.utf8.count + $1.value.count + 16 })
        func add(_ value: Int) { withUnsafeBytes(of: UInt64(value).littleEndian) { output.append(contentsOf: $0) } }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            add(path.utf8.count)
            output.append(contentsOf: path.utf8)
            add(content.count)
            output.append(contentsOf: content)
        }
        return output
    }

    /// Nil when the bytes aren't those of a whole archive.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.magic) else { return nil }
        var files: [String: [UInt8]] = [:]
        var position = Self.magic.count
        func next() -> ArraySlice<UInt8>? {
            guard position + 8 <= bytes.count else { return nil }
            let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self)) }
            position += 8
            guard length <= UInt64(bytes.count - position) else { return nil }
            defer { position += Int(length) }
            return bytes[position..<(position + Int(length))]
        }
        while position < bytes.count {
            guard let path = next(), let content = next() else { return nil }
            files[String(decoding: path, as: UTF8.self)] = Array(content)
        }
        self.files = files
    }
}
