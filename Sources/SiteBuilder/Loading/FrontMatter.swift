package import StructuredData
package import Tenancy

/// What stands at the top of a page.
package struct FrontMatter: Hashable, Sendable {
    package var title: String?
    package var description: String?
    package var date: WrittenDate?
    package var updated: WrittenDate?
    package var isDraft = false
    package var publish: WrittenDate?
    package var expire: WrittenDate?
    package var tags: [String] = []
    package var author: String?
    package var image: String?
    package var imageAlternative: String?
    package var imageMark = Mark(line: 1, column: 1)
    /// Of a page: the template of `layouts/` that shows it.
    package var layout: String?
    package var weight: Int?
    package var aliases: [String] = []
    package var isMembersOnly = false
    package var banner: Settings.Announcement?
    package var hero: Settings.Hero?
    /// Fingerprint of the original's text at the time of the translation, or the original's date then.
    package var translationOf: String?
    package var hasTableOfContents: Bool?

    // Events
    package var start: WrittenDate?
    package var end: WrittenDate?
    package var isAllDay: Bool?
    package var location: String?
    package var address: String?
    package var recurrence: Recurrence?
    package var excluded: [WrittenDate] = []
    package var status: EventStatus = .confirmed
    package var category: String?
    package var signupURL: String?
    package var capacity: Int?
    package var sequence: Int?

    /// Lines of the file that hold the keys, for findings made later.
    package var marks: [String: Mark] = [:]

    package init() {}

    package init(_ node: Node?, isEvent: Bool, issues: inout [Issue]) {
        var fields = FieldReader(node, describedAs: "the front matter")
        title = fields.text("title")
        description = fields.text("description")
        date = SettingsReader.date("date", &fields)
        updated = SettingsReader.date("updated", &fields) ?? SettingsReader.date("lastmod", &fields)
        isDraft = fields.bool("draft") ?? false
        publish =
            SettingsReader.date("publish", &fields) ?? SettingsReader.date("publishDate", &fields) ?? SettingsReader.date("publishdate", &fields)
        expire = SettingsReader.date("expire", &fields) ?? SettingsReader.date("expiryDate", &fields) ?? SettingsReader.date("expirydate", &fields)
        tags = fields.texts("tags")
        author = fields.text("author")
        image = fields.text("image")
        imageMark = fields.mark(of: "image")
        imageAlternative = fields.text("image_alt")
        layout = fields.text("layout")
        weight = fields.integer("weight")
        aliases = fields.texts("aliases")
        isMembersOnly = visibility(&fields)
        banner = SettingsReader.announcement(fields.node("banner"), &fields)
        hero = fields.node("hero").map { node in
            let (hero, issues) = SettingsReader.hero(node)
            fields.add(issues)
            return hero
        }
        translationOf = fields.text("translation_of")
        hasTableOfContents = fields.bool("toc")
        if isEvent { readEvent(&fields) }
        for pair in node?.pairs ?? [] { marks[pair.key] = pair.value.mark }
        issues.append(contentsOf: fields.finish(allowing: isEvent ? [] : ["start", "end", "slug", "url"]))
    }

    private func visibility(_ fields: inout FieldReader) -> Bool {
        switch fields.text("visibility") {
        case nil, "public": return false
        case "members": return true
        case let other?:
            // What can't be read stays in: publishing by accident is worse than not publishing.
            fields.add([Issue(.error, at: fields.mark(of: "visibility"), "`\(other)` is not a visibility", advice: "write public or members")])
            return true
        }
    }

    private mutating func readEvent(_ fields: inout FieldReader) {
        start = SettingsReader.date("start", &fields)
        end = SettingsReader.date("end", &fields)
        isAllDay = fields.bool("all_day")
        location = fields.text("location")
        address = fields.text("address")
        category = fields.text("category")
        signupURL = SettingsReader.link("signup_url", &fields)
        capacity = fields.integer("capacity")
        sequence = fields.integer("sequence")
        let rule = fields.text("rrule")
        if let rule {
            do throws(RecurrenceError) {
                recurrence = try Recurrence(parsing: rule)
            } catch {
                fields.add([Issue(.error, at: fields.mark(of: "rrule"), "`rrule`: \(error.problem)", advice: error.advice)])
            }
        }
        let excludedMark = fields.mark(of: "exdate")
        for text in fields.texts("exdate") {
            do throws(WrittenDateError) {
                excluded.append(try WrittenDate(parsing: text))
            } catch {
                fields.add([Issue(.error, at: excludedMark, "`exdate`: \(error.problem)", advice: error.advice)])
            }
        }
        if let text = fields.text("status") {
            let word = text.lowercased() == "canceled" ? "cancelled" : text.lowercased()
            if let known = EventStatus(rawValue: word) {
                status = known
            } else {
                fields.add([
                    Issue(
                        .error, at: fields.mark(of: "status"), "`\(text)` is not a status",
                        advice: "write confirmed, tentative, postponed or cancelled")
                ])
            }
        }
        if let start, let end, end.dateTime < start.dateTime, start.offset == nil, end.offset == nil,
            end.hasTime || end.dateTime.date < start.dateTime.date
        {
            fields.add([Issue(.error, at: fields.mark(of: "end"), "the event ends before it starts", advice: "check start and end")])
        }
    }
}

package enum EventStatus: String, Hashable, Sendable {
    case confirmed, tentative, postponed, cancelled
}
