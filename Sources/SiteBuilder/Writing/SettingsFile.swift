package import StructuredData

/// A YAML file of content (`site.yaml`, `data/board.yaml`), edited as its text: what isn't changed keeps its bytes, with comments, order,
/// unknown names and line ends.
///
/// A path leads through mappings by name and through lists by number (`["officers", "0", "name"]`); the empty one is the whole file.
package struct SettingsFile: Sendable {
    package private(set) var bytes: [UInt8]
    private var root: Node?

    /// Throws where the text isn't YAML.
    package init(_ bytes: [UInt8]) throws(StructuredDataError) {
        self.bytes = bytes
        root = try YAMLLines.read(bytes)
    }

    /// What stands at `path`; nil where nothing does, or "nothing" is written.
    package func node(_ path: [String]) -> Node? {
        var node = root
        for name in path {
            guard let here = node else { return nil }
            if let items = here.items {
                node = Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
            } else {
                node = here[name]
            }
        }
        return node.flatMap { $0.isNull ? nil : $0 }
    }

    /// The text of a scalar.
    package func text(_ path: [String]) -> String? { node(path)?.text }

    package func value(_ path: [String]) -> YAMLValue? { node(path).map { YAMLValue($0) } }

    /// Writes `value` at `path`, or removes what is there; a mapping or list left empty goes too. Setting what is there already changes no byte.
    ///
    /// What was written is read again and compared with what was meant. Throws, and changes nothing, where no text can say it: an entry that
    /// is in a mapping twice, more values or levels than a file may have.
    package mutating func set(_ path: [String], _ value: YAMLValue?) throws(StructuredDataError) {
        let old = root.flatMap { $0.isNull ? nil : YAMLValue($0) }
        let wanted = value.flatMap { $0.isNull ? nil : $0 }
        let current = self.value(path)
        if let wanted, let current, wanted.means(current) { return }
        if wanted == nil && current == nil { return }
        let meant = Self.setting(old, path[...], wanted) ?? .mapping([])
        var lines = YAMLLines(bytes)
        if let root, lines.edit(root, to: meant, isOneName: !path.isEmpty), let result = Self.checked(lines.bytes, meant) {
            (self.bytes, self.root) = result
            return
        }
        for keepsHead in [true, false] {
            var lines = YAMLLines(bytes)
            lines.rewrite(root, to: meant, keepsHead: keepsHead)
            if let result = Self.checked(lines.bytes, meant) {
                (self.bytes, self.root) = result
                return
            }
        }
        throw StructuredDataError(
            at: node(path)?.mark ?? Mark(line: 1, column: 1), "this can't be written", advice: "write less, and no name twice")
    }

    /// The text and what it says, if that is what was meant. Only at the top the order may be another: a new name takes the place that
    /// a note kept for it.
    private static func checked(_ bytes: [UInt8], _ meant: YAMLValue) -> (bytes: [UInt8], root: Node?)? {
        do throws(StructuredDataError) {
            let root = try YAMLLines.read(bytes)
            let written = root.map { $0.isNull ? .mapping([]) : YAMLValue($0) } ?? .mapping([])
            return sorted(written).means(sorted(meant)) ? (bytes, root) : nil
        } catch {
            return nil
        }
    }

    private static func sorted(_ value: YAMLValue) -> YAMLValue {
        value.pairs.map { .mapping($0.sorted { $0.key < $1.key }) } ?? value
    }

    /// The tree with `value` at `path`; nil where nothing is left of it.
    private static func setting(_ tree: YAMLValue?, _ path: ArraySlice<String>, _ value: YAMLValue?) -> YAMLValue? {
        guard let name = path.first else { return value }
        let rest = path.dropFirst()
        if case .list(var items)? = tree, let index = Int(name), index >= 0, index <= items.count {
            let inner = setting(index < items.count ? items[index] : nil, rest, value)
            if index < items.count {
                if let inner { items[index] = inner } else { items.remove(at: index) }
            } else if let inner {
                items.append(inner)
            }
            return items.isEmpty ? nil : .list(items)
        }
        var pairs = tree?.pairs ?? []
        let index = pairs.firstIndex { $0.key == name }
        if let inner = setting(index.map { pairs[$0].value }, rest, value) {
            if let index { pairs[index].value = inner } else { pairs.append(YAMLValue.Pair(name, inner)) }
        } else if let index {
            pairs.remove(at: index)
        }
        return pairs.isEmpty ? nil : .mapping(pairs)
    }
}
