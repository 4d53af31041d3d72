import StructuredData
import Tenancy

/// Arranges the pages of a tenant into a site: addresses, languages, dates, lists.
struct SiteModeler {
    let slug: String
    let settings: Settings
    let zone: TimeZoneRules
    let origin: String
    let tree: ContentTree
    let lastGood: (String) -> [UInt8]?

    private var site: Site
    private var moments: Moments

    init(
        slug: String, settings: Settings, zone: TimeZoneRules, origin: String, tree: ContentTree, now: Instant,
        lastGood: @escaping (String) -> [UInt8]?
    ) {
        self.slug = slug
        self.settings = settings
        self.zone = zone
        self.origin = origin
        self.tree = tree
        self.lastGood = lastGood
        moments = Moments(now: now)
        site = Site(slug: slug, settings: settings, zone: zone, origin: origin, now: zone.local(now))
    }

    static func model(
        slug: String, settings: Settings, zone: TimeZoneRules, origin: String, tree: ContentTree, pages: [SourcePage],
        withheld: Set<String> = [], now: Instant, lastGood: @escaping (String) -> [UInt8]? = { _ in nil }
    ) -> (site: Site, moments: Moments) {
        var modeler = SiteModeler(slug: slug, settings: settings, zone: zone, origin: origin, tree: tree, now: now, lastGood: lastGood)
        modeler.site.unpublished = withheld
        modeler.choosePublished(pages)
        modeler.makeEntries()
        modeler.sortEntries()
        modeler.noteTurns()
        modeler.makeEditions()
        modeler.makeRedirects()
        return (modeler.site, modeler.moments)
    }

    // MARK: Which pages are published now

    private mutating func choosePublished(_ pages: [SourcePage]) {
        for page in pages {
            if isPublished(page.frontMatter) { site.sources.append(page) } else { site.unpublished.insert(page.stem) }
        }
    }

    private mutating func isPublished(_ frontMatter: FrontMatter) -> Bool {
        if frontMatter.isDraft || frontMatter.isMembersOnly { return false }
        if let publish = frontMatter.publish, !moments.hasPassed(publish.instant(in: zone)) { return false }
        if let expire = frontMatter.expire, moments.hasPassed(end(of: expire)) { return false }
        return true
    }

    /// A day without a time lasts until its midnight.
    private func end(of written: WrittenDate) -> Instant {
        guard !written.hasTime else { return written.instant(in: zone) }
        return zone.instant(of: CivilDateTime(date: written.dateTime.date.adding(days: 1)))
    }

    // MARK: Entries

    private mutating func makeEntries() {
        var sourcesByStem: [String: [Int]] = [:]
        var stems: [String] = []
        for (index, source) in site.sources.enumerated() {
            if sourcesByStem[source.stem] == nil { stems.append(source.stem) }
            sourcesByStem[source.stem, default: []].append(index)
        }
        var taken: [String: String] = [:]
        for stem in stems {
            let indices = sourcesByStem[stem] ?? []
            var translations: [String: Int] = [:]
            for index in indices {
                let code = (site.sources[index].language ?? settings.defaultLanguage).code
                // `about.en.md` beside `about.md`: the one without a language is the original.
                if translations[code] == nil || site.sources[index].language == nil { translations[code] = index }
            }
            let defaultCode = settings.defaultLanguage.code
            guard let original = translations[defaultCode] ?? settings.languages.compactMap({ translations[$0.code] }).first else { continue }
            guard let entry = makeEntry(stem, original: original, translations: translations) else { continue }
            if let other = taken[entry.path] {
                site.findings.append(
                    Finding(
                        .error, "same-address", path: site.sources[original].path, "this page and \(other) have the same address, \(entry.path)",
                        advice: "give one of the two files another name"))
                continue
            }
            taken[entry.path] = site.sources[original].path
            site.entryByStem[stem] = site.entries.count
            site.entries.append(entry)
        }
    }

