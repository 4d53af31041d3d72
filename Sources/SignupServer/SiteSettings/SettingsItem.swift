import SiteBuilder
import StructuredData

/// One thing that a form of settings asks for, perhaps with several fields: where it stands in `site.yaml`, how it is read from there, and what
/// its answers write. What isn't answered otherwise than it was shown is never written.
struct SettingsItem: Sendable {
    /// By the name of a field.
    typealias Answers = [String: [String]]

    let path: [String]
    /// Somebody else's change of what stands here is a change of the same thing.
    let watched: [String]
    let label: String
    let fields: [FormField]
    /// What the file says, as answers.
    let answers: @Sendable (SettingsFile) -> Answers
    /// What the answers write in the place of what stands there; nil for nothing.
    let value: @Sendable (FormEntry, YAMLValue?) -> YAMLValue?
    /// The answer that counts where the file says nothing.
    let usual: String?
    /// What only this item can find wrong with its answers.
    var check: @Sendable (FormEntry) -> [FormEntry.Problem] = { _ in [] }
    /// What answers say, for people, where it isn't just their texts.
    var summary: (@Sendable (Answers) -> String)?
    /// The rows of the form in the order in which they are written.
    var order: @Sendable (FormEntry) -> [Int] = { _ in [] }

    init(
        _ path: [String], watched: [String]? = nil, label: String, fields: [FormField], answers: @escaping @Sendable (SettingsFile) -> Answers,
        value: @escaping @Sendable (FormEntry, YAMLValue?) -> YAMLValue?, usual: String? = nil
    ) {
        self.path = path
        self.watched = watched ?? path
        self.label = label
        self.fields = fields
        self.answers = answers
        self.value = value
        self.usual = usual
    }

    /// Whether the answer is the usual one, which needn't be written.
    func isUsual(_ entry: FormEntry) -> Bool { usual != nil && fields.allSatisfy { entry[$0.name] == usual } }

    /// The name of the field for what stands at a path.
    static func name(_ path: [String]) -> String { path.joined(separator: "-") }

    /// The answers of an entry to this item's fields.
    func answers(in entry: FormEntry) -> Answers {
        Dictionary(fields.map { ($0.name, entry.all($0.name)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether two sets of answers say the same; no answer is an empty one.
    func areSame(_ left: Answers, _ right: Answers) -> Bool {
        fields.allSatisfy { (left[$0.name] ?? []).filter { !$0.isEmpty } == (right[$0.name] ?? []).filter { !$0.isEmpty } }
    }

    /// What answers say, for people; empty if nothing.
    func shown(_ answers: Answers, _ strings: UIStrings) -> String {
        if let summary { return summary(answers) }
        return fields.flatMap { field in
            (answers[field.name] ?? []).filter { !$0.isEmpty }.map { answer in
                field.options?.first { $0.value == answer }?.label.text(strings) ?? answer
            }
        }.joined(separator: " · ")
    }

    /// The field that is nearest to what stands at `path` in the file that `entry` would write; nil if that isn't this item's.
    func field(for path: [String], _ entry: FormEntry) -> FormField? {
        guard path.starts(with: self.path) || self.path.starts(with: path) else { return nil }
        var path = path
        // Rows may be written in another order than they stand in the form.
        let order = order(entry)
        if path.count > self.path.count, let row = Int(path[self.path.count]), order.indices.contains(row) {
            path[self.path.count] = String(order[row])
        }
        let name = Self.name(path)
        // A link in a row is one field, whatever it leads to.
        let target = Self.name(path.dropLast() + ["target"])
        return fields.first { $0.name == name } ?? fields.first { $0.name.hasPrefix(name + "-") } ?? fields.first { $0.name == target }
            ?? fields.filter { name.hasPrefix($0.name) }.max { $0.name.utf8.count < $1.name.utf8.count }
            ?? fields.first
    }
}
