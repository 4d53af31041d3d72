/// A parsed template: a subset of Mustache that covers what a theme needs and can be rendered straight into bytes.
///
/// `{{name}}` escaped, `{{{name}}}` as it is, `{{#name}}…{{/name}}` section, `{{^name}}…{{/name}}` inverted section, `{{.}}` the current value,
/// `{{a.b}}` a value inside another, `{{> name}}` a partial, `{{! … }}` a comment. Lookup climbs from the innermost section outwards, and
/// lines that hold nothing but a section tag, partial or comment leave no empty line, as the Mustache specification says.
package struct Template: Sendable {
    indirect enum Operation: Sendable {
        case bytes([UInt8])
        case variable(Path)
        case raw(Path)
        case section(Path, [Operation])
        case inverted(Path, [Operation])
        case partial(String)
    }

    /// A dotted name; without a first part for `.`, the current value.
    struct Path: Sendable, Hashable {
        var first: TemplateName?
        var rest: [TemplateName]

        init(_ text: Substring) {
            let parts = text == "." ? [] : text.split(separator: ".").map { TemplateName(String($0)) }
            first = parts.first
            rest = Array(parts.dropFirst())
        }
    }

    let operations: [Operation]
    /// The names of partials that this template uses directly.
    package let partials: Set<String>
    /// The source, kept because outputs depend on it.
    package let source: String
    /// The source as HTML, byte for byte at the same place: tags that write nothing are spaces, those that write a value are one word.
    package let markup: [UInt8]

    /// Throws `TemplateError` with the line of what is wrong.
    package init(_ source: String) throws(TemplateError) {
        var parser = TemplateParser(source)
        operations = try parser.parse()
        partials = parser.partials
        markup = parser.markup
        self.source = source
    }
}

/// What is wrong in a template, for the person who writes it.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package var line: Int
    package var problem: String

    package init(line: Int, problem: String) {
        self.line = line
        self.problem = problem
    }

    package var description: String { "line \(line): \(problem)" }
}