    private mutating func makeEntry(_ stem: String, original: Int, translations: [String: Int]) -> Site.Entry? {
        let source = site.sources[original]
        switch source.kind {
        case .event:
            guard let facts = EventFacts(source.frontMatter, zone: zone, moments: &moments) else {
                site.findings.append(
                    Finding(
                        .error, "event-start", path: source.path, "the event has no start", advice: "add start: 2026-09-02T18:00 to the front matter")
                )
                return nil
            }
            return Site.Entry(
                stem: stem, kind: .event, original: original, translations: translations, path: path(of: stem), date: nil, event: facts)
        case .news:
            let name = Self.name(of: stem)
            guard let date = Self.date(ofPost: source, in: zone) else {
                site.findings.append(
                    Finding(
                        .error, "news-date", path: source.path, "the post has no date",
                        advice: "add date: 2026-09-02, or begin the file's name with it: 2026-09-02-\(name).md"))
                return nil
            }
            return Site.Entry(
                stem: stem, kind: .news, original: original, translations: translations, path: Self.path(ofPost: stem, date), date: date, event: nil)
        case .home:
            return Site.Entry(stem: stem, kind: .home, original: original, translations: translations, path: "/", date: nil, event: nil)
        case .page:
            return Site.Entry(stem: stem, kind: .page, original: original, translations: translations, path: path(of: stem), date: nil, event: nil)
        }
    }

    private func path(of stem: String) -> String { Self.path(of: stem) }

    static func date(ofPost source: SourcePage, in zone: TimeZoneRules) -> CivilDateTime? {
        source.frontMatter.date?.local(in: zone) ?? DatedName(name(of: source.stem)).map { CivilDateTime(date: $0.date) }
    }

    static func path(ofPost stem: String, _ date: CivilDateTime) -> String {
        let name = name(of: stem)
        return "/news/\(date.date.year)/\(segment(DatedName(name)?.rest ?? name))/"
    }

    private static func name(of stem: String) -> String { String(stem.split(separator: "/").last ?? "") }

    static func path(of stem: String) -> String {
        var segments = stem.split(separator: "/").map { segment(String($0)) }
        if segments.last == "index" { segments.removeLast() }
        return segments.isEmpty ? "/" : "/" + segments.joined(separator: "/") + "/"
    }

    /// What stands before the path of a page in one of the site's languages.
    static func prefix(of language: Language, in settings: Settings) -> String {
        language == settings.defaultLanguage ? "" : "/\(language.code.lowercased())"
    }

    private static func segment(_ name: String) -> String {
        let made = PathSegment.make(name)
        return made.isEmpty ? "page-" + Fingerprint(of: name).short.prefix(6) : made
    }

    /// The school year stands on every page, and lists and links name the current month.
    private mutating func noteTurns() {
        let today = zone.local(moments.now).date
        let nextYear = SchoolYear(firstYear: settings.yearStart.schoolYear(of: today).firstYear + 1)
        _ = moments.hasPassed(zone.instant(of: CivilDateTime(date: settings.yearStart.firstDay(of: nextYear))))
        if site.entries.contains(where: { $0.event != nil }) {
            _ = moments.hasPassed(zone.instant(of: CivilDateTime(date: today.firstOfMonth.adding(months: 1))))
        }
    }

    private mutating func sortEntries() {
        for (index, entry) in site.entries.enumerated() {
            switch entry.kind {
            case .news: site.news.append(index)
            case .event: if entry.event?.isPast == true { site.past.append(index) } else { site.upcoming.append(index) }
            case .page: site.pages.append(index)
            case .home: break
            }
        }
        let entries = site.entries
        site.news.sort { left, right in
            let (a, b) = (entries[left], entries[right])
            return a.date == b.date ? a.stem < b.stem : (a.date ?? .first) > (b.date ?? .first)
        }
        func start(_ index: Int) -> CivilDateTime { entries[index].event?.shown.start ?? .first }
        site.upcoming.sort { start($0) == start($1) ? entries[$0].stem < entries[$1].stem : start($0) < start($1) }
        site.past.sort { start($0) == start($1) ? entries[$0].stem < entries[$1].stem : start($0) > start($1) }
    }

    // MARK: Editions

    private mutating func makeEditions() {
        var reader = DataFileReader(tree: tree, lastGood: lastGood)
        for (number, language) in settings.languages.enumerated() {
            let isDefault = number == 0
            var edition = Site.Edition(language: language, prefix: isDefault ? "" : "/\(language.code.lowercased())")
            edition.board = reader.board(language, isDefault: isDefault)
            edition.sponsors = reader.sponsors(language, isDefault: isDefault)
            edition.documents = reader.documents(language, isDefault: isDefault)
            edition.tags = tags(in: edition)
            edition.categories = categories(in: edition)
            edition.announcement = announcement(in: edition)
            site.editions.append(edition)
        }
        // What one language's list keeps for members, no other may give away.
        let kept = Set(site.editions.flatMap(\.documents).filter { !$0.isPublic }.map(\.file))
        for number in site.editions.indices { site.editions[number].documents.removeAll { kept.contains($0.file) } }
        site.findings.append(contentsOf: Set(reader.findings).sorted())
    }

