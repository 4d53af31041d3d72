import Compression
import Tenancy

/// The shape of an icon in pixels, without its colours. Drawing one costs milliseconds, colouring one next to nothing: in a PNG with a palette
/// (PNG specification, 11.2.2) the colours stand apart from the compressed pixels.
struct IconStencil: Sendable {
    /// In pixels, of both sides.
    let size: Int
    /// Numbers of palette entries, row by row, as PNG's IDAT chunk holds them.
    private let rows: [UInt8]

    /// The first entries are the ground, from transparent to opaque, for round corners; the others go from ground to ink.
    private static let edgeEntries = 64
    private static let inkEntries = 192

    /// - Parameter svg: white on black. Nil if the picture library does not work on this machine.
    init?(svg: String, size: Int) {
        guard let pixels = Raster(svg: svg, width: size)?.pixels, pixels.count == size * size * 4 else { return nil }
        var rows: [UInt8] = []
        rows.reserveCapacity(size * (size + 1))
        for pixel in 0..<(size * size) {
            // Every row begins with the number of its filter; an icon needs none.
            if pixel % size == 0 { rows.append(0) }
            let (white, alpha) = (Int(pixels[pixel * 4]), Int(pixels[pixel * 4 + 3]))
            let entry = alpha < 255 ? alpha * (Self.edgeEntries - 1) / 255 : Self.edgeEntries + white * (Self.inkEntries - 1) / 255
            rows.append(UInt8(entry))
        }
        guard let compressed = Compression.zlib(rows, level: 4) else { return nil }
        self.init(size: size, rows: compressed)
    }

    private init(size: Int, rows: [UInt8]) {
        self.size = size
        self.rows = rows
    }

    func png(ground: Color, ink: Color) -> [UInt8] {
        var palette: [UInt8] = []
        for _ in 0..<Self.edgeEntries { palette += [ground.red, ground.green, ground.blue] }
        for entry in 0..<Self.inkEntries {
            func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
                let last = Self.inkEntries - 1
                return UInt8((Int(from) * (last - entry) + Int(to) * entry + last / 2) / last)
            }
            palette += [mix(ground.red, ink.red), mix(ground.green, ink.green), mix(ground.blue, ink.blue)]
        }
        let alpha = (0..<Self.edgeEntries).map { UInt8($0 * 255 / (Self.edgeEntries - 1)) }
        // Eight bits a pixel, colours from a palette, the only compression, filters and no interlacing.
        let header = Self.number(size) + Self.number(size) + [8, 3, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header) + Self.chunk("PLTE", palette) + Self.chunk("tRNS", alpha)
            + Self.chunk("IDAT", rows) + Self.chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + content
        return number(content.count) + checked + number(Int(Compression.crc32(checked)))
    }

    private static func number(_ value: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) } }

    // MARK: Keeping

    /// For a file; `init(stored:size:)` reads it back.
    var stored: [UInt8] { Fingerprint(of: rows).description.utf8 + rows }

    /// Nil when the bytes are not whole.
    init?(stored: [UInt8], size: Int) {
        let rows = Array(stored.dropFirst(32))
        guard !rows.isEmpty, stored.prefix(32).elementsEqual(Fingerprint(of: rows).description.utf8) else { return nil }
        self.init(size: size, rows: rows)
    }
}
