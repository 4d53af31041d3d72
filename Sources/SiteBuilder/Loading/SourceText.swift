import Markdown

/// A page's text with the accidents of editors and operating systems taken out: byte-order mark, CRLF, control characters.
struct SourceText {
    struct FrontMatterBlock {
        let range: Range<Int>
        let isTOML: Bool
    }

    private(set) var bytes: [UInt8]
    private(set) var frontMatter: FrontMatterBlock?
    private(set) var bodyStart = 0
    /// The line of the file on which the body begins.
    private(set) var bodyLine = 1

    init(_ input: [UInt8], path: String, findings: inout [Finding]) {
        guard input.count <= MarkdownParser.maximumSize else {
            bytes = []
            findings.append(
                Finding(
                    .error, "page-size", path: path, "the page is larger than 1 MiB",
                    advice: "split it into several pages, and put pictures into media/"))
            return
        }
        bytes = Self.cleaned(input)
        if let place = Self.firstInvalidUTF8(in: bytes) {
            let (line, column) = Self.position(of: place, in: bytes)
            findings.append(
                Finding(
                    .error, "encoding", path: path, line: line, column: column, "the text is not UTF-8 (it looks like Windows-1252 or Latin-1)",
                    advice: "save the file again with the encoding UTF-8"))
            bytes = []
            return
        }
        if let line = conflictLine() {
            findings.append(
                Finding(
                    .error, "merge-conflict", path: path, line: line, "two versions of this text were merged and nobody has chosen between them",
                    advice: "keep one version and delete the lines with <<<<<<<, ======= and >>>>>>>"))
        }
        findFrontMatter(path: path, findings: &findings)
    }

    private static func cleaned(_ input: [UInt8]) -> [UInt8] {
        let hasMark = input.starts(with: [0xEF, 0xBB, 0xBF])
        let needsWork = input.contains { ($0 < 0x20 && $0 != 0x0A && $0 != 0x09) || $0 == 0x7F }
        guard hasMark || needsWork else { return input }
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = hasMark ? 3 : 0
        while index < input.count {
            let byte = input[index]
            if byte == 0x0D {
                // CRLF and a lone CR are both the end of a line.
                if index + 1 >= input.count || input[index + 1] != 0x0A { output.append(0x0A) }
            } else if byte >= 0x20 && byte != 0x7F || byte == 0x0A || byte == 0x09 {
                output.append(byte)
            }
            index += 1
        }
        return output
    }

    private static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
        if bytes.withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }) != nil { return nil }
        var index = 0
        while index < bytes.count {
            let length = sequenceLength(bytes, at: index)
            if length == 0 { return index }
            index += length
        }
        return 0
    }

    /// The length of the well-formed UTF-8 sequence at `index` (Unicode, table 3-7); 0 when there is none.
    private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        let first = bytes[index]
        let length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0
        guard length > 0, index + length <= bytes.count else { return 0 }
        let slice = bytes[index..<(index + length)]
        return String(validating: slice, as: UTF8.self) == nil ? 0 : length
    }

    private static func position(of place: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in bytes[..<min(place, bytes.count)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    /// The line of a merge-conflict marker: seven signs at the beginning of a line, opened and closed.
    private func conflictLine() -> Int? {
        var line = 1
        var opened: Int?
        var start = 0
        while start < bytes.count {
            if bytes[start] == UInt8(ascii: "<"), bytes[start...].starts(with: "<<<<<<< ".utf8), opened == nil { opened = line }
            if bytes[start] == UInt8(ascii: ">"), bytes[start...].starts(with: ">>>>>>> ".utf8), let opened { return opened }
            guard let end = bytes[start...].firstIndex(of: 0x0A) else { return nil }
            start = end + 1
            line += 1
        }
        return nil
    }

    private mutating func findFrontMatter(path: String, findings: inout [Finding]) {
        let fence = bytes.starts(with: "---".utf8) ? "---" : bytes.starts(with: "+++".utf8) ? "+++" : nil
        guard let fence, let firstEnd = bytes.firstIndex(of: 0x0A), isBlank(bytes[3..<firstEnd]) else { return }
        var line = 2
        var start = firstEnd + 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let content = bytes[start..<end]
            let closes = content.starts(with: fence.utf8) || (fence == "---" && content.starts(with: "...".utf8))
            if closes, isBlank(content.dropFirst(3)) {
                guard looksLikeFields(bytes[(firstEnd + 1)..<start], fence: fence, isClosed: true) else { return }
                frontMatter = FrontMatterBlock(range: (firstEnd + 1)..<start, isTOML: fence == "+++")
                bodyStart = min(end + 1, bytes.count)
                bodyLine = line + 1
                return
            }
            start = end + 1
            line += 1
        }
        // A page may begin with a line across it; only something that looks like fields was meant as front matter.
        guard looksLikeFields(bytes[(firstEnd + 1)...], fence: fence, isClosed: false) else { return }
        findings.append(
            Finding(
                .error, "front-matter", path: path, "the front matter begins with \(fence) and never ends",
                advice: "add a line with \(fence) below the fields"))
    }

    /// Whether a text between fences was meant as fields: it is empty, or its first line that says something names one.
    private func looksLikeFields(_ text: ArraySlice<UInt8>, fence: String, isClosed: Bool) -> Bool {
        for line in text.split(separator: 0x0A) where !isBlank(line) && line.first != UInt8(ascii: "#") {
            let sign = UInt8(ascii: fence == "---" ? ":" : "=")
            if line.contains(sign) || line.contains(where: { "[{<".utf8.contains($0) }) { return true }
            // Words between two lines across the page stand apart from them; a slip in the fields doesn't.
            return isClosed && !text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().contains { isBlank($0) }
        }
        return true
    }

    private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
