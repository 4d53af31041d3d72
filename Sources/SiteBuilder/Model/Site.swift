package import Tenancy

/// Everything that a tenant's site consists of, before a byte of it is rendered.
package struct Site: Sendable {
    /// One page in all its languages.
    package struct Entry: Sendable {
        /// Path without language and ending, shared by the translations.
        package let stem: String
        package let kind: SourcePage.Kind
        /// Index into `sources` of the page in the default language, or in the first that there is.
        package let original: Int
        /// Index into `sources` by language code.
        package let translations: [String: Int]
        /// From the root of an edition, decoded: `/news/2026/welcome/`.
        package let path: String
        /// A post's day and time.
        package let date: CivilDateTime?
        package let event: EventFacts?
    }

    /// The site in one language.
    package struct Edition: Sendable {
        package let language: Language
        /// Empty for the default language, else `/es`.
        package let prefix: String
        /// By address; entries newest first.
        package var tags: [Tag] = []
        package var categories: [Category] = []
        package var board = Board()
        package var sponsors: [Sponsor] = []
        package var documents: [DocumentEntry] = []
        package var announcement: Settings.Announcement?
    }

    package struct Tag: Sendable {
        package let path: String
        package let name: String
        package var entries: [Int]
    }

    package struct Category: Sendable {
        package let key: String
        package let name: String
    }

    package struct Redirect: Sendable, Hashable, Comparable {
        package let from: String
        package let to: String

        package static func < (left: Redirect, right: Redirect) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    package let slug: String
    package let settings: Settings
    package let zone: TimeZoneRules
    /// `https://lincoln.sites.example`, without a slash at the end.
    package let origin: String
    package let now: CivilDateTime
    package var sources: [SourcePage] = []
    package var entries: [Entry] = []
    package var entryByStem: [String: Int] = [:]
    /// Posts, newest first.
    package var news: [Int] = []
    /// Events with a future, the next one first.
    package var upcoming: [Int] = []
    /// Events that are over, the latest first.
    package var past: [Int] = []
    package var pages: [Int] = []
    package var editions: [Edition] = []
    package var redirects: [Redirect] = []
    /// Stems of pages that exist and are not published now, so that a link to one is no dead link.
    package var unpublished: Set<String> = []
    package var findings: [Finding] = []

    package var home: Int? { entryByStem["index"] }

    /// The page that an edition shows for an entry, and whether that is a page of another language.
    package func source(_ entry: Entry, in edition: Edition) -> (index: Int, isFallback: Bool) {
        if let own = entry.translations[edition.language.code] { return (own, false) }
        return (entry.original, true)
    }

    package func sourcePage(_ entry: Entry, in edition: Edition) -> SourcePage { sources[source(entry, in: edition).index] }

    /// The language that a source is written in.
    package func language(ofSource index: Int) -> Language { sources[index].language ?? settings.defaultLanguage }

    /// The address of an entry on the site, percent-encoded.
    package func url(_ entry: Entry, in edition: Edition) -> String { PathSegment.encoded(edition.prefix + entry.path) }

    package func edition(for language: Language) -> Edition? { editions.first { $0.language == language } }

    package func schoolYear(of date: CivilDate) -> SchoolYear { settings.yearStart.schoolYear(of: date) }
}
