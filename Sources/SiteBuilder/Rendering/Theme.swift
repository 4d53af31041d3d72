import Glibc
import Markdown
import Templating

/// The theme: templates, style sheet and scripts, from `Templates/site/`, with what a tenant puts over it.
package struct Theme: Sendable {
    /// With a tenant's own pieces in it; see `render`.
    private var templates: TemplateSet
    /// The theme's own, for whole documents: a tenant's piece can't be cleaned inside one.
    private let base: TemplateSet
    /// Minified.
    package let css: String
    /// Loaded by flyers only.
    let flyerCSS: String
    package let script: [UInt8]
    package let searchScript: [UInt8]
    package let fingerprint: Fingerprint
    private var closures: [String: Fingerprint] = [:]
    /// Templates that render something a tenant wrote; what they give passes the HTML policy.
    private var tenantTemplates: Set<String> = []
    /// What a page may name as its `layout`: the theme's own choices, the default first, and the tenant's.
    private(set) var pageLayouts = ["page", "landing"]

    /// Throws `BuildError.template` with file and line.
    package init(folder: String) throws(BuildError) {
        var set = TemplateSet()
        var builder = FingerprintBuilder()
        for (name, path) in Self.templateFiles(in: folder) {
            guard let bytes = readFile(path) else { throw .unreadable(path: path, reason: systemMessage()) }
            do throws(TemplateError) {
                set.set(try Template(String(decoding: bytes, as: UTF8.self)), for: name)
            } catch {
                throw .template(path: "\(path):\(error.line)", problem: error.problem)
            }
            builder.add(name)
            builder.add(bytes)
        }
        guard set["frame"] != nil else { throw .unreadable(path: "\(folder)/frame.mustache", reason: "the theme has no frame") }
        if let missing = set.missingPartials.first {
            throw .template(path: "\(folder)/partials/\(missing).mustache", problem: "this partial is used and is not there")
        }
        templates = set
        base = set
        css = CSSMinifier.minify(String(decoding: readFile("\(folder)/theme.css") ?? [], as: UTF8.self))
        flyerCSS = CSSMinifier.minify(String(decoding: readFile("\(folder)/flyer.css") ?? [], as: UTF8.self))
        script = ScriptMinifier.minify(readFile("\(folder)/site.js") ?? [])
        searchScript = ScriptMinifier.minify(readFile("\(folder)/search.js") ?? [])
        builder.add(css)
        builder.add(flyerCSS)
        builder.add(script)
        builder.add(searchScript)
        fingerprint = builder.finish()
        digestClosures()
    }

    /// Template names and files: `layouts/page`, `home/hero`, and partials by their bare names.
    static func templateFiles(in folder: String) -> [(name: String, path: String)] {
        var found: [(String, String)] = []
        for (subfolder, prefix) in [("", ""), ("/layouts", "layouts/"), ("/home", "home/"), ("/partials", "")] {
            for file in directoryEntries(folder + subfolder) where file.hasSuffix(".mustache") {
                found.append((prefix + file.dropLast(9), "\(folder)\(subfolder)/\(file)"))
            }
        }
        return found
    }

    /// The theme with a tenant's own templates in place of some of it. Those that it doesn't have are layouts for pages.
    func replacing(_ own: [(name: String, template: Template)]) -> Theme {
        var copy = self
        for (name, template) in own { copy.templates.set(template, for: name) }
        copy.digestClosures()
        let names = Set(own.map(\.name))
        copy.pageLayouts += names.filter { !has($0) }.map { String($0.dropFirst("layouts/".count)) }.sorted()
        copy.tenantTemplates = Set(copy.templates.templates.keys.filter { !names.isDisjoint(with: copy.templates.closure(of: $0)) })
        return copy
    }

    func has(_ name: String) -> Bool { base[name] != nil }

    /// Renders a document with its `<html>`, from the theme's own templates alone.
    func renderDocument(_ name: String, _ contexts: [TemplateValue], into output: inout [UInt8]) {
        base.render(name, contexts, into: &output)
    }

    /// Renders a part of a page. Where a tenant's own template has a hand in it, only what the HTML policy allows is left.
    func render(_ name: String, _ contexts: [TemplateValue]) -> [UInt8] {
        guard tenantTemplates.contains(name) else { return templates.render(name, contexts) }
        var bytes: [UInt8] = []
        templates.render(name, contexts, into: &bytes)
        return TemplatePolicy().clean(rendered: bytes).html
    }

    /// Changes when the template or a partial that it reaches changes.
    func digest(of name: String) -> Fingerprint { closures[name] ?? Fingerprint(high: 0, low: 0) }

    private mutating func digestClosures() {
        closures = [:]
        for name in templates.templates.keys {
            var builder = FingerprintBuilder()
            for part in templates.closure(of: name) {
                builder.add(part)
                builder.add(templates[part]?.source ?? "")
            }
            closures[name] = builder.finish()
        }
    }
}

/// Takes comments and needless white space out of CSS. Strings stay as they are.
enum CSSMinifier {
    static func minify(_ css: String) -> String {
        var output: [UInt8] = []
        let bytes = Array(css.utf8)
        var index = 0
        var pendingSpace = false
        func isTight(_ byte: UInt8) -> Bool { "{}:;,>".utf8.contains(byte) }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "*") {
                index += 2
                while index + 1 < bytes.count, !(bytes[index] == UInt8(ascii: "*") && bytes[index + 1] == UInt8(ascii: "/")) { index += 1 }
                index += 2
                continue
            }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                if pendingSpace, let last = output.last, !isTight(last) { output.append(UInt8(ascii: " ")) }
                pendingSpace = false
                let start = index
                index += 1
                while index < bytes.count, bytes[index] != byte { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                index = min(index + 1, bytes.count)
                output.append(contentsOf: bytes[start..<index])
                continue
            }
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                pendingSpace = true
                index += 1
                continue
            }
            if pendingSpace, let last = output.last, !isTight(last) {
                // A space before a colon may separate a selector from its pseudo-class: `nav :focus`.
                if !isTight(byte) || byte == UInt8(ascii: ":") { output.append(UInt8(ascii: " ")) }
            }
            pendingSpace = false
            if byte == UInt8(ascii: "}"), output.last == UInt8(ascii: ";") { output.removeLast() }
            output.append(byte)
            index += 1
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// Takes comment lines and indentation out of the theme's own scripts, which hold no text that spans lines.
enum ScriptMinifier {
    static func minify(_ script: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(script.count)
        var isInComment = false
        for line in script.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if isInComment || text.starts(with: "/*".utf8) {
                isInComment = !text.suffix(2).elementsEqual("*/".utf8)
                continue
            }
            if text.isEmpty || text.starts(with: "//".utf8) { continue }
            output.append(contentsOf: text)
            output.append(UInt8(ascii: "\n"))
        }
        return output
    }
}
