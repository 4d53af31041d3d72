/// Why an SVG file cannot be published.
package struct SVGError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Problem: Sendable, Hashable {
        case notUTF8
        /// With the parser's words.
        case notWellFormed(String)
        case notSVG(root: String)
        case documentType
        case tooLarge
        case tooDeep
        case tooManyElements
        case tooManyAttributes
        /// `<use>` would draw too many copies, or itself.
        case tooManyCopies
    }

    package let problem: Problem
    /// From 1.
    package let line: Int

    /// What is wrong.
    package var message: String {
        switch problem {
        case .notUTF8: "the file is not UTF-8 text"
        case .notWellFormed(let reason): "the file is not well-formed: \(reason)"
        case .notSVG(let root): "the file is not an SVG picture, its first element is <\(root)>"
        case .documentType: "entities and declarations in <!DOCTYPE> are not allowed"
        case .tooLarge: "the picture has more than \(SVGPolicy.maximumSize >> 10) kB"
        case .tooDeep: "elements are nested more than \(SVGPolicy.maximumDepth) deep"
        case .tooManyElements: "the picture has more than \(SVGPolicy.maximumElements) elements"
        case .tooManyAttributes: "an element has more than \(SVGPolicy.maximumAttributes) attributes"
        case .tooManyCopies: "<use> draws too many copies"
        }
    }

    /// What to do instead.
    package var advice: String {
        switch problem {
        case .notUTF8: "save it as plain SVG in UTF-8, not compressed"
        case .notWellFormed: "correct the line, or export the picture again"
        case .notSVG: "export it as plain SVG"
        case .documentType: "export it as plain SVG; in Illustrator: “SVG 1.1” without “Preserve Illustrator editing capabilities”"
        case .tooLarge, .tooDeep, .tooManyElements, .tooManyAttributes: "simplify the picture, or export it as PNG"
        case .tooManyCopies: "convert the copies to paths"
        }
    }

    package var description: String { "\(line): \(message): \(advice)" }
}
