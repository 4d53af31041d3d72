import Tenancy

/// The forms of the pages about people.
enum PeopleForms {
    enum Field {
        static let email = "email"
        static let role = "role"
        static let title = "title"
        static let termEnd = "term_end"
        static let lastDay = "last_day"
        static let done = "done"
        static let notes = "notes"
        static let candidate = "candidate"
    }

    static func invitation(_ roles: [Role]) -> Form {
        Form(
            "invite", submit: "people.invite_submit",
            [
                email(hint: "people.invite_email_hint"), role(roles), title,
                termEnd(hint: "people.term_end_hint"),
            ])
    }

    static func seat(_ roles: [Role]) -> Form {
        Form("seat", submit: "people.save", [role(roles), title, termEnd(hint: "people.term_end_hint")])
    }

    static let handover = Form(
        "handover", submit: "people.handover_submit",
        [
            email(hint: "people.handover_email_hint"), day(Field.lastDay, label: "people.last_day", hint: "people.last_day_hint"),
            termEnd(hint: "people.handover_term_hint"),
        ] + papers.fields)

    static let papers = Form(
        "papers", submit: "people.save",
        [
            FormField(
                Field.done, .checkboxes(Handovers.Item.allCases.map { FormField.Option($0.rawValue, $0.words) }), label: "people.checklist",
                hint: "people.checklist_hint", isRequired: false),
            FormField(
                Field.notes, .paragraph(rows: 8), label: "people.notes", hint: "people.notes_hint", isRequired: false,
                maximumLength: Handovers.Papers.longestNotes),
        ])

    /// - Parameter people: who may become owner, with the names that they are shown by.
    static func recovery(_ people: [(user: UniqueID, name: String)]) -> Form {
        Form(
            "recovery", submit: "people.recovery_ask",
            [
                FormField(
                    Field.candidate, .radios(people.map { FormField.Option($0.user.description, .verbatim($0.name)) }),
                    label: "people.recovery_candidate")
            ])
    }

    private static func email(hint: Words) -> FormField {
        FormField(Field.email, .line(type: "email"), label: "field.email", hint: hint, maximumLength: 254, autocomplete: "off", inputMode: "email")
    }

    private static func role(_ roles: [Role]) -> FormField {
        FormField(
            Field.role, .radios(roles.map { FormField.Option($0.rawValue, RoleWords.name($0), hint: RoleWords.hint($0)) }), label: "people.role")
    }

    private static let title = FormField(
        Field.title, label: "people.seat_title", hint: "people.seat_title_hint", isRequired: false, maximumLength: 60, autocomplete: "off")

    private static func termEnd(hint: Words) -> FormField {
        day(Field.termEnd, label: "people.term_end", hint: hint, isRequired: false)
    }

    private static func day(_ name: String, label: Words, hint: Words, isRequired: Bool = true) -> FormField {
        FormField(name, .line(type: "date"), label: label, hint: hint, isRequired: isRequired, maximumLength: 40, autocomplete: "off", isShort: true)
    }

    // MARK: Reading

    static func email(_ entry: inout FormEntry) -> EmailAddress? {
        guard !entry[Field.email].isEmpty else { return nil }
        guard let email = try? EmailAddress(entry[Field.email]) else {
            entry.reject(Field.email, "field.email_wrong")
            return nil
        }
        return email
    }

    /// The moment after a term's last day; nil for none, or for what was rejected.
    static func end(_ entry: inout FormEntry, _ name: String, _ calendar: TermCalendar, at now: Instant) -> Instant? {
        guard !entry[name].isEmpty else { return nil }
        guard let day = calendar.day(entry[name], at: now) else {
            entry.reject(name, "people.day_wrong")
            return nil
        }
        return calendar.end(of: day)
    }

    static func papers(_ entry: FormEntry) -> Handovers.Papers {
        Handovers.Papers(done: Set(entry.all(Field.done).compactMap { Handovers.Item(rawValue: $0) }), notes: entry[Field.notes])
    }
}

extension Handovers.Item {
    var words: Words {
        switch self {
        case .mail: "people.item_mail"
        case .bank: "people.item_bank"
        case .accounts: "people.item_accounts"
        case .keys: "people.item_keys"
        case .insurance: "people.item_insurance"
        case .calendar: "people.item_calendar"
        case .documents: "people.item_documents"
        case .contacts: "people.item_contacts"
        case .board: "people.item_board"
        }
    }
}
