/// A language of a site. The ones listed have strings for everything the theme says.
package struct Language: Hashable, Sendable {
    /// BCP 47, as it stands in `lang`, in file names (`about.es.md`) and in addresses (`/es/`).
    package let code: String
    /// What its speakers call it.
    package let name: String
    package let isRightToLeft: Bool

    package var direction: String { isRightToLeft ? "rtl" : "ltr" }

    private init(_ code: String, _ name: String, isRightToLeft: Bool = false) {
        self.code = code
        self.name = name
        self.isRightToLeft = isRightToLeft
    }

    package static let english = Language("en", "English")

    package static let all: [Language] = [
        english,
        Language("es", "Español"),
        Language("zh-Hans", "简体中文"),
        Language("vi", "Tiếng Việt"),
        Language("ko", "한국어"),
        Language("ru", "Русский"),
        Language("ar", "العربية", isRightToLeft: true),
        Language("fr", "Français"),
    ]

    /// Nil for a language without strings. `zh`, `zh-CN` and the like mean Simplified Chinese; a region (`es-MX`) is dropped.
    package init?(code: String) {
        let code = code.lowercased()
        let wanted = code == "zh" || code.hasPrefix("zh-cn") || code.hasPrefix("zh-hans") ? "zh-hans" : code
        let base = wanted.split(separator: "-").first.map(String.init) ?? wanted
        guard let found = Self.all.first(where: { $0.code.lowercased() == wanted }) ?? Self.all.first(where: { $0.code == base }) else { return nil }
        self = found
    }

    /// The CLDR plural category of a count: `one`, `few`, `many`, `two`, `zero` or `other` (CLDR, Language Plural Rules, integers).
    package func pluralCategory(_ count: Int) -> String {
        let n = count.magnitude
        switch code {
        case "zh-Hans", "vi", "ko": return "other"
        case "fr": return n <= 1 ? "one" : n.isMultiple(of: 1_000_000) ? "many" : "other"
        case "es": return n == 1 ? "one" : n != 0 && n.isMultiple(of: 1_000_000) ? "many" : "other"
        case "ru":
            let (ten, hundred) = (n % 10, n % 100)
            if ten == 1 && hundred != 11 { return "one" }
            if (2...4).contains(ten) && !(12...14).contains(hundred) { return "few" }
            return "many"
        case "ar":
            if n == 0 { return "zero" }
            if n == 1 { return "one" }
            if n == 2 { return "two" }
            if (3...10).contains(n % 100) { return "few" }
            if (11...99).contains(n % 100) { return "many" }
            return "other"
        default: return n == 1 ? "one" : "other"
        }
    }
}
