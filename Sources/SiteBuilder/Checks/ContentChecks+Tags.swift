import StructuredData
import Tenancy

extension ContentChecks {
    private struct Use: Hashable {
        let path: String
        let mark: Mark
    }

    /// Tags that differ only by capitals, hyphens or the plural. The one that is used most is taken for the right one.
    func tagFindings() -> [Finding] {
        var findings: [Finding] = []
        for language in site.settings.languages {
            var groups: [String: [String: [Use]]] = [:]
            for entry in site.entries {
                guard let index = entry.translations[language.code] else { continue }
                let source = site.sources[index]
                for tag in source.frontMatter.tags {
                    let use = Use(path: source.path, mark: source.frontMatter.marks["tags"] ?? Mark(line: 1, column: 1))
                    groups[Self.key(tag), default: [:]][String(tag.trimmingSpaces), default: []].append(use)
                }
            }
            for spellings in groups.values where spellings.count > 1 {
                let sorted = spellings.sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }
                guard let usual = sorted.first else { continue }
                for (tag, uses) in sorted.dropFirst() {
                    for use in uses {
                        findings.append(
                            Finding(
                                .similarTags, path: use.path, at: use.mark, "the tag “\(tag)” is elsewhere written “\(usual.key)”",
                                advice: "write \(usual.key) here, too"))
                    }
                }
            }
        }
        return findings
    }

    /// `Field Trips`, `field-trip` and `fieldtrips` have one key.
    private static func key(_ tag: String) -> String {
        var letters = String(tag.lowercased().filter { $0.isLetter || $0.isNumber })
        guard letters.count > 3, letters.allSatisfy(\.isASCII) else { return letters }
        if letters.hasSuffix("ies") { return letters.dropLast(3) + "y" }
        if letters.hasSuffix("s"), !letters.hasSuffix("ss") { letters.removeLast() }
        return letters
    }
}
