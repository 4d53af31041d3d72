import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// The console's first page: all organizations, to be looked for.
struct OrganizationList: Sendable {
    let web: Web
    let platform: Platform
    let sizes: FolderSizes

    var routes: [Route] {
        [Route(.get, "/operator", surface: .app, permission: .operator, handler: show)]
    }

    private static let pageSize = 25

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let query = request.uri.queryParameters
        let search = String((query["search"].map { String($0) } ?? "").prefix(100))
        let status = query["status"].flatMap { SubscriptionStatus(rawValue: String($0)) }
        let before = query["before"].flatMap { UniqueID($0) }.map { OrganizationID($0) }
        let found = try await OperatorActions(platform: platform).list(
            search: search, status: status, before: before, limit: Self.pageSize + 1)
        let shown = found.prefix(Self.pageSize)
        let strings = web.pages.strings[context.language]
        let rows = try await rows(Array(shown), strings)
        var older: LocalPath?
        if found.count > shown.count, let last = shown.last {
            let path = OperatorNavigation.home.with("search", search).with("before", "\(last.id)")
            older = status.map { path.with("status", $0.rawValue) } ?? path
        }
        return web.pages.response(
            Page(
                "operator-organizations", title: "operator.organizations",
                values: [
                    "search": .text(search), "organizations": .list(rows), "is_empty": .bool(rows.isEmpty), "older": .optional(older?.text),
                    "statuses": .list(
                        SubscriptionStatus.allCases.map { each in
                            ["value": .text(each.rawValue), "label": .text(each.words.text(strings)), "is_chosen": .bool(each == status)]
                        }),
                ],
                isWide: true), context)
    }

    private func rows(_ organizations: [Organization], _ strings: UIStrings) async throws -> [TemplateValue] {
        let now = platform.now()
        let facts: [OrganizationID: (members: Int, last: Publication?)] = try await platform.database.read { connection in
            var facts: [OrganizationID: (members: Int, last: Publication?)] = [:]
            for organization in organizations {
                let row = try connection.row(
                    """
                    SELECT count(DISTINCT user_id) AS count FROM membership
                    WHERE organization_id = :id AND (ends_at IS NULL OR ends_at > :now)
                    """, ["id": organization.id, "now": now])
                facts[organization.id] = (
                    try row?["count"] ?? 0, try Publication.all(of: organization.id, limit: 1, connection).first
                )
            }
            return facts
        }
        return organizations.map { organization in
            let (members, last) = facts[organization.id] ?? (0, nil)
            return [
                "name": .text(organization.name), "slug": .text(organization.slug.text),
                "address": .text(OrganizationConsole.path(organization.slug).text), "status": .text(organization.status.words.text(strings)),
                "plan": .text(organization.plan), "members": .text(strings.plural("operator.members", members)),
                "size": .text(size(organization, strings)), "trial_end": .optional(organization.trialEnd(strings)),
                "published": .text(last?.words(strings) ?? strings("operator.not_published")),
                "has_errors": .bool(last.map { $0.outcome == .failed || $0.errors > 0 } ?? false),
            ]
        }
    }

    /// Of its data and of what is live.
    private func size(_ organization: Organization, _ strings: UIStrings) -> String {
        let folders = organization.folders(platform)
        guard let data = sizes.known(folders.data), let site = sizes.known(folders.site) else { return strings("operator.size_unknown") }
        return strings("operator.size", ["data": data.text, "site": site.text])
    }
}

extension Organization {
    /// Where its own data is, and its site.
    func folders(_ platform: Platform) -> (data: String, site: String) {
        (platform.tenants.database(of: id).folder, "\(platform.settings.output)/\(slug)")
    }

    /// Only of a trial that runs.
    func trialEnd(_ strings: UIStrings) -> String? {
        guard status == .trialing, let trialEndsAt else { return nil }
        return strings("operator.trial_until", ["date": AuditWords.when(trialEndsAt, in: .utc, strings.language)])
    }
}

extension SubscriptionStatus {
    var words: Words {
        switch self {
        case .trialing: "operator.status_trialing"
        case .active: "operator.status_active"
        case .frozen: "operator.status_frozen"
        case .suspended: "operator.status_suspended"
        case .closed: "operator.status_closed"
        }
    }
}

extension Publication {
    /// When, what came of it, and how many errors the content has.
    func words(_ strings: UIStrings) -> String {
        let date = AuditWords.when(at, in: .utc, strings.language)
        switch outcome {
        case .failed: return strings("operator.publish_failed", ["date": date])
        case .built, .unchanged:
            return errors == 0
                ? strings("operator.publish_good", ["date": date]) : strings.plural("operator.publish_errors", errors, ["date": date])
        }
    }
}
