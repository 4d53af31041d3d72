import Database
import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import StructuredData
import Templating
import Tenancy

/// What `site.yaml` holds, as forms: an overview of all groups, and a page for each.
struct SiteSettingsRoutes: Sendable {
    let web: Web
    let platform: Platform
    let editor: ContentEditor

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/settings", surface: .app, permission: .member(Permission.editors, .looking), handler: overview),
            Route(.get, "/manage/{slug}/settings/{group}", surface: .app, permission: .member(Permission.editors, .looking), handler: show),
            Route(.post, "/manage/{slug}/settings/{group}", surface: .app, permission: .member(Permission.editors, .editing), handler: save),
        ]
    }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("settings") }

    // MARK: One version of the file

    /// The settings as they were at a commit, and how they are asked for.
    private struct Version {
        let commit: CommitID
        let file: SettingsFile
        let settings: Settings
        let groups: SettingsGroups
        let pages: [String]
    }

    /// Nil if the file of this version isn't YAML: only somebody who edits it as text can mend that.
    private func version(_ commit: CommitID, _ organization: OrganizationAccess, _ context: AppContext) async throws -> Version? {
        let repository = platform.repository(of: organization.id)
        guard let bytes = try await repository.file(try ContentPath(TenantLoader.settingsFile), at: commit), let file = try? SettingsFile(bytes),
            let settings = TenantLoader.settings(from: bytes).0 ?? TenantLoader.settings(from: Array("name: \"?\"\n".utf8)).0
        else { return nil }
        let pages = try await repository.files(at: commit).map(\.path.text).filter { $0.hasSuffix(".md") }
        return Version(
            commit: commit, file: file, settings: settings,
            groups: SettingsGroups(file, settings, pages: Set(pages), web.pages.strings[context.language]), pages: pages)
    }

    private func newest(_ organization: OrganizationAccess, _ context: AppContext) async throws -> Version? {
        try await version(try await editor.head(of: organization.id), organization, context)
    }

    private func unreadable(_ context: AppContext) -> Response {
        web.pages.response(Page("settings-unreadable", title: "settings.unreadable_title", status: .conflict), context)
    }

    // MARK: Overview

    @Sendable private func overview(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard let version = try await newest(organization, context) else { return unreadable(context) }
        let strings = web.pages.strings[context.language]
        let groups = version.groups.all.map { group -> TemplateValue in
            let answers = group.answers(version.file)
            let facts = group.items.map { (label: $0.label, value: $0.shown(answers, strings)) }.filter { !$0.value.isEmpty }
            return [
                "title": .text(group.title), "address": .text(Self.path(organization.slug).appending(group.name).text),
                "facts": .list(facts.prefix(Self.shownFacts).map { ["label": .text($0.label), "value": .text($0.value.shortened(to: 140))] }),
                "is_empty": .bool(facts.isEmpty),
            ]
        }
        return web.pages.response(
            Page(
                "settings", title: "navigation.settings",
                values: ["groups": .list(groups), "can_edit": .bool(organization.status.allowsEditing)], isWide: true), context)
    }

    private static let shownFacts = 4

    // MARK: A group

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard let version = try await newest(organization, context) else { return unreadable(context) }
        guard let group = version.groups[try context.parameters.require("group")] else { throw HTTPError(.notFound) }
        let entry = group.form.entry(all: group.answers(version.file))
        return try await page(group, entry, version, seen: version.commit, notice: try await notice(request, organization, context), context)
    }

    /// What has just been saved, if the address says so.
    private func notice(_ request: Request, _ organization: OrganizationAccess, _ context: AppContext) async throws -> TemplateObject {
        guard let commit = request.uri.queryParameters["saved"].flatMap({ CommitID($0) }) else {
            return request.uri.queryParameters["unchanged"] == nil ? [:] : ["is_unchanged": true]
        }
        let publications = try await platform.database.read { try Publication.all(of: organization.id, $0) }
        guard let publication = publications.first(where: { $0.commit == commit.text }) else { return [:] }
        let strings = web.pages.strings[context.language]
        return [
            "saved": [
                "commit": .text(commit.text),
                "is_live": .bool(publication.outcome != .failed && publication.errors == 0),
                "is_failed": .bool(publication.outcome == .failed),
                "errors": publication.outcome != .failed && publication.errors > 0
                    ? .text(strings.plural("settings.saved_errors", publication.errors)) : .none,
                "is_merged": .bool(request.uri.queryParameters["merged"] != nil),
                "site": .text("\(platform.addresses.site(organization.slug))/"),
                "undo": .text(HistoryRoutes.path(organization.slug).appending("undo").text),
                "can_undo": .bool(organization.status.allowsEditing),
            ]
        ]
    }

    private func page(
        _ group: SettingsGroup, _ entry: FormEntry, _ version: Version, seen: CommitID, notice: TemplateObject = [:], _ context: AppContext
    ) async throws -> Response {
        let organization = try context.organization()
        let form = Form("settings", submit: "settings.save", shownFields(group, entry))
        let here = Self.path(organization.slug)
        let submenus = group.name == SettingsGroups.navigation ? version.groups.submenus : []
        var values: TemplateObject = notice
        values["lead"] = .optional(group.lead)
        values["settings"] = .text(here.text)
        values["can_edit"] = .bool(organization.status.allowsEditing)
        values["targets"] = form.fields.contains { $0.suggestions != nil } ? ["items": .list(targets(version).map { .text($0) })] : TemplateValue.none
        values["submenus"] =
            submenus.isEmpty
            ? TemplateValue.none
            : ["items": .list(submenus.map { ["title": .text($0.title), "address": .text(here.appending($0.name).text)] })]
        return web.pages.response(
            Page(
                "settings-group", title: .verbatim(group.title), status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(form, entry, action: here.appending(group.name), hidden: [("commit", seen.text)]), values: values), context)
    }

    /// All fields, but of rows only those with something in them and two more.
    private func shownFields(_ group: SettingsGroup, _ entry: FormEntry) -> [FormField] {
        group.items.flatMap { item -> [FormField] in
            let filled = item.fields.filter { !$0.name.hasSuffix("-place") && !entry[$0.name].isEmpty }
            let last = filled.compactMap { SettingsItemMaker.row(of: $0.name, in: item) }.max() ?? -1
            return item.fields.filter { field in
                guard let row = SettingsItemMaker.row(of: field.name, in: item) else { return true }
                return row <= last + 2
            }
        }
    }

    /// Where a link may lead, for fields to begin from: the pages of the site and the lists that every site has.
    private func targets(_ version: Version) -> [String] {
        let pages = version.pages.filter { path in
            !["news/", "events/", "documents/", "static/", "theme/"].contains { path.hasPrefix($0) } && path != "README.md"
                && !version.settings.languages.contains { path.hasSuffix(".\($0.code).md") }
        }
        return ["/news/", "/events/", "/board/", "/documents/", "/sponsors/"] + pages.prefix(300)
    }

    // MARK: Saving

    private static let attempts = 5

    @Sendable private func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let data = try await FormData.read(request)
        guard let commit = data["commit"].flatMap({ CommitID($0) }) else { throw HTTPError(.badRequest) }
        let seen: Version
        do {
            guard let version = try await version(commit, organization, context) else { return unreadable(context) }
            seen = version
        } catch RepositoryError.noCommit {
            throw HTTPError(.badRequest)
        }
        guard let group = seen.groups[try context.parameters.require("group")] else { throw HTTPError(.notFound) }
        var entry = group.form.entry(data, keeping: group.answers(seen.file))
        for field in group.form.fields where field.isOneLine && data.all(field.name).contains(where: { $0.contains("\n") }) {
            entry.reject(field.name, "settings.one_line")
        }
        let change = SettingsChange(group: group, seen: seen.file, entry: entry)
        for item in change.items { for problem in item.check(entry) { entry.reject(problem.field, problem.words) } }
        guard entry.isAccepted else { return try await page(group, entry, seen, seen: commit, context) }
        return try await save(change, seen, context)
    }

    private func save(_ change: SettingsChange, _ seen: Version, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let here = Self.path(organization.slug).appending(change.group.name)
        guard !change.items.isEmpty else { return .redirect(to: here.with("unchanged", "1")) }
        for _ in 0..<Self.attempts {
            guard let newest = try await newest(organization, context) else { return unreadable(context) }
            let conflicts = change.conflicts(with: newest.file)
            guard conflicts.isEmpty else { return try await conflictPage(change, conflicts, seen, newest, context) }
            var entry = change.entry
            let file: SettingsFile
            do {
                file = try change.applied(to: newest.file)
            } catch {
                entry.reject(nil, .string("settings.wrong", ["problem": error.problem, "advice": error.advice]))
                return try await page(change.group, entry, seen, seen: seen.commit, context)
            }
            for problem in change.problems(from: newest.file, to: file) { entry.reject(problem.field, problem.words) }
            guard entry.isAccepted else { return try await page(change.group, entry, seen, seen: seen.commit, context) }
            switch try await editor.save(
                [try ContentPath(TenantLoader.settingsFile): .write(file.bytes)], of: organization, seen: newest.commit,
                message: try CommitMessage(change.group.message))
            {
            case .saved(let commit, _):
                let saved = here.with("saved", commit.text)
                return .redirect(to: newest.file.bytes == seen.file.bytes ? saved : saved.with("merged", "1"))
            case .unchanged: return .redirect(to: here.with("unchanged", "1"))
            case .conflict: continue
            case .invalid(let findings):
                // What was wrong before stands in the way too.
                for finding in findings { entry.reject(nil, .string("settings.wrong", ["problem": finding.problem, "advice": finding.advice])) }
                return try await page(change.group, entry, seen, seen: seen.commit, context)
            }
        }
        throw RepositoryError.busy
    }

    // MARK: Conflicts

    private func conflictPage(
        _ change: SettingsChange, _ conflicts: [SettingsItem], _ seen: Version, _ newest: Version, _ context: AppContext
    ) async throws -> Response {
        let organization = try context.organization()
        let strings = web.pages.strings[context.language]
        let history = CommitHistory(platform: platform, strings: strings)
        var rows: [TemplateValue] = []
        for item in conflicts {
            let theirs = item.shown(item.answers(newest.file), strings)
            let mine = item.shown(item.answers(in: change.entry), strings)
            let who = try await history.lastChange(of: item.watched, in: organization.id, since: seen.commit, zone: newest.settings.timeZone)
            rows.append([
                "label": .text(item.label), "theirs": .text(theirs.isEmpty ? strings("settings.nothing") : theirs),
                "mine": .text(mine.isEmpty ? strings("settings.nothing") : mine), "who": .optional(who),
            ])
        }
        let here = Self.path(organization.slug).appending(change.group.name)
        let hidden = change.answers(over: newest.file).sorted { $0.key < $1.key }.flatMap { name, values in values.map { (name, $0) } }
        return web.pages.response(
            Page(
                "settings-conflict", title: "settings.conflict_title", status: .conflict,
                values: [
                    "rows": .list(rows), "address": .text(here.text), "commit": .text(newest.commit.text),
                    "hidden": .list(hidden.map { ["name": .text($0.0), "value": .text($0.1)] }),
                ]), context)
    }
}

extension FormField {
    fileprivate var isOneLine: Bool {
        if case .line = kind { true } else { false }
    }
}

extension String {
    fileprivate func shortened(to length: Int) -> String { count > length ? prefix(length) + "…" : self }
}
