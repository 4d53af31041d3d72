import Markdown
import Templating

/// The beginning of a text, for lists.
enum Excerpt {
    static let maximumLength = 180

    static func make(from text: String) -> String {
        guard text.count > maximumLength else { return text }
        let cut = text.prefix(maximumLength)
        let end = cut.lastIndex { $0 == " " } ?? cut.endIndex
        // A language without spaces is cut where the length says.
        let kept = cut.distance(from: cut.startIndex, to: end) > maximumLength / 2 ? cut[..<end] : cut
        return String(kept) + "…"
    }
}

/// Percent-encodes what may not stand in an address, and escapes it for an attribute.
enum HrefEscaping {
    static func escaped(_ address: String) -> String {
        guard
            address.utf8.contains(where: {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 > 0x7F
                    || $0 == UInt8(ascii: "`")
            })
        else { return address.escapedForHTML }
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in address.utf8 {
            if byte <= 0x20 || byte > 0x7E || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
                || byte == UInt8(ascii: "`")
            {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self).escapedForHTML
    }
}

/// Small changes to cmark-gfm's markup.
enum CMarkMarkup {
    /// Gives the boxes of a task list the words that a screen reader needs, and their items a class.
    static func labellingTasks(_ html: [UInt8], done: String, open: String) -> [UInt8] {
        func box(_ label: String, _ state: String) -> String { "<input type=\"checkbox\"\(state) disabled aria-label=\"\(label.escapedForHTML)\">" }
        return html.replacing("<input type=\"checkbox\" checked=\"\" disabled=\"\" />", with: box(done, " checked"))
            .replacing("<input type=\"checkbox\" disabled=\"\" />", with: box(open, ""))
            // As the HTML policy writes them.
            .replacing("<input type=\"checkbox\" checked=\"\" disabled=\"\">", with: box(done, " checked"))
            .replacing("<input type=\"checkbox\" disabled=\"\">", with: box(open, ""))
            .replacing("<input type=\"checkbox\" checked disabled>", with: box(done, " checked"))
            .replacing("<input type=\"checkbox\" disabled>", with: box(open, ""))
            .replacing("<li><input type=\"checkbox\"", with: "<li class=\"task\"><input type=\"checkbox\"")
    }

    /// Names the links that lead back from footnotes. cmark-gfm's own names are English, and not the same in every version.
    static func labellingFootnotes(_ html: [UInt8], back label: String) -> [UInt8] {
        let name = label.escapedForHTML
        let text = String(decoding: html, as: UTF8.self).replacing(#/(data-footnote-backref[^>]* aria-label=")[^">]*/#) { $0.1 + name }
        return Array(text.utf8)
    }

    /// HTML has no `align` any more, and an empty cell heads nothing.
    static func aligningByClass(_ html: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(html.count)
        for part in html.split(separator: UInt8(ascii: ">"), omittingEmptySubsequences: false) {
            // The parts are what stood between the signs, so the sign before this one is still to be written.
            if part.startIndex > 0 { output.append(UInt8(ascii: ">")) }
            if let (attribute, replacement) = alignments.first(where: { part.hasSuffix($0.attribute) }) {
                output.append(contentsOf: part.dropLast(attribute.count))
                output.append(contentsOf: replacement)
            } else if part.elementsEqual(headEnd), let empty = emptyHeads.first(where: { output.hasSuffix($0) }) {
                output.removeLast(empty.count)
                output.append(contentsOf: "<td></td".utf8)
            } else {
                output.append(contentsOf: part)
            }
        }
        return output
    }

    private static let alignments: [(attribute: [UInt8], replacement: [UInt8])] = [
        (Array(" align=\"right\"".utf8), Array(" class=\"right\"".utf8)), (Array(" align=\"center\"".utf8), Array(" class=\"center\"".utf8)),
        (Array(" align=\"left\"".utf8), []),
    ]
    private static let headEnd = Array("</th".utf8)
    private static let emptyHeads = ["<th>", "<th class=\"right\">", "<th class=\"center\">"].map { Array($0.utf8) }
}

extension RandomAccessCollection<UInt8> {
    fileprivate func hasSuffix(_ bytes: [UInt8]) -> Bool { count >= bytes.count && suffix(bytes.count).elementsEqual(bytes) }
}

extension [UInt8] {
    /// The bytes with every occurrence of `pattern` replaced.
    func replacing(_ pattern: String, with replacement: String) -> [UInt8] {
        let pattern = Array(pattern.utf8)
        guard let first = pattern.first, count >= pattern.count else { return self }
        var output: [UInt8] = []
        var start = 0
        var index = 0
        withUnsafeBufferPointer { bytes in
            while index + pattern.count <= bytes.count {
                guard bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) else {
                    index += 1
                    continue
                }
                output.append(contentsOf: bytes[start..<index])
                output.append(contentsOf: replacement.utf8)
                index += pattern.count
                start = index
            }
            if start > 0 { output.append(contentsOf: bytes[start...]) }
        }
        return start > 0 ? output : self
    }
}

/// The words on the link that stands for a video or map until it is asked for.
struct EmbedText: Sendable {
    private let strings: UIStrings

    init(_ strings: UIStrings) { self.strings = strings }

    @Sendable
    func text(provider: EmbedHosts.Provider, title: String?) -> String {
        strings("load_embed", ["title": title ?? provider.label])
    }
}
