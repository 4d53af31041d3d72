/// Writes values as the lines of YAML that a person would write: short groups in braces, long ones on lines of their own.
package enum YAMLWriter {
    /// Columns that a group in braces may reach.
    static let width = 120

    /// The lines of a whole document.
    package static func document(_ value: YAMLValue) -> [String] {
        switch value {
        case .mapping(let pairs) where !pairs.isEmpty: pairs.flatMap { lines(of: $0, indentation: 0) }
        case .list(let items) where !items.isEmpty: items.flatMap { lines(ofItem: $0, indentation: 0) }
        default: [flow(value)]
        }
    }

    /// `key: value`, on one line or several, all of them indented.
    package static func lines(of pair: YAMLValue.Pair, indentation: Int) -> [String] {
        let head = String(repeating: " ", count: indentation) + scalar(pair.key) + ":"
        switch pair.value {
        case .text, .plain:
            let value = flow(pair.value)
            return [value.isEmpty ? head : head + " " + value]
        case .list(let items):
            let isShort = items.allSatisfy { $0.isScalar } && fits(pair.value, behind: head)
            return isShort ? [head + " " + flow(pair.value)] : [head] + items.flatMap { lines(ofItem: $0, indentation: indentation + 2) }
        case .mapping(let pairs):
            if isShort(pair.value, behind: head) { return [head + " " + flow(pair.value)] }
            return [head] + pairs.flatMap { lines(of: $0, indentation: indentation + 2) }
        }
    }

    /// `- value`, on one line or several.
    package static func lines(ofItem item: YAMLValue, indentation: Int) -> [String] {
        let head = String(repeating: " ", count: indentation) + "-"
        guard case .mapping(let pairs) = item, !isShort(item, behind: head) else {
            return [head + " " + (item.isNull ? "null" : flow(item))]
        }
        var lines = pairs.flatMap { self.lines(of: $0, indentation: indentation + 2) }
        // The first name stands behind the dash.
        if let first = lines.first { lines[0] = head + first.dropFirst(indentation + 1) }
        return lines
    }

    /// On one line, whatever its length.
    package static func flow(_ value: YAMLValue) -> String {
        switch value {
        case .text(let text): scalar(text)
        case .plain(let text): text
        case .list(let items): "[" + items.map { $0.isNull ? "null" : flow($0) }.joined(separator: ", ") + "]"
        case .mapping(let pairs):
            "{" + pairs.map { scalar($0.key) + ": " + ($0.value.isNull ? "null" : flow($0.value)) }.joined(separator: ", ") + "}"
        }
    }

    /// A mapping of scalars, or of mappings of scalars (a text in several languages), that fits on the line.
    private static func isShort(_ value: YAMLValue, behind head: String) -> Bool {
        guard let pairs = value.pairs else { return false }
        let isFlat = pairs.allSatisfy { pair in pair.value.isScalar || pair.value.pairs?.allSatisfy { $0.value.isScalar } == true }
        return pairs.isEmpty || (isFlat && fits(value, behind: head))
    }

    private static func fits(_ value: YAMLValue, behind head: String) -> Bool {
        head.count + 1 + flow(value).count <= width
    }

    // MARK: Scalars

    private static func scalar(_ text: String) -> String { isSurelyPlain(text) ? text : quoted(text) }

    /// Letters, digits and a few signs, beginning with a letter, and no word that YAML takes for something else.
    static func isSurelyPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: " "), text.utf8.count <= 200 else { return false }
        let isHarmless = text.utf8.allSatisfy { isLetter($0) || isDigit($0) || " _-./".utf8.contains($0) }
        return isHarmless && !reserved.contains(text.lowercased())
    }

    /// What other readers of YAML than ours would take for a number, a truth or nothing, and what therefore stays without quotes.
    static func isNumberOrBool(_ text: String) -> Bool {
        if ["true", "false"].contains(text) { return true }
        return text == "0" || (text.utf8.count <= 15 && text.utf8.first != UInt8(ascii: "0") && !text.isEmpty && text.utf8.allSatisfy(isDigit))
    }

    private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// In double quotes, with JSON's escapes, which are YAML's too; also for what YAML doesn't allow or takes for the end of a line.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension YAMLValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .text, .plain: true
        case .list, .mapping: false
        }
    }
}
