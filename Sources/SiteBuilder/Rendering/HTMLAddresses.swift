import Templating

/// Replaces addresses in HTML of our own making, where attributes are always written `name="value"`.
enum HTMLAddresses {
    /// `replacement` gets an attribute's name and value and returns the new value, or nil to leave it.
    static func replace(in html: [UInt8], attributes: [String], with replacement: (_ attribute: String, _ value: String) -> String?) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(html.count)
        var index = 0
        var isInTag = false
        while index < html.count {
            let byte = html[index]
            if byte == UInt8(ascii: "<") { isInTag = true } else if byte == UInt8(ascii: ">") { isInTag = false }
            guard isInTag, byte == UInt8(ascii: " "), let (name, start) = attribute(html, at: index + 1, among: attributes) else {
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

    private static func attribute(_ html: [UInt8], at index: Int, among names: [String]) -> (name: String, valueStart: Int)? {
        for name in names where html[index...].starts(with: "\(name)=\"".utf8) { return (name, index + name.utf8.count + 2) }
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
