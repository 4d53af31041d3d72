import Database
import HTTPTypes
import Hummingbird
import StaticSites
import Templating
import Tenancy

/// The pages of signing in and out.
struct SignInRoutes: Sendable {
    let web: Web
    let signIn: SignIn
    let platform: Platform

    var routes: [Route] {
        [
            Route(.get, "/sign-in", surface: .app, permission: .anyone, handler: showForm),
            Route(.post, "/sign-in", surface: .app, permission: .anyone, handler: ask),
            Route(.get, "/sign-in/sent", surface: .app, permission: .anyone, handler: showSent),
            Route(.post, "/sign-in/sent", surface: .app, permission: .anyone, handler: acceptCode),
            Route(.get, "/sign-in/link", surface: .app, permission: .anyone, handler: showLink),
            Route(.post, "/sign-in/link", surface: .app, permission: .anyone, handler: acceptLink),
            Route(.post, "/sign-out", surface: .app, permission: .anyone, handler: signOut),
        ]
    }

    // MARK: Asking for a mail

    private static let form = Form(
        "sign-in", submit: "sign_in.submit", [FormField.email(label: "field.email", hint: "sign_in.email_hint")])

    /// Browsers fill in the one field by themselves, so no time is too short.
    private static let rules = FormGuard.Rules(minimumSeconds: 0)

    @Sendable private func showForm(_ request: Request, _ context: AppContext) -> Response {
        let next = request.uri.queryParameters["next"].flatMap { LocalPath(checking: String($0)) } ?? SignIn.start
        if context.access.user != nil { return .redirect(to: next) }
        return page(Self.form.entry(), next: next, context)
    }

    private func page(_ entry: FormEntry, next: LocalPath, after data: FormData? = nil, _ context: AppContext) -> Response {
        var view = web.guarded(Self.form, entry, action: "/sign-in", after: data)
        view.hidden = [("next", next.text)]
        return web.pages.response(
            Page(
                "sign-in", title: "sign_in.title", status: entry.isAccepted ? .ok : .unprocessableContent, form: view,
                values: ["next": .text(next.text)]), context)
    }

    @Sendable private func ask(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let next = data["next"].flatMap { LocalPath(checking: $0) } ?? SignIn.start
        var entry = Self.form.entry(data)
        let email = try? EmailAddress(entry["email"])
        if email == nil { entry.reject("email", "field.email_wrong") }
        guard entry.isAccepted, let email else { return page(entry, next: next, after: data, context) }
        if let held = web.held(Self.form, data, action: "/sign-in", email: email.key, Self.rules, context) { return held }
        let browser = context.cookies[.signIn].flatMap { SecretToken($0) } ?? SecretToken(platform.random)
        try await signIn.ask(email, language: context.language, browser: browser, then: next)
        var response = Response.redirect(to: "/sign-in/sent")
        response.headers.append(web.cookies.set(.signIn, to: CookieValue(browser)))
        return response
    }

    // MARK: The code

    private static let codeForm = Form(
        "sign-in-code", submit: "sign_in.code_submit",
        [
            FormField(
                "code", label: "sign_in.code", hint: "sign_in.code_hint", maximumLength: 20, autocomplete: "one-time-code", inputMode: "numeric",
                isShort: true)
        ])

    private static let codeLimit = RateLimit("sign-in codes by network", 60, perSeconds: 3_600)

    @Sendable private func showSent(_ request: Request, _ context: AppContext) -> Response {
        guard context.cookies[.signIn] != nil else { return .redirect(to: "/sign-in") }
        return sentPage(Self.codeForm.entry(), context)
    }

    private func sentPage(_ entry: FormEntry, _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "sign-in-sent", title: "sign_in.sent_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: FormView(Self.codeForm, entry, action: "/sign-in/sent"),
                words: ["lead": .string("sign_in.sent_lead", ["minutes": String(SignIn.validSeconds / 60)])]),
            context)
    }

    @Sendable private func acceptCode(_ request: Request, _ context: AppContext) async throws -> Response {
        var entry = Self.codeForm.entry(try await FormData.read(request))
        let code = entry["code"].filter { !$0.isWhitespace && $0 != "-" }
        guard let browser = context.cookies[.signIn].flatMap({ SecretToken($0) }) else { return overPage(context) }
        guard code.utf8.count == 6, code.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            entry.reject("code", "sign_in.code_form")
            return sentPage(entry, context)
        }
        if let seconds = web.limiter.take(Self.codeLimit, for: context.forwarded.client?.network ?? "unknown", at: platform.now()) {
            return web.tooMany(seconds: seconds, context)
        }
        switch try await signIn.accept(code: code, browser: browser, named: browserName(request), replacing: session(context)) {
        case .signedIn(let token, let path): return signedIn(token, then: path)
        case .wrongCode:
            entry.reject("code", "sign_in.code_wrong")
            return sentPage(entry, context)
        case .over: return overPage(context)
        }
    }

    // MARK: The link

    /// Programs that check mails open links; only the button signs in.
    @Sendable private func showLink(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let token = request.uri.queryParameters["token"].flatMap({ SecretToken($0) }) else { return overPage(context) }
        switch try await signIn.look(at: token, browser: context.cookies[.signIn].flatMap { SecretToken($0) }) {
        case .ready:
            let form = Form("sign-in-link", submit: "sign_in.link_submit", [])
            return web.pages.response(
                Page(
                    "sign-in-link", title: "sign_in.link_title",
                    form: FormView(form, form.entry(), action: "/sign-in/link", hidden: [("token", token.text)])), context)
        case .otherBrowser: return web.pages.response(Page("sign-in-elsewhere", title: "sign_in.elsewhere_title"), context)
        case .over: return overPage(context)
        }
    }

    @Sendable private func acceptLink(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        guard let token = data["token"].flatMap({ SecretToken($0) }) else { return overPage(context) }
        let browser = context.cookies[.signIn].flatMap { SecretToken($0) }
        guard
            case .signedIn(let session, let path) = try await signIn.accept(
                token, browser: browser, named: browserName(request), replacing: session(context))
        else { return overPage(context) }
        return signedIn(session, then: path)
    }

    private func overPage(_ context: AppContext) -> Response {
        web.pages.response(Page("sign-in-over", title: "sign_in.over_title", status: .gone), context)
    }

    // MARK: Both

    private func signedIn(_ token: SecretToken, then path: LocalPath) -> Response {
        var response = Response.redirect(to: path)
        response.headers.append(web.cookies.set(.session, to: CookieValue(token)))
        response.headers.append(web.cookies.remove(.signIn))
        return response
    }

    private func session(_ context: AppContext) -> SecretToken? { context.cookies[.session].flatMap { SecretToken($0) } }

    private func browserName(_ request: Request) -> String { BrowserName.of(userAgent: request.headers[.userAgent]) }

    @Sendable private func signOut(_ request: Request, _ context: AppContext) async throws -> Response {
        if let token = session(context) { try await platform.database.write { try Session.end(token, $0) } }
        var response = Response.redirect(to: "/sign-in")
        response.headers.append(web.cookies.remove(.session))
        return response
    }
}
