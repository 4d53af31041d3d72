import StructuredData
import Tenancy

extension ContentChecks {
    /// Posts older than this are no longer worth a translator's evening.
    private static let newsDays = 60

    func translationFindings(_ files: [DataFile]) -> [Finding] {
        guard site.settings.languages.count > 1 else { return [] }
        let settings = files.first { $0.path == TenantLoader.settingsFile }
        return missingTranslations(settings) + outdatedTranslations() + (settings.map(untranslatedTexts) ?? [])
    }

    private func missingTranslations(_ settings: DataFile?) -> [Finding] {
        var findings: [Finding] = []
        for language in site.settings.languages {
            let missing = site.entries.filter { $0.translations[language.code] == nil && isWorthTranslating($0) }
            if !site.entries.contains(where: { $0.translations[language.code] != nil }) {
                // A language that was only just switched on is one piece of news and not one for every page.
                findings.append(
                    Finding(
                        .translationMissing, path: TenantLoader.settingsFile, at: settings?.node["languages"]?.mark ?? Mark(line: 1, column: 1),
                        "no page is written in \(language.name) yet",
                        advice: "begin with index.\(language.code).md, or take \(language.code) out of languages"))
                continue
            }
            for entry in missing {
                findings.append(
                    Finding(
                        .translationMissing, path: site.sources[entry.original].path, "the page is not there in \(language.name)",
                        advice: "write \(fileName(entry.stem, language)); until then readers are offered the original"))
            }
        }
        return findings
    }

    private func fileName(_ stem: String, _ language: Language) -> String {
        language == site.settings.defaultLanguage ? "\(stem).md" : "\(stem).\(language.code).md"
    }

    private func isWorthTranslating(_ entry: Site.Entry) -> Bool {
        switch entry.kind {
        case .home: true
        case .page: !SitePaths.listingStems.contains(entry.stem)
        case .event: entry.event?.isPast == false
        case .news: entry.date.map { today.dayNumber - $0.date.dayNumber <= Self.newsDays } ?? false
        }
    }

    private func outdatedTranslations() -> [Finding] {
        var findings: [Finding] = []
        for entry in site.entries where isWorthTranslating(entry) {
            let original = site.sources[entry.original]
            for (_, index) in entry.translations where index != entry.original {
                let translation = site.sources[index]
                guard TranslationState.isOutdated(translation, original: original, zone: site.zone) else { continue }
                let key = translation.frontMatter.translationOf != nil ? "translation_of" : "updated"
                let mark = translation.frontMatter.marks[key] ?? Mark(line: 1, column: 1)
                findings.append(
                    Finding(
                        .translationOutdated, path: translation.path, at: mark, "\(original.path) has changed since this translation",
                        advice: "compare the two, then write \(key): \(renewed(key, original))"))
            }
        }
        return findings
    }

    private func renewed(_ key: String, _ original: SourcePage) -> String {
        key == "updated" ? "\(today)" : original.fingerprint.short
    }

    /// Texts of the settings that are written in some of the site's languages and not in all.
    private func untranslatedTexts(_ file: DataFile) -> [Finding] {
        var findings: [Finding] = []
        func search(_ node: Node) {
            for item in node.items ?? [] { search(item) }
            guard let pairs = node.pairs else { return }
            let languages = pairs.compactMap { Language(code: $0.key) }
            guard !pairs.isEmpty, languages.count == pairs.count else {
                for pair in pairs { search(pair.value) }
                return
            }
            for language in site.settings.languages where !languages.contains(language) {
                findings.append(
                    Finding(
                        .translationMissing, path: file.path, at: node.mark, "this text is not there in \(language.name)",
                        advice: "add \(language.code): and the text"))
            }
        }
        search(file.node)
        return findings
    }
}
