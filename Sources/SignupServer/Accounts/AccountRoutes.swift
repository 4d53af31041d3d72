import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// A user's own account: name, language, and where they are signed in.
struct AccountRoutes: Sendable {
    let web: Web
    let platform: Platform

    var routes: [Route] {
        [
            Route(.get, "/account", surface: .app, permission: .signedIn, handler: show),
            Route(.post, "/account", surface: .app, permission: .signedIn, handler: save),
            Route(.post, "/account/sessions/end", surface: .app, permission: .signedIn, handler: endSession),
            Route(.post, "/account/sessions/end-all", surface: .app, permission: .signedIn, handler: endAllSessions),
        ]
    }

    private static let form = Form(
        "account", submit: "account.save",
        [
            FormField("name", label: "account.name", hint: "account.name_hint", isRequired: false, maximumLength: 100, autocomplete: "name"),
            FormField(
                "language", .select(PageLanguage.all.map { FormField.Option($0.code, .verbatim($0.name)) }), label: "account.language",
                hint: "account.language_hint", isShort: true),
        ])

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        return try await page(Self.form.entry(["name": user.name, "language": user.language.code]), context)
    }

    private func page(_ entry: FormEntry, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        let now = platform.now()
        let sessions = try await platform.database.read { try Session.all(of: user.id, at: now, $0) }
        let strings = web.pages.strings[context.language]
        return web.pages.response(
            Page(
                "account", title: "account.title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(Self.form, entry, action: "/account"),
                values: [
                    "email": .text(user.email), "is_saved": .bool(context.visit.encodedQuery?.split(separator: "&").contains("saved") == true),
                    "has_second_factor": .bool(user.hasSecondFactor),
                    "has_others": .bool(sessions.count > 1),
                    "sessions": .list(
                        sessions.map { session in
                            [
                                "session": .text(session.id.description),
                                "browser": .text(session.browser.isEmpty ? strings("account.unknown_browser") : session.browser),
                                "is_this": .bool(session.id == user.session),
                                "is_half_open": .bool(session.isHalfOpen),
                                "used": .text(Self.use(Int((now.seconds - session.lastUsed.seconds) / 86_400), strings)),
                            ]
                        }),
                ]),
            context)
    }

    /// - Parameter days: since then.
    private static func use(_ days: Int, _ strings: UIStrings) -> String {
        days < 1 ? strings("account.used_today") : strings.plural("account.used_days", days)
    }

    @Sendable private func save(_ request: Request, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        let entry = Self.form.entry(try await FormData.read(request))
        guard entry.isAccepted, let language = PageLanguage.language(entry["language"]) else { return try await page(entry, context) }
        try await platform.database.write { connection in
            try connection.execute(
                "UPDATE user SET name = :name, language = :language WHERE id = :id",
                ["name": entry["name"], "language": language.code, "id": user.id])
        }
        var response = Response.redirect(to: "/account?saved")
        response.headers.append(web.cookies.set(.language, to: CookieValue(language)))
        return response
    }

    @Sendable private func endSession(_ request: Request, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        guard let id = try await FormData.read(request)["session"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        try await platform.database.write { try Session.end(id, of: user.id, $0) }
        return id == user.session ? signedOut() : .redirect(to: "/account")
    }

    @Sendable private func endAllSessions(_ request: Request, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        try await platform.database.write { try Session.endAll(of: user.id, $0) }
        return signedOut()
    }

    private func signedOut() -> Response {
        var response = Response.redirect(to: "/sign-in")
        response.headers.append(web.cookies.remove(.session))
        return response
    }
}
