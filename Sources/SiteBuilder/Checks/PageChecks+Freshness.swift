import Markdown
import StructuredData
import Tenancy

extension PageChecks {
    /// Pages, the home page and events to come speak of now. A post speaks of the day that it carries above its text, and its readers know
    /// that, so posts and events that are over are left alone.
    func freshness() -> [Finding] {
        let written = lastTouched
        switch source.kind {
        case .news: return []
        case .event:
            guard let event = page.entry.event, !event.isPast, event.status != .cancelled else { return [] }
            return passedDates(.event(event.shown.start.date))
        case .page, .home:
            let relative = written.map { rules.relativeDates(in: body, written: $0) } ?? []
            return passedDates(written.map { .written($0) } ?? .none) + relative + schoolYears() + staleness(written) + bannerFindings()
        }
    }

    /// By the front matter only: when a file was copied or checked out says nothing.
    private var lastTouched: CivilDate? {
        [frontMatter.updated, frontMatter.date].compactMap { $0?.local(in: checks.site.zone).date }.max()
    }

    private func passedDates(_ reference: DateInText.Reference) -> [Finding] {
        ([body] + freshValues).flatMap { rules.passedDates(in: $0, reference) }
    }

    private var freshValues: [CheckedText] {
        [value("title", frontMatter.title), value("description", frontMatter.description)].compactMap { $0 }
    }

    // MARK: School years

    private static let archives = [
        "archiv", "histor", "past", "previous", "annual-report", "annual report", "minutes", "informe", "actas", "anterior",
    ]

    private func schoolYears() -> [Finding] {
        let names = source.stem.lowercased() + " " + source.title.lowercased()
        guard !Self.archives.contains(where: { names.contains($0) }) else { return [] }
        let isComparing = ([body] + values).contains { rules.namesCurrentYear($0) }
        let documentLines = Set(source.document.references.filter { $0.destination.contains("documents/") }.map(\.line))
        let inBody = rules.pastSchoolYears(in: body, isComparing ? .comparingPage : .page, skipping: documentLines)
        return inBody + freshValues.flatMap { rules.pastSchoolYears(in: $0, isComparing ? .comparingPage : .title) }
    }

    // MARK: Age

    private func staleness(_ touched: CivilDate?) -> [Finding] {
        guard let touched, checks.today.dayNumber - touched.dayNumber > 365, !isListing else { return [] }
        let key = frontMatter.updated != nil ? "updated" : "date"
        return [
            Finding(
                .stalePage, path: path, at: mark(of: key), "the page was last touched on \(touched), more than a year ago",
                advice: "read it again, correct what has changed, and write updated: \(checks.today)")
        ]
    }

    private func bannerFindings() -> [Finding] {
        guard source.kind == .home, let banner = frontMatter.banner else { return [] }
        return checks.announcementFindings(banner, path: path, at: mark(of: "banner"))
    }
}
