import Tenancy

/// Whether a translation still says what its original says.
enum TranslationState {
    /// True when the original has changed since: by `translation_of` (the original's fingerprint or date then), else by the dates of both.
    static func isOutdated(_ translation: SourcePage, original: SourcePage, zone: TimeZoneRules) -> Bool {
        guard translation.path != original.path else { return false }
        if let mark = translation.frontMatter.translationOf {
            if let date = try? WrittenDate(parsing: mark), mark.contains("-") {
                guard let updated = original.frontMatter.updated ?? original.frontMatter.date else { return false }
                return updated.local(in: zone).date > date.dateTime.date
            }
            return !original.fingerprint.description.hasPrefix(mark.lowercased())
        }
        guard let changed = original.frontMatter.updated else { return false }
        let translated = translation.frontMatter.updated ?? translation.frontMatter.date
        return translated.map { $0.instant(in: zone) < changed.instant(in: zone) } ?? true
    }
}
