/// A form: its questions in their order. Where it is shown, it is also sent to.
struct Form: Sendable {
    /// Lower case, with hyphens. Tokens that guard a form are bound to it.
    let name: String
    let fields: [FormField]
    /// On the button.
    let submit: Words

    init(_ name: String, submit: Words, _ fields: [FormField]) {
        self.name = name
        self.submit = submit
        self.fields = fields
    }

    /// What a form says before anybody has touched it.
    func entry(_ values: [String: String] = [:]) -> FormEntry {
        FormEntry(values: values.mapValues { [$0] })
    }

    /// The same, where questions may have several answers. As if it had been sent: a text in one line has its white space together.
    func entry(all values: [String: [String]]) -> FormEntry {
        FormEntry(values: Dictionary(fields.map { ($0.name, clean(values[$0.name] ?? [], $0)) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Reads the answers and checks what every form checks: that they are there, not too long, and among what was offered. What is wrong stands
    /// in `problems`; a feature adds what it finds.
    ///
    /// - Parameter kept: the answers to questions that were not on the page. Boxes that aren't ticked are never sent, so those have none.
    func entry(_ data: FormData, keeping kept: [String: [String]] = [:]) -> FormEntry {
        var entry = FormEntry(values: [:])
        for field in fields {
            let sent = data.all(field.name)
            let given = clean(sent.isEmpty && !field.isBox ? kept[field.name] ?? [] : sent, field)
            entry.values[field.name] = given
            if let problem = problem(with: given, of: field) { entry.reject(field.name, problem) }
        }
        return entry
    }

    private func clean(_ values: [String], _ field: FormField) -> [String] {
        values.map { value in
            // In one line, all white space together is one space.
            if case .paragraph = field.kind { value.trimmingSpace } else { value.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        }
    }

    private func problem(with given: [String], of field: FormField) -> Words? {
        guard field.takesSeveral || given.count <= 1 else { return "form.problem.twice" }
        let answers = given.filter { !$0.isEmpty }
        guard !answers.isEmpty else {
            guard field.isRequired else { return nil }
            if case .checkbox = field.kind { return "form.problem.not_ticked" }
            return field.options == nil ? "form.problem.missing" : "form.problem.not_chosen"
        }
        if let options = field.options {
            return answers.allSatisfy { answer in options.contains { $0.value == answer } } ? nil : "form.problem.not_an_option"
        }
        guard answers.allSatisfy({ $0.count <= field.maximumLength }) else {
            return .string("form.problem.too_long", ["maximum": String(field.maximumLength)])
        }
        return nil
    }
}

/// What was answered, and what is wrong with it.
struct FormEntry: Sendable {
    struct Problem: Sendable, Hashable {
        /// A field's name; nil for what is wrong with the whole.
        let field: String?
        let words: Words
    }

    fileprivate(set) var values: [String: [String]]
    private(set) var problems: [Problem] = []

    fileprivate init(values: [String: [String]]) {
        self.values = values
    }

    /// The answer to a question, without space around it; empty if there is none.
    subscript(field: String) -> String { values[field]?.first ?? "" }

    /// The answers to a question that takes several.
    func all(_ field: String) -> [String] { values[field] ?? [] }

    /// Only the first problem of a field is told.
    mutating func reject(_ field: String?, _ words: Words) {
        guard field == nil || !problems.contains(where: { $0.field == field }) else { return }
        problems.append(Problem(field: field, words: words))
    }

    var isAccepted: Bool { problems.isEmpty }
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmingSpace: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
