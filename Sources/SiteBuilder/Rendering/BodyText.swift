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
        guard address.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 > 0x7F || $0 == UInt8(ascii: "`") })
        else { return address.escapedForHTML }
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in address.utf8 {
            if byte <= 0x20 || byte > 0x7E || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "`") {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self).escapedForHTML
    }
}

/// Gives the boxes of a task list the words that a screen reader needs.
enum TaskList {
    static func labelled(_ html: String, done: String, open: String) -> String {
        guard html.contains("type=\"checkbox\"") else { return html }
        var result = html
        for (box, label) in [
            ("<input type=\"checkbox\" checked=\"\" disabled=\"\" />", "<input type=\"checkbox\" checked disabled aria-label=\"\(done.escapedForHTML)\">"),
            ("<input type=\"checkbox\" disabled=\"\" />", "<input type=\"checkbox\" disabled aria-label=\"\(open.escapedForHTML)\">"),
        ] {
            result = result.split(separator: box, omittingEmptySubsequences: false).joined(separator: label)
        }
        return result
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

/// Replaces addresses in HTML that the policy has cleaned, where attributes are always written `name="value"`.
enum RawHTMLReferences {
    static func replace(in html: [UInt8], with replacement: (_ attribute: String, _ value: String) -> String?) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(html.count)
        var index = 0
        var isInTag = false
        while index < html.count {
            let byte = html[index]
            if byte == UInt8(ascii: "<") { isInTag = true } else if byte == UInt8(ascii: ">") { isInTag = false }
            guard isInTag, byte == UInt8(ascii: " "), let (name, start) = attribute(html, at: index + 1) else {
                output.append(byte)
                index += 1
                continue
            }
            let end = html[start...].firstIndex(of: UInt8(ascii: "\"")) ?? html.endIndex
            let value = unescaped(String(decoding: html[start..<end], as: UTF8.self))
            output.append(contentsOf: html[index..<start])
            if let new = replacement(name, value) {
                output.append(contentsOf: HrefEscaping.escaped(new).utf8)
            } else {
                output.append(contentsOf: html[start..<end])
            }
            index = end
        }
        return output
    }

    private static func attribute(_ html: [UInt8], at index: Int) -> (name: String, valueStart: Int)? {
        for name in ["src", "href"] where html[index...].starts(with: "\(name)=\"".utf8) { return (name, index + name.utf8.count + 2) }
        return nil
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = text
        for (reference, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            result = result.split(separator: reference, omittingEmptySubsequences: false).joined(separator: sign)
        }
        return result
    }
}
