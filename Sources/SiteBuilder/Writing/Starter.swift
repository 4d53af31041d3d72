import StructuredData
package import Tenancy

/// The content that a new organization's site begins with: a copy of `Content/_starter` in which placeholders have become the organization's
/// own words. What they are is in the folder's README.
package struct Starter: Sendable {
    /// What the organization has told about itself.
    package struct Facts: Sendable, Hashable {
        package var name: String
        package var school: String
        /// The public one, which the site will show; nil if there is none yet.
        package var email: String?
        /// Two letters.
        package var state: String
        /// PTA, PTSA, …
        package var kind: String
        package var timeZone: String
        /// Nil for the starter's own.
        package var colors: (primary: Color, accent: Color)?

        package init(
            name: String, school: String, email: String?, state: String, kind: String, timeZone: String,
            colors: (primary: Color, accent: Color)? = nil
        ) {
            self.name = name
            self.school = school
            self.email = email
            self.state = state
            self.kind = kind
            self.timeZone = timeZone
            self.colors = colors
        }

        package static func == (left: Facts, right: Facts) -> Bool {
            left.name == right.name && left.school == right.school && left.email == right.email && left.state == right.state
                && left.kind == right.kind && left.timeZone == right.timeZone && left.colors?.primary == right.colors?.primary
                && left.colors?.accent == right.colors?.accent
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    private let templates: [(path: String, bytes: [UInt8])]

    /// Reads the folder. Throws `BuildError`.
    package init(folder: String) throws(BuildError) {
        let tree = try ContentTree(root: folder)
        var templates: [(String, [UInt8])] = []
        for file in tree.files where file.path != "README.md" {
            guard let bytes = tree.read(file) else { throw .unreadable(path: file.path, reason: "the starter can't be read") }
            templates.append((file.path, bytes))
        }
        self.templates = templates
    }

    /// All files, by their path in the tenant's folder.
    /// - Parameter day: of the sign-up; posts are dated with it.
    package func files(for facts: Facts, on day: CivilDate) -> [String: [UInt8]] {
        Dictionary(templates.map { (Self.path($0.path, day), Self.filled($0.bytes, $0.path, facts)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func path(_ path: String, _ day: CivilDate) -> String {
        guard path.hasPrefix("news/"), !path.hasSuffix("index.md"), DatedName(String(path.dropFirst(5))) == nil else { return path }
        return "news/\(day)-\(path.dropFirst(5))"
    }

    // MARK: Placeholders

    private static func filled(_ bytes: [UInt8], _ path: String, _ facts: Facts) -> [UInt8] {
        guard path.hasSuffix(".md") || path.hasSuffix(".yaml") else { return bytes }
        var lines: [String] = []
        var isInFrontMatter = path.hasSuffix(".yaml")
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if path.hasSuffix(".md"), line == "---" { isInFrontMatter = number == 0 }
            let line = path == TenantLoader.settingsFile ? settingsLine(String(line), facts) : String(line)
            lines.append(filled(line, facts, isYAML: isInFrontMatter))
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Lines that the starter leaves open, because not every sign-up tells them.
    private static func settingsLine(_ line: String, _ facts: Facts) -> String {
        if line.hasPrefix("# timezone:") { return "timezone: \(facts.timeZone)" }
        if line.hasPrefix("unit: {state:") {
            return "unit: {kind: \(JSONValue.text(facts.kind).string), state:" + line.dropFirst("unit: {state:".count)
        }
        if line.hasPrefix("colors:"), let colors = facts.colors {
            return "colors: {primary: \"\(colors.primary.hex)\", accent: \"\(colors.accent.hex)\"}"
        }
        if line.hasPrefix("contact:"), facts.email == nil { return "# contact: {email: \"…\"}" }
        return line
    }

    /// One pass from left to right, so that a value that looks like a placeholder stays what it is.
    private static func filled(_ line: String, _ facts: Facts, isYAML: Bool) -> String {
        var result = ""
        var rest = line[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound]
            let name = String(rest[open.upperBound..<close.lowerBound])
            result += value(of: name, facts, isYAML: isYAML) ?? "{{\(name)}}"
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private static func value(of placeholder: String, _ facts: Facts, isYAML: Bool) -> String? {
        let escape = isYAML ? escapedForYAML : escapedForMarkdown
        return switch placeholder {
        case "name": escape(facts.name)
        case "school": escape(facts.school)
        case "state": escape(facts.state)
        case "email": escape(facts.email ?? "")
        case "contact":
            facts.email.map { "[\(escapedForMarkdown($0))](mailto:\(percentEncoded($0)))" }
                ?? "the office of \(escape(facts.school)) (with our name on the envelope)"
        default: nil
        }
    }

    /// Inside double quotes, where the starter puts its placeholders.
    private static func escapedForYAML(_ text: String) -> String {
        String(JSONValue.text(text).string.dropFirst().dropLast())
    }

    private static func escapedForMarkdown(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\`*_[]<>#&|~".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    /// For a `mailto:` link (RFC 6068), and so that nothing in it means anything to Markdown.
    private static func percentEncoded(_ address: String) -> String {
        var result = ""
        for byte in address.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                result.append(Character(Unicode.Scalar(byte)))
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "+"):
                result.append(Character(Unicode.Scalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
