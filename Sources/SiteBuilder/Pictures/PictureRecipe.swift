/// Which sizes are made of a picture, and how heavy they may be.
package struct PictureRecipe: Sendable, Hashable {
    /// Widths in pixels of the WebP variants, rising.
    let widths: [Int]
    /// Widths of the variants for old browsers, rising.
    let fallbackWidths: [Int]

    /// Pictures in pages, news and events.
    package static let page = PictureRecipe(widths: [320, 480, 640, 960, 1280, 1920], fallbackWidths: [640, 1280])
    /// A school's logo and sponsors' marks, which are shown small.
    package static let logo = PictureRecipe(widths: [96, 192, 384], fallbackWidths: [192])

    /// Bytes of a variant a phone may choose, which is one of at most 1280 pixels.
    static let phoneBudget = 95_000
    static let phoneWidth = 1280
    /// Bytes of wider variants and of those for old browsers.
    static let wideBudget = 250_000
    static let fallbackBudget = 200_000

    /// The qualities that are tried, best first, before pixels are given up.
    static let webpQualities = [78, 70, 62, 54, 47, 40]
    static let jpegQualities = [80, 72, 64, 56, 48, 40]

    static func webpBudget(width: Int) -> Int {
        width <= phoneWidth ? phoneBudget : wideBudget
    }

    /// The widths for a picture that is `own` pixels wide: the smaller ones, and its own if that adds something.
    static func widths(_ wanted: [Int], own: Int) -> [Int] {
        let smaller = wanted.filter { $0 <= own }
        guard let largest = smaller.last else { return [own] }
        let isWorthwhile = largest != wanted.last && own > largest + largest / 10
        return isWorthwhile ? smaller + [own] : smaller
    }
}
