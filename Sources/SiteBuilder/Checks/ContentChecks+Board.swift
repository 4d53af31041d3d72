import StructuredData
import Tenancy

extension ContentChecks {
    /// Terms that are over, of the whole board and of single officers.
    func boardFindings(_ files: [DataFile]) -> [Finding] {
        files.filter { $0.path.hasPrefix("data/board") }.flatMap { file in
            file.nodes(named: "term").compactMap { node in
                guard let term = node.text, isOver(term: term) else { return nil }
                return Finding(
                    .officersTerm, path: file.path, at: node.mark, "the term \(term) is over",
                    advice: "enter the officers who were elected for \(schoolYear.text), with term: \(schoolYear.text)")
            }
        }
    }

    /// `2025–26` and `2024–2026` end when the last of these years' school year turns, `June 2026` and `2026-06-30` with that day, `2026` with the year.
    private func isOver(term: String) -> Bool {
        let text = CheckedText(value: term, at: Mark(line: 1, column: 1), in: TextFile(path: "", bytes: []))
        let all = 0..<text.scalars.count
        let dates = DateFinder(site.settings.defaultLanguage).dates(in: text, all) + DateFinder(.english).dates(in: text, all)
        if let last = dates.compactMap({ $0.year == nil ? nil : $0.date(.none, today: today) }).max() { return last < today }
        let years = text.tokens(in: all).compactMap { token in token.number.flatMap { (1990...2100).contains($0) ? $0 : nil } }
        let ends = SchoolYearFinder.years(in: text, all).map { $0.year.firstYear + 1 } + (years.count > 1 ? years : [])
        if let last = ends.max() { return site.settings.yearStart.firstDay(of: SchoolYear(firstYear: last)) <= today }
        return years.first.map { $0 < today.year } ?? false
    }
}
