import Foundation
import SiteBuilder
import StructuredData
import Tenancy

/// Makes the items of which the forms of one site's settings are put together, in the reader's language.
struct SettingsItemMaker: Sendable {
    let strings: UIStrings
    /// The site's; the first is the default.
    let languages: [Language]
    /// The site's pages, by their files.
    let pages: Set<String>

    // MARK: Single values

    /// - Parameter usual: what counts where the file says nothing.
    func text(
        _ path: [String], _ label: String, _ kind: FormField.Kind = .line(type: "text"), hint: Words? = nil, isRequired: Bool = false,
        maximum: Int = 200, usual: String = "", isShort: Bool = false
    ) -> SettingsItem {
        let name = SettingsItem.name(path)
        return SettingsItem(
            path, label: label,
            fields: [FormField(name, kind, label: .verbatim(label), hint: hint, isRequired: isRequired, maximumLength: maximum, isShort: isShort)],
            answers: { [name: [$0.text(path) ?? usual]] }, value: { entry, _ in entry[name].isEmpty ? nil : .text(entry[name]) })
    }

    /// One of several. What the site has now stays possible, even if it isn't among them.
    func choice(
        _ path: [String], _ label: String, _ options: [FormField.Option], now: String?, usual: String = "", asSelect: Bool = false,
        hint: Words? = nil
    ) -> SettingsItem {
        let name = SettingsItem.name(path)
        let all = options + (now.map { now in options.contains { $0.value == now } ? [] : [FormField.Option(now, .verbatim(now))] } ?? [])
        return SettingsItem(
            path, label: label,
            fields: [
                FormField(
                    name, asSelect ? .select(all) : .radios(all), label: .verbatim(label), hint: hint, isRequired: !usual.isEmpty, isShort: asSelect)
            ],
            answers: { file in [name: [file.text(path).flatMap { text in all.contains { $0.value == text } ? text : nil } ?? usual]] },
            value: { entry, _ in entry[name].isEmpty ? nil : .text(entry[name]) }, usual: usual.isEmpty ? nil : usual)
    }

    /// A colour; `now` is what the site has, written or not.
    func color(_ path: [String], _ label: String, now: Color) -> SettingsItem {
        let name = SettingsItem.name(path)
        return SettingsItem(
            path, label: label, fields: [FormField(name, .color, label: .verbatim(label))],
            answers: { [name: [$0.text(path).flatMap { Color($0)?.hex } ?? now.hex]] }, value: { entry, _ in .text(entry[name]) })
    }

    /// A day. Where the file has a time of day as well, the field is one for words, so that it isn't lost.
    func day(_ path: [String], _ label: String, now: String?, hint: Words? = nil) -> SettingsItem {
        let isDay = now.map { $0.utf8.count == 10 && (try? WrittenDate(parsing: $0)) != nil } ?? true
        return text(path, label, .line(type: isDay ? "date" : "text"), hint: hint, maximum: 40, isShort: true)
    }

    func flag(_ path: [String], _ label: String) -> SettingsItem {
        let name = SettingsItem.name(path)
        return SettingsItem(
            path, label: label, fields: [FormField(name, .checkbox, label: .verbatim(label), isRequired: false)],
            answers: { [name: ["true", "yes", "on", "y"].contains($0.text(path)?.lowercased() ?? "") ? ["yes"] : []] },
            value: { entry, _ in entry[name] == "yes" ? .bool(true) : nil })
    }

    // MARK: Texts in several languages

    /// One field for each language of the site.
    func localized(
        _ path: [String], _ label: String, _ kind: FormField.Kind = .line(type: "text"), hint: Words? = nil, isRequired: Bool = false,
        maximum: Int = 200
    ) -> SettingsItem {
        SettingsItem(
            path, label: label,
            fields: languages.enumerated().map { index, language in
                FormField(
                    SettingsItem.name(path + [language.code]), kind, label: .verbatim(self.label(label, language)), hint: index == 0 ? hint : nil,
                    isRequired: isRequired && index == 0, maximumLength: maximum)
            },
            answers: { localizedAnswers(SettingsItem.name(path), $0.value(path)) },
            value: { localizedValue(SettingsItem.name(path), $0, $1) })
    }

