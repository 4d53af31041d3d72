/// What a template can be given. Text is escaped where it is written; HTML is written as it is and must be safe already.
package enum TemplateValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case text(String)
    /// UTF-8.
    case html([UInt8])
    case list([TemplateValue])
    case object(TemplateObject)

    /// Whether a section over this value is rendered: nothing, false, empty texts and empty lists are skipped.
    var isTruthy: Bool {
        switch self {
        case .none: false
        case .bool(let value): value
        case .text(let text): !text.isEmpty
        case .html(let html): !html.isEmpty
        case .list(let items): !items.isEmpty
        case .object: true
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (TemplateName, TemplateValue)...) {
        var object = TemplateObject()
        object.add(elements)
        self = .object(object)
    }
}

extension TemplateValue {
    package static func html(_ text: String) -> TemplateValue { .html(Array(text.utf8)) }

    /// A text, or nothing where there is none.
    package static func optional(_ text: String?) -> TemplateValue {
        if let text, !text.isEmpty { .text(text) } else { .none }
    }
}
