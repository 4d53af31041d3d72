import Glibc
import StructuredData
package import Tenancy

/// Writes new content files. Never overwrites one.
package struct ContentWriter {
    /// What a new tenant's site starts from.
    package struct NewTenant: Sendable {
        package var name: String
        /// Nil to make one from the name.
        package var slug: String?
        package var school: String
        package var email: String
        package var state: String
        package var kind: String
        package var timeZone: String

        package init(name: String, slug: String?, school: String, email: String, state: String, kind: String, timeZone: String) {
            self.name = name
            self.slug = slug
            self.school = school
            self.email = email
            self.state = state
            self.kind = kind
            self.timeZone = timeZone
        }
    }

    private let content: String
    private let now: Instant

    package init(content: String, now: Instant) {
        self.content = content
        self.now = now
    }

    // MARK: Pages

    package func newPage(_ title: String, tenant: String, folder: String, language: String?) throws(BuildError) -> String {
        guard let folder = LinkResolver.join(folder, folder: "") else {
            throw .unwritable(path: folder, reason: "it leads out of the tenant's folder")
        }
        let place = folder.isEmpty ? "" : folder.hasSuffix("/") ? folder : folder + "/"
        return try write("\(place)\(name(title))", tenant, language, fields: ["title: \(quoted(title))", "description: \"\""], body: "Write here.")
    }

    package func newPost(_ title: String, tenant: String, language: String?) throws(BuildError) -> String {
        let today = try zone(of: tenant).local(now)
        return try write(
            "news/\(today.date)-\(name(title))", tenant, language,
            fields: ["title: \(quoted(title))", "description: \"\"", "date: \(today)", "tags: []"], body: "Write here.")
    }

    package func newEvent(_ title: String, tenant: String, start: String?, language: String?) throws(BuildError) -> String {
        let nextWeek = try zone(of: tenant).local(now).date.adding(days: 7)
        let begin = start.flatMap { try? WrittenDate(parsing: $0) }?.dateTime ?? CivilDateTime(date: nextWeek, secondOfDay: 18 * 3600)
        return try write(
            "events/\(name(title))", tenant, language,
            fields: [
                "title: \(quoted(title))", "description: \"\"", "start: \(begin)", "end: \(begin.adding(seconds: 5400))", "location: \"\"",
                "category: community",
                "# rrule: FREQ=MONTHLY;BYDAY=1TU        every first Tuesday", "# signup_url: https://",
            ], body: "Write here.")
    }

    private func zone(of tenant: String) throws(BuildError) -> TimeZoneRules {
        let settings = readFile("\(content)/\(tenant)/\(TenantLoader.settingsFile)").flatMap { TenantLoader.settings(from: $0).0 }
        guard let settings else { throw .noTenant("there is no usable \(content)/\(tenant)/\(TenantLoader.settingsFile)") }
        return TimeZoneRules.named(settings.timeZone) ?? .utc
    }

    private func name(_ title: String) -> String {
        let name = PathSegment.make(title.lowercased())
        return name.isEmpty ? "page" : name
    }

    private func quoted(_ text: String) -> String { JSONValue.text(text).string }

    /// Takes the next free name: `book-fair`, `book-fair-2`, …
    private func write(_ stem: String, _ tenant: String, _ language: String?, fields: [String], body: String) throws(BuildError) -> String {
        _ = try zone(of: tenant)
        let ending = (language.map { ".\($0)" } ?? "") + ".md"
        // Nothing goes live before its author says so.
        let text = "---\n\(fields.joined(separator: "\n"))\ndraft: true\n---\n\n\(body)\n"
        for number in 1...1000 {
            let path = "\(content)/\(tenant)/\(stem)\(number == 1 ? "" : "-\(number)")\(ending)"
            if try create(path, Array(text.utf8)) { return path }
        }
        throw .unwritable(path: stem, reason: "there are a thousand files of this name already")
    }

    /// False when the file exists.
    private func create(_ path: String, _ bytes: [UInt8]) throws(BuildError) -> Bool {
        try makeDirectories(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        defer { close(descriptor) }
        guard bytes.withUnsafeBytes({ writeAll(descriptor, $0) }) else { throw .unwritable(path: path, reason: systemMessage()) }
        return true
    }

    // MARK: Tenants

    /// Copies `_starter` with the organization's own words in place of its placeholders. Returns the files written.
    package func newTenant(_ tenant: NewTenant) throws(BuildError) -> [String] {
        let slug = try freeSlug(tenant)
        let starter = try ContentTree(root: "\(content)/_starter")
        // Everything is written beside the place and moved there when it is complete.
        let building = "\(content)/.\(slug).new"
        removeTree(building)
        var written: [String] = []
        for file in starter.files where file.path != "README.md" {
            guard let bytes = starter.read(file) else { throw .unreadable(path: file.path, reason: "the starter can't be read") }
            let path = targetPath(file.path)
            _ = try create("\(building)/\(path)", filled(bytes, file, tenant))
            written.append("\(content)/\(slug)/\(path)")
        }
        guard rename(building, "\(content)/\(slug)") == 0 else {
            let reason = systemMessage()
            removeTree(building)
            throw .unwritable(path: "\(content)/\(slug)", reason: reason)
        }
        return written
    }

    private func freeSlug(_ tenant: NewTenant) throws(BuildError) -> String {
        if let wanted = tenant.slug {
            do throws(SlugError) { _ = try Slug(claiming: wanted) } catch { throw .noTenant("\(wanted) can't be the name: \(error)") }
            guard access("\(content)/\(wanted)", F_OK) != 0 else { throw .noTenant("there is a \(content)/\(wanted) already") }
            return wanted
        }
        let base = String(name(tenant.name).prefix(Slug.maximumLength - 3))
        for number in 1...99 {
            let candidate = number == 1 ? base : "\(base)-\(number)"
            if (try? Slug(claiming: candidate)) != nil, access("\(content)/\(candidate)", F_OK) != 0 { return candidate }
        }
        throw .noTenant("no address can be made from “\(tenant.name)”: choose one with --slug")
    }

    /// A post of the starter is dated with the day it is written.
    private func targetPath(_ path: String) -> String {
        guard path.hasPrefix("news/"), !path.hasSuffix("index.md"), DatedName(String(path.dropFirst(5))) == nil else { return path }
        return "news/\(now.local(offset: 0).date)-\(path.dropFirst(5))"
    }

    private func filled(_ bytes: [UInt8], _ file: ContentFile, _ tenant: NewTenant) -> [UInt8] {
        let isText = ["md", "yaml"].contains(file.fileExtension)
        guard isText else { return bytes }
        var text = String(decoding: bytes, as: UTF8.self)
        var result = ""
        var isInFrontMatter = file.fileExtension == "yaml"
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if file.fileExtension == "md", line == "---" { isInFrontMatter = number == 0 }
            result +=
                (number == 0 ? "" : "\n")
                + Self.filled(String(line), tenant) { isInFrontMatter ? Self.escapedForYAML($0) : Self.escapedForMarkdown($0) }
        }
        text = result
        if file.path == TenantLoader.settingsFile {
            // The starter leaves these two open, because not every sign-up tells them.
            text = text.split(separator: "# timezone: America/New_York", omittingEmptySubsequences: false).joined(
                separator: "timezone: \(tenant.timeZone)")
            text = text.split(separator: "unit: {state:", omittingEmptySubsequences: false).joined(
                separator: "unit: {kind: \(quoted(tenant.kind)), state:")
        }
        return Array(text.utf8)
    }

    /// One pass from left to right, so that a value that looks like a placeholder stays what it is.
    private static func filled(_ line: String, _ tenant: NewTenant, escape: (String) -> String) -> String {
        let values = ["school": tenant.school, "name": tenant.name, "email": tenant.email, "state": tenant.state]
        var result = ""
        var rest = line[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound]
            let name = String(rest[open.upperBound..<close.lowerBound])
            result += values[name].map(escape) ?? "{{\(name)}}"
            rest = rest[close.upperBound...]
        }
        return result + rest
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
}
