import SiteBuilder
import StructuredData
import Tenancy

/// The forms of the set-up: what they ask, what they begin with, and what their answers make of the files.
enum SetupForms {
    static let maximumOfficers = 20
    static let meetingRows = 6

    // MARK: Name

    static let name = Form(
        "setup-name", submit: "setup.save",
        [
            FormField("name", label: "sign_up.name", hint: "sign_up.name_hint", maximumLength: 80, autocomplete: "organization"),
            FormField("tagline", label: "setup.tagline", hint: "setup.tagline_hint", isRequired: false, maximumLength: 150),
            FormField("kind", .select(SignUpAnswers.kinds.map { FormField.Option($0, .verbatim($0)) }), label: "sign_up.kind", isShort: true),
            FormField("number", label: "setup.number", hint: "setup.number_hint", isRequired: false, maximumLength: 30, isShort: true),
            FormField("council", label: "setup.council", isRequired: false, maximumLength: 80),
            FormField(
                "state", .select(UnitedState.all.map { FormField.Option($0.code, .verbatim($0.name)) }), label: "sign_up.state", isShort: true),
            FormField("school", label: "sign_up.school", maximumLength: 80),
            FormField("address", label: "setup.address", hint: "setup.address_hint", isRequired: false, maximumLength: 200),
            FormField(
                "email", .line(type: "email"), label: "setup.email", hint: "setup.email_hint", isRequired: false, maximumLength: 254,
                autocomplete: "email", inputMode: "email"),
        ])

    /// The texts of the form and where they are in `site.yaml`.
    private static let namePaths: [(field: String, path: [String])] = [
        ("name", ["name"]), ("tagline", ["tagline"]), ("kind", ["unit", "kind"]), ("number", ["unit", "number"]), ("council", ["unit", "council"]),
        ("state", ["unit", "state"]), ("school", ["school", "name"]), ("address", ["school", "address"]), ("email", ["contact", "email"]),
    ]

    static func nameEntry(_ file: SettingsFile) -> FormEntry {
        name.entry(
            Dictionary(uniqueKeysWithValues: namePaths.map { ($0.field, file.text(place($0.path, file)) ?? "") }))
    }

    static func applyName(_ entry: inout FormEntry, to file: inout SettingsFile) throws(StructuredDataError) {
        if !entry["email"].isEmpty, (try? EmailAddress(entry["email"])) == nil { entry.reject("email", "field.email_wrong") }
        guard entry.isAccepted else { return }
        for (field, path) in namePaths { try file.set(place(path, file), entry[field].isEmpty ? nil : .text(entry[field])) }
    }

    /// A text that is there in several languages is changed in the site's first.
    private static func place(_ path: [String], _ file: SettingsFile) -> [String] {
        guard let pairs = file.node(path)?.pairs else { return path }
        let first = file.node(["languages", "0"])?.text ?? Language.english.code
        return (pairs.first { $0.key == first } ?? pairs.first).map { path + [$0.key] } ?? path
    }

    // MARK: Colours

    static let colors = Form(
        "setup-colors", submit: "setup.save",
        [
            FormField("primary", .color, label: "sign_up.primary"), FormField("accent", .color, label: "sign_up.accent"),
            FormField(
                "header",
                .select([
                    FormField.Option("bar", "setup.header_bar"), FormField.Option("banner", "setup.header_banner"),
                    FormField.Option("centered", "setup.header_centered"),
                ]), label: "setup.header", isShort: true),
            FormField(
                "fonts",
                .select([
                    FormField.Option("classic", "setup.fonts_classic"), FormField.Option("modern", "setup.fonts_modern"),
                    FormField.Option("friendly", "setup.fonts_friendly"), FormField.Option("bookish", "setup.fonts_bookish"),
                ]), label: "setup.fonts", isShort: true),
            FormField(
                "corners",
                .select([
                    FormField.Option("round", "setup.corners_round"), FormField.Option("soft", "setup.corners_soft"),
                    FormField.Option("square", "setup.corners_square"),
                ]), label: "setup.corners", isShort: true),
            FormField(
                "density",
                .select([FormField.Option("airy", "setup.density_airy"), FormField.Option("compact", "setup.density_compact")]),
                label: "setup.density", isShort: true),
        ])

    static func colorsEntry(_ settings: Settings) -> FormEntry {
        colors.entry([
            "primary": settings.colors.primary.hex, "accent": settings.colors.accent.hex, "header": settings.theme.header,
            "fonts": settings.theme.fonts, "corners": settings.theme.corners, "density": settings.theme.density,
        ])
    }

    static func checkColors(_ entry: inout FormEntry) {
        for field in ["primary", "accent"] where color(entry[field]) == nil { entry.reject(field, "sign_up.color_wrong") }
    }

    static func applyColors(_ entry: FormEntry, to file: inout SettingsFile) throws(StructuredDataError) {
        for field in ["primary", "accent"] { try file.set(["colors", field], color(entry[field]).map { .text($0.hex) }) }
        for field in ["header", "fonts", "corners", "density"] { try file.set(["theme", field], .text(entry[field])) }
    }

