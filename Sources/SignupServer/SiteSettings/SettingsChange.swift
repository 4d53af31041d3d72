import SiteBuilder
import StructuredData
import Tenancy

/// What somebody wants to change in a file of settings that they have seen, item by item. Where somebody else has changed other items meanwhile,
/// both changes stand; of the same item, neither is written over.
struct SettingsChange: Sendable {
    let group: SettingsGroup
    let seen: SettingsFile
    let entry: FormEntry

    /// Answered otherwise than they were shown.
    var items: [SettingsItem] {
        group.items.filter { item in
            let shown = group.form.entry(all: item.answers(seen))
            return !item.areSame(item.answers(in: shown), item.answers(in: entry))
        }
    }

    private func value(_ item: SettingsItem) -> YAMLValue? { item.value(entry, seen.value(item.path)) }

    /// Those that are in `theirs` neither as they were seen nor as they are wanted.
    func conflicts(with theirs: SettingsFile) -> [SettingsItem] {
        items.filter { item in
            !Self.areSame(theirs.value(item.watched), seen.value(item.watched)) && !Self.areSame(theirs.value(item.path), value(item))
        }
    }

    static func areSame(_ left: YAMLValue?, _ right: YAMLValue?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.means(right)
        default: false
        }
    }

    /// `file` with the changes in it. Throws where no text can say them.
    func applied(to file: SettingsFile) throws(StructuredDataError) -> SettingsFile {
        var file = file
        for item in items { try file.set(item.path, value(item)) }
        return file
    }

    /// What every field should say for saving this over `theirs`: the changed ones as they were answered, the others as they are there.
    func answers(over theirs: SettingsFile) -> SettingsItem.Answers {
        var answers = group.answers(theirs)
        for item in items { answers.merge(item.answers(in: entry)) { $1 } }
        return answers
    }

    /// What the generator finds in `after` that it didn't find in `before`, beside the field that it is about where that is known.
    func problems(from before: SettingsFile, to after: SettingsFile) -> [FormEntry.Problem] {
        var known = TenantLoader.settings(from: before.bytes).1.map(\.problem)
        var problems: [FormEntry.Problem] = []
        for finding in TenantLoader.settings(from: after.bytes).1 {
            if let index = known.firstIndex(of: finding.problem) {
                known.remove(at: index)
                continue
            }
            let path = after.node([])?.path(to: Mark(line: finding.line, column: finding.column))
            let field = path.flatMap { path in items.lazy.compactMap { $0.field(for: path, entry) }.first }
            problems.append(FormEntry.Problem(field: field?.name, words: Self.words(finding, path)))
        }
        return problems
    }

    /// In the reader's language where we have words for it; else in the generator's.
    private static func words(_ finding: Finding, _ path: [String]?) -> Words {
        switch path?.last {
        case "url"?, "link"?: "settings.wrong_link"
        case "primary"?, "accent"?: "settings.wrong_color"
        case "until"?: "settings.wrong_date"
        case "timezone"?: "settings.wrong_zone"
        case "membership_year_starts"?: "settings.wrong_day"
        default:
            if path?.first == "social" {
                "settings.wrong_link"
            } else if path?.first == "navigation" {
                "settings.leads_nowhere"
            } else {
                .string("settings.wrong", ["problem": finding.problem, "advice": finding.advice])
            }
        }
    }
}

extension Node {
    /// The names and numbers that lead to what stands at `mark`, from the top; nil if nothing does.
    func path(to mark: Mark) -> [String]? {
        if let pairs {
            for pair in pairs {
                if pair.keyMark == mark || pair.value.mark == mark { return [pair.key] }
                if let path = pair.value.path(to: mark) { return [pair.key] + path }
            }
        }
        for (index, item) in (items ?? []).enumerated() {
            if item.mark == mark { return [String(index)] }
            if let path = item.path(to: mark) { return [String(index)] + path }
        }
        return nil
    }
}
