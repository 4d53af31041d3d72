import StructuredData
import Tenancy

extension ContentChecks {
    private static let oldDraftDays = 90

    /// Drafts that nobody finished. `others` are the pages that the site doesn't show.
    func draftFindings(_ others: [SourcePage]) -> [Finding] {
        others.compactMap { page in
            guard page.frontMatter.isDraft, !page.hasErrors, site.unpublished.contains(page.stem) else { return nil }
            let written = [page.frontMatter.updated, page.frontMatter.date].compactMap { $0?.local(in: site.zone).date }.max()
            guard let date = written ?? DatedName(String(page.stem.split(separator: "/").last ?? ""))?.date,
                today.dayNumber - date.dayNumber > Self.oldDraftDays
            else { return nil }
            return Finding(
                .oldDraft, path: page.path, at: page.frontMatter.marks["draft"] ?? Mark(line: 1, column: 1), "the draft is from \(date)",
                advice: "finish it and remove draft: true, or delete the file")
        }
    }
}