    private func tags(in edition: Site.Edition) -> [Site.Tag] {
        var tags: [Site.Tag] = []
        var positions: [String: Int] = [:]
        func add(_ names: [String], _ index: Int) {
            for name in names {
                let path = PathSegment.make(name)
                guard !path.isEmpty else { continue }
                if let position = positions[path] {
                    if tags[position].entries.last != index { tags[position].entries.append(index) }
                } else {
                    positions[path] = tags.count
                    tags.append(Site.Tag(path: path, name: name, entries: [index]))
                }
            }
        }
        for index in site.news { add(site.sourcePage(site.entries[index], in: edition).frontMatter.tags, index) }
        for index in site.upcoming + site.past { add(site.sourcePage(site.entries[index], in: edition).frontMatter.tags, index) }
        for index in site.pages { add(site.sourcePage(site.entries[index], in: edition).frontMatter.tags, index) }
        return tags.sorted { $0.path < $1.path }
    }

    private func categories(in edition: Site.Edition) -> [Site.Category] {
        var names: [String: String] = [:]
        for index in site.upcoming + site.past {
            let entry = site.entries[index]
            guard let key = entry.event?.categoryKey else { continue }
            // A translation may name the category in its own language; its first such name counts.
            let source = site.source(entry, in: edition)
            let own = source.isFallback ? nil : site.sources[source.index].frontMatter.category
            let name = own ?? site.sources[entry.original].frontMatter.category ?? key
            if names[key] == nil || (own != nil && own != site.sources[entry.original].frontMatter.category) { names[key] = name }
        }
        return names.map { Site.Category(key: $0.key, name: $0.value.prefix(1).uppercased() + $0.value.dropFirst()) }.sorted { $0.key < $1.key }
    }

    // MARK: Redirects and announcement

    private mutating func makeRedirects() {
        var redirects: Set<Site.Redirect> = []
        let taken = Set(site.entries.map(\.path))
        for entry in site.entries {
            for (code, index) in entry.translations {
                let source = site.sources[index]
                for alias in source.frontMatter.aliases {
                    guard let edition = site.editions.first(where: { $0.language.code == code }) else { continue }
                    guard let from = aliasPath(alias), !taken.contains(from) else {
                        site.findings.append(
                            Finding(
                                .error, "alias", path: source.path, line: source.line(of: "aliases"), "`\(alias)` can't be an alias",
                                advice: "write an old address on this site that no page has: /old-page/"))
                        continue
                    }
                    redirects.insert(Site.Redirect(from: from, to: site.url(entry, in: edition)))
                }
            }
        }
        // Of two pages that claim one old address, the first by address gets it.
        var seen: Set<String> = []
        site.redirects = redirects.sorted().filter { seen.insert($0.from).inserted }
    }

    private func aliasPath(_ alias: String) -> String? {
        let path = alias.split(separator: "?", omittingEmptySubsequences: false).first.map(String.init) ?? alias
        guard let decoded = PathSegment.decoded(path), !decoded.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            return nil
        }
        let segments = decoded.split(separator: "/").map(String.init)
        guard !segments.isEmpty, segments.count <= 20, decoded.utf8.count <= 1000, !decoded.contains("://"),
            segments.allSatisfy({ !$0.hasPrefix(".") && !$0.hasPrefix("_") && $0.utf8.count < 200 })
        else { return nil }
        let isFile = segments.last?.contains(".") == true
        return "/" + segments.joined(separator: "/") + (isFile ? "" : "/")
    }

    /// The home page's banner in that language, else in the original's, else the one of the settings; none whose time is over.
    private mutating func announcement(in edition: Site.Edition) -> Settings.Announcement? {
        let home = site.home.map { site.entries[$0] }
        let banner = home.flatMap { site.sourcePage($0, in: edition).frontMatter.banner ?? site.sources[$0.original].frontMatter.banner }
        guard let announcement = banner ?? settings.announcement else { return nil }
        if let until = announcement.until, moments.hasPassed(end(of: until)) { return nil }
        return announcement
    }
}
