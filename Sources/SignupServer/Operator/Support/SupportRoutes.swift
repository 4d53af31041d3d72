import Database
import HTTPTypes
import Hummingbird
import Templating
import Tenancy

/// Where owners let whoever runs the platform help them, and take that back.
struct SupportRoutes: Sendable {
    let web: Web
    let platform: Platform

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("support") }

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/support", surface: .app, permission: .member([.owner], .owning), handler: show),
            Route(.post, "/manage/{slug}/support", surface: .app, permission: .member([.owner], .owning), handler: give),
            Route(.post, "/manage/{slug}/support/withdraw", surface: .app, permission: .member([.owner], .owning), handler: withdraw),
        ]
    }

    private static let form = Form(
        "support", submit: "support.give",
        [
            FormField(
                "scope",
                .radios([
                    FormField.Option("look", "support.look", hint: "support.look_hint"),
                    FormField.Option("edit", "support.edit", hint: "support.edit_hint"),
                ]), label: "support.scope"),
            FormField(
                "days",
                .radios([
                    FormField.Option("1", "support.one_day"), FormField.Option("3", "support.three_days"),
                    FormField.Option("7", "support.seven_days"),
                ]), label: "support.days"),
        ])

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        try await page(Self.form.entry(["days": "1"]), context)
    }

    private func page(_ entry: FormEntry, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let now = platform.now()
        let (consent, zone) = try await platform.database.read { connection in
            (
                try SupportConsent.current(of: organization.id, at: now, connection),
                try OrganizationStore.timeZone(of: organization.id, in: connection)
            )
        }
        let path = Self.path(organization.slug)
        return web.pages.response(
            Page(
                "support", title: "support.title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(Self.form, entry, action: path),
                words: consent.map {
                    [
                        "consent": .string(
                            $0.scope == .edit ? "support.may_edit" : "support.may_look",
                            ["end": AuditWords.when($0.endsAt, in: zone, context.language)])
                    ]
                } ?? [:],
                values: [
                    "has_consent": .bool(consent != nil), "withdraw": .text(path.appending("withdraw").text),
                    "log": .text(AuditRoutes.path(organization.slug).text),
                ]), context)
    }

    @Sendable private func give(_ request: Request, _ context: AppContext) async throws -> Response {
        let (organization, user) = (try context.organization(), try context.user())
        let entry = Self.form.entry(try await FormData.read(request))
        guard entry.isAccepted, let scope = SupportConsent.Scope(rawValue: entry["scope"]), let days = Int(entry["days"]),
            SupportConsent.days.contains(days)
        else { return try await page(entry, context) }
        let (id, now) = (platform.newID(), platform.now())
        try await platform.database.write { connection in
            try SupportConsent.give(id, scope, days: days, of: organization, by: user.id, at: now, connection)
        }
        return .redirect(to: Self.path(organization.slug))
    }

    @Sendable private func withdraw(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let now = platform.now()
        try await platform.database.write { try SupportConsent.withdraw(of: organization, at: now, $0) }
        return .redirect(to: Self.path(organization.slug))
    }
}
