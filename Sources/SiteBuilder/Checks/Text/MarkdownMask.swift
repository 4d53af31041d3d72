/// Blanks out what is no prose in Markdown: code, addresses, HTML, marks. Nothing moves.
enum MarkdownMask {
    /// Fenced code and link definitions, which are whole lines.
    static func blankCode(_ scalars: inout [Unicode.Scalar]) {
        var fence: (mark: Unicode.Scalar, length: Int)?
        for line in MarkdownBlocks.lines(of: scalars) {
            let content = scalars[line].drop { $0 == " " || $0 == "\t" }
            let run = content.first.map { first in content.prefix { $0 == first }.count } ?? 0
            if let open = fence {
                if content.first == open.mark, run >= open.length, content.dropFirst(run).allSatisfy({ $0 == " " }) { fence = nil }
                blank(&scalars, line)
            } else if let mark = content.first, mark == "`" || mark == "~", run >= 3 {
                fence = (mark, run)
                blank(&scalars, line)
            } else if isDefinition(content) {
                blank(&scalars, line)
            }
        }
    }

    /// Code spans, HTML, addresses, emphasis, brackets, and what is struck out.
    static func blankInlines(_ scalars: inout [Unicode.Scalar]) {
        var index = 0
        while index < scalars.count {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            var end = index + 1
            switch scalars[index] {
            case "\\" where next.isASCII && !next.properties.isAlphabetic && next != "\n":
                scalars[index] = " "
                index += 2
                continue
            case "`": end = endOfCode(scalars, at: index)
            case "<": end = endOfTag(&scalars, at: index)
            case "]" where next == "(": end = endOfDestination(scalars, at: index + 1)
            case "]" where next == "[": end = (find("]", in: scalars, from: index + 2) ?? index + 1) + 1
            case "[" where next == "^":
                end = (find("]", in: scalars, from: index) ?? index) + 1
                if end < scalars.count, scalars[end] == ":" { end += 1 }
            case "[", "]", "*": break
            case "!" where next == "[": break
            case "~" where next == "~": end = endOfStruckOut(scalars, at: index)
            case "h", "H", "w", "W":
                let length = addressLength(scalars, at: index)
                guard length > 0 else {
                    index += 1
                    continue
                }
                end = index + length
            default:
                index += 1
                continue
            }
            end = min(max(end, index + 1), scalars.count)
            blank(&scalars, index..<end)
            index = end
        }
    }

    private static func blank(_ scalars: inout [Unicode.Scalar], _ range: Range<Int>) {
        for index in range where scalars[index] != "\n" { scalars[index] = " " }
    }

    /// `[label]: address`, but not a footnote, whose text is read.
    private static func isDefinition(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard line.first == "[", line.dropFirst().first != "^", let close = line.firstIndex(of: "]") else { return false }
        return close + 1 < line.endIndex && line[close + 1] == ":"
    }

    /// No tag, code span or address that a person wrote is longer. A text of nothing but opening signs must not cost a look to its end for each.
    private static let reach = 1000

    /// Looks no further than the end of the paragraph.
    private static func find(_ wanted: Unicode.Scalar, in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        let end = min(scalars.count, start + reach)
        while index < end {
            if scalars[index] == wanted { return index }
            if scalars[index] == "\n", index + 1 < scalars.count, scalars[index + 1] == "\n" { return nil }
            index += 1
        }
        return nil
    }

    private static func run(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        var end = start
        while end < scalars.count, scalars[end] == scalars[start] { end += 1 }
        return end - start
    }

    private static func endOfCode(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        let length = run(scalars, at: start)
        var index = start + length
        while let tick = find("`", in: scalars, from: index) {
            let closing = run(scalars, at: tick)
            if closing == length { return tick + closing }
            index = tick + closing
        }
        return start + length
    }

    private static func endOfTag(_ scalars: inout [Unicode.Scalar], at start: Int) -> Int {
        if scalars[start...].starts(with: "<!--".unicodeScalars) {
            var index = start + 4
            while index < scalars.count, !scalars[index...].starts(with: "-->".unicodeScalars) { index += 1 }
            return index + 3
        }
        guard start + 1 < scalars.count, isTagStart(scalars[start + 1]),
            let close = find(">", in: scalars, from: start)
        else { return start + 1 }
        let inside = scalars[(start + 1)..<close]
        if inside.contains("@"), !inside.contains(where: \.properties.isWhitespace) {
            // An e-mail address in angle brackets is text.
            scalars[close] = " "
            return start + 1
        }
        return close + 1
    }

    private static func isTagStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "/"
    }

    private static func endOfDestination(_ scalars: [Unicode.Scalar], at open: Int) -> Int {
        var depth = 0
        var index = open
        let end = min(scalars.count, open + reach)
        while index < end {
            switch scalars[index] {
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth == 0 { return index + 1 }
            case "\n" where index + 1 < scalars.count && scalars[index + 1] == "\n": return open
            default: break
            }
            index += 1
        }
        return open
    }

    private static func endOfStruckOut(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        var index = start + 2
        while let tilde = find("~", in: scalars, from: index) {
            if tilde + 1 < scalars.count, scalars[tilde + 1] == "~" { return tilde + 2 }
            index = tilde + 1
        }
        return start + 2
    }

    /// The length of a web address that begins here; 0 when none does.
    private static func addressLength(_ scalars: [Unicode.Scalar], at start: Int) -> Int {
        if start > 0, scalars[start - 1].properties.isAlphabetic { return 0 }
        let ahead = String(String.UnicodeScalarView(scalars[start..<min(start + 8, scalars.count)])).lowercased()
        guard ahead.hasPrefix("https://") || ahead.hasPrefix("http://") || ahead.hasPrefix("www.") else { return 0 }
        var end = start
        while end < scalars.count, !scalars[end].properties.isWhitespace, ![")", ">", "]", "\"", "”"].contains(scalars[end]) { end += 1 }
        return end - start
    }
}
