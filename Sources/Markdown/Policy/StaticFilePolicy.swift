/// Which of a tenant's files may be copied to the site: those that a browser only shows or saves, and that are what their names say.
package enum StaticFilePolicy {
    package enum Publication: Sendable, Hashable {
        /// The bytes as they are.
        case unchanged
        /// These bytes instead, such as an SVG file without its scripts.
        case replaced([UInt8])
    }

    /// Whether a file is published. `path` is relative to static/ or documents/, with `/` between its parts.
    package static func publication(of path: String, contents: [UInt8]) throws(StaticFileError) -> Publication {
        // Parts of bytes, as the file system has them: in a String, a combining mark would hide the slash or dot before it.
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        try check(parts, of: path)
        let name = parts.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let format = format(ofName: name, isWellKnown: isWellKnown(parts)) else {
            let known = FileFormat.allExtensions.joined(separator: ", ")
            throw StaticFileError(message: "“\(name)” is of a type that is not published", advice: "use one of these: \(known)")
        }
        switch format {
        case .svg: return try svg(contents)
        case .css: try checkCSS(contents)
        case .html: try checkHTML(contents, name)
        case .xml: try checkXML(contents, name)
        default:
            guard format.matches(contents) else {
                throw StaticFileError(
                    message: "“\(name)” is not what its name says", advice: "export or save it again in the format \(format.label)")
            }
        }
        return .unchanged
    }

    // MARK: Names

    private typealias Part = Substring.UTF8View

    private static func check(_ parts: [Part], of path: String) throws(StaticFileError) {
        let isHarmless = parts.allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8) && part.count <= 255
                && !part.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }
        }
        guard isHarmless else {
            throw StaticFileError(
                message: "“\(printable(path))” is not a path that can be published", advice: "rename it, with letters, digits and hyphens")
        }
        if let hidden = parts.dropFirst(isWellKnown(parts) ? 1 : 0).first(where: { $0.first == UInt8(ascii: ".") }) {
            throw StaticFileError(
                message: "“\(String(decoding: hidden, as: UTF8.self))” is hidden",
                advice: "rename it without the dot; only .well-known/ is published")
        }
        // A server that runs programs would look at any part of the name.
        let extensions = (parts.last ?? ""[...].utf8).split(separator: UInt8(ascii: ".")).dropFirst()
        if let program = extensions.map({ String(decoding: $0, as: UTF8.self).lowercased() }).first(where: programs.contains) {
            throw StaticFileError(message: "files with .\(program) in their names are not published", advice: "rename it, or leave it out")
        }
    }

    private static func isWellKnown(_ parts: [Part]) -> Bool {
        parts.first?.elementsEqual(".well-known".utf8) ?? false
    }

    private static let programs: Set<String> = [
        "asp", "aspx", "cgi", "exe", "htaccess", "jsp", "mjs", "phar", "php", "php3", "php5", "phtml", "pl", "py", "rb", "sh", "shtml", "xht",
        "xhtml",
    ]

    private static func format(ofName name: String, isWellKnown: Bool) -> FileFormat? {
        let name = name.utf8
        if let dot = name.lastIndex(of: UInt8(ascii: ".")) {
            return FileFormat.named(String(decoding: name[name.index(after: dot)...], as: UTF8.self).lowercased())
        }
        // Services ask for names without an extension there.
        return isWellKnown ? .text : nil
    }

    private static func printable(_ text: String) -> String {
        String(decoding: text.utf8.prefix(255).map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 }, as: UTF8.self)
    }

    // MARK: Contents

    private static func svg(_ contents: [UInt8]) throws(StaticFileError) -> Publication {
        do {
            return .replaced(try SVGPolicy.clean(contents).svg)
        } catch {
            throw StaticFileError(message: "line \(error.line): \(error.message)", advice: error.advice)
        }
    }

    private static func checkCSS(_ contents: [UInt8]) throws(StaticFileError) {
        guard let finding = CSSPolicy.check(contents).first else { return }
        throw StaticFileError(message: "\(finding.line):\(finding.column): \(finding.message)", advice: finding.advice)
    }

    /// Verification files of search engines are a line of text named .html; a page belongs into Markdown.
    private static func checkHTML(_ contents: [UInt8], _ name: String) throws(StaticFileError) {
        let clean = HTMLPolicy().clean(fragment: contents)
        guard clean.findings.isEmpty, clean.html.elementsEqual(contents.lazy.filter { $0 != 0x0D }) else {
            throw StaticFileError(
                message: "“\(name)” has HTML that is not published as it is", advice: "write a Markdown page, which may hold the allowed HTML")
        }
    }

    /// No declarations, style sheets or namespaces: nothing that a browser would show as a page.
    private static func checkXML(_ contents: [UInt8], _ name: String) throws(StaticFileError) {
        let body = contents.starts(with: "<?xml ".utf8) ? contents.dropFirst(6) : contents[...]
        let isPlain = !body.contains(text: "<?") && !body.contains(text: "<!") && !body.contains(text: "xmlns")
        guard FileFormat.xml.matches(contents), isPlain else {
            throw StaticFileError(
                message: "“\(name)” has declarations, namespaces or instructions", advice: "leave only plain elements, or leave it out")
        }
    }
}
