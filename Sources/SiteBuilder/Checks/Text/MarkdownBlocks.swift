/// Finds out which lines of a Markdown text belong together. Rough on purpose: it only says how far a sentence may reach.
enum MarkdownBlocks {
    static func blocks(of scalars: [Unicode.Scalar]) -> [CheckedText.Block] {
        var blocks: [CheckedText.Block] = []
        var heading: Int?
        var isOpen = false
        for line in lines(of: scalars) {
            let content = withoutQuoteMarks(line, scalars)
            let kind = kind(of: scalars[content])
            switch kind {
            case .blank: isOpen = false
            case .heading, .row:
                blocks.append(CheckedText.Block(kind: kind == .row ? .row : .heading, range: content, heading: heading))
                if kind == .heading { heading = blocks.count - 1 }
                isOpen = false
            case .item:
                blocks.append(CheckedText.Block(kind: .paragraph, range: content, heading: heading))
                isOpen = true
            case .text:
                if isOpen, let last = blocks.indices.last {
                    blocks[last].range = blocks[last].range.lowerBound..<content.upperBound
                } else {
                    blocks.append(CheckedText.Block(kind: .paragraph, range: content, heading: heading))
                    isOpen = true
                }
            }
        }
        return blocks
    }

    static func lines(of scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, scalar) in scalars.enumerated() where scalar == "\n" {
            lines.append(start..<index)
            start = index + 1
        }
        lines.append(start..<scalars.count)
        return lines
    }

    private enum LineKind { case blank, heading, row, item, text }

    private static func withoutQuoteMarks(_ line: Range<Int>, _ scalars: [Unicode.Scalar]) -> Range<Int> {
        var start = line.lowerBound
        while start < line.upperBound, scalars[start] == " " || scalars[start] == "\t" || scalars[start] == ">" { start += 1 }
        return start..<line.upperBound
    }

    private static func kind(of line: ArraySlice<Unicode.Scalar>) -> LineKind {
        guard let first = line.first, !line.allSatisfy({ $0.properties.isWhitespace }) else { return .blank }
        switch first {
        case "#":
            let rest = line.drop { $0 == "#" }
            return line.count - rest.count <= 6 && rest.first.map { $0 == " " } ?? true ? .heading : .text
        case "|": return .row
        case "-", "*", "+": return line.dropFirst().first == " " ? .item : .text
        case "[": return line.dropFirst().first == "^" ? .item : .text
        case "0"..."9":
            let rest = line.drop { ("0"..."9").contains($0) }
            guard line.count - rest.count <= 9, rest.first == "." || rest.first == ")" else { return .text }
            return rest.dropFirst().first == " " ? .item : .text
        default: return .text
        }
    }
}
