import Markdown
import StructuredData
import Tenancy

/// Finds links and pictures that lead nowhere, before anything is rendered.
struct ReferenceCheck: Sendable {
    let site: Site
    let resolver: LinkResolver
    let pictures: PictureStore

    /// The findings of every page, and of the settings.
    func findings(jobs: Int) -> [Finding] {
        let ofPages = Parallel.map(site.sources.count, jobs: jobs) { index in self.findings(source: index) }
        return ofPages.flatMap { $0 } + settingsFindings()
    }

    private func findings(source index: Int) -> [Finding] {
        let source = site.sources[index]
        guard let edition = site.edition(for: site.language(ofSource: index)) else { return [] }
        var findings: [Finding] = []
        func add(_ severity: Finding.Severity, _ rule: String, _ line: Int, _ column: Int, _ problem: String, _ advice: String) {
            findings.append(Finding(severity, rule, path: source.path, line: line, column: column, problem, advice: advice))
        }
        for reference in source.document.references {
            switch reference.kind {
            case .link:
                switch resolver.resolve(reference.destination, from: source.path, in: edition) {
                case .address: break
                case .picture(let path):
                    if case .failed(let problem) = pictures.picture(path) {
                        add(.error, "picture", reference.line, reference.column, problem, "upload the picture again")
                    }
                case .unpublished:
                    add(
                        .warning, "unpublished-link", reference.line, reference.column,
                        "the link to \(reference.destination) leads to a page that is not published now",
                        "it becomes a link when that page is published")
                case .dead(let problem, let advice): add(.error, "dead-link", reference.line, reference.column, problem, advice)
                case .unsafe:
                    add(
                        .error, "unsafe-link", reference.line, reference.column,
                        "`\(reference.destination)` is not an address that a page may lead to",
                        "write an address that begins with https://, mailto: or /")
                }
            case .picture, .figure:
                if let problem = pictureProblem(reference.destination, from: source.path) {
                    add(.error, "picture", reference.line, reference.column, problem.problem, problem.advice)
                }
            }
        }
        if source.document.hasRawHTML { findings.append(contentsOf: htmlFindings(source)) }
        if let image = source.frontMatter.image, let problem = pictureProblem(image, from: source.path) {
            add(.error, "picture", source.frontMatter.imageMark.line, source.frontMatter.imageMark.column, problem.problem, problem.advice)
        }
        return findings
    }

    /// What the policy takes out of the HTML that an editor wrote.
    private func htmlFindings(_ source: SourcePage) -> [Finding] {
        let html = source.document.html { _, _ in MarkdownDocument.Markup(opening: "", closing: "") }
        let found = HTMLPolicy().clean(fragment: html).findings
        guard !found.isEmpty, let file = resolver.tree.file(at: source.path), let bytes = resolver.tree.read(file) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return found.map { finding in
            let line = lines.firstIndex { !finding.source.isEmpty && $0.contains(finding.source.prefix(40)) }
            return Finding(.warning, "html", path: source.path, line: (line ?? 0) + 1, finding.message, advice: finding.advice)
        }
    }

    private func pictureProblem(_ destination: String, from path: String) -> (problem: String, advice: String)? {
        guard let file = resolver.picture(destination, from: path) else {
            if destination.contains("://") {
                return ("`\(destination)` is a picture on another site", "put a copy into media/ and use that: ![…](/media/picture.jpg)")
            }
            return ("the picture \(destination) is not there", "put it into media/, or correct its name")
        }
        guard PictureStore.isPicture(file) else { return ("\(file) is not a picture", "use a JPEG, PNG, WebP, GIF or SVG file") }
        if case .failed(let problem) = pictures.picture(file) { return (problem, "upload the picture again, or use another") }
        return nil
    }

    private func settingsFindings() -> [Finding] {
        guard let edition = site.editions.first else { return [] }
        var findings: [Finding] = []
        func check(_ target: Settings.Target?) {
            guard case .page(let path, let line, let column)? = target else { return }
            switch resolver.resolve(path.hasPrefix("/") ? path : "/" + path, from: TenantLoader.settingsFile, in: edition) {
            case .address, .unpublished: return
            case .picture, .dead, .unsafe: break
            }
            findings.append(
                Finding(
                    .warning, "dead-link", path: TenantLoader.settingsFile, line: line, column: column, "`\(path)` is not a page that is published",
                    advice: "write the path of a page's file: about.md"))
        }
        func check(_ picture: Settings.Picture?) {
            guard let picture, let problem = pictureProblem(picture.path, from: TenantLoader.settingsFile) else { return }
            findings.append(
                Finding(
                    .warning, "picture", path: TenantLoader.settingsFile, line: picture.line, column: picture.column, problem.problem,
                    advice: problem.advice))
        }
        for item in site.settings.navigation {
            check(item.target)
            for child in item.children { check(child.target) }
        }
        for button in site.settings.hero?.buttons ?? [] { check(button.target) }
        check(site.settings.logo)
        check(site.settings.hero?.image)
        for sponsor in site.editions.flatMap(\.sponsors) { check(sponsor.logo) }
        return Array(Set(findings)).sorted()
    }
}
