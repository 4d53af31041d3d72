import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// An organization's first page for those who look after it.
struct DashboardRoutes: Sendable {
    let web: Web
    let platform: Platform
    let setup: SetupStore

    /// The dashboard of an organization.
    static func path(_ slug: Slug) -> LocalPath { ("/manage" as LocalPath).appending(slug.text) }

    var routes: [Route] {
        [Route(.get, "/manage/{slug}", surface: .app, permission: .member(Set(Role.allCases)), handler: show)]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let access = try context.organization()
        guard let organization = try await platform.organizations.organization(access.id) else { throw HTTPError(.notFound) }
        guard organization.readyAt != nil else { return notReadyPage(organization, context) }
        try await checkDatabase(of: access.id)
        var values: TemplateObject = [
            "address": .text("\(platform.addresses.site(organization.slug))/"),
            "host": .text("\(organization.slug).\(platform.settings.sitesDomain)"),
        ]
        // A site that can't be read must not take this page away from those who can mend it.
        let overview = try? await setup.overview(of: organization.id, organization.slug)
        let zone = overview.flatMap { TimeZoneRules.named($0.settings.timeZone) } ?? .utc
        if let overview {
            values["site"] = site(overview, organization, context)
            values["findings"] = findings(overview, context)
        }
        values["publication"] = try await publication(organization.id, zone, context)
        values["terms"] = try await terms(access, zone, context)
        if let overview, !access.roles.isDisjoint(with: Permission.editors), organization.status.allowsEditing {
            values["setup"] = checklist(SetupChecklist(try await setup.facts(organization.id, overview)), organization.slug, context)
        }
        return web.pages.response(
            Page("dashboard", title: .verbatim(organization.name), words: try await status(organization), values: values, isWide: true), context)
    }

    /// What is damaged shows on the first page, and not only where something is changed. Whatever else stands in the way may pass.
    private func checkDatabase(of id: OrganizationID) async throws {
        do {
            _ = try await platform.tenants.database(of: id).read { try $0.row("SELECT id FROM organization") }
        } catch let error as DatabaseError {
            if case .damaged = error { throw error }
        }
    }

    private func status(_ organization: Organization) async throws -> [String: Words] {
        guard organization.status == .trialing, let end = organization.trialEndsAt else { return [:] }
        let days = max(0, (end.seconds - platform.now().seconds + 86_399) / 86_400)
        return ["status": .string("dashboard.trial", ["days": String(days)])]
    }

    // MARK: The site

    /// What is on next, and what was news last.
    private func site(_ overview: SiteOverview, _ organization: Organization, _ context: AppContext) -> TemplateValue {
        let dates = DateText.text(for: context.language)
        let origin = platform.addresses.site(organization.slug)
        let event = overview.events.first.map { event -> TemplateValue in
            [
                "title": .text(event.title), "address": .text(origin + event.path),
                "when": .text(dates.fullDate.text(event.start.date) + (event.isAllDay ? "" : ", \(dates.time.text(event.start))")),
            ]
        }
        let post = overview.posts.first.map { post -> TemplateValue in
            ["title": .text(post.title), "address": .text(origin + post.path), "when": .text(dates.date.text(post.date))]
        }
        return ["event": event ?? .none, "post": post ?? .none]
    }

    private static let shownFindings = 3

    /// Nothing where nothing needs a person.
    private func findings(_ overview: SiteOverview, _ context: AppContext) -> TemplateValue {
        let errors = overview.findings.filter { $0.severity == .error }
        guard !errors.isEmpty else { return .none }
        let strings = web.pages.strings[context.language]
        return [
            "count": .text(strings.plural("dashboard.errors", errors.count)),
            "lines": .list(errors.prefix(Self.shownFindings).map { .text($0.description) }),
        ]
    }

    private func publication(_ id: OrganizationID, _ zone: TimeZoneRules, _ context: AppContext) async throws -> TemplateValue {
        guard let last = try await platform.database.read({ try Publication.all(of: id, limit: 1, $0) }).first else { return .none }
        let strings = web.pages.strings[context.language]
        let dates = DateText.text(for: context.language)
        let at = zone.local(last.at)
        let when = ["date": dates.date.text(at.date), "time": dates.time.text(at)]
        return [
            "words": .text(strings(last.outcome == .failed ? "dashboard.not_published" : "dashboard.published", when)),
            "has_failed": .bool(last.outcome == .failed),
        ]
    }

    // MARK: People

    private static let noticeDays: Int64 = 90

    /// Seats that end soon, for those who may see who belongs to the board. No names: they are on the page of the people.
    private func terms(_ access: OrganizationAccess, _ zone: TimeZoneRules, _ context: AppContext) async throws -> TemplateValue {
        guard !access.roles.isDisjoint(with: Permission.board) else { return .none }
        let now = platform.now()
        let ends: [(title: String, end: Instant)] = try await platform.database.read { connection in
            try connection.rows(
                """
                SELECT title, role, ends_at FROM membership
                WHERE organization_id = :id AND starts_at <= :now AND ends_at > :now AND ends_at <= :then ORDER BY ends_at, id LIMIT 5
                """, ["id": access.id, "now": now, "then": now.adding(seconds: Self.noticeDays * 86_400)]
            ).map { row in
                let title: String = try row["title"]
                return (title.isEmpty ? try row["role"] : title, try row["ends_at"])
            }
        }
        guard !ends.isEmpty else { return .none }
        let dates = DateText.text(for: context.language)
        return [
            "path": .text(Self.path(access.slug).appending("people").text),
            "seats": .list(ends.map { ["title": .text($0.title), "when": .text(dates.date.text(zone.local($0.end).date))] }),
        ]
    }

    // MARK: The checklist

    private func checklist(_ checklist: SetupChecklist, _ slug: Slug, _ context: AppContext) -> TemplateValue {
        let strings = web.pages.strings[context.language]
        let all = SetupChecklist.Item.allCases
        return [
            "path": .text(SetupRoutes.path(slug).text), "is_finished": .bool(checklist.isFinished), "done": .text(String(checklist.done.count)),
            "count": .text(String(all.count)),
            "progress": .text(strings("checklist.progress", ["done": String(checklist.done.count), "count": String(all.count)])),
            "items": .list(
                all.map { item in
                    [
                        "label": .text(item.label.text(strings)), "path": .text(item.path(slug).text),
                        "is_done": .bool(checklist.done.contains(item)),
                    ]
                }),
        ]
    }

    /// Looks again by itself: making a site takes a second, and after a fault some more.
    private func notReadyPage(_ organization: Organization, _ context: AppContext) -> Response {
        var response = web.pages.response(Page("dashboard-waiting", title: .verbatim(organization.name), status: .ok), context)
        if let refresh = HTTPField.Name("Refresh") { response.headers[refresh] = "3" }
        return response
    }
}
