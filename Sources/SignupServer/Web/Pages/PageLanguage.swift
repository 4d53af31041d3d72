import Tenancy

/// In which language a page of the app host speaks.
enum PageLanguage {
    /// Those that `Templates/server/strings` has.
    static let all: [Language] = [.english] + ["es"].compactMap { Language(code: $0) }

    /// What a reader has chosen, else what the browser asks for, else English.
    /// - Parameters:
    ///   - chosen: now, by a link.
    ///   - kept: from the cookie of an earlier choice.
    static func of(chosen: Language?, kept: String?, accepted: String?) -> Language {
        chosen ?? kept.flatMap(language) ?? accepted.flatMap(first) ?? .english
    }

    static func language(_ code: String) -> Language? {
        Language(code: code).flatMap { all.contains($0) ? $0 : nil }
    }

    /// `lang` in a query, if it is one of ours.
    static func chosen(in query: String?) -> Language? {
        for pair in (query ?? "").split(separator: "&") where pair.hasPrefix("lang=") { return language(String(pair.dropFirst(5))) }
        return nil
    }

    /// The best of a header `Accept-Language` (RFC 9110, 12.5.4).
    private static func first(_ header: String) -> Language? {
        var best: (language: Language, weight: Double)?
        for part in header.prefix(500).split(separator: ",").prefix(20) {
            let pieces = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let code = pieces.first, let language = language(code) else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language
    }
}
