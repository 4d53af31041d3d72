import CLibXML2

/// What an SVG file must be to be published: shapes, text and gradients that need nothing but the file itself.
///
/// A new file is written with only listed elements and attributes. Scripts, event handlers, links, animations, foreign
/// content, pictures inside the picture and every address but `#id` are left out and reported.
package enum SVGPolicy {
    /// In bytes.
    package static let maximumSize = 1 << 20
    package static let maximumDepth = 64
    package static let maximumElements = 20_000
    package static let maximumAttributes = 500
    package static let maximumFindings = 50
    /// Elements that `<use>` may make a browser draw.
    static let maximumCopies = 50_000

    private static let isInitialized: Void = xmlInitParser()

    /// Cleans a file; throws when it is not a well-formed SVG picture of reasonable size.
    package static func clean(_ file: [UInt8]) throws(SVGError) -> CleanSVG {
        _ = isInitialized
        try checkText(file)
        var cleaner = SVGCleaner()
        try cleaner.read(file)
        return cleaner.result
    }

    /// What has to be true before the parser sees the file.
    private static func checkText(_ file: [UInt8]) throws(SVGError) {
        guard file.count <= maximumSize else { throw SVGError(problem: .tooLarge, line: 1) }
        guard (try? UTF8Span(validating: file.span)) != nil, !file.contains(0) else { throw SVGError(problem: .notUTF8, line: 1) }
        try checkDeclarations(file)
        try checkAttributeCount(file)
    }

    /// A document type may be named, as drawing programs do, but nothing may be declared in it.
    private static func checkDeclarations(_ file: [UInt8]) throws(SVGError) {
        var index = file.startIndex
        while let start = file[index...].firstIndex(of: UInt8(ascii: "<")) {
            index = start + 1
            guard index < file.count, file[index] == UInt8(ascii: "!") else { continue }
            let rest = file[start...]
            let isDeclaration = ["<!ENTITY", "<!ATTLIST", "<!ELEMENT", "<!NOTATION"].contains { rest.starts(with: $0.utf8) }
            let hasSubset = rest.starts(with: "<!DOCTYPE".utf8) && rest.prefix { $0 != UInt8(ascii: ">") }.contains(UInt8(ascii: "["))
            if isDeclaration || hasSubset { throw SVGError(problem: .documentType, line: line(of: start, in: file)) }
        }
    }

    /// The parser compares each attribute with all before it.
    private static func checkAttributeCount(_ file: [UInt8]) throws(SVGError) {
        var count = 0
        for index in file.indices {
            switch file[index] {
            case UInt8(ascii: "<"): count = 0
            case UInt8(ascii: "="): count += 1
            default: break
            }
            if count > maximumAttributes { throw SVGError(problem: .tooManyAttributes, line: line(of: index, in: file)) }
        }
    }

    private static func line(of offset: Int, in file: [UInt8]) -> Int {
        file.prefix(offset).count { $0 == 0x0A } + 1
    }
}
