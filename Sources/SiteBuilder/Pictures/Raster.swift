import CVips

/// A decoded picture: upright, sRGB, 8 bits a channel.
struct Raster: ~Copyable {
    private let image: OpaquePointer

    /// Decodes the first frame of a file, reduced to at most `width` pixels. Nil for damaged and incomplete files.
    init?(path: String, width: Int) {
        guard let image = cvips_load(path, Int32(clamping: width)) else { return nil }
        self.image = image
    }

    /// Draws an SVG that we wrote, `width` pixels wide. Nil if it cannot be drawn.
    init?(svg: String, width: Int) {
        guard PictureLibrary.isReady else { return nil }
        var svg = svg
        guard let image = svg.withUTF8({ cvips_draw_svg($0.baseAddress, $0.count, Int32(clamping: width)) }) else { return nil }
        self.image = image
    }

    private init(image: OpaquePointer) {
        self.image = image
    }

    deinit {
        cvips_free_image(image)
    }

    var width: Int { Int(cvips_width(image)) }
    var height: Int { Int(cvips_height(image)) }

    /// Red, green, blue and alpha of every pixel, row by row. Nil if the picture has no alpha.
    var pixels: [UInt8]? {
        EncodedBytes.make { cvips_pixels(image, &$0) }
    }

    /// A copy of at most `width` pixels.
    func shrunk(to width: Int) -> Raster? {
        cvips_shrink(image, Int32(clamping: width)).map(Raster.init(image:))
    }

    func webp(quality: Int) -> [UInt8]? {
        EncodedBytes.make { cvips_save_webp(image, Int32(clamping: quality), &$0) }.flatMap(WebPContainer.withoutMetadata)
    }

    func jpeg(quality: Int) -> [UInt8]? {
        EncodedBytes.make { cvips_save_jpeg(image, Int32(clamping: quality), &$0) }
    }

    func png() -> [UInt8]? {
        EncodedBytes.make { cvips_save_png(image, &$0) }
    }

    /// PNG with a palette of 256 colours.
    func palettePNG(quality: Int) -> [UInt8]? {
        EncodedBytes.make { cvips_save_palette_png(image, Int32(clamping: quality), &$0) }
    }
}
