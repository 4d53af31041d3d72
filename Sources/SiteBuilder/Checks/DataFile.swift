import StructuredData
import Tenancy

/// A YAML file of a tenant, with the places of its texts.
struct DataFile: Sendable {
    /// A text for readers.
    struct Value {
        let text: CheckedText
        let language: Language
        /// The names above it: `["hero", "title", "en"]`.
        let keys: [String]
    }

    let path: String
    let node: Node
    let text: TextFile
    /// The language in the file's name, else the site's.
    let language: Language

    /// Names whose values are no prose.
    private static let technical: Set<String> = [
        "url", "link", "page", "image", "logo", "email", "file", "term", "colors", "unit", "timezone", "languages", "theme", "social", "until",
        "date", "level", "home",
        "price", "ein", "domains", "year", "category", "visibility", "membership_year_starts", "vacant",
    ]

    init(path: String, node: Node, text: TextFile, defaultLanguage: Language) {
        self.path = path
        self.node = node
        self.text = text
        let parts = path.split(separator: ".")
        language = parts.count == 3 ? Language(code: String(parts[1])) ?? defaultLanguage : defaultLanguage
    }

    /// The texts that readers see.
    var values: [Value] {
        var values: [Value] = []
        collect(node, keys: [], language: language, into: &values)
        return values
    }

    private func collect(_ node: Node, keys: [String], language: Language, into values: inout [Value]) {
        if let value = node.text, !keys.isEmpty {
            values.append(Value(text: CheckedText(value: value, at: node.mark, in: text), language: language, keys: keys))
        }
        for item in node.items ?? [] { collect(item, keys: keys, language: language, into: &values) }
        for pair in node.pairs ?? [] where !Self.technical.contains(pair.key) {
            collect(pair.value, keys: keys + [pair.key], language: Language(code: pair.key) ?? language, into: &values)
        }
    }

    /// Every value of a name, wherever it stands.
    func nodes(named name: String) -> [Node] {
        var found: [Node] = []
        func search(_ node: Node) {
            for item in node.items ?? [] { search(item) }
            for pair in node.pairs ?? [] {
                if pair.key == name { found.append(pair.value) }
                search(pair.value)
            }
        }
        search(node)
        return found
    }

    /// Every text of the file, prose or not.
    var allTexts: [String] {
        var texts: [String] = []
        func search(_ node: Node) {
            if let text = node.text { texts.append(text) }
            for item in node.items ?? [] { search(item) }
            for pair in node.pairs ?? [] { search(pair.value) }
        }
        search(node)
        return texts
    }
}
