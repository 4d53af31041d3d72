import CVips

/// Makes the published forms of pictures. The originals, and all that they tell about place, time and camera, stay behind.
package struct PictureProcessor: Sendable {
    /// Limits that keep one picture from taking the machine.
    package static let pixelLimit = 50_000_000
    package static let byteLimit = 64_000_000
    private static let svgByteLimit = 4_000_000

    /// Change it with the code whenever the same picture gives other bytes.
    private static let version = "2"

    package init() {}

    /// Reads the header of a picture file. The path is absolute and already known to lie within the tenant's folder.
    package func probe(_ path: String) throws(PictureError) -> PictureInfo {
        guard PictureLibrary.isReady else { throw .unreadable("the picture library libvips does not start on this machine.") }
        guard let size = PictureFile.size(path) else { throw .unreadable("there is no such file.") }
        guard size > 0 else { throw .unreadable("the file is empty.") }
        guard size <= Self.byteLimit else { throw .fileTooLarge(bytes: size, limit: Self.byteLimit) }
        guard let start = PictureFile.read(path, limit: 1024) else { throw .unreadable("the file may not be opened.") }
        guard let format = PictureFormat(start: start) else {
            throw .unsupported("it is no JPEG, PNG, GIF, WebP, HEIC, AVIF or SVG. Save it as JPEG or PNG.")
        }

        let header = try format == .svg ? svgHeader(path, size: size) : header(path, format: format)
        let isTurned = header.orientation >= 5
        let info = PictureInfo(
            width: Int(isTurned ? header.height : header.width),
            height: Int(isTurned ? header.width : header.height),
            format: format,
            hasLocation: header.has_location,
            hasAlpha: header.has_alpha,
            frames: Int(header.pages))
        try checkPixels(info)
        return info
    }

    /// The published forms of a picture, narrow to wide: WebP in the widths of the recipe, then the fallback for old browsers in the format
    /// of the source. None for an SVG, which needs no sizes. An animation stays one GIF.
    ///
    /// The variants are made once for each content and kept in the cache.
    /// - Parameter contentHash: any hash of the file's bytes.
    package func variants(
        of path: String, contentHash: String, in cacheDirectory: String, recipe: PictureRecipe = .page
    ) throws(PictureError) -> [PictureVariant] {
        guard PictureLibrary.isReady else { throw .unreadable("the picture library libvips does not start on this machine.") }
        let cache = PictureCache(directory: cacheDirectory)
        let key = PictureCache.key([Self.version, PictureLibrary.version, "\(recipe.widths) \(recipe.fallbackWidths)", contentHash])
        if let stored = cache.variants(key: key) { return stored }

        let info = try probe(path)
        guard info.format != .svg else { return [] }
        let isAnimation = info.format == .gif && info.frames > 1
        let variants = try isAnimation ? [animation(path, info)] : stills(path, info, recipe)
        return try cache.store(variants, key: key)
    }

    // MARK: Reading

    private func header(_ path: String, format: PictureFormat) throws(PictureError) -> cvips_header {
        var header = cvips_header()
        guard cvips_probe(path, &header) else {
            switch format {
            case .heic, .avif:
                throw .unsupported("the file is damaged, or this machine cannot read \(format.rawValue.uppercased()). Save it as JPEG.")
            default: throw .damaged
            }
        }
        return header
    }

    private func svgHeader(_ path: String, size: Int) throws(PictureError) -> cvips_header {
        guard size <= Self.svgByteLimit else { throw .fileTooLarge(bytes: size, limit: Self.svgByteLimit) }
        guard let svg = PictureFile.read(path, limit: Self.svgByteLimit) else { throw .unreadable("the file may not be opened.") }
        var header = cvips_header()
        guard cvips_probe_svg(svg, svg.count, &header) else { throw .damaged }
        return header
    }

    /// Refuses decompression bombs: the header is enough to know them.
    private func checkPixels(_ info: PictureInfo) throws(PictureError) {
        guard info.format != .svg else { return }
        let frames = info.format == .gif ? max(info.frames, 1) : 1
        let (area, areaOverflows) = info.width.multipliedReportingOverflow(by: info.height)
        let (pixels, overflows) = area.multipliedReportingOverflow(by: frames)
        guard !areaOverflows, !overflows, pixels <= Self.pixelLimit else {
            throw .tooLarge(width: info.width, height: info.height, frames: frames, limit: Self.pixelLimit)
        }
    }

    // MARK: Making

    private func animation(_ path: String, _ info: PictureInfo) throws(PictureError) -> PictureCache.NewVariant {
        guard let content = EncodedBytes.make({ cvips_copy_gif(path, &$0) }) else { throw .damaged }
        return PictureCache.NewVariant(width: info.width, height: info.height, format: .gif, content: content)
    }

    private func stills(_ path: String, _ info: PictureInfo, _ recipe: PictureRecipe) throws(PictureError) -> [PictureCache.NewVariant] {
        // Decoded once at the largest size that is wanted; all others are made from that one.
        let largest = max(recipe.widths.last ?? 0, recipe.fallbackWidths.last ?? 0)
        guard let raster = Raster(path: path, width: min(largest, info.width)) else { throw .damaged }

        var webp: [PictureCache.NewVariant] = []
        for width in PictureRecipe.widths(recipe.widths, own: raster.width) {
            let variant = try still(raster, width: width, encoders: Self.webpEncoders, budget: PictureRecipe.webpBudget)
            // One that had to give up so many pixels that a narrower one shows nearly as much is left out.
            if variant.width * 10 > (webp.last?.width ?? 0) * 11 { webp.append(variant) }
        }

        var fallback: [PictureCache.NewVariant] = []
        var encoders = Self.fallbackEncoders(info)
        for width in PictureRecipe.widths(recipe.fallbackWidths, own: raster.width).reversed() where width < fallback.last?.width ?? .max {
            let variant = try still(raster, width: width, encoders: encoders) { _ in PictureRecipe.fallbackBudget }
            encoders.removeAll { $0.format != variant.format }
            fallback.append(variant)
        }
        return webp + fallback.reversed()
    }

    /// The first encoder that meets the budget; where none does, the last one with fewer pixels.
    /// - Parameter budget: the bytes allowed for a width.
    private func still(
        _ source: borrowing Raster, width: Int, encoders: [Encoder], budget: (_ width: Int) -> Int
    ) throws(PictureError) -> PictureCache.NewVariant {
        var width = width
        var candidates = encoders[...]
        while true {
            guard let raster = source.shrunk(to: width) else { throw .damaged }
            let limit = budget(width)
            var variant: PictureCache.NewVariant?
            for encoder in candidates {
                guard let content = encoder.encode(raster) else { throw .damaged }
                variant = PictureCache.NewVariant(width: raster.width, height: raster.height, format: encoder.format, content: content)
                if content.count <= limit { break }
            }
            guard let variant else { throw .damaged }
            if variant.content.count <= limit || width <= 1 { return variant }
            // Bytes grow with the area, about.
            let ratio = (Double(limit) / Double(variant.content.count)).squareRoot()
            width = max(min(Int(Double(width) * ratio), width * 19 / 20), 1)
            candidates = encoders.suffix(1)
        }
    }

    // MARK: Encoders

    private struct Encoder {
        let format: PictureFormat
        let encode: (borrowing Raster) -> [UInt8]?
    }

    private static var webpEncoders: [Encoder] {
        PictureRecipe.webpQualities.map { quality in Encoder(format: .webp) { $0.webp(quality: quality) } }
    }

    private static var jpegEncoders: [Encoder] {
        PictureRecipe.jpegQualities.map { quality in Encoder(format: .jpeg) { $0.jpeg(quality: quality) } }
    }

    /// The format of the source where every browser knows it, else JPEG, or PNG if there is transparency to keep.
    /// A PNG without transparency that stays too heavy is a photo, so it ends as a JPEG.
    private static func fallbackEncoders(_ info: PictureInfo) -> [Encoder] {
        let png = [Encoder(format: .png) { $0.png() }, Encoder(format: .png) { $0.palettePNG(quality: 90) }]
        if info.hasAlpha { return png }
        return info.format == .png || info.format == .gif ? png + jpegEncoders : jpegEncoders
    }
}