    /// The settings as the form would make them; an answer that can't be is left out.
    static func draft(_ data: FormData, of settings: inout Settings) {
        if let primary = data["primary"].flatMap({ color($0) }) { settings.colors.primary = primary }
        if let accent = data["accent"].flatMap({ color($0) }) { settings.colors.accent = accent }
        func choice(_ field: String, _ choices: [String]) -> String? { data[field].flatMap { choices.contains($0) ? $0 : nil } }
        settings.theme.header = choice("header", Settings.Theme.headers) ?? settings.theme.header
        settings.theme.fonts = choice("fonts", Settings.Theme.fontPairings) ?? settings.theme.fonts
        settings.theme.corners = choice("corners", Settings.Theme.cornerStyles) ?? settings.theme.corners
        settings.theme.density = choice("density", Settings.Theme.densities) ?? settings.theme.density
    }

    private static func color(_ text: String) -> Color? { text.utf8.count == 7 && text.hasPrefix("#") ? Color(text) : nil }

    // MARK: Time zone and languages

    static func time(_ settings: Settings) -> Form {
        var zones = UnitedState.all.map(\.timeZone) + [settings.timeZone]
        zones = Set(zones).sorted()
        return Form(
            "setup-time", submit: "setup.save",
            [
                FormField(
                    "zone", .select(zones.map { FormField.Option($0, .verbatim($0.replacing("_", with: " "))) }), label: "setup.zone",
                    hint: "setup.zone_hint"),
                FormField(
                    "languages",
                    .checkboxes(
                        Language.all.filter { $0 != settings.defaultLanguage }.map { FormField.Option($0.code, .verbatim($0.name)) }),
                    label: .string("setup.more_languages", ["language": settings.defaultLanguage.name]), hint: "setup.languages_hint",
                    isRequired: false),
            ])
    }

    static func timeEntry(_ settings: Settings) -> FormEntry {
        time(settings).entry(several: ["zone": [settings.timeZone], "languages": settings.languages.dropFirst().map(\.code)])
    }

    static func applyTime(_ entry: FormEntry, _ settings: Settings, to file: inout SettingsFile) throws(StructuredDataError) {
        try file.set(["timezone"], .text(entry["zone"]))
        // Those that are there keep their order.
        let chosen = Set(entry.all("languages"))
        let kept = settings.languages.dropFirst().map(\.code).filter(chosen.contains)
        let new = Language.all.map(\.code).filter { chosen.contains($0) && !kept.contains($0) && $0 != settings.defaultLanguage.code }
        try file.set(["languages"], .list(([settings.defaultLanguage.code] + kept + new).map { .text($0) }))
    }

    // MARK: Officers

    /// Rows for those who are there, and some more.
    static func officers(_ file: SettingsFile) -> Form {
        let count = max(1, min(maximumOfficers, officerNodes(file).count + 3))
        return Form(
            "setup-officers", submit: "setup.save",
            (0..<count).flatMap { row in
                [
                    FormField("role-\(row)", label: "setup.officer_role", isRequired: false, maximumLength: 80, autocomplete: "off"),
                    FormField(
                        "name-\(row)", label: "setup.officer_name", hint: row == 0 ? "setup.officer_name_hint" : nil, isRequired: false,
                        maximumLength: 80, autocomplete: "off"),
                    FormField(
                        "email-\(row)", .line(type: "email"), label: "setup.officer_email", isRequired: false, maximumLength: 254,
                        autocomplete: "off", inputMode: "email"),
                ]
            })
    }

    private static func officerNodes(_ file: SettingsFile) -> [Node] { file.node(["officers"])?.items ?? [] }

    static func officersEntry(_ file: SettingsFile) -> FormEntry {
        var values: [String: String] = [:]
        for (row, officer) in officerNodes(file).prefix(maximumOfficers).enumerated() {
            for field in ["role", "name", "email"] { values["\(field)-\(row)"] = officer[field]?.text ?? "" }
        }
        return officers(file).entry(values)
    }

    /// A row without role and name takes the officer out; one without a name is a vacant seat. What the form doesn't ask stays.
    static func applyOfficers(_ entry: inout FormEntry, to file: inout SettingsFile) throws(StructuredDataError) {
        let nodes = officerNodes(file)
        var officers: [YAMLValue] = []
        for row in 0..<max(1, min(maximumOfficers, nodes.count + 3)) {
            let (role, name, email) = (entry["role-\(row)"], entry["name-\(row)"], entry["email-\(row)"])
            if !email.isEmpty, (try? EmailAddress(email)) == nil { entry.reject("email-\(row)", "field.email_wrong") }
            if role.isEmpty && !(name.isEmpty && email.isEmpty) { entry.reject("role-\(row)", "form.problem.missing") }
            guard !role.isEmpty else { continue }
            let known: Set = ["role", "name", "email", "vacant"]
            let others = row < nodes.count ? (YAMLValue(nodes[row]).pairs ?? []).filter { !known.contains($0.key) } : []
            var pairs = [YAMLValue.Pair("role", .text(role))]
            if name.isEmpty { pairs.append(YAMLValue.Pair("vacant", .bool(true))) } else { pairs.append(YAMLValue.Pair("name", .text(name))) }
            if !email.isEmpty { pairs.append(YAMLValue.Pair("email", .text(email))) }
            officers.append(.mapping(pairs + others))
        }
        guard entry.isAccepted else { return }
        officers += nodes.dropFirst(maximumOfficers).map { YAMLValue($0) }
        try file.set(["officers"], .list(officers))
    }

