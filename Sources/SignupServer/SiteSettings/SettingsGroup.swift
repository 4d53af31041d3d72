import Repositories
import SiteBuilder
import StructuredData
import Tenancy

/// Settings that an officer thinks of together: one form.
struct SettingsGroup: Sendable {
    /// The last part of the address of its page.
    let name: String
    let title: String
    let lead: String?
    /// What a commit of it says: plain words, nothing personal.
    let message: String
    let items: [SettingsItem]

    var form: Form { Form("settings", submit: "settings.save", items.flatMap(\.fields)) }

    /// What the file says, as answers.
    func answers(_ file: SettingsFile) -> SettingsItem.Answers {
        items.reduce(into: [:]) { $0.merge($1.answers(file)) { first, _ in first } }
    }

    func item(of field: FormField) -> SettingsItem? { items.first { $0.fields.contains { $0.name == field.name } } }
}

/// All groups of one site's settings, as its file has them.
struct SettingsGroups: Sendable {
    let all: [SettingsGroup]
    /// Submenus, by their parent's place; their groups are not on the overview.
    let submenus: [SettingsGroup]

    subscript(name: String) -> SettingsGroup? { (all + submenus).first { $0.name == name } }

    static let navigation = "navigation"
    static let maximumNavigation = 8
    static let maximumSubmenu = 10

    /// - Parameters:
    ///   - settings: of the same file.
    ///   - pages: the site's Markdown files.
    init(_ file: SettingsFile, _ settings: Settings, pages: Set<String>, _ strings: UIStrings) {
        let make = SettingsItemMaker(strings: strings, languages: settings.languages, pages: pages)
        let columns = [
            SettingsItemMaker.Column(key: "title", label: strings("settings.row_title"), kind: .localized, isRequired: false),
            SettingsItemMaker.Column(key: "target", label: strings("settings.row_target"), kind: .target, isRequired: false),
        ]
        all = [
            Self.identity(file, make), Self.look(settings, make), Self.home(settings, make),
            SettingsGroup(
                name: Self.navigation, title: strings("settings.navigation"), lead: strings("settings.navigation_lead"),
                message: "Changed the navigation",
                items: [
                    make.rows(
                        ["navigation"], strings("settings.navigation"), title: strings("settings.row_line"), columns: columns,
                        maximum: Self.maximumNavigation)
                ]),
            Self.announcement(file, settings, make),
            Self.block("join", strings("settings.join"), "Changed how to join", hasDues: true, make),
            Self.block("donate", strings("settings.donate"), "Changed how to give", make),
            Self.block("volunteer", strings("settings.volunteer"), "Changed how to volunteer", make),
            Self.contact(file, make), Self.time(settings, make), Self.legal(make),
        ]
        submenus = (file.node(["navigation"])?.items ?? []).prefix(Self.maximumNavigation).enumerated().map { index, item in
            let title = make.localizedAnswers("title", item["title"].map { YAMLValue($0) })["title-\(settings.defaultLanguage.code)"]?.first ?? ""
            let name = title.isEmpty ? item["page"]?.text ?? item["url"]?.text ?? String(index + 1) : title
            return SettingsGroup(
                name: "\(Self.navigation)-\(index + 1)", title: strings("settings.submenu", ["name": name]), lead: nil,
                message: "Changed the navigation",
                items: [
                    make.rows(
                        ["navigation", String(index), "children"], watched: ["navigation"], strings("settings.submenu", ["name": name]),
                        title: strings("settings.row_line"), columns: columns, maximum: Self.maximumSubmenu)
                ])
        }
    }

