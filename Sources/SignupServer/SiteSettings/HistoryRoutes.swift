import Database
import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import Templating
import Tenancy

/// What was changed on a site, by whom and when; and taking one change back.
struct HistoryRoutes: Sendable {
    let web: Web
    let platform: Platform
    let editor: ContentEditor

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/history", surface: .app, permission: .member(Permission.all, .looking), handler: show),
            Route(.post, "/manage/{slug}/history/undo", surface: .app, permission: .member(Permission.editors, .editing), handler: undo),
        ]
    }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("history") }

    private static let pageLength = 50
    /// More files than these are only counted.
    private static let shownFiles = 8

    // MARK: Looking

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let repository = platform.repository(of: organization.id)
        let before = request.uri.queryParameters["before"].flatMap { CommitID($0) }
        guard let commits = try await commits(repository, before: before) else { throw HTTPError(.notFound) }
        let strings = web.pages.strings[context.language]
        let history = CommitHistory(platform: platform, strings: strings)
        let names = try await history.names(of: commits)
        let zone = try await timeZone(organization)
        let canEdit = organization.status.allowsEditing && !organization.roles.isDisjoint(with: Permission.editors)
        var rows: [TemplateValue] = []
        for commit in commits.prefix(Self.pageLength) {
            let files = try await repository.changes(of: commit.id).map(\.path.text)
            let shown = files.count > Self.shownFiles ? [strings.plural("history.files", files.count)] : files
            rows.append([
                "commit": .text(commit.id.text), "what": .text(commit.message.summary), "who": .text(history.who(commit, names)),
                "when": .text(history.when(commit, zone: zone)), "files": .text(shown.joined(separator: ", ")),
                "can_undo": .bool(canEdit && !commit.parents.isEmpty),
            ])
        }
        let older = commits.count > Self.pageLength ? commits[Self.pageLength - 1].id : nil
        let undone = request.uri.queryParameters["undone"].map { String($0) } ?? ""
        let publications = try await platform.database.read { try Publication.all(of: organization.id, $0) }
        let publication = publications.first { $0.commit == undone }
        let isLive = publication.map { $0.outcome != .failed } ?? false
        return web.pages.response(
            Page(
                "history", title: "navigation.history",
                values: [
                    "rows": .list(rows), "undo": .text(Self.path(organization.slug).appending("undo").text),
                    "older": .optional(older.map { Self.path(organization.slug).with("before", $0.text).text }),
                    "is_undone": .bool(isLive), "is_undone_before": .bool(undone == "before"),
                    "is_not_live": .bool(publication?.outcome == .failed),
                    "errors": isLive
                        ? publication.flatMap { $0.errors > 0 ? .text(strings.plural("settings.saved_errors", $0.errors)) : nil } ?? .none : .none,
                    "newest": .text(before == nil ? "" : Self.path(organization.slug).text),
                ], isWide: true), context)
    }

    /// One more than a page has. Nil if there is no such commit.
    private func commits(_ repository: ContentRepository, before: CommitID?) async throws -> [Commit]? {
        do {
            return try await repository.log(limit: Self.pageLength + 1, before: before)
        } catch {
            if case .noCommit = error { return nil }
            throw error
        }
    }

    private func timeZone(_ organization: OrganizationAccess) async throws -> String {
        let repository = platform.repository(of: organization.id)
        let bytes = try await repository.file(try ContentPath(TenantLoader.settingsFile), at: try await repository.head())
        return bytes.flatMap { TenantLoader.settings(from: $0).0 }?.timeZone ?? "UTC"
    }

    // MARK: Undoing

    @Sendable private func undo(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard let commit = try await FormData.read(request)["commit"].flatMap({ CommitID($0) }) else { throw HTTPError(.badRequest) }
        let here = Self.path(organization.slug)
        do {
            switch try await editor.undo(commit, of: organization) {
            case .undone(let id, _): return .redirect(to: here.with("undone", id.text))
            case .unchanged: return .redirect(to: here.with("undone", "before"))
            case .conflict(let files):
                return web.pages.response(
                    Page(
                        "history-conflict", title: "history.conflict_title", status: .conflict,
                        values: ["files": .list(files.map { .text($0.text) }), "address": .text(here.text)]), context)
            }
        } catch RepositoryError.noCommit {
            throw HTTPError(.notFound)
        } catch RepositoryError.nothingToRevert {
            return web.pages.response(
                Page("history-first", title: "history.first_title", status: .conflict, values: ["address": .text(here.text)]), context)
        }
    }
}
