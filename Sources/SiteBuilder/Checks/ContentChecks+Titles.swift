import StructuredData
import Tenancy

extension ContentChecks {
    /// Pages with one title can't be told apart in search results and tabs. Events repeat their titles from year to year, and show their dates.
    func titleFindings() -> [Finding] {
        var first: [String: String] = [:]
        var findings: [Finding] = []
        for entry in site.entries where entry.kind == .page || entry.kind == .news {
            let year = entry.date.map { site.schoolYear(of: $0.date).path } ?? "page"
            for (code, index) in entry.translations.sorted(by: { $0.key < $1.key }) {
                let source = site.sources[index]
                let key = "\(code) \(year) \(source.title.trimmingSpaces.lowercased())"
                guard let other = first[key] else {
                    first[key] = source.path
                    continue
                }
                findings.append(
                    Finding(
                        .sameTitle, path: source.path, at: source.frontMatter.marks["title"] ?? Mark(line: 1, column: 1),
                        "\(other) has the same title, “\(source.title)”", advice: "say in the title what is different here"))
            }
        }
        return findings
    }
}
