import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import Templating
import Tenancy

/// Events from another calendar: a file is read, its events are shown, and those that are wanted become pages.
extension SetupRoutes {
    @Sendable func readCalendar(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard try step(context) == .meetings else { throw HTTPError(.notFound) }
        let data = try await FormData.read(request, takesFiles: true)
        let bytes = data.files["calendar"]?.bytes ?? Array((data["text"] ?? "").utf8)
        guard !bytes.isEmpty else { return try await page(SetupPage(step: .meetings, fileProblem: "setup.file_missing"), context) }
        let zone = try await zone(of: organization)
        let reader = ICalendarReader(bytes, zone: zone)
        guard !reader.events.isEmpty else {
            let problem = reader.problems.first.map { words($0, context) } ?? "setup.file_empty"
            return try await page(SetupPage(step: .meetings, fileProblem: problem), context)
        }
        return try await choicePage(reader, today: zone.local(platform.now()).date, context)
    }

    /// Each event stands as text in the value of its box, so that nothing has to be kept between the two forms.
    private func choicePage(_ reader: ICalendarReader, today: CivilDate, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let head = try await editor.head(of: organization.id)
        let marks = try await knownMarks(organization, at: head)
        let dates = DateText.text(for: context.language)
        let strings = web.pages.strings[context.language]
        let events = reader.events.sorted { ($0.file.start, $0.line) < ($1.file.start, $1.line) }.enumerated().map { index, event -> TemplateValue in
            let file = event.file
            let isOver = file.recurrence == nil && (file.end ?? file.start).date < today
            return [
                "id": .text("event-\(index)"), "title": .text(file.title), "value": .text(event.text),
                "when": .text(dates.fullDate.text(file.start.date) + (file.isAllDay ? "" : ", \(dates.time.text(file.start))")),
                "place": .optional(file.location), "repeats": .bool(file.recurrence != nil), "is_chosen": .bool(!isOver),
                "is_known": .bool(marks[event.mark] != nil), "is_cancelled": .bool(file.status == .cancelled),
            ]
        }
        return web.pages.response(
            Page(
                "setup-calendar", title: "setup.choose_events",
                values: [
                    "events": .list(events), "seen": .text(head.text),
                    "action": .text(Self.path(organization.slug, .meetings).appending("add").text),
                    "previous": .text(Self.path(organization.slug, .meetings).text),
                    "problems_found": .list(reader.problems.map { .text(words($0, context).text(strings)) }),
                    "has_problems": .bool(!reader.problems.isEmpty),
                ]), context)
    }

    @Sendable func addEvents(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard try step(context) == .meetings else { throw HTTPError(.notFound) }
        let data = try await FormData.read(request, takesFiles: true)
        guard let seen = data["seen"].flatMap({ CommitID($0) }) else { throw HTTPError(.badRequest) }
        let zone = try await zone(of: organization)
        // What the boxes hold is read as carefully as a file: it comes from a browser.
        let texts = data.all("event").prefix(ICalendarReader.maximumEvents)
        let events = texts.flatMap { ICalendarReader(Array($0.utf8), zone: zone).events.prefix(1) }
        guard !events.isEmpty else { return try await page(SetupPage(step: .meetings, fileProblem: "setup.nothing_chosen"), context) }
        guard let marks = try? await knownMarks(organization, at: seen) else { throw HTTPError(.badRequest) }
        var changes: [ContentPath: FileChange] = [:]
        for event in events {
            // The same event as before takes its place.
            let path = try marks[event.mark] ?? ContentPath("events/\(EventFile.name(for: event.file.title, adding: event.mark)).md")
            changes[path] = .write(event.file.bytes)
        }
        switch try await editor.save(
            changes, of: organization, seen: seen, message: try CommitMessage("Set-up: events from a calendar file"))
        {
        case .saved, .unchanged:
            try await store.note(.meetings, of: organization.id)
            return .redirect(to: Self.path(organization.slug, .home))
        case .conflict: return try await page(SetupPage(step: .meetings, isConflict: true), context)
        case .invalid(let findings): return try await page(SetupPage(step: .meetings, findings: findings), context)
        }
    }

    /// Files of events that came from a calendar, by the mark at the end of their names.
    private func knownMarks(_ organization: OrganizationAccess, at commit: CommitID) async throws -> [String: ContentPath] {
        var marks: [String: ContentPath] = [:]
        for file in try await platform.repository(of: organization.id).files(at: commit) {
            let path = file.path.text
            guard path.hasPrefix("events/"), path.hasSuffix(".md"), let mark = path.dropLast(3).split(separator: "-").last else { continue }
            marks[String(mark)] = file.path
        }
        return marks
    }

    private func zone(of organization: OrganizationAccess) async throws -> TimeZoneRules {
        let head = try await editor.head(of: organization.id)
        let bytes = try await editor.file(try ContentPath(TenantLoader.settingsFile), of: organization.id, at: head) ?? []
        return TenantLoader.settings(from: bytes).0.flatMap { TimeZoneRules.named($0.timeZone) } ?? .utc
    }

    private func words(_ problem: ICalendarReader.Problem, _ context: AppContext) -> Words {
        let places = ["line": String(problem.line), "text": problem.text]
        return switch problem.kind {
        case .notACalendar: "calendar.not_a_calendar"
        case .tooLarge: "calendar.too_large"
        case .tooManyEvents: .string("calendar.too_many_events", places)
        case .cutOff: .string("calendar.cut_off", places)
        case .noTitle: .string("calendar.no_title", places)
        case .noStart: .string("calendar.no_start", places)
        case .time: .string("calendar.time", places)
        case .zone: .string("calendar.zone", places)
        case .rule: .string("calendar.rule", places)
        case .addedDays: .string("calendar.added_days", places)
        }
    }
}
