/// A value to be written as YAML: what `Node` is without the places it was read at.
package indirect enum YAMLValue: Sendable, Hashable {
    /// Words; written in quotes unless they are surely plain.
    case text(String)
    /// Written as it stands: `true`, `12`. The empty one is "nothing".
    case plain(String)
    case list([YAMLValue])
    case mapping([Pair])

    package struct Pair: Sendable, Hashable {
        package var key: String
        package var value: YAMLValue

        package init(_ key: String, _ value: YAMLValue) {
            self.key = key
            self.value = value
        }
    }

    package init(_ node: Node) {
        switch node.content {
        case .scalar(let text, _):
            self = node.isNull ? .plain("") : YAMLWriter.isNumberOrBool(text) ? .plain(text) : .text(text)
        case .sequence(let items): self = .list(items.map { YAMLValue($0) })
        case .mapping(let pairs): self = .mapping(pairs.map { Pair($0.key, YAMLValue($0.value)) })
        }
    }

    package static func bool(_ value: Bool) -> YAMLValue { .plain(value ? "true" : "false") }

    package static func integer(_ value: Int) -> YAMLValue { .plain(String(value)) }

    package var isNull: Bool { self == .plain("") }

    package var pairs: [Pair]? {
        if case .mapping(let pairs) = self { pairs } else { nil }
    }

    package var items: [YAMLValue]? {
        if case .list(let items) = self { items } else { nil }
    }

    /// The text of a scalar that says something.
    package var text: String? {
        switch self {
        case .text(let text): text
        case .plain(let text): text.isEmpty ? nil : text
        case .list, .mapping: nil
        }
    }

    package subscript(key: String) -> YAMLValue? {
        pairs?.first { $0.key == key }?.value
    }

    /// Whether both say the same to whoever reads them: scalars are texts there, whether they stood in quotes or not.
    package func means(_ other: YAMLValue) -> Bool {
        switch (self, other) {
        case (.list(let mine), .list(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.means($1) }
        case (.mapping(let mine), .mapping(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.key == $1.key && $0.value.means($1.value) }
        case (.list, _), (.mapping, _), (_, .list), (_, .mapping): false
        default: text == other.text
        }
    }
}

extension YAMLValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(stringLiteral text: String) { self = .text(text) }

    package init(arrayLiteral items: YAMLValue...) { self = .list(items) }

    package init(dictionaryLiteral pairs: (String, YAMLValue)...) { self = .mapping(pairs.map { Pair($0.0, $0.1) }) }
}
