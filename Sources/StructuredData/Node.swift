/// A place in a text, counted from 1 as editors and compilers do.
package struct Mark: Hashable, Sendable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value read from YAML or TOML, with the place it was written at.
///
/// Scalars stay text: what a text means (a date, a number, yes or no) is decided by the key that asks for it, so that a unit number
/// `2.6.45` or a postal code `01234` is never mangled on the way.
package struct Node: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// `plain` is false where the text stood in quotes or in a block, and so can't mean "nothing".
        case scalar(String, plain: Bool)
        case sequence([Node])
        case mapping([Pair])
    }

    package struct Pair: Hashable, Sendable {
        package var key: String
        package var keyMark: Mark
        package var value: Node
    }

    package var content: Content
    package var mark: Mark
    /// How many nodes this one holds, itself included; bounded by the reader.
    package var count: Int

    package init(_ content: Content, at mark: Mark) {
        self.content = content
        self.mark = mark
        count =
            switch content {
            case .scalar: 1
            case .sequence(let items): items.reduce(1) { $0 &+ $1.count }
            case .mapping(let pairs): pairs.reduce(1) { $0 &+ $1.value.count &+ 1 }
            }
    }

    package var isNull: Bool {
        if case .scalar(let text, plain: true) = content { return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL" }
        return false
    }

    /// The text of a scalar that says something; nil for lists, mappings and nothing.
    package var text: String? {
        if case .scalar(let text, _) = content, !isNull { return text }
        return nil
    }

    package var items: [Node]? {
        if case .sequence(let items) = content { return items }
        return nil
    }

    package var pairs: [Pair]? {
        if case .mapping(let pairs) = content { return pairs }
        return nil
    }

    package subscript(key: String) -> Node? {
        pairs?.first { $0.key == key }?.value
    }
}
