import Markdown
import StructuredData
import Tenancy

/// The rules for one published page in one language.
struct PageChecks {
    let page: ContentChecks.PublishedPage
    let checks: ContentChecks
    let resolver: LinkResolver
    let rules: TextChecks
    let body: CheckedText
    let file: TextFile

    var source: SourcePage { page.source }
    var path: String { page.source.path }
    var frontMatter: FrontMatter { page.source.frontMatter }

    /// Nil when the file is not the one that the site shows: it has errors, and its last good text stands in.
    init?(_ page: ContentChecks.PublishedPage, checks: ContentChecks, resolver: LinkResolver) {
        guard let file = checks.tree.file(at: page.source.path), let bytes = checks.tree.read(file, limit: MarkdownParser.maximumSize),
            Fingerprint(of: bytes) == page.source.fingerprint
        else { return nil }
        var ignored: [Finding] = []
        let text = SourceText(bytes, path: page.source.path, findings: &ignored)
        self.page = page
        self.checks = checks
        self.resolver = resolver
        self.file = TextFile(path: page.source.path, bytes: text.bytes)
        body = CheckedText(body: self.file, fromLine: text.bodyLine)
        rules = checks.textChecks(page.language)
    }

    func findings() -> [Finding] {
        freshness() + eventFindings() + alternativeTexts() + headings() + links() + privacy() + descriptions()
    }

    /// The texts of the front matter that readers see.
    var values: [CheckedText] {
        [
            value("title", frontMatter.title), value("description", frontMatter.description), value("image_alt", frontMatter.imageAlternative),
            value("location", frontMatter.location), value("banner", frontMatter.banner.map { $0.text[page.language] }),
        ].compactMap { $0 }
    }

    func value(_ key: String, _ text: String?) -> CheckedText? {
        text.map { CheckedText(value: $0, at: mark(of: key), in: file) }
    }

    /// Where the front matter says `key`.
    func mark(of key: String) -> Mark { frontMatter.marks[key] ?? Mark(line: 1, column: 1) }

    /// Generated lists for which editors only write an introduction.
    var isListing: Bool { SitePaths.listingStems.contains(source.stem) }
}