    /// A site with one language needs no word for it.
    func label(_ label: String, _ language: Language) -> String { languages.count > 1 ? "\(label) (\(language.name))" : label }

    func localizedAnswers(_ name: String, _ value: YAMLValue?) -> SettingsItem.Answers {
        var answers: SettingsItem.Answers = [:]
        for (index, language) in languages.enumerated() {
            let text =
                value?.pairs.map { pairs in pairs.first { Language(code: $0.key) == language }?.value.text } ?? (index == 0 ? value?.text : nil)
            answers["\(name)-\(language.code)"] = [text ?? ""]
        }
        return answers
    }

    /// A text alone while only the default language has one; else one for each language that has one. Languages that the site doesn't have
    /// (any more) keep theirs.
    func localizedValue(_ name: String, _ entry: FormEntry, _ old: YAMLValue?) -> YAMLValue? {
        var pairs: [YAMLValue.Pair] = []
        for language in languages {
            let text = entry["\(name)-\(language.code)"]
            if !text.isEmpty { pairs.append(YAMLValue.Pair(language.code, .text(text))) }
        }
        guard !pairs.isEmpty else { return nil }
        pairs += (old?.pairs ?? []).filter { pair in Language(code: pair.key).map { !languages.contains($0) } ?? true }
        if pairs.count == 1, pairs[0].key == languages.first?.code { return pairs[0].value }
        return .mapping(pairs)
    }

    // MARK: Groups

    /// Parts that stand and go with one of them, the main one. A text alone in their place is the main one's.
    /// - Parameter hasMain: in the file.
    func whole(_ path: [String], _ label: String, main: String, hasMain: Bool, _ parts: [SettingsItem]) -> SettingsItem {
        @Sendable func group(_ value: YAMLValue?) -> [YAMLValue.Pair] {
            value?.pairs ?? value?.text.map { [YAMLValue.Pair(main, .text($0))] } ?? []
        }
        var item = SettingsItem(
            path, label: label, fields: parts.flatMap(\.fields),
            answers: { file in
                var file = file
                let pairs = group(file.value(path))
                // A group that was read can be written.
                if !pairs.isEmpty { try? file.set(path, .mapping(pairs)) }
                return parts.reduce(into: [:]) { $0.merge($1.answers(file)) { $1 } }
            },
            value: { entry, old in
                var pairs = group(old)
                for part in parts {
                    guard let key = part.path.last else { continue }
                    let index = pairs.firstIndex { $0.key == key }
                    let value = part.value(entry, index.map { pairs[$0].value })
                    if key == main, value == nil { return nil }
                    if let index {
                        if let value { pairs[index].value = value } else { pairs.remove(at: index) }
                    } else if let value, !part.isUsual(entry) {
                        pairs.append(YAMLValue.Pair(key, value))
                    }
                }
                return .mapping(pairs)
            })
        item.summary = { [strings] answers in
            guard let part = parts.first(where: { $0.path.last == main }), !part.shown(answers, strings).isEmpty else { return "" }
            return parts.map { $0.shown(answers, strings) }.filter { !$0.isEmpty }.joined(separator: " · ")
        }
        item.check = { entry in
            guard let part = parts.first(where: { $0.path.last == main }), part.fields.allSatisfy({ entry[$0.name].isEmpty }) else { return [] }
            // Whoever empties the main part takes all away; without one there is nothing to add to.
            let others = parts.filter { $0.path.last != main && !$0.isUsual(entry) }
            let isAway = hasMain || others.allSatisfy { $0.fields.allSatisfy { entry[$0.name].isEmpty } }
            return isAway ? [] : [FormEntry.Problem(field: part.fields.first?.name, words: "settings.text_missing")]
        }
        return item
    }

    // MARK: Rows

    /// What a row of a list holds.
    struct Column: Sendable {
        enum Kind: Sendable {
            case localized
            case text
            /// Where it leads: a page of the site (`page: about.md`) or an address (`url: …`).
            case target
        }

        let key: String
        let label: String
        let kind: Kind
        var isRequired = true
    }

