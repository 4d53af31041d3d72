import StructuredData
import Tenancy

extension PageChecks {
    private static let longestDescription = 160
    private static let longestTitle = 70

    /// What search results and previews show of a page.
    func descriptions() -> [Finding] {
        var findings: [Finding] = []
        let description = frontMatter.description?.trimmingSpaces ?? ""
        if description.isEmpty {
            if needsDescription {
                findings.append(
                    Finding(
                        .missingDescription, path: path, "the page has no description",
                        advice: "add description: and one sentence about what readers find here"))
            }
        } else if description.count > Self.longestDescription {
            findings.append(
                Finding(
                    .longDescription, path: path, at: mark(of: "description"), "the description has \(description.count) characters",
                    advice: "say it in at most \(Self.longestDescription); search results cut the rest"))
        }
        if source.title.count > Self.longestTitle {
            findings.append(
                Finding(
                    .longTitle, path: path, at: mark(of: "title"), "the title has \(source.title.count) characters",
                    advice: "say it in at most \(Self.longestTitle), and put the rest into the description"))
        }
        return findings
    }

    /// Nobody goes back to last year's posts and events to describe them; the home page may use the site's own description.
    private var needsDescription: Bool {
        switch source.kind {
        case .page: !isListing
        case .home: checks.site.settings.description == nil
        case .event: page.entry.event?.isPast == false
        case .news: page.entry.date.map { checks.site.schoolYear(of: $0.date) >= checks.schoolYear } ?? false
        }
    }
}
