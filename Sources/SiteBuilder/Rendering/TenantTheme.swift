import Markdown
import Templating

/// A tenant's own templates and style sheet, from `<tenant>/theme/`, over the theme.
enum TenantTheme {
    /// Pieces that a tenant may replace. The skeleton, the head and whole documents stay the theme's, because only they may hold scripts.
    static func isReplaceable(_ name: String) -> Bool {
        name.hasPrefix("home/") || (name.hasPrefix("layouts/") && name != "layouts/flyer" && name != "layouts/redirect" && name != "layouts/search")
            || name == "header" || name == "footer" || !["frame", "head"].contains(name) && !name.contains("/")
    }

    /// A layout that the theme doesn't have, for pages that name it in their front matter.
    static func isOwnLayout(_ name: String, base: Theme) -> Bool {
        let layout = name.dropFirst("layouts/".count)
        return name.hasPrefix("layouts/") && !base.has(name) && !layout.isEmpty && !layout.contains("/")
    }

    /// The theme with the templates and the style sheet of `theme/` over it.
    static func make(tree: ContentTree, base: Theme, findings: inout [Finding]) -> (Theme, [UInt8]?) {
        let files = tree.files.filter { $0.path.hasPrefix("theme/") }
        guard !files.isEmpty else { return (base, nil) }
        var replaced: [(name: String, template: Template)] = []
        var css: [UInt8]?
        for file in files {
            guard let bytes = tree.read(file, limit: 1 << 20) else { continue }
            if file.path == "theme/style.css" {
                let problems = CSSPolicy.check(bytes)
                findings.append(
                    contentsOf: problems.map {
                        Finding(.error, "theme-css", path: file.path, line: $0.line, column: $0.column, $0.message, advice: $0.advice)
                    })
                if problems.isEmpty { css = Array(CSSMinifier.minify(String(decoding: bytes, as: UTF8.self)).utf8) }
            } else if file.path.hasSuffix(".mustache") {
                let name = name(of: file.path)
                guard base.has(name) ? isReplaceable(name) : isOwnLayout(name, base: base) else {
                    findings.append(
                        Finding(
                            .error, "theme-template", path: file.path, "the theme has no template of this name that may be replaced",
                            advice: "see the theme guide for the names"))
                    continue
                }
                do throws(TemplateError) {
                    let template = try Template(String(decoding: bytes, as: UTF8.self))
                    replaced.append((name, template))
                    findings.append(contentsOf: policyFindings(template, path: file.path))
                } catch {
                    findings.append(
                        Finding(.error, "theme-template", path: file.path, line: error.line, error.problem, advice: "correct the template"))
                }
            } else {
                findings.append(
                    Finding(
                        .warning, "theme-file", path: file.path, "this file is not used",
                        advice: "put style.css and templates here, pictures into static/"))
            }
        }
        return (base.replacing(replaced), css)
    }

    /// What the HTML policy takes out of whatever the template renders to.
    private static func policyFindings(_ template: Template, path: String) -> [Finding] {
        let source = Array(template.source.utf8)
        return TemplatePolicy().findings(markup: template.markup, source: source).map { finding in
            let before = source[..<finding.place.lowerBound]
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
            return Finding(.warning, "html", path: path, line: line, column: column, finding.message, advice: finding.advice)
        }
    }

    /// `theme/partials/event-card.mustache` → `event-card`
    private static func name(of path: String) -> String {
        let name = path.dropFirst("theme/".count).dropLast(".mustache".count)
        return name.hasPrefix("partials/") ? String(name.dropFirst("partials/".count)) : String(name)
    }
}
