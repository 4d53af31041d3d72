import CVips

/// libvips, started when the first picture needs it: that takes longer than a build without pictures may.
enum PictureLibrary {
    /// False if libvips could not start.
    static let isReady = cvips_init()

    /// Another version may encode the same picture to other bytes.
    static var version: String { String(cString: cvips_version()) }

    /// Draws an SVG that we wrote as a PNG of `width` pixels. Nil if it cannot be drawn.
    static func png(svg: String, width: Int) -> [UInt8]? {
        guard isReady else { return nil }
        var svg = svg
        return svg.withUTF8 { bytes in
            EncodedBytes.make { cvips_svg_to_png(bytes.baseAddress, bytes.count, Int32(clamping: width), &$0) }
        }
    }
}
