/// Templates by name, with their partials, ready to render.
package struct TemplateSet: Sendable {
    package private(set) var templates: [String: Template]

    /// Partials inside partials deeper than this are a loop.
    static let maximumPartialDepth = 16

    package init(_ templates: [String: Template] = [:]) {
        self.templates = templates
    }

    package subscript(name: String) -> Template? { templates[name] }

    package mutating func set(_ template: Template, for name: String) {
        templates[name] = template
    }

    /// The names of all templates that rendering `name` can reach, itself included, sorted.
    package func closure(of name: String) -> [String] {
        var found: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            guard found.insert(next).inserted, let template = templates[next] else { continue }
            open.append(contentsOf: template.partials)
        }
        return found.sorted()
    }

    /// The names of partials that are used but not there.
    package var missingPartials: [String] {
        Set(templates.values.flatMap(\.partials)).subtracting(templates.keys).sorted()
    }

    /// Renders the template called `name` at the end of `output`; writes nothing when there is no such template.
    ///
    /// Names are looked up in the last of `contexts` first, then in the ones before it.
    package func render(_ name: String, _ contexts: [TemplateValue], into output: inout [UInt8]) {
        guard let template = templates[name] else { return }
        var renderer = TemplateRenderer(set: self, stack: contexts)
        renderer.render(template.operations, into: &output, partialDepth: 0)
    }

    package func render(_ name: String, _ contexts: [TemplateValue]) -> [UInt8] {
        var output: [UInt8] = []
        render(name, contexts, into: &output)
        return output
    }
}

struct TemplateRenderer {
    /// More bytes or steps than any page has: a tenant's template may not multiply itself without end.
    static let maximumSize = 8 << 20
    static let maximumSteps = 2_000_000

    let set: TemplateSet
    var stack: [TemplateValue]
    private var steps = 0

    init(set: TemplateSet, stack: [TemplateValue]) {
        self.set = set
        self.stack = stack
    }

    mutating func render(_ operations: [Template.Operation], into output: inout [UInt8], partialDepth: Int) {
        for operation in operations {
            steps += 1
            guard steps <= Self.maximumSteps, output.count <= Self.maximumSize else { return }
            switch operation {
            case .bytes(let bytes): output.append(contentsOf: bytes)
            case .variable(let path):
                switch lookup(path) {
                case .text(let text): output.appendEscaped(text)
                case .html(let html): output.append(contentsOf: html)
                case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
                case .none, .list, .object: break
                }
            case .raw(let path):
                switch lookup(path) {
                case .text(let text): output.append(contentsOf: text.utf8)
                case .html(let html): output.append(contentsOf: html)
                case .bool, .none, .list, .object: break
                }
            case .section(let path, let inner):
                let value = lookup(path)
                switch value {
                case .list(let items):
                    for item in items {
                        stack.append(item)
                        render(inner, into: &output, partialDepth: partialDepth)
                        stack.removeLast()
                    }
                case .bool: if value.isTruthy { render(inner, into: &output, partialDepth: partialDepth) }
                default:
                    guard value.isTruthy else { continue }
                    stack.append(value)
                    render(inner, into: &output, partialDepth: partialDepth)
                    stack.removeLast()
                }
            case .inverted(let path, let inner):
                if !lookup(path).isTruthy { render(inner, into: &output, partialDepth: partialDepth) }
            case .partial(let name):
                guard partialDepth < TemplateSet.maximumPartialDepth, let template = set.templates[name] else { continue }
                render(template.operations, into: &output, partialDepth: partialDepth + 1)
            }
        }
    }

    private func lookup(_ path: Template.Path) -> TemplateValue {
        guard let first = path.first else { return stack.last ?? .none }
        var index = stack.count - 1
        while index >= 0 {
            if case .object(let members) = stack[index], let found = members[first] {
                return descend(found, path.rest)
            }
            index -= 1
        }
        return .none
    }

    private func descend(_ value: TemplateValue, _ names: [TemplateName]) -> TemplateValue {
        var value = value
        for name in names {
            guard case .object(let members) = value, let next = members[name] else { return .none }
            value = next
        }
        return value
    }
}
