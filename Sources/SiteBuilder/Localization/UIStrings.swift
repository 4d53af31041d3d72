import StructuredData
package import Templating
package import Tenancy

/// What the theme says in one language.
package struct UIStrings: Sendable {
    package let language: Language
    private let texts: [String: String]
    /// The strings without parameters, as templates get them: `{{t.key}}`.
    package let templateValue: TemplateValue

    init(language: Language, texts: [String: String]) {
        self.language = language
        self.texts = texts
        templateValue = .object(TemplateObject(texts.mapValues { .text($0) }))
    }

    /// The string called `key`, with `{name}` replaced by the values given.
    package func callAsFunction(_ key: String, _ parameters: [String: String] = [:]) -> String {
        fill(texts[key] ?? key, parameters)
    }

    /// The plural form of `key` for `count`; `{n}` is the count.
    package func plural(_ key: String, _ count: Int, _ parameters: [String: String] = [:]) -> String {
        let text = texts["\(key).\(language.pluralCategory(count))"] ?? texts["\(key).other"] ?? key
        return fill(text, parameters.merging(["n": String(count)]) { given, _ in given })
    }

    /// All plural forms of `key`, by category.
    package func pluralForms(_ key: String) -> [(category: String, text: String)] {
        ["zero", "one", "two", "few", "many", "other"].compactMap { category in texts["\(key).\(category)"].map { (category, $0) } }
    }

    private func fill(_ text: String, _ parameters: [String: String]) -> String {
        guard !parameters.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result: [UInt8] = []
        var rest = Substring(text).utf8
        while let open = rest.firstIndex(of: UInt8(ascii: "{")), let close = rest[open...].firstIndex(of: UInt8(ascii: "}")) {
            result += rest[..<open]
            let name = String(decoding: rest[rest.index(after: open)..<close], as: UTF8.self)
            if let value = parameters[name] { result += value.utf8 } else { result += rest[open...close] }
            rest = rest[rest.index(after: close)...]
        }
        result += rest
        return String(decoding: result, as: UTF8.self)
    }
}

/// The strings of all languages, from `Templates/strings/`.
package struct StringTable: Sendable {
    private let byLanguage: [Language: UIStrings]
    package let fingerprint: Fingerprint

    /// Throws `BuildError.template` with the place of what is wrong. A string that a language lacks is the English one.
    package init(folder: String) throws(BuildError) {
        var texts: [Language: [String: String]] = [:]
        var builder = FingerprintBuilder()
        let files = Language.all.map { (language: $0, path: "\(folder)/\($0.code).yaml") }
        let read = Parallel.map(files.count, jobs: 2) { Self.read(files[$0].path) }
        for (file, read) in zip(files, read) {
            guard let (bytes, strings) = try read?.get() else { continue }
            builder.add(file.language.code)
            builder.add(bytes)
            texts[file.language] = strings
        }
        guard let english = texts[.english] else { throw .unreadable(path: "\(folder)/en.yaml", reason: "the English strings are missing") }
        fingerprint = builder.finish()
        byLanguage = Dictionary(
            uniqueKeysWithValues: Language.all.map { language in
                // A plural form of English must not stand in for one that the language doesn't have.
                let own = texts[language] ?? [:]
                let plurals = Set(own.keys.compactMap { Self.pluralName($0) })
                let borrowed = english.filter { key, _ in own[key] == nil && !(Self.pluralName(key).map(plurals.contains) ?? false) }
                return (language, UIStrings(language: language, texts: borrowed.merging(own) { _, own in own }))
            })
    }

    /// `count` of `count.one`.
    private static func pluralName(_ key: String) -> String? {
        key.utf8.firstIndex(of: UInt8(ascii: ".")).map { String(key[..<$0]) }
    }

    /// Nil when there is no such file.
    private static func read(_ path: String) -> Result<(bytes: [UInt8], strings: [String: String]), BuildError>? {
        guard let bytes = readFile(path) else { return nil }
        do throws(StructuredDataError) {
            var strings: [String: String] = [:]
            for pair in try YAMLReader.read(bytes)?.pairs ?? [] { strings[pair.key] = pair.value.text ?? "" }
            return .success((bytes, strings))
        } catch {
            return .failure(
                .template(path: "\(path):\(error.mark.line):\(error.mark.column)", problem: "\(error.problem): \(error.advice)"))
        }
    }

    package subscript(language: Language) -> UIStrings {
        byLanguage[language] ?? UIStrings(language: language, texts: [:])
    }
}
