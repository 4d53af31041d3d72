import Markdown
import StructuredData
package import Tenancy

/// The rules behind `SiteGen check`: what is stale, unsafe or hard to use in a site that builds without errors.
///
/// A finding that isn't one costs more than one that is missed, because people stop reading: every rule here would rather say nothing.
package struct ContentChecks: Sendable {
    let site: Site
    let tree: ContentTree
    let pictures: [String: PictureInfo]
    let palette: Palette

    /// `pictures` are those of the tenant's folder that could be read, by path.
    package init(site: Site, tree: ContentTree, pictures: [String: PictureInfo], palette: Palette) {
        self.site = site
        self.tree = tree
        self.pictures = pictures
        self.palette = palette
    }

    /// All findings, sorted by place. `jobs` is the number of threads.
    package func findings(jobs: Int = 1) -> [Finding] {
        let resolver = LinkResolver(site: site, tree: tree, addresses: [])
        let published = publishedPages
        let ofPages = Parallel.map(published.count, jobs: jobs) { index in
            PageChecks(published[index], checks: self, resolver: resolver)?.findings() ?? []
        }
        var findings = ofPages.flatMap { $0 }
        let others = otherPages
        let data = dataFiles
        findings += settingsFindings(data)
        findings += boardFindings(data)
        findings += translationFindings(data)
        findings += documentFindings(data)
        findings += pictureFindings(others, data, resolver: resolver)
        findings += titleFindings()
        findings += tagFindings()
        findings += draftFindings(others)
        findings += colorFindings(data)
        // Two findings of one rule at one place differ only in their words.
        return Set(findings).sorted { $0 < $1 || (!($1 < $0) && $0.problem < $1.problem) }
    }

    var today: CivilDate { site.now.date }
    var schoolYear: SchoolYear { site.schoolYear(of: today) }

    func textChecks(_ language: Language) -> TextChecks {
        TextChecks(language: language, today: today, schoolYear: schoolYear, slug: site.slug)
    }

    // MARK: What there is to look at

    /// One language's text of an entry that the site shows.
    struct PublishedPage: Sendable {
        let source: SourcePage
        let entry: Site.Entry
        let language: Language
    }

    private var publishedPages: [PublishedPage] {
        site.entries.flatMap { entry in
            entry.translations.sorted { $0.value < $1.value }.map { code, index in
                PublishedPage(source: site.sources[index], entry: entry, language: Language(code: code) ?? site.settings.defaultLanguage)
            }
        }
    }

    /// The pages that the site doesn't show: drafts, members' pages, and those with errors.
    private var otherPages: [SourcePage] {
        let shown = Set(site.sources.map(\.path))
        let reader = PageReader(languages: site.settings.languages)
        return tree.files.filter { $0.path.hasSuffix(".md") && !shown.contains($0.path) }.compactMap { file in
            tree.read(file, limit: MarkdownParser.maximumSize).map { reader.read(path: file.path, bytes: $0) }
        }
    }

    /// The YAML files of the tenant.
    private var dataFiles: [DataFile] {
        tree.files.filter { file in
            file.path == TenantLoader.settingsFile
                || (file.path.hasSuffix(".yaml") && (file.path.hasPrefix("data/") || file.path.hasPrefix("documents/index")))
        }.compactMap { file in
            guard let bytes = tree.read(file, limit: 1 << 20), let node = try? YAMLReader.read(bytes) else { return nil }
            return DataFile(
                path: file.path, node: node, text: TextFile(path: file.path, bytes: bytes), defaultLanguage: site.settings.defaultLanguage)
        }
    }
}

extension Finding {
    init(_ rule: CheckRule, path: String, at mark: Mark = Mark(line: 1, column: 1), _ problem: String, advice: String) {
        self.init(rule.severity, rule.rawValue, path: path, line: mark.line, column: mark.column, problem, advice: advice)
    }
}
