import Tenancy

/// The form of the sign-up and how its answers are read.
enum SignUpForm {
    enum Field {
        static let name = "name"
        static let kind = "kind"
        static let school = "school"
        static let state = "state"
        static let slug = "address"
        static let title = "title"
        static let email = "email"
        static let showsEmail = "show_email"
        static let primary = "primary_color"
        static let accent = "accent_color"
        static let code = "code"
    }

    /// - Parameter domain: what stands after a slug in an address.
    static func form(_ mode: SignUp.Mode, domain: String) -> Form {
        var fields: [FormField] = [
            FormField(
                Field.name, label: "sign_up.name", hint: "sign_up.name_hint", maximumLength: 80, autocomplete: "organization"),
            FormField(
                Field.kind, .select(SignUpAnswers.kinds.map { FormField.Option($0, .verbatim($0)) }), label: "sign_up.kind", isShort: true),
            FormField(Field.school, label: "sign_up.school", maximumLength: 80),
            FormField(
                Field.state, .select(UnitedState.all.map { FormField.Option($0.code, .verbatim($0.name)) }), label: "sign_up.state",
                autocomplete: "address-level1", isShort: true),
            FormField(
                Field.slug, label: "sign_up.address", hint: "sign_up.address_hint", maximumLength: 60, autocomplete: "off", suffix: ".\(domain)"),
            FormField(Field.primary, .color, label: "sign_up.primary", isRequired: false),
            FormField(Field.accent, .color, label: "sign_up.accent", isRequired: false),
            FormField(
                Field.title, label: "sign_up.title_label", hint: "sign_up.title_hint", maximumLength: 60, autocomplete: "organization-title"),
            FormField.email(label: "field.email", hint: "sign_up.email_hint"),
            FormField(Field.showsEmail, .checkbox, label: "sign_up.show_email", isRequired: false),
        ]
        if mode == .invite {
            fields.insert(
                FormField(Field.code, label: "sign_up.code", hint: "sign_up.code_hint", maximumLength: 40, autocomplete: "off", isShort: true), at: 0)
        }
        return Form("sign-up", submit: "sign_up.submit", fields)
    }

    /// The starter's own colours, which a colour field must begin with.
    static let colors = [Field.primary: "#1f5673", Field.accent: "#f2b134"]

    static let waitingList = Form(
        "waiting-list", submit: "sign_up.waiting_submit",
        [FormField(Field.school, label: "sign_up.school", maximumLength: 80), FormField.email(label: "field.email")])

    /// Reads the answers that every form's checks have let through; what is wrong goes into `entry`.
    static func answers(_ entry: inout FormEntry, language: Language, banned: [Hostname]) -> (
        answers: SignUpAnswers, email: EmailAddress, slug: Slug
    )? {
        let email = try? EmailAddress(entry[Field.email])
        if email == nil { entry.reject(Field.email, "field.email_wrong") }
        if let email, banned.contains(where: { email.isAt($0) }) { entry.reject(Field.email, "sign_up.email_banned") }
        let slug = slug(&entry)
        for field in [Field.primary, Field.accent] where !entry[field].isEmpty && !isColor(entry[field]) {
            entry.reject(field, "sign_up.color_wrong")
        }
        guard entry.isAccepted, let email, let slug else { return nil }
        return (
            SignUpAnswers(
                organizationName: entry[Field.name], kind: entry[Field.kind], school: entry[Field.school], state: entry[Field.state],
                email: email.text, showsEmail: entry[Field.showsEmail] == "yes", slug: slug.text, title: entry[Field.title],
                primaryColor: color(entry[Field.primary]), accentColor: color(entry[Field.accent]), language: language.code,
                inviteCode: entry[Field.code].isEmpty ? nil : entry[Field.code]), email, slug
        )
    }

    /// The short name, in lower case however it was typed.
    static func slug(_ entry: inout FormEntry) -> Slug? {
        let text = entry[Field.slug].lowercased()
        do throws(SlugError) {
            return try Slug(claiming: text)
        } catch .empty {
            entry.reject(Field.slug, "form.problem.missing")
        } catch {
            entry.reject(Field.slug, words(error))
        }
        return nil
    }

    private static func words(_ error: SlugError) -> Words {
        switch error {
        case .empty, .tooShort: "sign_up.slug_short"
        case .tooLong: "sign_up.slug_long"
        case .badStart, .badCharacter, .doubleHyphen, .hyphenAtEnd: "sign_up.slug_characters"
        case .reserved: "sign_up.slug_reserved"
        }
    }

    private static func isColor(_ text: String) -> Bool { text.utf8.count == 7 && text.hasPrefix("#") && Color(text) != nil }

    private static func color(_ text: String) -> String? { isColor(text) ? text.lowercased() : nil }
}
