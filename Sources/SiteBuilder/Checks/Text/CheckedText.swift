import StructuredData

/// The words of a text that readers see, with everything else blanked out, so that every word keeps its place in the file.
struct CheckedText: Sendable {
    /// A paragraph, list item, table row or heading.
    struct Block: Sendable {
        enum Kind: Sendable { case paragraph, row, heading }

        var kind: Kind
        var range: Range<Int>
        /// Index of the heading that the block stands under.
        var heading: Int?
    }

    private enum Origin: Sendable {
        /// Offsets are the file's own.
        case body
        /// A value of the front matter or of a YAML file that begins at this offset of the file.
        case value(Int)
    }

    let file: TextFile
    /// As written; blanked out places are spaces.
    let scalars: [Unicode.Scalar]
    /// Lower case, with plain apostrophes, spaces and hyphens; as long as `scalars`.
    let folded: [Unicode.Scalar]
    let blocks: [Block]
    private let origin: Origin
    /// TOML tells only where its block begins, and a folded text is longer in the file.
    private static let searchLength = 2000

    /// The Markdown of a page, which begins at the file's line `bodyLine`.
    init(body file: TextFile, fromLine bodyLine: Int) {
        var scalars = file.scalars
        let start = file.offset(of: Mark(line: bodyLine, column: 1))
        for index in 0..<min(start, scalars.count) where scalars[index] != "\n" { scalars[index] = " " }
        MarkdownMask.blankCode(&scalars)
        blocks = MarkdownBlocks.blocks(of: scalars)
        MarkdownMask.blankInlines(&scalars)
        self.file = file
        self.scalars = scalars
        folded = scalars.map(Self.folded)
        origin = .body
    }

    /// A plain text that stands in `file` at `mark`.
    init(value: String, at mark: Mark, in file: TextFile) {
        var scalars = Array(value.unicodeScalars)
        blocks = MarkdownBlocks.blocks(of: scalars)
        MarkdownMask.blankInlines(&scalars)
        self.file = file
        self.scalars = scalars
        folded = scalars.map(Self.folded)
        origin = .value(file.offset(of: mark))
    }

    /// Where a range begins in the file. A value that YAML folded or escaped is only known by its beginning.
    func mark(of range: Range<Int>) -> Mark {
        guard case .value(let start) = origin else { return file.mark(at: range.lowerBound) }
        // In the file a text is never shorter than its value: quotes, escapes and indents only add to it.
        var index = start + range.lowerBound
        let end = min(file.scalars.count, index + range.lowerBound / 4 + Self.searchLength)
        while index + range.count <= end {
            if file.scalars[index..<(index + range.count)].elementsEqual(scalars[range]) { return file.mark(at: index) }
            index += 1
        }
        return file.mark(at: start)
    }

    /// As written, with single spaces.
    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "A"..."Z": return Unicode.Scalar(scalar.value + 32) ?? scalar
        case "\u{0}"..."\u{7F}": return scalar
        case "\u{2018}", "\u{2019}", "\u{02BC}": return "'"
        case "\u{2011}", "\u{2010}": return "-"
        case "\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}": return " "
        default:
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            return lower.count == 1 ? lower.first ?? scalar : scalar
        }
    }
}
