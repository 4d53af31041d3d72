/// What a template can be given. Text is escaped where it is written; HTML is written as it is and must be safe already.
package enum TemplateValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case text(String)
    case html(String)
    case list([TemplateValue])
    case object([String: TemplateValue])

    /// Whether a section over this value is rendered: nothing, false, empty texts and empty lists are skipped.
    var isTruthy: Bool {
        switch self {
        case .none: false
        case .bool(let value): value
        case .text(let text), .html(let text): !text.isEmpty
        case .list(let items): !items.isEmpty
        case .object: true
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension TemplateValue {
    /// A text, or nothing where there is none.
    package static func optional(_ text: String?) -> TemplateValue {
        if let text, !text.isEmpty { .text(text) } else { .none }
    }
}
