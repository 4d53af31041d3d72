import Markdown
import Templating

/// A tenant's own templates and style sheet, from `<tenant>/theme/`, over the theme.
enum TenantTheme {
    /// Pieces that a tenant may replace. The skeleton, the head and whole documents stay the theme's, because only they may hold scripts.
    static func isReplaceable(_ name: String) -> Bool {
        name.hasPrefix("home/") || (name.hasPrefix("layouts/") && name != "layouts/flyer" && name != "layouts/redirect" && name != "layouts/search")
            || name == "header" || name == "footer" || !["frame", "head"].contains(name) && !name.contains("/")
    }

    static func make(tree: ContentTree, files: [ContentFile], base: Theme, findings: inout [Finding]) -> (Theme, [UInt8]?) {
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
                guard base.has(name), isReplaceable(name) else {
                    findings.append(
                        Finding(
                            .error, "theme-template", path: file.path, "the theme has no template of this name that may be replaced",
                            advice: "see the theme guide for the names"))
                    continue
                }
                do throws(TemplateError) {
                    replaced.append((name, try Template(String(decoding: bytes, as: UTF8.self))))
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

    /// `theme/partials/event-card.mustache` → `event-card`
    private static func name(of path: String) -> String {
        let name = path.dropFirst("theme/".count).dropLast(".mustache".count)
        return name.hasPrefix("partials/") ? String(name.dropFirst("partials/".count)) : String(name)
    }
}
