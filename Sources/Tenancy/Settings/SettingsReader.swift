package import StructuredData

/// Reads `site.yaml`. Whatever can't be used is reported and replaced by a default, so that one slip never costs a school its site;
/// only a missing name is an error that stops it.
package enum SettingsReader {
    ///
    /// `knowsTimeZone` tells whether there is a time zone of a name.
    package static func read(_ node: Node?, knowsTimeZone: (String) -> Bool = { _ in true }) -> (settings: Settings?, issues: [Issue]) {
        var fields = FieldReader(node, describedAs: "site.yaml")
        let name = fields.localizedText("name")
        if name == nil {
            fields.add([Issue(.error, at: fields.mark, "the site has no name", advice: "write name: and the PTSA's name")])
        }
        let settings = Settings(
            name: name ?? LocalizedText(""),
            shortName: fields.localizedText("short_name"),
            tagline: fields.localizedText("tagline"),
            description: fields.localizedText("description"),
            unit: unit(&fields), school: school(&fields),
            timeZone: timeZone(&fields, knowsTimeZone),
            languages: languages(&fields),
            colors: group("colors", &fields) { Settings.Colors(primary: color("primary", &$0), accent: color("accent", &$0)) } ?? Settings.Colors(),
            logo: picture(fields.node("logo"), alternative: nil, &fields, key: "logo"),
            navigation: fields.node("navigation").map { navigation($0, &fields, depth: 0) } ?? [],
            home: home(&fields),
            hero: hero(&fields),
            join: block("join", &fields), donate: block("donate", &fields), volunteer: block("volunteer", &fields),
            contact: group("contact", &fields) { Settings.Contact(email: $0.text("email"), address: $0.text("address")) } ?? Settings.Contact(),
            social: social(&fields),
            yearStart: yearStart(&fields),
            legal: legal(&fields),
            announcement: announcement(fields.node("announcement"), &fields),
            theme: theme(&fields),
            canonicalOrigin: origin(&fields))
        // Known to the server, not to the generator.
        let issues = fields.finish(allowing: ["domains", "version", "plan"])
        let unusable = name == nil || issues.contains { $0.severity == .error && $0.problem.hasPrefix("site.yaml is not") }
        return (unusable ? nil : settings, issues)
    }

    /// An announcement of `site.yaml` or of a page's `banner`.
    package static func announcement(_ node: Node?, _ fields: inout FieldReader) -> Settings.Announcement? {
        guard let node else { return nil }
        if let text = node.text {
            return Settings.Announcement(text: LocalizedText(text), url: nil, linkText: nil, level: "info", until: nil)
        }
        var inner = FieldReader(node, describedAs: "the announcement")
        let text = inner.localizedText("text")
        let url = link("link", &inner) ?? link("url", &inner)
        let linkText = inner.localizedText("link_text")
        let level = inner.text("level") ?? "info"
        let until = date("until", &inner)
        if !["info", "warning", "urgent"].contains(level) {
            inner.add([Issue(.warning, at: inner.mark(of: "level"), "`\(level)` is not a level", advice: "write info, warning or urgent")])
        }
        fields.add(inner.finish())
        guard let text else { return nil }
        return Settings.Announcement(
            text: text, url: url, linkText: linkText, level: ["info", "warning", "urgent"].contains(level) ? level : "info", until: until)
    }

    package static func date(_ key: String, _ fields: inout FieldReader) -> WrittenDate? {
        guard let text = fields.text(key) else { return nil }
        do throws(WrittenDateError) {
            return try WrittenDate(parsing: text)
        } catch {
            fields.add([Issue(.error, at: fields.mark(of: key), "`\(key)`: \(error.problem)", advice: error.advice)])
            return nil
        }
    }

    /// An address that is safe to follow, or nil with an error.
    package static func link(_ key: String, _ fields: inout FieldReader) -> String? {
        guard let text = fields.text(key) else { return nil }
        guard isSafeLink(text) else {
            fields.add([
                Issue(
                    .error, at: fields.mark(of: key), "`\(key)` is not an address that a page may lead to",
                    advice: "write an address that begins with https://, mailto: or /")
            ])
            return nil
        }
        return text
    }

    /// https, http, mailto, tel, or an address on the site itself.
    static func isSafeLink(_ text: String) -> Bool {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else { return false }
        let lower = text.lowercased()
        if ["https://", "http://", "mailto:", "tel:", "/", "#"].contains(where: lower.hasPrefix) { return !lower.hasPrefix("//") }
        let beforeSlash = lower.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return !beforeSlash.contains(":")
    }

    // MARK: Parts

    /// Reads the mapping under `key`, with its own check for unknown names.
    private static func group<Value>(_ key: String, _ fields: inout FieldReader, _ read: (inout FieldReader) -> Value) -> Value? {
        guard let node = fields.node(key) else { return nil }
        var inner = FieldReader(node, describedAs: "`\(key)`")
        let value = read(&inner)
        fields.add(inner.finish())
        return value
    }

    private static func timeZone(_ fields: inout FieldReader, _ isKnown: (String) -> Bool) -> String {
        guard let name = fields.text("timezone") else { return defaultTimeZone }
        if isKnown(name) { return name }
        fields.add([
            Issue(.error, at: fields.mark(of: "timezone"), "`\(name)` is not a time zone", advice: "write a name such as America/Los_Angeles")
        ])
        return defaultTimeZone
    }

    private static let defaultTimeZone = "America/New_York"

    private static func unit(_ fields: inout FieldReader) -> Settings.Unit {
        group("unit", &fields) {
            Settings.Unit(
                kind: $0.text("kind"), number: $0.text("number"), state: $0.text("state"), council: $0.text("council"), district: $0.text("district"))
        } ?? Settings.Unit()
    }

    private static func school(_ fields: inout FieldReader) -> Settings.School {
        group("school", &fields) {
            Settings.School(name: $0.localizedText("name"), address: $0.text("address"), mascot: $0.localizedText("mascot"))
        } ?? Settings.School()
    }

    private static func languages(_ fields: inout FieldReader) -> [Language] {
        var languages: [Language] = []
        let mark = fields.mark(of: "languages")
        for code in fields.texts("languages") {
            guard let language = Language(code: code) else {
                fields.add([
                    Issue(
                        .warning, at: mark, "`\(code)` is not a language that sites can have yet",
                        advice: "use one of \(Language.all.map(\.code).joined(separator: ", "))")
                ])
                continue
            }
            if !languages.contains(language) { languages.append(language) }
        }
        return languages.isEmpty ? [.english] : languages
    }

    private static func color(_ key: String, _ inner: inout FieldReader) -> Color? {
        guard let text = inner.text(key) else { return nil }
        if let color = Color(text) { return color }
        inner.add([Issue(.error, at: inner.mark(of: key), "`\(text)` is not a colour", advice: "write it as \"#0b5394\", in quotes")])
        return nil
    }

    private static func picture(_ node: Node?, alternative: LocalizedText?, _ fields: inout FieldReader, key: String) -> Settings.Picture? {
        guard let node else { return nil }
        guard let path = node.text else {
            fields.wrong(node, "`\(key)` is a list or a group", advice: "write the file's path: \(key): media/logo.svg")
            return nil
        }
        return Settings.Picture(path: path, alternative: alternative, line: node.mark.line, column: node.mark.column)
    }

    private static func target(_ inner: inout FieldReader) -> Settings.Target? {
        if let node = inner.node("page"), let path = node.text { return .page(path, line: node.mark.line, column: node.mark.column) }
        return link("url", &inner).map { .url($0) }
    }

    private static func navigation(_ node: Node, _ fields: inout FieldReader, depth: Int) -> [Settings.NavigationItem] {
        guard let items = node.items else {
            fields.wrong(node, "the navigation is not a list", advice: "write navigation: and below it lines like - {title: About, page: about.md}")
            return []
        }
        return items.compactMap { item in
            var inner = FieldReader(item, describedAs: "a navigation item")
            let title = inner.localizedText("title")
            let target = target(&inner)
            let children = depth == 0 ? inner.node("children").map { navigation($0, &fields, depth: 1) } ?? [] : []
            if target == nil && children.isEmpty {
                inner.add([Issue(.error, at: item.mark, "this navigation item leads nowhere", advice: "add page: about.md or url: https://…")])
            }
            fields.add(inner.finish())
            guard target != nil || !children.isEmpty else { return nil }
            return Settings.NavigationItem(title: title, target: target, children: children)
        }
    }

    private static func home(_ fields: inout FieldReader) -> [Settings.HomeSection] {
        let mark = fields.mark(of: "home")
        let names = fields.texts("home")
        if names.isEmpty { return [.hero, .nextMeeting, .welcome, .news, .events, .join, .sponsors] }
        return names.compactMap { name in
            if let section = Settings.HomeSection(rawValue: name) { return section }
            let known = Settings.HomeSection.allCases.map(\.rawValue)
            let near = Spelling.nearest(to: name, in: known).map { "did you mean \($0)?" } ?? "use one of \(known.joined(separator: ", "))"
            fields.add([Issue(.warning, at: mark, "`\(name)` is not a section of the home page", advice: near)])
            return nil
        }
    }

    /// The `hero` of a page's front matter, which is written as in site.yaml.
    package static func hero(_ node: Node) -> (hero: Settings.Hero, issues: [Issue]) {
        var inner = FieldReader(node, describedAs: "`hero`")
        let hero = hero(reading: &inner)
        return (hero, inner.finish())
    }

    private static func hero(_ fields: inout FieldReader) -> Settings.Hero? {
        group("hero", &fields) { hero(reading: &$0) }
    }

    private static func hero(reading inner: inout FieldReader) -> Settings.Hero {
        let title = inner.localizedText("title")
        let text = inner.localizedText("text")
        let alternative = inner.localizedText("image_alt")
        let image = picture(inner.node("image"), alternative: alternative, &inner, key: "image")
        var buttons: [Settings.Button] = []
        for item in inner.node("buttons")?.items ?? [] {
            var button = FieldReader(item, describedAs: "a button")
            let title = button.localizedText("title")
            let target = target(&button)
            if let title, let target {
                buttons.append(Settings.Button(title: title, target: target))
            } else {
                button.add([Issue(.error, at: item.mark, "a button needs a title and a page or url", advice: "write - {title: Join, page: join.md}")])
            }
            inner.add(button.finish())
        }
        return Settings.Hero(title: title, text: text, image: image, buttons: buttons)
    }

    private static func block(_ key: String, _ fields: inout FieldReader) -> Settings.Block? {
        group(key, &fields) { inner in
            var dues: [Settings.Dues] = []
            for item in inner.node("dues")?.items ?? [] {
                var line = FieldReader(item, describedAs: "a line of dues")
                if let name = line.localizedText("name"), let price = line.text("price") { dues.append(Settings.Dues(name: name, price: price)) }
                inner.add(line.finish())
            }
            return Settings.Block(
                title: inner.localizedText("title"), text: inner.localizedText("text"), url: link("url", &inner),
                button: inner.localizedText("button"), note: inner.localizedText("note"), dues: dues)
        }
    }

    private static func social(_ fields: inout FieldReader) -> [Settings.SocialLink] {
        guard let node = fields.node("social"), let pairs = node.pairs else { return [] }
        var inner = FieldReader(node, describedAs: "`social`")
        let links = pairs.compactMap { pair in link(pair.key, &inner).map { Settings.SocialLink(network: pair.key, url: $0) } }
        fields.add(inner.finish())
        return links
    }

    private static func yearStart(_ fields: inout FieldReader) -> YearStart {
        guard let text = fields.text("membership_year_starts") else { return .firstOfJuly }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        // A leap year, so that 29 February counts as a day.
        if parts.count == 2, CivilDate(year: 2024, month: parts[0], day: parts[1]) != nil { return YearStart(month: parts[0], day: parts[1]) }
        fields.add([
            Issue(
                .error, at: fields.mark(of: "membership_year_starts"), "`\(text)` is not a day of the year", advice: "write month and day: \"07-01\"")
        ])
        return .firstOfJuly
    }

    private static func legal(_ fields: inout FieldReader) -> Settings.Legal {
        group("legal", &fields) { Settings.Legal(name: $0.text("name"), ein: $0.text("ein"), isNonprofit: $0.bool("nonprofit") ?? false) }
            ?? Settings.Legal(isNonprofit: false)
    }

    private static func theme(_ fields: inout FieldReader) -> Settings.Theme {
        func choice(_ key: String, _ choices: [String], _ inner: inout FieldReader) -> String {
            guard let text = inner.text(key) else { return choices[0] }
            if choices.contains(text) { return text }
            inner.add([
                Issue(
                    .warning, at: inner.mark(of: key), "`\(text)` is not a choice for \(key)", advice: "use one of \(choices.joined(separator: ", "))"
                )
            ])
            return choices[0]
        }
        func read(_ inner: inout FieldReader) -> Settings.Theme {
            Settings.Theme(
                header: choice("header", Settings.Theme.headers, &inner), fonts: choice("fonts", Settings.Theme.fontPairings, &inner),
                corners: choice("corners", Settings.Theme.cornerStyles, &inner), density: choice("density", Settings.Theme.densities, &inner))
        }
        var none = FieldReader(nil, describedAs: "`theme`")
        return group("theme", &fields, read) ?? read(&none)
    }

    private static func origin(_ fields: inout FieldReader) -> String? {
        guard let text = link("url", &fields) else { return nil }
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard trimmed.hasPrefix("https://") || trimmed.hasPrefix("http://"), trimmed.split(separator: "/").count == 2 else {
            fields.add([
                Issue(
                    .error, at: fields.mark(of: "url"), "`\(text)` is not the address of a site",
                    advice: "write https:// and the host: https://www.lincolnptsa.example")
            ])
            return nil
        }
        return trimmed
    }
}
