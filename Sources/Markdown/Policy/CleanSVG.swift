/// An SVG file that may be published, and what was left out of it.
package struct CleanSVG: Sendable, Hashable {
    package struct Finding: Sendable, Hashable {
        /// The element's name, or `element attribute`.
        package let what: String
        /// From 1, in the original file.
        package let line: Int

        package var message: String { "\(what) is not allowed in a picture, it was left out" }
    }

    /// UTF-8, without a declaration.
    package let svg: [UInt8]
    /// At most `SVGPolicy.maximumFindings`, none twice.
    package let findings: [Finding]
}
