import HTTPTypes
import Hummingbird
import Logging
import Repositories
import SiteBuilder
import StructuredData
import Templating
import Tenancy

/// The set-up: a few steps from the starter's site to one's own. Each saves and publishes, and leads on to the next.
struct SetupRoutes: Sendable {
    let web: Web
    let platform: Platform
    let editor: ContentEditor
    let store: SetupStore

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("setup") }
    static func path(_ slug: Slug, _ step: SetupStep) -> LocalPath { path(slug).appending(step.rawValue) }

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/setup", surface: .app, permission: .member(Permission.editors), handler: begin),
            Route(.get, "/manage/{slug}/setup/{step}", surface: .app, permission: .member(Permission.editors), handler: show),
            Route(.post, "/manage/{slug}/setup/{step}", surface: .app, permission: .member(Permission.editors, .editing), handler: save),
            Route(
                .post, "/manage/{slug}/setup/{step}/file", surface: .app, permission: .member(Permission.editors, .editing), handler: readCalendar),
            Route(.post, "/manage/{slug}/setup/{step}/add", surface: .app, permission: .member(Permission.editors, .editing), handler: addEvents),
        ]
    }

    /// The first step that nobody has saved yet.
    @Sendable private func begin(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let saved = try await store.savedSteps(of: organization.id)
        let step = SetupStep.allCases.first { !saved.contains($0) && $0 != .invite } ?? .name
        return .redirect(to: Self.path(organization.slug, step))
    }

    func step(_ context: AppContext) throws -> SetupStep {
        guard let step = context.parameters.get("step").flatMap({ SetupStep(rawValue: $0) }) else { throw HTTPError(.notFound) }
        return step
    }

    // MARK: Showing

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let step = try step(context)
        let draft = step == .colors ? request.uri.query.flatMap { try? FormData(Array($0.utf8)) } : nil
        return try await page(SetupPage(step: step, draft: draft), context)
    }

    /// A page of a step, before it is filled.
    struct SetupPage: Sendable {
        let step: SetupStep
        /// What was sent; nil for what the files say.
        var entry: FormEntry?
        /// Colours to look at.
        var draft: FormData?
        /// Somebody else has changed the same meanwhile.
        var isConflict = false
        /// What the generator refuses.
        var findings: [Finding] = []
        /// What is wrong with a file that was sent.
        var fileProblem: Words?
    }

    func page(_ shown: SetupPage, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let head = try await head(of: organization)
        let content = try await content(of: organization, at: head)
        let step = shown.step
        let strings = web.pages.strings[context.language]
        var form: FormView?
        if let (built, entry) = self.form(step, content, shown) {
            form = FormView(built, entry, action: Self.path(organization.slug, step), hidden: [("seen", head.text)])
        }
        let status: HTTPResponse.Status =
            shown.isConflict
            ? .conflict
            : form?.entry.isAccepted == false || !shown.findings.isEmpty || shown.fileProblem != nil
                ? .unprocessableContent : .ok
        var values: TemplateObject = [
            "step": .text(step.rawValue), "number": .text(String(step.number)), "count": .text(String(SetupStep.allCases.count)),
            "is_conflict": .bool(shown.isConflict),
            "findings": .list(shown.findings.map { .text($0.description) }), "has_findings": .bool(!shown.findings.isEmpty),
            "next": .text((step.next.map { Self.path(organization.slug, $0) } ?? DashboardRoutes.path(organization.slug)).text),
            "previous": .text((step.previous.map { Self.path(organization.slug, $0) } ?? DashboardRoutes.path(organization.slug)).text),
            "people": .text(DashboardRoutes.path(organization.slug).appending("people").text),
            "dashboard": .text(DashboardRoutes.path(organization.slug).text),
            "groups": groups(step, form, strings), "file_problem": .optional(shown.fileProblem?.text(strings)),
            "is_editable": .bool(organization.status.allowsEditing),
        ]
        if step == .colors { values["preview"] = .text(preview(organization.slug, shown.draft).text) }
        if step == .meetings {
            values["import"] = .text(Self.path(organization.slug, .meetings).appending("file").text)
            let events = try await upcoming(organization, context)
            (values["events"], values["has_events"]) = (.list(events), .bool(!events.isEmpty))
        }
        var response = web.pages.response(
            Page(
                "setup-step", title: step.title, status: status, form: form,
                words: [
                    "lead": step.lead,
                    "progress": .string("setup.progress", ["number": String(step.number), "count": String(SetupStep.allCases.count)]),
                ], values: values, isWide: step == .colors), context)
        if step == .colors { PreviewRoutes.allowFrame(in: &response) }
        return response
    }

    private func form(_ step: SetupStep, _ content: Content, _ shown: SetupPage) -> (Form, FormEntry)? {
        switch step {
        case .name: (SetupForms.name, shown.entry ?? SetupForms.nameEntry(content.site))
        case .colors:
            (
                SetupForms.colors,
                shown.entry
                    ?? {
                        var settings = content.settings
                        if let draft = shown.draft { SetupForms.draft(draft, of: &settings) }
                        return SetupForms.colorsEntry(settings)
                    }()
            )
        case .time: (SetupForms.time(content.settings), shown.entry ?? SetupForms.timeEntry(content.settings))
        case .officers: (SetupForms.officers(content.board), shown.entry ?? SetupForms.officersEntry(content.board))
        case .meetings: (SetupForms.meetings, shown.entry ?? SetupForms.meetings.entry())
        case .home: (SetupForms.home, shown.entry ?? SetupForms.homeEntry(content.settings))
        case .invite: nil
        }
    }

    /// Fields that belong together, as the template shows them: one group for each officer and each meeting.
    private func groups(_ step: SetupStep, _ form: FormView?, _ strings: UIStrings) -> TemplateValue {
        let size = step == .officers ? 3 : step == .meetings ? 4 : 0
        guard size > 0, let form, case .object(let object) = form.value(strings), case .list(let all)? = object["all"] else { return .none }
        let groups = stride(from: 0, to: all.count, by: size).map { start -> TemplateValue in
            let legend = strings(step == .officers ? "setup.officer" : "setup.meeting", ["number": String(start / size + 1)])
            return ["legend": .text(legend), "members": .list(Array(all[start..<min(start + size, all.count)]))]
        }
        return .list(groups)
    }

    private func preview(_ slug: Slug, _ draft: FormData?) -> LocalPath {
        var path = PreviewRoutes.path(slug)
        for (name, value) in [
            ("primary", draft?["primary"]), ("accent", draft?["accent"]), ("header", draft?["header"]), ("fonts", draft?["fonts"]),
            ("corners", draft?["corners"]), ("density", draft?["density"]),
        ] as [(StaticString, String?)] {
            if let value, value.utf8.count <= 20 { path = path.with(name, value) }
        }
        return path
    }

    private func upcoming(_ organization: OrganizationAccess, _ context: AppContext) async throws -> [TemplateValue] {
        // A site that can't be read at all has none to show.
        guard let overview = try? await store.overview(of: organization.id, organization.slug) else { return [] }
        let dates = DateText.text(for: context.language)
        return overview.events.prefix(20).map { event in
            let time = event.isAllDay ? "" : ", \(dates.time.text(event.start))"
            return ["title": .text(event.title), "when": .text(dates.fullDate.text(event.start.date) + time)]
        }
    }

    // MARK: Content

    /// The files that the set-up changes, at one commit.
    struct Content: Sendable {
        let settings: Settings
        let site: SettingsFile
        let board: SettingsFile
    }

    private func head(of organization: OrganizationAccess) async throws -> CommitID {
        do {
            return try await editor.head(of: organization.id)
        } catch {
            // It is being made.
            guard let known = try await platform.organizations.organization(organization.id), known.readyAt == nil else { throw error }
            throw HTTPError(.notFound)
        }
    }

    private func content(of organization: OrganizationAccess, at commit: CommitID) async throws -> Content {
        let siteBytes = try await editor.file(try ContentPath(TenantLoader.settingsFile), of: organization.id, at: commit) ?? []
        let boardBytes = try await editor.file(try ContentPath(Self.boardFile), of: organization.id, at: commit) ?? []
        // The editor lets nothing through that can't be read; whoever has changed it otherwise must mend it.
        guard let settings = TenantLoader.settings(from: siteBytes).0 else { throw HTTPError(.serviceUnavailable) }
        return Content(settings: settings, site: try SettingsFile(siteBytes), board: try SettingsFile(boardBytes))
    }

    private static let boardFile = "data/board.yaml"

    // MARK: Saving

    @Sendable private func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let step = try step(context)
        let data = try await FormData.read(request, takesFiles: step == .colors)
        guard step != .invite else { throw HTTPError(.methodNotAllowed) }
        guard let seen = data["seen"].flatMap({ CommitID($0) }) else { throw HTTPError(.badRequest) }
        guard let content = try? await content(of: organization, at: seen) else { throw HTTPError(.badRequest) }
        guard let (form, _) = self.form(step, content, SetupPage(step: step)) else { throw HTTPError(.notFound) }
        var entry = form.entry(data)
        var shown = SetupPage(step: step)
        let changes = try await changes(step, &entry, data, content, organization, seen, &shown)
        shown.entry = entry
        guard entry.isAccepted, shown.fileProblem == nil else { return try await page(shown, context) }
        switch try await save(changes, step, organization, seen) {
        case .saved, .unchanged: break
        case .conflict:
            shown.isConflict = true
            return try await page(shown, context)
        case .invalid(let findings):
            shown.findings = findings
            return try await page(shown, context)
        }
        try await store.note(step, of: organization.id, name: step == .name ? entry["name"] : nil)
        return .redirect(to: step.next.map { Self.path(organization.slug, $0) } ?? DashboardRoutes.path(organization.slug))
    }

    /// Nothing to change is no change.
    private func save(
        _ changes: [ContentPath: FileChange], _ step: SetupStep, _ organization: OrganizationAccess, _ seen: CommitID
    ) async throws -> ContentEditor.Outcome {
        guard !changes.isEmpty else { return .unchanged }
        return try await editor.save(changes, of: organization, seen: seen, message: try CommitMessage(Self.message(step)))
    }

    private static func message(_ step: SetupStep) -> String {
        switch step {
        case .name: "Set-up: name and details"
        case .colors: "Set-up: colors and logo"
        case .time: "Set-up: time zone and languages"
        case .officers: "Set-up: officers"
        case .meetings: "Set-up: meetings"
        case .home: "Set-up: home page"
        case .invite: "Set-up: people"
        }
    }

    private func changes(
        _ step: SetupStep, _ entry: inout FormEntry, _ data: FormData, _ content: Content, _ organization: OrganizationAccess, _ seen: CommitID,
        _ shown: inout SetupPage
    ) async throws -> [ContentPath: FileChange] {
        var site = content.site
        var board = content.board
        var changes: [ContentPath: FileChange] = [:]
        switch step {
        case .name: try SetupForms.applyName(&entry, to: &site)
        case .colors:
            SetupForms.checkColors(&entry)
            guard entry.isAccepted else { break }
            try SetupForms.applyColors(entry, to: &site)
            if let file = data.files["logo"] {
                guard let (path, bytes) = SetupLogo.file(file) else {
                    shown.fileProblem = "setup.logo_wrong"
                    break
                }
                changes[path] = .write(bytes)
                try site.set(["logo"], .text(path.text))
            }
        case .time: if entry.isAccepted { try SetupForms.applyTime(entry, content.settings, to: &site) }
        case .officers: try SetupForms.applyOfficers(&entry, to: &board)
        case .meetings:
            let zone = TimeZoneRules.named(content.settings.timeZone) ?? .utc
            for (row, file) in SetupForms.meetings(&entry, today: zone.local(platform.now()).date) where entry.isAccepted {
                let path = try ContentPath("events/\(EventFile.name(for: file.title, adding: file.start.date.description)).md")
                let isThere = try await editor.file(path, of: organization.id, at: seen) != nil
                guard !isThere, changes.updateValue(.write(file.bytes), forKey: path) == nil else {
                    entry.reject("title-\(row)", "setup.meeting_exists")
                    continue
                }
            }
        case .home: if entry.isAccepted { try SetupForms.applyHome(entry, content.settings, to: &site) }
        case .invite: break
        }
        if site.bytes != content.site.bytes { changes[try ContentPath(TenantLoader.settingsFile)] = .write(site.bytes) }
        if board.bytes != content.board.bytes { changes[try ContentPath(Self.boardFile)] = .write(board.bytes) }
        return changes
    }
}
