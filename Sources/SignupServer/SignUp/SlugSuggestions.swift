import Foundation
import Tenancy

/// Short names that would suit an organization, best first: `lincoln`, `lincoln-elementary`, `lincoln-ptsa`, `lincoln-wa`, …
///
/// Each follows the grammar and is not reserved; whether it is free is another question.
enum SlugSuggestions {
    static func all(name: String, school: String, kind: String, state: String) -> [Slug] {
        let words = self.words(school.isEmpty ? name : school)
        let core = words.filter { !generic.contains($0) && !kinds.contains($0) }
        let long = words.filter { !kinds.contains($0) && $0 != "school" }
        let kind = self.words(kind).joined()
        let state = state.lowercased()
        let bases = [core, long].map { $0.isEmpty ? words : $0 }
        var candidates: [[String]] = [bases[0], bases[1]]
        for base in bases { candidates += [base + [kind], base + [state], base + [kind, state]] }
        candidates += (2...9).map { bases[0] + [kind, String($0)] }
        var seen: Set<Slug> = []
        return candidates.compactMap { slug($0) }.filter { seen.insert($0).inserted }
    }

    /// What somebody has typed, as near to a slug as can be: `Lincoln PTSA!` → `lincoln-ptsa`.
    static func repaired(_ text: String) -> Slug? { slug(words(text)) }

    private static let kinds: Set = ["pta", "ptsa", "pto", "ptso", "booster", "boosters", "club", "parent", "teacher", "student", "association"]
    private static let generic: Set = [
        "school", "schools", "elementary", "middle", "high", "junior", "senior", "primary", "intermediate", "academy", "public", "charter", "the",
        "of", "at", "and", "k8", "k12",
    ]

    /// Lower-case words of ASCII letters and digits; letters with accents lose them, others are left out.
    private static func words(_ text: String) -> [String] {
        let folded = String(text.prefix(200)).folding(options: [.diacriticInsensitive, .caseInsensitive], locale: Locale(identifier: "en_US_POSIX"))
        return folded.replacing("'", with: "").replacing("’", with: "").split { character in
            !(character.isASCII && (character.isLetter || character.isNumber))
        }.map { $0.lowercased() }
    }

    /// As many of the words as there is room for.
    private static func slug(_ words: [String]) -> Slug? {
        var text = ""
        for word in words where !word.isEmpty {
            let longer = text.isEmpty ? word : "\(text)-\(word)"
            guard longer.utf8.count <= Slug.maximumLength else { break }
            text = longer
        }
        return try? Slug(claiming: text)
    }
}