    private static func identity(_ file: SettingsFile, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        let kinds = SignUpAnswers.kinds.map { FormField.Option($0, .verbatim($0)) }
        let states = UnitedState.all.map { FormField.Option($0.code, .verbatim($0.name)) }
        return SettingsGroup(
            name: "name", title: strings("settings.name_and_school"), lead: nil, message: "Changed name and school",
            items: [
                make.localized(["name"], strings("sign_up.name"), isRequired: true, maximum: 80),
                make.localized(["short_name"], strings("settings.short_name"), hint: "settings.short_name_hint", maximum: 40),
                make.localized(["tagline"], strings("settings.tagline"), hint: "settings.tagline_hint"),
                make.localized(
                    ["description"], strings("settings.description"), .paragraph(rows: 3), hint: "settings.description_hint", maximum: 500),
                make.choice(["unit", "kind"], strings("settings.unit_kind"), kinds, now: file.text(["unit", "kind"]), asSelect: true),
                make.text(["unit", "number"], strings("settings.unit_number"), maximum: 40, isShort: true),
                make.choice(["unit", "state"], strings("sign_up.state"), states, now: file.text(["unit", "state"]), asSelect: true),
                make.text(["unit", "council"], strings("settings.unit_council"), maximum: 120),
                make.text(["unit", "district"], strings("settings.unit_district"), maximum: 120),
                make.localized(["school", "name"], strings("settings.school_name"), maximum: 120),
                make.text(["school", "address"], strings("settings.school_address")),
                make.localized(["school", "mascot"], strings("settings.school_mascot"), maximum: 60),
            ])
    }

    private static func look(_ settings: Settings, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        func option(_ name: String, _ key: String) -> FormField.Option { FormField.Option(name, .verbatim(strings(key))) }
        let theme = settings.theme
        return SettingsGroup(
            name: "look", title: strings("settings.look"), lead: nil, message: "Changed colors and fonts",
            items: [
                make.color(["colors", "primary"], strings("sign_up.primary"), now: settings.colors.primary),
                make.color(["colors", "accent"], strings("sign_up.accent"), now: settings.colors.accent),
                make.choice(
                    ["theme", "header"], strings("settings.theme_header"),
                    [
                        option("bar", "settings.header_bar"), option("banner", "settings.header_banner"),
                        option("centered", "settings.header_centered"),
                    ],
                    now: theme.header, usual: theme.header),
                make.choice(
                    ["theme", "fonts"], strings("settings.theme_fonts"),
                    [
                        option("classic", "settings.fonts_classic"), option("modern", "settings.fonts_modern"),
                        option("friendly", "settings.fonts_friendly"), option("bookish", "settings.fonts_bookish"),
                    ], now: theme.fonts, usual: theme.fonts),
                make.choice(
                    ["theme", "corners"], strings("settings.theme_corners"),
                    [
                        option("round", "settings.corners_round"), option("soft", "settings.corners_soft"),
                        option("square", "settings.corners_square"),
                    ],
                    now: theme.corners, usual: theme.corners),
                make.choice(
                    ["theme", "density"], strings("settings.theme_density"),
                    [option("airy", "settings.density_airy"), option("compact", "settings.density_compact")], now: theme.density, usual: theme.density
                ),
                make.text(["logo"], strings("settings.logo"), hint: "settings.picture_hint"),
            ])
    }

    private static func home(_ settings: Settings, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        return SettingsGroup(
            name: "home", title: strings("settings.home"), lead: nil, message: "Changed the home page",
            items: [
                make.localized(["hero", "title"], strings("settings.hero_title"), maximum: 120),
                make.localized(["hero", "text"], strings("settings.hero_text"), .paragraph(rows: 3), maximum: 600),
                make.text(["hero", "image"], strings("settings.hero_image"), hint: "settings.picture_hint"),
                make.localized(
                    ["hero", "image_alt"], strings("settings.hero_image_alt"), .paragraph(rows: 2), hint: "settings.hero_image_alt_hint", maximum: 400
                ),
                make.rows(
                    ["hero", "buttons"], strings("settings.hero_buttons"), title: strings("settings.row_button"),
                    columns: [
                        SettingsItemMaker.Column(key: "title", label: strings("settings.row_title"), kind: .localized),
                        SettingsItemMaker.Column(key: "target", label: strings("settings.row_target"), kind: .target),
                    ], maximum: 3),
                make.home(now: settings.home),
            ])
    }