    /// A list of groups, a row for each, with some empty ones at the end. Each says at which place it stands.
    /// - Parameters:
    ///   - filled: how many rows have something in them already; only so many and two more are shown.
    ///   - title: above each row, with a place for its number `{n}`.
    func rows(
        _ path: [String], watched: [String]? = nil, _ label: String, title: String, columns: [Column], maximum: Int
    ) -> SettingsItem {
        let name = SettingsItem.name(path)
        var item = SettingsItem(
            path, watched: watched, label: label, fields: (0..<maximum).flatMap { rowFields("\(name)-\($0)", $0, title, columns, maximum) },
            answers: { rowAnswers(name, $0.value(path)?.items ?? [], columns, maximum) },
            value: { entry, old in
                let items = old?.items ?? []
                let rows = rowOrder(name, entry, columns, maximum).map {
                    rowValue("\(name)-\($0)", entry, items.indices.contains($0) ? items[$0] : nil, columns)
                }
                // What doesn't fit into the form stays.
                let more = items.dropFirst(maximum)
                return rows.isEmpty && more.isEmpty ? nil : .list(rows + more)
            })
        item.order = { rowOrder(name, $0, columns, maximum) }
        item.check = { entry in
            rowOrder(name, entry, columns, maximum).flatMap { row in columns.flatMap { problems("\(name)-\(row)", entry, $0) } }
        }
        item.summary = { answers in
            (0..<maximum).compactMap { row in
                let cells = columns.flatMap { cellNames("\(name)-\(row)", $0) }.flatMap { answers[$0] ?? [] }.filter { !$0.isEmpty }
                return cells.isEmpty ? nil : cells.joined(separator: ", ")
            }.joined(separator: " · ")
        }
        return item
    }

    /// The row that a field of such an item belongs to.
    static func row(of field: String, in item: SettingsItem) -> Int? {
        field.dropFirst(SettingsItem.name(item.path).utf8.count + 1).split(separator: "-").first.flatMap { Int($0) }
    }

    private func rowFields(_ name: String, _ row: Int, _ title: String, _ columns: [Column], _ maximum: Int) -> [FormField] {
        let number = String(row + 1)
        var fields = columns.flatMap { column -> [FormField] in
            let label = "\(number). \(column.label)"
            switch column.kind {
            case .localized:
                return languages.map {
                    FormField("\(name)-\(column.key)-\($0.code)", label: .verbatim(self.label(label, $0)), isRequired: false, maximumLength: 120)
                }
            case .text:
                return [FormField("\(name)-\(column.key)", label: .verbatim(label), isRequired: false, maximumLength: 200, isShort: true)]
            case .target:
                var field = FormField(
                    "\(name)-\(column.key)", label: .verbatim(label), isRequired: false, maximumLength: 500, autocomplete: "off", inputMode: "url")
                field.suggestions = Self.targets
                return [field]
            }
        }
        fields[0].heading = .verbatim(title.replacingOccurrences(of: "{n}", with: number))
        let places = (1...maximum).map { FormField.Option(String($0), .verbatim(String($0))) }
        fields.append(
            FormField(
                "\(name)-place", .select(places + [FormField.Option("0", "settings.leave_out")]),
                label: .verbatim("\(number). \(strings("settings.place"))"), isShort: true))
        return fields
    }

    /// The id of the list of pages that a page with such fields has.
    static let targets = "targets"

    private func cellNames(_ name: String, _ column: Column) -> [String] {
        column.kind == .localized ? languages.map { "\(name)-\(column.key)-\($0.code)" } : ["\(name)-\(column.key)"]
    }

    private func rowAnswers(_ name: String, _ items: [YAMLValue], _ columns: [Column], _ maximum: Int) -> SettingsItem.Answers {
        var answers: SettingsItem.Answers = [:]
        for row in 0..<maximum {
            let item = items.indices.contains(row) ? items[row] : nil
            for column in columns {
                let cell = "\(name)-\(row)-\(column.key)"
                switch column.kind {
                case .localized: answers.merge(localizedAnswers(cell, item?[column.key])) { $1 }
                case .text: answers[cell] = [item?[column.key]?.text ?? ""]
                case .target: answers[cell] = [item?["page"]?.text ?? item?["url"]?.text ?? ""]
                }
            }
            answers["\(name)-\(row)-place"] = [String(row + 1)]
        }
        return answers
    }

