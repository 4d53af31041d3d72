import StructuredData
package import Tenancy

/// What was read of a tenant's folder: settings and pages, each in its last good state.
package struct LoadedTenant: Sendable {
    package var settings: Settings
    package var zone: TimeZoneRules
    package var pages: [SourcePage]
    package var findings: [Finding]
    /// Stems of pages that have errors and no last good text: links to them are nobody else's mistake.
    package var withheld: Set<String> = []
    /// The good texts, for the next build's archive.
    var goodSources: [String: [UInt8]]
}

/// Reads a tenant's settings and pages. A page with an error is replaced by its last good text, or left out.
package struct TenantLoader: Sendable {
    package static let settingsFile = "site.yaml"

    let tree: ContentTree
    let jobs: Int
    let cache: SourceCache?
    /// The last good texts; read only when something is wrong.
    let lastGood: @Sendable () -> SourceArchive?
    /// Keep the texts for the archive.
    let keepsSources: Bool

    init(
        tree: ContentTree, jobs: Int = 1, cache: SourceCache? = nil, keepsSources: Bool = false,
        lastGood: @escaping @Sendable () -> SourceArchive? = { nil }
    ) {
        self.tree = tree
        self.jobs = jobs
        self.cache = cache
        self.keepsSources = keepsSources
        self.lastGood = lastGood
    }

    /// Whether a file of the content, by its path from the tenant's folder, is a page.
    package static func isPage(_ path: String) -> Bool {
        path.hasSuffix(".md") && !path.hasPrefix("static/") && !path.hasPrefix("theme/") && !path.hasPrefix("documents/") && path != "README.md"
    }

    /// Throws `BuildError.unusable` when there are no usable settings, now or in the last release.
    package func load(slug: String) throws(BuildError) -> LoadedTenant {
        var findings = tree.findings
        var good: [String: [UInt8]] = [:]
        let (settings, settingsBytes) = try settings(slug: slug, findings: &findings)
        good[Self.settingsFile] = settingsBytes
        let zone = TimeZoneRules.named(settings.timeZone) ?? .utc
        let files = tree.files.filter { Self.isPage($0.path) }
        let reader = PageReader(languages: settings.languages)
        let keeps = keepsSources
        let known = cache?.pages(of: tree.root) ?? [:]
        let read = Parallel.map(files.count, jobs: jobs) { [tree] index -> (page: SourcePage, bytes: [UInt8]?) in
            let file = files[index]
            let page = known[file.path].flatMap { $0.file == file ? $0.page : nil }
            // The archive needs the text, so a remembered page alone serves only where none is kept.
            if let page, !keeps { return (page, nil) }
            guard let bytes = tree.read(file) else { return (reader.unreadable(path: file.path), nil) }
            return (page ?? reader.read(path: file.path, bytes: bytes), keeps ? bytes : nil)
        }
        if let cache {
            // What can't be read now can perhaps be read the next time, although the file looks the same.
            let entries = zip(files, read).filter { !$1.page.isUnreadable }.map { ($0.path, SourceCache.Entry(file: $0, page: $1.page)) }
            cache.remember(Dictionary(entries, uniquingKeysWith: { _, last in last }), of: tree.root)
        }
        var pages: [SourcePage] = []
        var withheld: Set<String> = []
        pages.reserveCapacity(read.count)
        for (page, bytes) in read {
            findings.append(contentsOf: page.findings)
            if !page.hasErrors {
                pages.append(page)
                if let bytes { good[page.path] = bytes }
            } else if let (old, oldBytes) = lastGoodPage(page.path, reader) {
                pages.append(old)
                good[page.path] = oldBytes
            } else {
                withheld.insert(page.stem)
            }
        }
        return LoadedTenant(settings: settings, zone: zone, pages: pages, findings: findings, withheld: withheld, goodSources: good)
    }

    /// The page's last good text, read again.
    func lastGoodPage(_ path: String, _ reader: PageReader) -> (SourcePage, [UInt8])? {
        guard let bytes = lastGood()?.files[path] else { return nil }
        let page = reader.read(path: path, bytes: bytes)
        return page.hasErrors ? nil : (page, bytes)
    }

    private func settings(slug: String, findings: inout [Finding]) throws(BuildError) -> (Settings, [UInt8]) {
        guard let file = tree.file(at: Self.settingsFile), let bytes = tree.read(file, limit: 1 << 20) else {
            throw .unusable(tenant: slug, problem: "there is no site.yaml: write one with a name: line, see the content guide")
        }
        let (settings, found) = Self.settings(from: bytes)
        findings.append(contentsOf: found)
        if let settings { return (settings, bytes) }
        if let old = lastGood()?.files[Self.settingsFile], let settings = Self.settings(from: old).0 { return (settings, old) }
        throw .unusable(tenant: slug, problem: found.first { $0.severity == .error }?.description ?? "site.yaml can't be used")
    }

    package static func settings(from bytes: [UInt8]) -> (Settings?, [Finding]) {
        do throws(StructuredDataError) {
            let (settings, issues) = SettingsReader.read(try YAMLReader.read(bytes), knowsTimeZone: { TimeZoneRules.named($0) != nil })
            return (settings, issues.map { Finding($0, rule: "settings", path: settingsFile) })
        } catch {
            return (
                nil,
                [
                    Finding(
                        .error, "settings", path: settingsFile, line: error.mark.line, column: error.mark.column, error.problem, advice: error.advice)
                ]
            )
        }
    }
}
