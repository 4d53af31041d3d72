import StructuredData
import Tenancy

extension TextChecks {
    /// How much a text has to say before a past school year in it is taken for a mistake.
    enum YearContext: Sendable {
        /// A text of the settings or data files: it always speaks of now.
        case settings
        /// A title, description or heading, which names what the page is about.
        case title
        /// A page that names the current year nowhere: its headings count as titles.
        case page
        /// A page that names the current year, and so may compare.
        case comparingPage
    }

    /// Past school years that are named as if they were the current one. `skipping` are lines whose years belong to documents.
    func pastSchoolYears(in text: CheckedText, _ context: YearContext, skipping lines: Set<Int> = []) -> [Finding] {
        var findings: [Finding] = []
        for block in text.blocks {
            for sentence in text.sentences(of: block) {
                let years = SchoolYearFinder.years(in: text, sentence)
                guard let found = years.first, years.allSatisfy({ $0.year < schoolYear }), !TimeWords.past.contains(text, sentence, language) else {
                    continue
                }
                let isClaim =
                    switch context {
                    case .settings: true
                    case .title: !isLookingBack(at: found, in: text, sentence)
                    case .page where block.kind == .heading: !isLookingBack(at: found, in: text, sentence)
                    case .page: TimeWords.current.contains(text, sentence, language)
                    case .comparingPage: block.kind != .heading && TimeWords.current.contains(text, sentence, language)
                    }
                let mark = text.mark(of: found.range)
                guard isClaim, !lines.contains(mark.line) else { continue }
                findings.append(
                    Finding(
                        .pastSchoolYear, path: text.file.path, at: mark, "the school year \(text.string(found.range)) is over",
                        advice: "bring the text up to date and write \(schoolYear.text), or say that it is about a past year"))
            }
        }
        return findings
    }

    /// `What we paid for in 2025–26` looks back, `The board for 2025–26` doesn't.
    private func isLookingBack(at year: SchoolYearFinder.Found, in text: CheckedText, _ sentence: Range<Int>) -> Bool {
        let before = text.tokens(in: sentence.lowerBound..<year.range.lowerBound).last?.text ?? ""
        return ["in", "from", "during", "since", "until", "en", "durante", "desde", "trong", "năm", "во", "в", "за", "في", "pendant", "depuis"]
            .contains(before)
    }

    /// Whether a text names the current school year or a later one.
    func namesCurrentYear(_ text: CheckedText) -> Bool {
        text.blocks.contains { SchoolYearFinder.years(in: text, $0.range).contains { $0.year >= schoolYear } }
    }
}
