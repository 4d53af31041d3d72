import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// Who may sign up: codes of invitations, and those who wait.
struct SignUpConsole: Sendable {
    let web: Web
    let platform: Platform
    let actions: OperatorActions

    private static let path: LocalPath = "/operator/invites"

    var routes: [Route] {
        [
            Route(.get, "/operator/invites", surface: .app, permission: .operator) { _, context in
                try await page(Self.form.entry(["uses": "1", "days": "30"]), code: nil, context)
            },
            Route(.post, "/operator/invites", surface: .app, permission: .operator, handler: make),
            Route(.post, "/operator/invites/end", surface: .app, permission: .operator, handler: end),
            Route(.get, "/operator/waiting-list", surface: .app, permission: .operator, handler: showWaitingList),
        ]
    }

    private static let form = Form(
        "invite", submit: "operator.invite",
        [
            FormField("uses", label: "operator.uses", hint: "operator.uses_hint", maximumLength: 6, inputMode: "numeric", isShort: true),
            FormField("days", label: "operator.days", maximumLength: 4, inputMode: "numeric", isShort: true),
            FormField("note", label: "operator.note", hint: "operator.note_hint", isRequired: false, autocomplete: "off"),
        ])

    /// - Parameter code: one that was just made: it is shown on this page and never again.
    private func page(_ entry: FormEntry, code: String?, _ context: AppContext) async throws -> Response {
        let strings = web.pages.strings[context.language]
        let now = platform.now()
        let invites = try await actions.invites()
        return web.pages.response(
            Page(
                "operator-invites", title: "operator.invites", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(Self.form, entry, action: Self.path),
                values: [
                    "code": .optional(code),
                    "link": .optional(code.map { "\(platform.addresses.app)\(("/sign-up" as LocalPath).with("code", $0))" }),
                    "is_needed": .bool(platform.settings.signUpMode == .invite),
                    "invites": .list(
                        invites.map { invite in
                            [
                                "hash": .text(invite.hash.text), "note": .text(invite.note.isEmpty ? strings("operator.no_note") : invite.note),
                                "uses": .text(strings.plural("operator.uses_left", invite.usesLeft)), "is_good": .bool(invite.isGood(at: now)),
                                "until": .text(AuditWords.when(invite.expiresAt, in: .utc, strings.language)),
                            ]
                        }),
                ],
                isWide: true), context)
    }

    /// Answered by the page itself: an address with the code in it would stay in the browser's history.
    @Sendable private func make(_ request: Request, _ context: AppContext) async throws -> Response {
        var entry = Self.form.entry(try await FormData.read(request))
        let (uses, days) = (Int(entry["uses"]) ?? 0, Int(entry["days"]) ?? 0)
        if !(1...100_000).contains(uses) { entry.reject("uses", "operator.uses_wrong") }
        if !(1...3_660).contains(days) { entry.reject("days", "operator.days_wrong") }
        guard entry.isAccepted else { return try await page(entry, code: nil, context) }
        let code = try await actions.invite(uses: uses, until: platform.now().adding(seconds: Int64(days) * 86_400), note: entry["note"])
        return try await page(Self.form.entry(["uses": "1", "days": "30"]), code: code, context)
    }

    @Sendable private func end(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let hash = try await FormData.read(request)["invite"].flatMap({ TokenHash(sqlValue: .text($0)) }) else { throw HTTPError(.badRequest) }
        _ = try await actions.endInvite(hash)
        return .redirect(to: Self.path)
    }

    private static let waitingLimit = 500

    @Sendable private func showWaitingList(_ request: Request, _ context: AppContext) async throws -> Response {
        let strings = web.pages.strings[context.language]
        let (rows, count) = try await platform.database.read { connection in
            let rows = try connection.rows(
                "SELECT email, school, language, created_at FROM waiting_list ORDER BY created_at DESC, email_key LIMIT :limit",
                ["limit": Self.waitingLimit]
            ).map { row -> TemplateValue in
                [
                    "email": .text(try row["email"]), "school": .text(try row["school"]),
                    "since": .text(AuditWords.when(try row["created_at"], in: .utc, strings.language)),
                ]
            }
            return (rows, try connection.row("SELECT count(*) AS count FROM waiting_list")?["count"] as Int? ?? 0)
        }
        return web.pages.response(
            Page(
                "operator-waiting-list", title: "operator.waiting_list",
                values: ["rows": .list(rows), "count": .text(strings.plural("operator.waiting", count))], isWide: true), context)
    }
}
