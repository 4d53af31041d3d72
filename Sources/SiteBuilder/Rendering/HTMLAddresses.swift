import Templating

/// Replaces addresses in HTML of our own making, where attributes are always written `name="value"`.
enum HTMLAddresses {
    /// `replacement` gets an attribute's name and value and returns the new value, or nil to leave it.
    static func replace(in html: [UInt8], attributes: [String], with replacement: (_ attribute: String, _ value: String) -> String?) -> [UInt8] {
        let openings = attributes.map { (name: $0, bytes: Array(" \($0)=\"".utf8)) }
        var output: [UInt8] = []
        output.reserveCapacity(html.count + html.count / 8)
        html.withUnsafeBufferPointer { html in
            var written = 0
            var index = 0
            var isInTag = false
            while index < html.count {
                switch html[index] {
                case UInt8(ascii: "<"): isInTag = true
                case UInt8(ascii: ">"): isInTag = false
                case UInt8(ascii: " ") where isInTag:
                    guard let opening = openings.first(where: { html[index...].starts(with: $0.bytes) }) else { break }
                    let start = index + opening.bytes.count
                    let end = html[start...].firstIndex(of: UInt8(ascii: "\"")) ?? html.count
                    if let new = replacement(opening.name, unescaped(String(decoding: html[start..<end], as: UTF8.self))) {
                        output.append(contentsOf: html[written..<start])
                        output.append(contentsOf: HrefEscaping.escaped(new).utf8)
                        written = end
                    }
                    index = end
                    continue
                default: break
                }
                index += 1
            }
            output.append(contentsOf: html[written...])
        }
        return output
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
