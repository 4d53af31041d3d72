/// Reads the fields of one mapping by name, notes what is wrong, and in the end warns of names that nobody asked for.
package struct FieldReader {
    private let pairs: [Node.Pair]
    private var asked: Set<String> = []
    package private(set) var issues: [Issue] = []
    /// Where the mapping begins.
    package let mark: Mark

    /// A reader over `node`; nothing at all reads as an empty mapping, anything else but a mapping is an error.
    package init(_ node: Node?, describedAs what: String) {
        mark = node?.mark ?? Mark(line: 1, column: 1)
        if let node, !node.isNull, node.pairs == nil {
            issues.append(
                Issue(.error, at: node.mark, "\(what) is not a group of `name: value` lines", advice: "write one `name: value` on each line"))
        }
        pairs = node?.pairs ?? []
    }

    package mutating func node(_ key: String) -> Node? {
        asked.insert(key)
        guard let value = pairs.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    /// Where the name `key` stands.
    package func mark(of key: String) -> Mark {
        pairs.first { $0.key == key }?.value.mark ?? mark
    }

    package mutating func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        if let text = node.text { return text }
        wrong(node, "`\(key)` is a list or a group", advice: "write one text: \(key): \"…\"")
        return nil
    }

    package mutating func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        switch node.text?.lowercased() {
        case "true", "yes", "on", "y": return true
        case "false", "no", "off", "n": return false
        default:
            wrong(node, "`\(key)` is neither true nor false", advice: "write `\(key): true` or `\(key): false`")
            return nil
        }
    }

    package mutating func integer(_ key: String) -> Int? {
        guard let node = node(key) else { return nil }
        if let text = node.text, let value = Int(text) { return value }
        wrong(node, "`\(key)` is not a whole number", advice: "write a number without other signs: \(key): 3")
        return nil
    }

    /// A list of texts; one text alone counts as a list of one, and commas in it separate.
    package mutating func texts(_ key: String) -> [String] {
        guard let node = node(key) else { return [] }
        if let text = node.text {
            return text.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        }
        guard let items = node.items else {
            wrong(node, "`\(key)` is not a list", advice: "write \(key): [first, second]")
            return []
        }
        var texts: [String] = []
        for item in items where !item.isNull {
            if let text = item.text {
                texts.append(text)
            } else {
                wrong(item, "`\(key)` holds something else than texts", advice: "write \(key): [first, second]")
            }
        }
        return texts
    }

    package mutating func wrong(_ node: Node, _ problem: String, advice: String, severity: Issue.Severity = .error) {
        issues.append(Issue(severity, at: node.mark, problem, advice: advice))
    }

    package mutating func add(_ more: [Issue]) {
        issues.append(contentsOf: more)
    }

    /// The issues, with a warning for every name that wasn't asked for and isn't `allowed`.
    package consuming func finish(allowing allowed: Set<String> = []) -> [Issue] {
        var issues = issues
        for pair in pairs where !asked.contains(pair.key) && !allowed.contains(pair.key) {
            let near = asked.filter { Spelling.isNear($0, pair.key) }.min()
            issues.append(
                Issue(
                    .warning, at: pair.keyMark, "`\(pair.key)` is not a name that is known here",
                    advice: near.map { "did you mean `\($0)`?" } ?? "remove the line, or check the content guide for the name"))
        }
        return issues
    }
}

package enum Spelling {
    /// Whether two words differ by at most two letters (one for short words).
    package static func isNear(_ left: String, _ right: String) -> Bool {
        let (a, b) = (Array(left.lowercased().utf8.prefix(60)), Array(right.lowercased().utf8.prefix(60)))
        let limit = min(a.count, b.count) < 5 ? 1 : 2
        guard abs(a.count - b.count) <= limit, !a.isEmpty, !b.isEmpty else { return false }
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                let change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row.append(min(change, previous[j] + 1, row[j - 1] + 1))
            }
            previous = row
        }
        return previous[b.count] <= limit
    }

    /// The word of `words` that is nearest to a misspelled one, if any is near.
    package static func nearest(to word: String, in words: some Sequence<String>) -> String? {
        words.filter { isNear($0, word) }.min { abs($0.utf8.count - word.utf8.count) < abs($1.utf8.count - word.utf8.count) }
    }
}

extension StringProtocol {
    /// Without white space at the ends.
    package var trimmingSpaces: SubSequence {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace }) else { return self[endIndex...] }
        return self[start...end]
    }
}
