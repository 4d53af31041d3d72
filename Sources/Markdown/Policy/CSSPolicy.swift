/// What a tenant may write in a style sheet: anything that loads nothing from elsewhere and runs nothing.
///
/// The policy judges and never rewrites: a sheet without findings is published as it is.
package enum CSSPolicy {
    package struct Finding: Sendable, Hashable {
        /// From 1.
        package let line: Int
        /// From 1, in characters.
        package let column: Int
        /// What is wrong.
        package let message: String
        /// What to write instead.
        package let advice: String
    }

    /// Where the CSS stands, which decides what `url()` may name.
    package enum Context: Sendable {
        /// `theme/style.css`: paths on the same site, small pictures as `data:`.
        case styleSheet
        /// Inside an SVG file: only places in that file.
        case svg
    }

    /// In bytes.
    package static let maximumSize = 512 << 10
    package static let maximumDepth = 64
    package static let maximumFindings = 50

    /// Everything that is not allowed, in the order of the text; none when the sheet can be published.
    package static func check(_ css: [UInt8], in context: Context = .styleSheet) -> [Finding] {
        var checker = CSSChecker(css: css, context: context)
        return checker.check()
    }

    /// Whether the value of a `style` or presentation attribute in an SVG file is in order.
    static func isSafeInSVG(declarations css: some Collection<UInt8>) -> Bool {
        !css.contains { "{}@<".utf8.contains($0) } && check(Array(css), in: .svg).isEmpty
    }
}
