import Database
import HTTPTypes
import Hummingbird
import Templating
import Tenancy

/// The page between a mail's link and being signed in, for those who have a second factor; and the same question again before they change
/// one. It is for anyone, as signing in is, and answers only whoever has the cookie of a session.
struct SecondFactorSignInRoutes: Sendable {
    let web: Web
    let platform: Platform
    let factor: SecondFactor
    let passkeys: Passkeys

    static let path: LocalPath = "/sign-in/second-factor"

    var routes: [Route] {
        [
            Route(.get, "/sign-in/second-factor", surface: .app, permission: .anyone, handler: show),
            Route(.post, "/sign-in/second-factor", surface: .app, permission: .anyone, handler: accept),
            Route(.get, "/sign-in/second-factor/passkey", surface: .app, permission: .anyone, handler: passkeyOptions),
            Route(.post, "/sign-in/second-factor/passkey", surface: .app, permission: .anyone, handler: acceptPasskey),
            Route(.get, "/sign-in/passkey", surface: .app, permission: .anyone, handler: wholeOptions),
            Route(.post, "/sign-in/passkey", surface: .app, permission: .anyone, handler: acceptWhole),
        ]
    }

    // MARK: The code

    private static let form = Form(
        "second-factor", submit: "second_factor.submit",
        [
            FormField(
                "code", label: "second_factor.code", hint: "second_factor.code_hint", maximumLength: 40, autocomplete: "one-time-code", isShort: true)
        ])

    static let limit = RateLimit("second factors by network", 60, perSeconds: 3_600)

    /// Of the request's own session, who has still to show a second factor, or may show it again.
    private func session(_ context: AppContext) -> HalfOpenSession? {
        if let halfOpen = context.access.halfOpen { return halfOpen }
        return context.access.user.flatMap { $0.hasSecondFactor ? HalfOpenSession(id: $0.session, user: $0.id) : nil }
    }

    /// Where it goes on for whom there is nothing to show.
    private func elsewhere(_ next: LocalPath, _ context: AppContext) -> Response {
        .redirect(to: context.access.user == nil ? ("/sign-in" as LocalPath).with("next", next.text) : next)
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let next = LocalPath(nextIn: request)
        guard let session = session(context) else { return elsewhere(next, context) }
        return try await page(Self.form.entry(), session, next: next, context)
    }

    private func page(_ entry: FormEntry, _ session: HalfOpenSession, next: LocalPath, _ context: AppContext) async throws -> Response {
        let (app, keys) = (try await factor.app(of: session.user), try await passkeys.all(of: session.user))
        let hasApp = if case .on = app { true } else { false }
        return web.pages.response(
            Page(
                "second-factor-sign-in", title: "second_factor.sign_in_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(Self.form, entry, action: Self.path, hidden: [("next", next.text)]),
                values: [
                    "has_app": .bool(hasApp), "has_passkeys": .bool(!keys.isEmpty), "next": .text(next.text),
                    "is_signed_in": .bool(context.access.user != nil),
                ]), context)
    }

    @Sendable private func accept(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let next = LocalPath(nextIn: data)
        guard let session = session(context) else { return elsewhere(next, context) }
        var entry = Self.form.entry(data)
        if let problem = Self.problem(with: entry["code"]) { entry.reject("code", problem) }
        guard entry.isAccepted else { return try await page(entry, session, next: next, context) }
        if let held = web.heldBack(Self.limit, at: platform.now(), context) { return held }
        switch try await factor.prove(Self.code(entry["code"]), in: session.id, of: session.user) {
        case .accepted(let token): return proved(token, then: next)
        case .wrong: entry.reject("code", "second_factor.code_wrong")
        case .resting: entry.reject("code", "second_factor.code_resting")
        case .over: return overPage(context)
        }
        return try await page(entry, session, next: next, context)
    }

    /// As it is compared.
    static func code(_ text: String) -> String {
        let digits = text.filter { !$0.isWhitespace && $0 != "-" }
        return OneTimeCode.isCode(digits) ? digits : text
    }

    /// What can be no code is said before it counts as a wrong one.
    static func problem(with text: String) -> Words? {
        text.isEmpty || OneTimeCode.isCode(code(text)) || RecoveryCode.read(text) != nil ? nil : "second_factor.code_form"
    }

    private func proved(_ token: SecretToken, then path: LocalPath) -> Response {
        var response = Response.redirect(to: path)
        response.headers.append(web.cookies.set(.session, to: CookieValue(token)))
        return response
    }

    private func overPage(_ context: AppContext) -> Response {
        var response = web.pages.response(Page("second-factor-over", title: "second_factor.over_title", status: .gone), context)
        response.headers.append(web.cookies.remove(.session))
        return response
    }

    // MARK: A passkey, as a second factor

    @Sendable private func passkeyOptions(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let session = session(context) else { throw HTTPError(.unauthorized) }
        return .json(try await passkeys.requestOptions(for: session))
    }

    @Sendable private func acceptPasskey(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let next = LocalPath(nextIn: data)
        guard let session = session(context) else { return elsewhere(next, context) }
        if let held = web.heldBack(Self.limit, at: platform.now(), context) { return held }
        guard let assertion = PasskeyAssertion(data), let token = try await passkeys.prove(assertion, in: session) else {
            var entry = Self.form.entry()
            entry.reject(nil, "passkey.refused")
            return try await page(entry, session, next: next, context)
        }
        return proved(token, then: next)
    }

    // MARK: A passkey, instead of a mail

    @Sendable private func wholeOptions(_ request: Request, _ context: AppContext) -> Response {
        .json(passkeys.requestOptions())
    }

    @Sendable private func acceptWhole(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let next = LocalPath(nextIn: data)
        if let held = web.heldBack(Self.limit, at: platform.now(), context) { return held }
        let previous = context.cookies[.session].flatMap { SecretToken($0) }
        guard let assertion = PasskeyAssertion(data),
            let token = try await passkeys.signIn(
                assertion, named: BrowserName.of(userAgent: request.headers[.userAgent]), replacing: previous)
        else {
            return web.pages.response(
                Page(
                    "passkey-refused", title: "passkey.refused_title", status: .unprocessableContent,
                    values: ["again": .text(("/sign-in" as LocalPath).with("next", next.text).text)]), context)
        }
        var response = proved(token, then: next)
        response.headers.append(web.cookies.remove(.signIn))
        return response
    }
}

extension Web {
    /// The answer to what was done too often from one network; nil if it may go on.
    fileprivate func heldBack(_ limit: RateLimit, at now: Instant, _ context: AppContext) -> Response? {
        limiter.take(limit, for: context.forwarded.client?.network ?? "unknown", at: now).map { tooMany(seconds: $0, context) }
    }
}

extension LocalPath {
    /// Where a page leads on to; the account if it says nothing, or what is no path of ours.
    init(nextIn request: Request) {
        self = request.uri.queryParameters["next"].flatMap { LocalPath(checking: String($0)) } ?? SignIn.start
    }

    init(nextIn data: FormData) {
        self = data["next"].flatMap { LocalPath(checking: $0) } ?? SignIn.start
    }
}
