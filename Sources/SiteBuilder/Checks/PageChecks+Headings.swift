import Markdown
import StructuredData

extension PageChecks {
    /// The page's title is the only heading of the first level, and no level is skipped below it.
    func headings() -> [Finding] {
        var findings: [Finding] = []
        var previous = 1
        for heading in source.document.headings {
            let mark = Mark(line: heading.line, column: 1)
            let signs = String(repeating: "#", count: min(previous + 1, 6))
            if heading.level == 1 {
                findings.append(
                    Finding(
                        .headingLevelOne, path: path, at: mark, "“\(heading.text)” is a second title of the page",
                        advice: "write two signs: ## \(heading.text)"))
            } else if heading.level > previous + 1 {
                findings.append(
                    Finding(
                        .headingOrder, path: path, at: mark, "“\(heading.text)” is a heading of level \(heading.level) after level \(previous)",
                        advice: "write \(signs) \(heading.text)"))
            }
            // What follows is measured by this heading as it is: one slip is one finding.
            previous = heading.level
        }
        return findings
    }
}
