package import StructuredData

/// A text of the settings, the same in every language or one for each: `Join`, or `{en: Join, es: Únete}`.
package struct LocalizedText: Hashable, Sendable {
    package var fallback: String
    package var byLanguage: [String: String]

    package init(_ text: String) {
        fallback = text
        byLanguage = [:]
    }

    init(fallback: String, byLanguage: [String: String]) {
        self.fallback = fallback
        self.byLanguage = byLanguage
    }

    package subscript(language: Language) -> String {
        byLanguage[language.code] ?? fallback
    }
}

extension FieldReader {
    /// A text, or a mapping from language codes to texts whose first entry is the fallback.
    package mutating func localizedText(_ key: String) -> LocalizedText? {
        guard let node = node(key) else { return nil }
        if let text = node.text { return LocalizedText(text) }
        guard let pairs = node.pairs, let first = pairs.first(where: { $0.value.text != nil })?.value.text else {
            wrong(node, "`\(key)` is a list", advice: "write one text, or one for each language: \(key): {en: …, es: …}")
            return nil
        }
        var byLanguage: [String: String] = [:]
        for pair in pairs {
            guard let language = Language(code: pair.key) else {
                wrong(
                    pair.value, "`\(pair.key)` is not a language that is known here",
                    advice: "use one of \(Language.all.map(\.code).joined(separator: ", "))", severity: .warning)
                continue
            }
            if let text = pair.value.text { byLanguage[language.code] = text }
        }
        return LocalizedText(fallback: first, byLanguage: byLanguage)
    }
}
