/// The chunks of a WebP file (RFC 9649, section 2).
enum WebPContainer {
    /// The file without EXIF, XMP and colour profile. libvips 8.14 writes an EXIF chunk even where it is told not to.
    ///
    /// Nil for anything that is no sequence of whole chunks.
    static func withoutMetadata(_ file: [UInt8]) -> [UInt8]? {
        guard file.starts(with: "RIFF".utf8), file.dropFirst(8).starts(with: "WEBP".utf8) else { return nil }
        var result = Array(file.prefix(12))
        result.reserveCapacity(file.count)

        var rest = file.dropFirst(12)
        while !rest.isEmpty {
            guard rest.count >= 8 else { return nil }
            let name = rest.prefix(4)
            let size = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            // Chunks are padded to an even size.
            let chunk = rest.prefix(8 + size + size % 2)
            guard chunk.count == 8 + size + size % 2 else { return nil }
            rest = rest.dropFirst(chunk.count)

            if metadataChunks.contains(where: { name.elementsEqual($0.utf8) }) { continue }
            let start = result.count
            result += chunk
            if name.elementsEqual("VP8X".utf8), size > 0 { result[start + 8] &= ~metadataFlags }
        }

        let size = UInt32(truncatingIfNeeded: result.count - 8)
        for index in 0..<4 { result[4 + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
        return result
    }

    private static let metadataChunks = ["EXIF", "XMP ", "ICCP"]
    /// The bits of the VP8X chunk that announce them.
    private static let metadataFlags: UInt8 = 0b0010_1100
}
