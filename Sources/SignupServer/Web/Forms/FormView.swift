import SiteBuilder
import Templating

/// A form as the templates get it, see `Templates/server/partials/form.mustache`.
struct FormView: Sendable {
    let form: Form
    let entry: FormEntry
    let action: LocalPath
    /// From `FormGuard.token`, for a form that strangers may send.
    var guardToken: String?
    /// Sent along unseen.
    var hidden: [(name: String, value: String)] = []

    init(_ form: Form, _ entry: FormEntry, action: LocalPath, guardToken: String? = nil, hidden: [(name: String, value: String)] = []) {
        self.form = form
        self.entry = entry
        self.action = action
        self.guardToken = guardToken
        self.hidden = hidden
    }

    func value(_ strings: UIStrings) -> TemplateValue {
        let problems = Dictionary(
            entry.problems.compactMap { problem in problem.field.map { ($0, problem.words.text(strings)) } }, uniquingKeysWith: { first, _ in first })
        let fields = form.fields.map { ($0.name, value($0, problem: problems[$0.name], strings)) }
        return [
            "action": .text(action.text),
            "submit": .text(form.submit.text(strings)),
            "hidden": .list(hidden.map { ["name": .text($0.name), "value": .text($0.value)] }),
            "guard": guardToken.map { ["token": .text($0)] } ?? .none,
            "problems": problemList(problems, strings),
            "all": .list(fields.map(\.1)),
            "fields": .object(TemplateObject(Dictionary(fields, uniquingKeysWith: { first, _ in first }))),
        ]
    }

    /// In the order of the fields; what is wrong with the whole comes first.
    private func problemList(_ problems: [String: String], _ strings: UIStrings) -> TemplateValue {
        guard !entry.problems.isEmpty else { return .none }
        let general: [TemplateValue] = entry.problems.filter { $0.field == nil }.map { ["words": .text($0.words.text(strings)), "target": .none] }
        let ofFields: [TemplateValue] = form.fields.compactMap { field in
            problems[field.name].map { words in
                ["words": .text(words), "label": .text(field.label.text(strings)), "target": .text(firstControl(of: field))]
            }
        }
        return ["items": .list(general + ofFields), "count": .text(strings.plural("form.problems", general.count + ofFields.count))]
    }

    /// Every member is there, if only as nothing: otherwise a template would find one of the same name further out.
    private func value(_ field: FormField, problem: String?, _ strings: UIStrings) -> TemplateValue {
        let id = "field-\(field.name)"
        let hint = field.hint?.text(strings)
        let described = [hint == nil ? nil : "\(id)-hint", problem == nil ? nil : "\(id)-problem"].compactMap { $0 }.joined(separator: " ")
        let given = Set(entry.all(field.name))
        var object: TemplateObject = [
            "id": .text(id), "name": .text(field.name), "label": .text(field.label.text(strings)), "hint": .optional(hint),
            "problem": .optional(problem), "described": .optional(described), "value": .text(entry[field.name]),
            "is_required": .bool(field.isRequired), "is_short": .bool(field.isShort),
            "maximum": .none, "autocomplete": .optional(field.autocomplete), "input_mode": .optional(field.inputMode),
            "prefix": .optional(field.prefix), "suffix": .optional(field.suffix), "suggestions": .optional(field.suggestions),
            "heading": .optional(field.heading?.text(strings)),
            "line": .none, "paragraph": .none, "select": .none, "group": .none, "checkbox": .none, "color": .none,
        ]
        switch field.kind {
        case .line(let type):
            object["line"] = ["type": .text(type)]
            // A day has no length.
            if type != "date", type != "time" { object["maximum"] = .text(String(field.maximumLength)) }
        case .paragraph(let rows):
            object["paragraph"] = ["rows": .text(String(rows))]
            object["maximum"] = .text(String(field.maximumLength))
        case .select(let options):
            object["select"] = ["options": options.value(id, given, strings), "needs_choice": .bool(given.subtracting([""]).isEmpty)]
        case .radios(let options): object["group"] = ["type": "radio", "options": options.value(id, given, strings)]
        case .checkboxes(let options): object["group"] = ["type": "checkbox", "options": options.value(id, given, strings)]
        case .checkbox: object["checkbox"] = ["is_chosen": .bool(given.contains("yes"))]
        case .color: object["color"] = true
        }
        return .object(object)
    }

    /// What a link from the list of problems leads to.
    private func firstControl(of field: FormField) -> String {
        switch field.kind {
        case .radios, .checkboxes: "field-\(field.name)-1"
        default: "field-\(field.name)"
        }
    }
}

extension [FormField.Option] {
    fileprivate func value(_ id: String, _ given: Set<String>, _ strings: UIStrings) -> TemplateValue {
        .list(
            enumerated().map { index, option in
                let optionID = "\(id)-\(index + 1)"
                let hint = option.hint?.text(strings)
                return [
                    "option_id": .text(optionID), "value": .text(option.value), "label": .text(option.label.text(strings)),
                    "hint": .optional(hint), "described": .optional(hint.map { _ in "\(optionID)-hint" }),
                    "is_chosen": .bool(given.contains(option.value)),
                ]
            })
    }
}
