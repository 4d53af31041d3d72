package import Tenancy

/// What a site is about at this moment, for those who look after it.
package struct SiteOverview: Sendable {
    package struct Event: Sendable, Hashable {
        package let title: String
        /// Of the next occurrence.
        package let start: CivilDateTime
        package let isAllDay: Bool
        /// On the site.
        package let path: String
        /// From the tenant's folder.
        package let file: String
    }

    package struct Post: Sendable, Hashable {
        package let title: String
        package let date: CivilDate
        /// On the site.
        package let path: String
        /// From the tenant's folder.
        package let file: String
    }

    package let settings: Settings
    package let board: Board
    /// What is not over, the next one first.
    package let events: [Event]
    /// The newest first.
    package let posts: [Post]
    /// Errors and warnings, by place.
    package let findings: [Finding]
}

extension TenantInspector {
    /// Reads a site as a build does, and makes nothing. Throws `BuildError` when there is nothing to look at.
    package func overview(_ tenant: TenantFolder) throws(BuildError) -> SiteOverview {
        let (site, findings) = try look(at: tenant)
        let edition = site.editions.first
        return SiteOverview(
            settings: site.settings, board: edition?.board ?? Board(), events: edition.map { events(site, $0) } ?? [],
            posts: edition.map { posts(site, $0) } ?? [], findings: findings.filter { $0.severity >= .warning })
    }

    private func events(_ site: Site, _ edition: Site.Edition) -> [SiteOverview.Event] {
        site.upcoming.compactMap { index in
            let entry = site.entries[index]
            guard let event = entry.event else { return nil }
            let source = site.sourcePage(entry, in: edition)
            return SiteOverview.Event(
                title: source.title, start: event.shown.start, isAllDay: event.isAllDay, path: site.url(entry, in: edition), file: source.path)
        }
    }

    private func posts(_ site: Site, _ edition: Site.Edition) -> [SiteOverview.Post] {
        site.news.compactMap { index in
            let entry = site.entries[index]
            guard let date = entry.date else { return nil }
            let source = site.sourcePage(entry, in: edition)
            return SiteOverview.Post(title: source.title, date: date.date, path: site.url(entry, in: edition), file: source.path)
        }
    }
}