    private func isEmpty(_ name: String, _ entry: FormEntry, _ columns: [Column]) -> Bool {
        columns.flatMap { cellNames(name, $0) }.allSatisfy { entry[$0].isEmpty }
    }

    /// The rows that say something, in the order of the places that they were given.
    private func rowOrder(_ name: String, _ entry: FormEntry, _ columns: [Column], _ maximum: Int) -> [Int] {
        Self.arranged(
            (0..<maximum).compactMap { row in
                let place = Int(entry["\(name)-\(row)-place"]) ?? row + 1
                guard place > 0, !isEmpty("\(name)-\(row)", entry, columns) else { return nil }
                return Placed(item: row, place: place, was: row + 1)
            })
    }

    private struct Placed {
        let item: Int
        let place: Int
        /// Nil for what had none.
        let was: Int?
    }

    /// What was given another place gets it; the others stand around it in their order.
    private static func arranged(_ items: [Placed]) -> [Int] {
        var slots = [Int?](repeating: nil, count: items.count)
        for item in items.filter({ $0.place != $0.was }).sorted(by: { ($0.place, $0.item) < ($1.place, $1.item) }) {
            let wanted = min(item.place, slots.count) - 1
            if let slot = slots.indices.first(where: { $0 >= wanted && slots[$0] == nil }) ?? slots.lastIndex(of: nil) { slots[slot] = item.item }
        }
        for item in items.filter({ $0.place == $0.was }).sorted(by: { $0.place < $1.place }) {
            if let slot = slots.firstIndex(of: nil) { slots[slot] = item.item }
        }
        return slots.compactMap { $0 }
    }

    /// What else stands in the row, such as the submenu of a navigation item, stays.
    private func rowValue(_ name: String, _ entry: FormEntry, _ old: YAMLValue?, _ columns: [Column]) -> YAMLValue {
        var pairs = old?.pairs ?? []
        func set(_ key: String, _ value: YAMLValue?) {
            let index = pairs.firstIndex { $0.key == key }
            if let value {
                if let index { pairs[index].value = value } else { pairs.append(YAMLValue.Pair(key, value)) }
            } else if let index {
                pairs.remove(at: index)
            }
        }
        for column in columns {
            let cell = "\(name)-\(column.key)"
            switch column.kind {
            case .localized: set(column.key, localizedValue(cell, entry, old?[column.key]))
            case .text: set(column.key, entry[cell].isEmpty ? nil : .text(entry[cell]))
            case .target:
                let target = entry[cell]
                set("page", Self.isPage(target) ? .text(target) : nil)
                set("url", Self.isPage(target) || target.isEmpty ? nil : .text(target))
            }
        }
        return .mapping(pairs)
    }

    private static func isPage(_ target: String) -> Bool { target.hasSuffix(".md") && !target.contains(":") }

    private func problems(_ name: String, _ entry: FormEntry, _ column: Column) -> [FormEntry.Problem] {
        guard let first = cellNames(name, column).first else { return [] }
        if cellNames(name, column).allSatisfy({ entry[$0].isEmpty }) {
            return column.isRequired ? [FormEntry.Problem(field: first, words: "form.problem.missing")] : []
        }
        guard column.kind == .target, Self.isPage(entry[first]), !pages.contains(entry[first]) else { return [] }
        return [FormEntry.Problem(field: first, words: "settings.no_such_page")]
    }

    // MARK: The home page

