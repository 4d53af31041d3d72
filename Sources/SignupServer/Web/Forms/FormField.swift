/// One question of a form: how it looks, and what answers it takes.
struct FormField: Sendable {
    enum Kind: Sendable {
        /// One line. The type is HTML's: `text`, `email`, `url`, `tel`, `date`, `search`.
        case line(type: String)
        case paragraph(rows: Int)
        case select([Option])
        /// One of several, all seen at once.
        case radios([Option])
        /// Any number of several.
        case checkboxes([Option])
        /// Yes or no: the value is `yes` or nothing.
        case checkbox
        case color
    }

    struct Option: Sendable {
        let value: String
        let label: Words
        var hint: Words?

        init(_ value: String, _ label: Words, hint: Words? = nil) {
            self.value = value
            self.label = label
            self.hint = hint
        }
    }

    let name: String
    let kind: Kind
    let label: Words
    var hint: Words?
    var isRequired = true
    /// Characters; more are refused.
    var maximumLength = 200
    /// HTML's autofill token: `email`, `organization`, `off`.
    var autocomplete: String?
    /// HTML's `inputmode`: `numeric`, `email`, `url`.
    var inputMode: String?
    /// Written in front of the answer and after it: `.sites.example`.
    var prefix: String?
    var suffix: String?
    /// About how many characters an answer has, where it is much shorter than others: a field's width is a hint.
    var isShort = false
    /// The id of a `<datalist>` on the page, with answers to begin from.
    var suggestions: String?
    /// Stands above the question, which begins a part of the form.
    var heading: Words?

    init(
        _ name: String, _ kind: Kind = .line(type: "text"), label: Words, hint: Words? = nil, isRequired: Bool = true, maximumLength: Int = 200,
        autocomplete: String? = nil, inputMode: String? = nil, prefix: String? = nil, suffix: String? = nil, isShort: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.label = label
        self.hint = hint
        self.isRequired = isRequired
        self.maximumLength = maximumLength
        self.autocomplete = autocomplete
        self.inputMode = inputMode
        self.prefix = prefix
        self.suffix = suffix
        self.isShort = isShort
    }

    static func email(_ name: String = "email", label: Words, hint: Words? = nil) -> FormField {
        FormField(name, .line(type: "email"), label: label, hint: hint, maximumLength: 254, autocomplete: "email", inputMode: "email")
    }

    /// What may be chosen; nil if anything may be written.
    var options: [Option]? {
        switch kind {
        case .select(let options), .radios(let options), .checkboxes(let options): options
        case .checkbox: [Option("yes", label)]
        case .line, .paragraph, .color: nil
        }
    }

    /// One to tick; browsers send nothing for one that isn't ticked.
    var isBox: Bool {
        switch kind {
        case .checkbox, .checkboxes: true
        case .line, .paragraph, .select, .radios, .color: false
        }
    }

    var takesSeveral: Bool {
        if case .checkboxes = kind { true } else { false }
    }
}