    // MARK: Meetings

    static let meetings = Form(
        "setup-meetings", submit: "setup.save",
        (0..<meetingRows).flatMap { row in
            [
                FormField("title-\(row)", label: "setup.meeting_title", isRequired: false, maximumLength: 100, autocomplete: "off"),
                FormField("date-\(row)", .line(type: "date"), label: "setup.meeting_date", isRequired: false, maximumLength: 30, isShort: true),
                FormField(
                    "time-\(row)", .line(type: "time"), label: "setup.meeting_time", hint: row == 0 ? "setup.meeting_time_hint" : nil,
                    isRequired: false, maximumLength: 20, isShort: true),
                FormField("place-\(row)", label: "setup.meeting_place", isRequired: false, maximumLength: 150, autocomplete: "off"),
            ]
        })

    /// - Parameter today: where the organization is.
    static func meetings(_ entry: inout FormEntry, today: CivilDate) -> [(row: Int, file: EventFile)] {
        var files: [(Int, EventFile)] = []
        for row in 0..<meetingRows {
            let (title, day, time, place) = (entry["title-\(row)"], entry["date-\(row)"], entry["time-\(row)"], entry["place-\(row)"])
            guard !(title + day + time + place).isEmpty else { continue }
            if title.isEmpty { entry.reject("title-\(row)", "form.problem.missing") }
            guard let date = try? WrittenDate(parsing: day) else {
                entry.reject("date-\(row)", day.isEmpty ? "form.problem.missing" : "setup.date_wrong")
                continue
            }
            if date.dateTime.date < today { entry.reject("date-\(row)", "setup.date_past") }
            var file = EventFile(title: title, start: CivilDateTime(date: date.dateTime.date))
            if time.isEmpty {
                file.isAllDay = true
            } else if let written = try? WrittenDate(parsing: time, onDay: date.dateTime.date), written.hasTime {
                file.start = CivilDateTime(date: date.dateTime.date, secondOfDay: written.dateTime.secondOfDay)
            } else {
                entry.reject("time-\(row)", "setup.time_wrong")
            }
            file.location = place
            file.category = "meeting"
            files.append((row, file))
        }
        return files
    }

    // MARK: Home page

    static let home = Form(
        "setup-home", submit: "setup.save",
        [
            FormField(
                "sections",
                .checkboxes(Settings.HomeSection.allCases.map { FormField.Option($0.rawValue, label($0), hint: hint($0)) }),
                label: "setup.sections", hint: "setup.sections_hint")
        ])

    private static func label(_ section: Settings.HomeSection) -> Words {
        switch section {
        case .hero: "setup.section_hero"
        case .nextMeeting: "setup.section_next_meeting"
        case .welcome: "setup.section_welcome"
        case .news: "setup.section_news"
        case .events: "setup.section_events"
        case .join: "setup.section_join"
        case .donate: "setup.section_donate"
        case .volunteer: "setup.section_volunteer"
        case .board: "setup.section_board"
        case .documents: "setup.section_documents"
        case .sponsors: "setup.section_sponsors"
        case .contact: "setup.section_contact"
        }
    }

    /// Of those that show nothing before somebody has written something.
    private static func hint(_ section: Settings.HomeSection) -> Words? {
        switch section {
        case .join, .donate, .sponsors, .documents: "setup.section_needs_text"
        default: nil
        }
    }

    static func homeEntry(_ settings: Settings) -> FormEntry {
        home.entry(several: ["sections": settings.home.map(\.rawValue)])
    }

    /// What was there keeps its place; what is new comes where it usually is.
    static func applyHome(_ entry: FormEntry, _ settings: Settings, to file: inout SettingsFile) throws(StructuredDataError) {
        let chosen = Set(entry.all("sections").compactMap { Settings.HomeSection(rawValue: $0) })
        let usual = Settings.HomeSection.allCases
        var sections = settings.home.filter(chosen.contains)
        for new in usual where chosen.contains(new) && !sections.contains(new) {
            let before = usual.prefix { $0 != new }
            let position = sections.lastIndex { before.contains($0) }.map { $0 + 1 } ?? 0
            sections.insert(new, at: position)
        }
        try file.set(["home"], .list(sections.map { .text($0.rawValue) }))
    }
}