    /// What the home page shows, in which order: a place for each section, or none.
    func home(now: [Settings.HomeSection]) -> SettingsItem {
        let sections = Settings.HomeSection.allCases
        let places =
            [FormField.Option("0", "settings.not_shown")] + sections.indices.map { FormField.Option(String($0 + 1), .verbatim(String($0 + 1))) }
        let label = strings("settings.home_sections")
        let names = sections.map { (section: $0, name: "home-\($0.rawValue)", label: self.label($0)) }
        var item = SettingsItem(
            ["home"], label: label,
            fields: names.enumerated().map { index, name in
                var field = FormField(name.name, .select(places), label: .verbatim(name.label), isShort: true)
                if index == 0 {
                    field.heading = .verbatim(label)
                    field.hint = "settings.home_hint"
                }
                return field
            },
            answers: { file in
                let known = file.node(["home"]) == nil ? now : Self.sections(file)
                return Dictionary(
                    names.map { name in (name.name, [String((known.firstIndex(of: name.section) ?? -1) + 1)]) },
                    uniquingKeysWith: { first, _ in first })
            },
            value: { entry, old in
                let before =
                    old == nil ? now.map(\.rawValue) : (old?.items ?? []).compactMap(\.text).filter { Settings.HomeSection(rawValue: $0) != nil }
                let shown = names.enumerated().compactMap { index, name -> Placed? in
                    guard let place = Int(entry[name.name]), place > 0 else { return nil }
                    return Placed(item: index, place: place, was: before.firstIndex(of: name.section.rawValue).map { $0 + 1 })
                }
                return .list(Self.arranged(shown).map { .text(names[$0].section.rawValue) })
            })
        item.check = { entry in
            names.allSatisfy { entry[$0.name] == "0" } ? [FormEntry.Problem(field: "home-hero", words: "settings.home_empty")] : []
        }
        item.summary = { answers in
            names.compactMap { name in answers[name.name]?.first.flatMap { Int($0) }.map { (label: name.label, place: $0) } }
                .filter { $0.place > 0 }.sorted { $0.place < $1.place }.map(\.label).joined(separator: ", ")
        }
        return item
    }

    private static func sections(_ file: SettingsFile) -> [Settings.HomeSection] {
        let node = file.node(["home"])
        let names = node?.items?.compactMap(\.text) ?? node?.text?.split(separator: ",").map { String($0.trimmingSpaces) } ?? []
        return names.compactMap { Settings.HomeSection(rawValue: $0) }
    }

    private func label(_ section: Settings.HomeSection) -> String {
        switch section {
        case .hero: strings("settings.section_hero")
        case .nextMeeting: strings("settings.section_next_meeting")
        case .welcome: strings("settings.section_welcome")
        case .news: strings("settings.section_news")
        case .events: strings("settings.section_events")
        case .join: strings("settings.section_join")
        case .donate: strings("settings.section_donate")
        case .volunteer: strings("settings.section_volunteer")
        case .board: strings("settings.section_board")
        case .documents: strings("settings.section_documents")
        case .sponsors: strings("settings.section_sponsors")
        case .contact: strings("settings.section_contact")
        }
    }

    // MARK: Languages

    func siteLanguages() -> SettingsItem {
        let label = strings("settings.languages")
        let options = Language.all.map { FormField.Option($0.code, .verbatim($0.name)) }
        var item = SettingsItem(
            ["languages"], label: label,
            fields: [
                FormField("languages", .checkboxes(options), label: .verbatim(label), hint: "settings.languages_hint"),
                FormField(
                    "default_language", .select(options), label: "settings.default_language", hint: "settings.default_language_hint", isShort: true),
            ],
            answers: { [languages] _ in
                // As the boxes stand in the form, which is how a browser sends them.
                ["languages": Language.all.filter(languages.contains).map(\.code), "default_language": [languages.first?.code ?? "en"]]
            },
            value: { [languages] entry, _ in
                let wanted = Set(entry.all("languages"))
                let first = entry["default_language"]
                let rest = (languages + Language.all.filter { !languages.contains($0) }).map(\.code).filter { wanted.contains($0) && $0 != first }
                return .list(([first] + rest).map { .text($0) })
            })
        item.summary = { answers in
            let first = answers["default_language"]?.first ?? ""
            let codes = [first] + (answers["languages"] ?? []).filter { $0 != first }
            return codes.compactMap { Language(code: $0)?.name }.joined(separator: ", ")
        }
        return item
    }

    func timeZone(now: String) -> SettingsItem {
        let others = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") && !Self.zones.contains($0) }.sorted()
        return choice(
            ["timezone"], strings("settings.timezone"),
            (Self.zones + others).map { FormField.Option($0, .verbatim($0.replacingOccurrences(of: "_", with: " "))) }, now: now, usual: now,
            asSelect: true, hint: "settings.timezone_hint")
    }

    /// Those of the United States, from east to west.
    private static let zones = [
        "America/New_York", "America/Detroit", "America/Indiana/Indianapolis", "America/Chicago", "America/Denver", "America/Boise",
        "America/Phoenix",
        "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago",
    ]
}
