import Foundation
import Testing

@testable import SiteBuilder

/// A folder that is removed with everything in it.
final class TestFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "marquee-test-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    func add(_ name: String, _ bytes: [UInt8]) -> String {
        let file = "\(path)/\(name)"
        #expect(PictureFile.write(bytes, to: file))
        return file
    }
}

/// Pictures that the tests draw themselves.
enum TestPictures {
    /// As hard to compress as a photo of leaves: noise on every scale, in colour.
    static func leaves(width: Int, height: Int) throws -> [UInt8] {
        try png(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)">
            <filter id="n" x="0" y="0" width="100%" height="100%">
            <feTurbulence type="turbulence" baseFrequency="0.2" numOctaves="3"/>
            <feColorMatrix values="1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 0 1"/></filter>
            <rect width="100%" height="100%" filter="url(#n)"/></svg>
            """, width: width)
    }

    /// A few plain areas on a transparent ground.
    static func drawing(width: Int, height: Int) throws -> [UInt8] {
        try png(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)">
            <circle cx="\(width / 2)" cy="\(height / 2)" r="\(height / 3)" fill="#8c1515"/></svg>
            """, width: width)
    }

    /// What the picture of a phone tells about its owner: that it was held upright, and where.
    static func phoneJPEG(from png: [UInt8], in folder: TestFolder) throws -> [UInt8] {
        let jpeg = try self.jpeg(from: png, in: folder)
        let segments = segment(Array("Exif\0\0".utf8) + exif) + segment(Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp)
        return jpeg.prefix(2) + segments + jpeg.dropFirst(2)
    }

    static func jpeg(from png: [UInt8], in folder: TestFolder) throws -> [UInt8] {
        try encoded(png, in: folder) { $0.jpeg(quality: 90) }
    }

    static func webp(from source: [UInt8], width: Int = 10_000, quality: Int = 90, in folder: TestFolder) throws -> [UInt8] {
        try encoded(source, width: width, in: folder) { $0.webp(quality: quality) }
    }

    private static func encoded(
        _ source: [UInt8], width: Int = 10_000, in folder: TestFolder, _ encode: (borrowing Raster) -> [UInt8]?
    ) throws -> [UInt8] {
        let path = folder.add("source-\(UUID())", source)
        guard let raster = Raster(path: path, width: width), let bytes = encode(raster) else { throw PictureError.damaged }
        return bytes
    }

    /// Two frames of one pixel, with a comment.
    static let animation: [UInt8] =
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0x8C, 0x15, 0x15, 0xFF, 0xFF, 0xFF]
        + [0x21, 0xFE, 6] + Array("secret".utf8) + [0]
        + [0x21, 0xF9, 4, 0, 50, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]
        + [0x21, 0xF9, 4, 0, 50, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0]
        + [0x3B]

    /// The header of a PNG of any size, with nothing behind it.
    static func pngHeader(width: UInt32, height: UInt32) -> [UInt8] {
        let header = Array("IHDR".utf8) + bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
        let end = Array("IDAT".utf8)
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + bigEndian(13) + header + bigEndian(crc(header)) + bigEndian(0) + end
            + bigEndian(crc(end))
    }

    private static func png(_ svg: String, width: Int) throws -> [UInt8] {
        let png = Raster(svg: svg, width: width)?.png()
        return try #require(png)
    }

    private static func segment(_ content: [UInt8]) -> [UInt8] {
        [0xFF, 0xE1, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 0xFF)] + content
    }

    /// TIFF in little-endian: IFD 0 with orientation 6 and a pointer to the GPS IFD, which is at 47.6 north, 122.3 west.
    private static let exif: [UInt8] =
        [0x49, 0x49, 42, 0, 8, 0, 0, 0]
        + [2, 0] + entry(0x0112, type: 3, count: 1, value: 6) + entry(0x8825, type: 4, count: 1, value: 38) + [0, 0, 0, 0]
        + [4, 0] + entry(1, type: 2, count: 2, value: 0x4E) + entry(2, type: 5, count: 3, value: 92)
        + entry(3, type: 2, count: 2, value: 0x57) + entry(4, type: 5, count: 3, value: 116) + [0, 0, 0, 0]
        + rationals([47, 36, 0]) + rationals([122, 18, 0])

    private static func entry(_ tag: UInt16, type: UInt16, count: UInt32, value: UInt32) -> [UInt8] {
        [UInt8(tag & 0xFF), UInt8(tag >> 8), UInt8(type), 0] + littleEndian(count) + littleEndian(value)
    }

    private static func rationals(_ values: [UInt32]) -> [UInt8] {
        values.flatMap { littleEndian($0) + littleEndian(1) }
    }

    private static let xmp = Array("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><exif:GPSLatitude>47,36N</exif:GPSLatitude>secret</x:xmpmeta>".utf8)

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        littleEndian(value).reversed()
    }

    /// CRC-32 as PNG has it (ISO/IEC 15948, annex D).
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        }
    }
}
