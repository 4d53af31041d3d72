package import Tenancy

/// The icon of a site: the school's initials, or a pennant, on its primary colour. The same input always gives the same bytes.
package struct SiteIcon: Sendable {
    /// One or two glyphs; none for the pennant.
    private let glyphs: [IconGlyph]
    let ground: Color
    let ink: Color

    /// The side of the icon in its own units.
    private static let side = 64.0
    /// The thickness of the strokes, in the units of the glyphs.
    private static let stroke = 1.9

    /// - Parameter initials: one or two letters or digits of ASCII. Anything else, such as another script, gives the pennant.
    package init(initials: String, palette: Palette) {
        let found = initials.compactMap { character in
            character.isASCII ? character.uppercased().first.flatMap { IconGlyph.all[$0] } : nil
        }
        glyphs = (1...2).contains(found.count) && found.count == initials.count ? found : []
        ground = palette.light[.primary]
        ink = palette.light[.onPrimary]
    }

    /// A rounded square, for browser tabs and bookmarks.
    package func svg() -> String {
        drawing(corner: Self.corner, scale: 1, ground: ground, ink: ink)
    }

    /// The whole square filled and the motif within the inner 80 percent, so that a phone may cut it to any shape (W3C Manifest, maskable).
    package func maskableSVG() -> String {
        drawing(corner: 0, scale: Self.maskableScale, ground: ground, ink: ink)
    }

    /// The icon without its colours: white on black. Icons of the same letters share it.
    func stencil(isMaskable: Bool) -> String {
        drawing(corner: isMaskable ? 0 : Self.corner, scale: isMaskable ? Self.maskableScale : 1, ground: .black, ink: .white)
    }

    private static let corner = 14
    private static let maskableScale = 0.86

    private func drawing(corner: Int, scale: Double, ground: Color, ink: Color) -> String {
        let side = Self.number(Self.side)
        let radius = corner > 0 ? " rx=\"\(corner)\"" : ""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\">"
            + "<rect width=\"\(side)\" height=\"\(side)\"\(radius) fill=\"\(ground.shortHex)\"/>"
            + (glyphs.isEmpty ? pennant(scale: scale, ink: ink.shortHex) : letters(scale: scale, ink: ink.shortHex))
            + "</svg>"
    }

    /// The letters side by side, as large as they may be, in the middle.
    private func letters(scale: Double, ink: String) -> String {
        let gap = 1.2 + Self.stroke
        let width = glyphs.reduce(gap * Double(glyphs.count - 1)) { $0 + $1.width }
        let unit = scale * min(3.3, 42 / (width + Self.stroke))
        let left = (Self.side - width * unit) / 2
        let top = (Self.side - IconGlyph.height * unit) / 2

        var x = 0.0
        var shapes = ""
        for glyph in glyphs {
            let shift = x > 0 ? " transform=\"translate(\(Self.number(x)))\"" : ""
            shapes += "<path d=\"\(glyph.path)\"\(shift)/>"
            x += glyph.width + gap
        }
        return "<g transform=\"translate(\(Self.number(left)) \(Self.number(top)))scale(\(Self.number(unit)))\" fill=\"none\" stroke=\"\(ink)\""
            + " stroke-width=\"\(Self.number(Self.stroke))\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\(shapes)</g>"
    }

    private func pennant(scale: Double, ink: String) -> String {
        let shift = Self.number(Self.side / 2 * (1 - scale))
        return "<path transform=\"translate(\(shift) \(shift))scale(\(Self.number(scale)))\" fill=\"\(ink)\" stroke=\"\(ink)\" stroke-width=\"4\""
            + " stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M17 13V52M17 14 51 25 17 36Z\"/>"
    }

    /// At most two decimals.
    private static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