    private static func announcement(_ file: SettingsFile, _ settings: Settings, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        func level(_ name: String, _ key: String) -> FormField.Option { FormField.Option(name, .verbatim(strings(key))) }
        let link = file.node(["announcement", "url"]) != nil ? "url" : "link"
        let now = settings.announcement?.level ?? "info"
        return SettingsGroup(
            name: "announcement", title: strings("settings.announcement"), lead: strings("settings.announcement_lead"),
            message: "Changed the announcement",
            items: [
                make.whole(
                    ["announcement"], strings("settings.announcement"), main: "text", hasMain: settings.announcement != nil,
                    [
                        make.localized(["announcement", "text"], strings("settings.announcement_text"), .paragraph(rows: 2), maximum: 300),
                        make.text(["announcement", link], strings("settings.link"), hint: "settings.link_hint", maximum: 500),
                        make.localized(["announcement", "link_text"], strings("settings.announcement_link_text"), maximum: 80),
                        make.choice(
                            ["announcement", "level"], strings("settings.announcement_level"),
                            [
                                level("info", "settings.level_info"), level("warning", "settings.level_warning"),
                                level("urgent", "settings.level_urgent"),
                            ],
                            now: now, usual: now),
                        make.day(
                            ["announcement", "until"], strings("settings.announcement_until"), now: file.text(["announcement", "until"]),
                            hint: "settings.announcement_until_hint"),
                    ])
            ])
    }

    /// The join, give and volunteer blocks.
    private static func block(
        _ key: String, _ title: String, _ message: String, hasDues: Bool = false, _ make: SettingsItemMaker
    ) -> SettingsGroup {
        let strings = make.strings
        var items = [
            make.localized([key, "title"], strings("settings.row_title"), maximum: 120),
            make.localized([key, "text"], strings("settings.block_text"), .paragraph(rows: 3), maximum: 1_000),
            make.text([key, "url"], strings("settings.link"), hint: "settings.link_hint", maximum: 500),
            make.localized([key, "button"], strings("settings.block_button"), maximum: 60),
            make.localized([key, "note"], strings("settings.block_note"), .paragraph(rows: 2), maximum: 500),
        ]
        if hasDues {
            items.append(
                make.rows(
                    [key, "dues"], strings("settings.dues"), title: strings("settings.row_dues"),
                    columns: [
                        SettingsItemMaker.Column(key: "name", label: strings("settings.dues_name"), kind: .localized),
                        SettingsItemMaker.Column(key: "price", label: strings("settings.dues_price"), kind: .text),
                    ], maximum: 8))
        }
        return SettingsGroup(name: key, title: title, lead: nil, message: message, items: items)
    }

    private static let networks = [
        ("facebook", "Facebook"), ("instagram", "Instagram"), ("youtube", "YouTube"), ("x", "X"), ("tiktok", "TikTok"), ("linkedin", "LinkedIn"),
        ("bluesky", "Bluesky"), ("threads", "Threads"), ("whatsapp", "WhatsApp"),
    ]

    private static func contact(_ file: SettingsFile, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        let written = file.node(["social"])?.pairs?.map(\.key) ?? []
        let others = written.filter { key in !networks.contains { $0.0 == key } && key.utf8.count <= 40 }.map { ($0, $0) }
        return SettingsGroup(
            name: "contact", title: strings("settings.contact"), lead: nil, message: "Changed the contact",
            items: [
                make.text(
                    ["contact", "email"], strings("settings.contact_email"), .line(type: "email"), hint: "settings.contact_email_hint", maximum: 254),
                make.text(["contact", "address"], strings("settings.contact_address"), hint: "settings.contact_address_hint"),
            ] + (networks + others).map { make.text(["social", $0.0], $0.1, .line(type: "url"), maximum: 500) })
    }

    private static func time(_ settings: Settings, _ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        return SettingsGroup(
            name: "time", title: strings("settings.time"), lead: nil, message: "Changed time and languages",
            items: [
                make.timeZone(now: settings.timeZone), make.siteLanguages(),
                make.text(
                    ["membership_year_starts"], strings("settings.year_starts"), hint: "settings.year_starts_hint", maximum: 5,
                    usual: "07-01", isShort: true),
            ])
    }

    private static func legal(_ make: SettingsItemMaker) -> SettingsGroup {
        let strings = make.strings
        return SettingsGroup(
            name: "legal", title: strings("settings.legal"), lead: nil, message: "Changed the legal facts",
            items: [
                make.text(["legal", "name"], strings("settings.legal_name"), hint: "settings.legal_name_hint", maximum: 120),
                make.text(["legal", "ein"], strings("settings.legal_ein"), hint: "settings.legal_ein_hint", maximum: 20, isShort: true),
                make.flag(["legal", "nonprofit"], strings("settings.legal_nonprofit")),
            ])
    }
}
