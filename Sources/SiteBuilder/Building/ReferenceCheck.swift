import Markdown
import StructuredData
import Tenancy

/// Finds links, pictures and layouts that are not there, before anything is rendered.
struct ReferenceCheck: Sendable {
    let site: Site
    let theme: Theme
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
        if let finding = layoutFinding(source) { findings.append(finding) }
        return findings + heroFindings(source.frontMatter.hero, in: source.path, edition)
    }

    /// A layout that there is not, or that the page can't choose. The page is shown all the same, with its usual one.
    private func layoutFinding(_ source: SourcePage) -> Finding? {
        guard let layout = source.frontMatter.layout else { return nil }
        let mark = source.frontMatter.marks["layout"] ?? Mark(line: 1, column: 1)
        func finding(_ problem: String, _ advice: String) -> Finding {
            Finding(.warning, "layout", path: source.path, line: mark.line, column: mark.column, problem, advice: advice)
        }
        guard source.kind == .page, !SitePaths.listingStems.contains(source.stem) else {
            return finding("`layout` has no effect on the home page, posts, events and lists", "remove the line; only other pages choose a layout")
        }
        if theme.pageLayouts.contains(layout) { return nil }
        return finding("there is no layout \"\(layout)\"", "write one of \(theme.pageLayouts.joined(separator: ", "))")
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
        let settings = site.settings
        let file = TenantLoader.settingsFile
        let targets = settings.navigation.flatMap { [$0.target] + $0.children.map(\.target) }
        let logos = [settings.logo] + site.editions.flatMap(\.sponsors).map(\.logo)
        let findings =
            targets.compactMap { targetFinding($0, in: file, edition) } + logos.compactMap { pictureFinding($0, in: file) }
            + heroFindings(settings.hero, in: file, edition)
        return Array(Set(findings)).sorted()
    }

    private func heroFindings(_ hero: Settings.Hero?, in file: String, _ edition: Site.Edition) -> [Finding] {
        let buttons = (hero?.buttons ?? []).compactMap { targetFinding($0.target, in: file, edition) }
        return buttons + [pictureFinding(hero?.image, in: file)].compactMap { $0 }
    }

    /// What is wrong with a target named in a field of `file`. Its path is from the tenant's folder.
    private func targetFinding(_ target: Settings.Target?, in file: String, _ edition: Site.Edition) -> Finding? {
        guard case .page(let path, let line, let column)? = target else { return nil }
        switch resolver.resolve(path.hasPrefix("/") ? path : "/" + path, from: TenantLoader.settingsFile, in: edition) {
        case .address, .unpublished: return nil
        case .picture, .dead, .unsafe: break
        }
        return Finding(
            .warning, "dead-link", path: file, line: line, column: column, "`\(path)` is not a page that is published",
            advice: "write the path of a page's file: about.md")
    }

    private func pictureFinding(_ picture: Settings.Picture?, in file: String) -> Finding? {
        guard let picture, let problem = pictureProblem(picture.path, from: TenantLoader.settingsFile) else { return nil }
        return Finding(
            .warning, "picture", path: file, line: picture.line, column: picture.column, problem.problem, advice: problem.advice)
    }
}
