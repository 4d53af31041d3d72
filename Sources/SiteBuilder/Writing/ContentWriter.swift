import Glibc
package import Tenancy

/// Writes new content files. Never overwrites one.
package struct ContentWriter {
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

    /// Writes the starter with the organization's own words. Returns the files written.
    /// - Parameter wanted: nil to make the slug from the name.
    package func newTenant(_ facts: Starter.Facts, slug wanted: String?) throws(BuildError) -> [String] {
        let slug = try freeSlug(facts.name, wanted)
        let starter = try Starter(folder: "\(content)/_starter")
        // Everything is written beside the place and moved there when it is complete.
        let building = "\(content)/.\(slug).new"
        removeTree(building)
        let files = starter.files(for: facts, on: now.local(offset: 0).date)
        for (path, bytes) in files { _ = try create("\(building)/\(path)", bytes) }
        guard rename(building, "\(content)/\(slug)") == 0 else {
            let reason = systemMessage()
            removeTree(building)
            throw .unwritable(path: "\(content)/\(slug)", reason: reason)
        }
        return files.keys.sorted().map { "\(content)/\(slug)/\($0)" }
    }

    private func freeSlug(_ title: String, _ wanted: String?) throws(BuildError) -> String {
        if let wanted {
            do throws(SlugError) { _ = try Slug(claiming: wanted) } catch { throw .noTenant("\(wanted) can't be the name: \(error)") }
            guard access("\(content)/\(wanted)", F_OK) != 0 else { throw .noTenant("there is a \(content)/\(wanted) already") }
            return wanted
        }
        let base = String(name(title).prefix(Slug.maximumLength - 3))
        for number in 1...99 {
            let candidate = number == 1 ? base : "\(base)-\(number)"
            if (try? Slug(claiming: candidate)) != nil, access("\(content)/\(candidate)", F_OK) != 0 { return candidate }
        }
        throw .noTenant("no address can be made from “\(title)”: choose one with --slug")
    }
}
