import HTTPTypes
import Hummingbird
import Logging
import SiteBuilder
import Templating
import Tenancy

/// The pages of the sign-up.
struct SignUpRoutes: Sendable {
    let web: Web
    let platform: Platform
    let signUp: SignUp
    let organizationJobs: OrganizationJobs
    let metrics: ServerMetrics
    let logger: Logger

    private var mode: SignUp.Mode { platform.settings.signUpMode }
    private var form: Form { SignUpForm.form(mode, domain: platform.settings.sitesDomain.text) }

    var routes: [Route] {
        [
            Route(.get, "/sign-up", surface: .app, permission: .anyone, handler: showForm),
            Route(.post, "/sign-up", surface: .app, permission: .anyone, handler: ask),
            Route(.get, "/sign-up/address", surface: .app, permission: .anyone, handler: availability),
            Route(.get, "/sign-up/sent", surface: .app, permission: .anyone, handler: showSent),
            Route(.get, "/sign-up/waiting", surface: .app, permission: .anyone, handler: showWaiting),
            Route(.get, "/sign-up/confirm", surface: .app, permission: .anyone, handler: showLink),
            Route(.post, "/sign-up/confirm", surface: .app, permission: .anyone, handler: confirm),
        ]
    }

    // MARK: The form

    @Sendable private func showForm(_ request: Request, _ context: AppContext) async throws -> Response {
        if mode == .closed { return waitingListPage(SignUpForm.waitingList.entry(), context) }
        var values = SignUpForm.colors
        if let code = request.uri.queryParameters["code"] { values[SignUpForm.Field.code] = String(code.prefix(40)) }
        return page(form.entry(values), context)
    }

    private func page(_ entry: FormEntry, after data: FormData? = nil, suggestions: [Slug] = [], _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "sign-up", title: "sign_up.title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: web.guarded(form, entry, action: "/sign-up", after: data),
                words: ["trial": .string("sign_up.trial", ["days": String(platform.settings.trial.days)])],
                values: ["suggestions": .list(suggestions.map { .text($0.text) }), "has_suggestions": .bool(!suggestions.isEmpty)]), context)
    }

    @Sendable private func ask(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        guard mode != .closed else { return try await joinWaitingList(data, context) }
        var entry = form.entry(data)
        var suggestions: [Slug] = []
        let accepted = SignUpForm.answers(&entry, language: context.language, banned: platform.settings.bannedEmailDomains)
        if !entry[SignUpForm.Field.slug].isEmpty, let slug = try? Slug(claiming: entry[SignUpForm.Field.slug].lowercased()),
            try await !signUp.isFree(slug)
        {
            entry.reject(SignUpForm.Field.slug, "sign_up.slug_taken")
            suggestions = try await suggest(entry)
        }
        if mode == .invite, entry.isAccepted, try await !signUp.isGood(inviteCode: entry[SignUpForm.Field.code]) {
            entry.reject(SignUpForm.Field.code, "sign_up.code_wrong")
        }
        guard entry.isAccepted, let accepted else {
            metrics.signUp("rejected")
            return page(entry, after: data, suggestions: suggestions, context)
        }
        if let held = web.held(form, data, action: "/sign-up", email: accepted.email.key, FormGuard.Rules(), context) {
            metrics.signUp("held")
            return held
        }
        try await signUp.ask(accepted.answers, accepted.email)
        metrics.signUp("asked")
        return .redirect(to: "/sign-up/sent")
    }

    private func suggest(_ entry: FormEntry) async throws -> [Slug] {
        try await signUp.suggestions(
            for: (
                entry[SignUpForm.Field.name], entry[SignUpForm.Field.school], entry[SignUpForm.Field.kind], entry[SignUpForm.Field.state]
            ))
    }

    @Sendable private func showSent(_ request: Request, _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "sign-up-sent", title: "sign_up.sent_title",
                words: ["lead": .string("sign_up.sent_lead", ["hours": String(SignUp.validSeconds / 3_600)])]), context)
    }

    // MARK: Live availability, for the script of the form

    private static let availabilityLimit = RateLimit("short names looked up by network", 240, perSeconds: 3_600)

    @Sendable private func availability(_ request: Request, _ context: AppContext) async throws -> Response {
        if let seconds = web.limiter.take(Self.availabilityLimit, for: context.forwarded.client?.network ?? "unknown", at: platform.now()) {
            return web.tooMany(seconds: seconds, context)
        }
        let query = request.uri.queryParameters
        func text(_ name: String) -> String { query[name[...]].map { String($0.prefix(200)) } ?? "" }
        let typed = text("address")
        let slug = try? Slug(claiming: typed.lowercased())
        let isFree = if let slug { try await signUp.isFree(slug) } else { false }
        let suggestions =
            isFree ? [] : try await signUp.suggestions(for: (text("name"), text("school"), text("kind"), text("state")))
        return .json(
            .object([
                ("address", .text(slug?.text ?? "")), ("possible", .bool(slug != nil)), ("free", .bool(isFree)),
                ("suggestions", .list(suggestions.map { .text($0.text) })),
            ]))
    }

    // MARK: The waiting list

    private func waitingListPage(_ entry: FormEntry, after data: FormData? = nil, _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "sign-up-closed", title: "sign_up.closed_title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: web.guarded(SignUpForm.waitingList, entry, action: "/sign-up", after: data)), context)
    }

    private func joinWaitingList(_ data: FormData, _ context: AppContext) async throws -> Response {
        var entry = SignUpForm.waitingList.entry(data)
        let email = try? EmailAddress(entry[SignUpForm.Field.email])
        if email == nil { entry.reject(SignUpForm.Field.email, "field.email_wrong") }
        guard entry.isAccepted, let email else { return waitingListPage(entry, after: data, context) }
        if let held = web.held(SignUpForm.waitingList, data, action: "/sign-up", email: email.key, FormGuard.Rules(), context) { return held }
        try await signUp.joinWaitingList(email, school: entry[SignUpForm.Field.school], language: context.language)
        metrics.signUp("waiting")
        return .redirect(to: "/sign-up/waiting")
    }

    @Sendable private func showWaiting(_ request: Request, _ context: AppContext) -> Response {
        web.pages.response(Page("sign-up-waiting", title: "sign_up.waiting_title"), context)
    }

    // MARK: The link

    private static let confirmForm = Form("sign-up-confirm", submit: "sign_up.confirm_submit", [])

    /// Programs that check mails open links; only the button makes the site.
    @Sendable private func showLink(_ request: Request, _ context: AppContext) async throws -> Response {
        guard let token = request.uri.queryParameters["token"].flatMap({ SecretToken($0) }),
            case .ready(let answers, let isFree) = try await signUp.look(at: token, browser: browser(context))
        else { return overPage(context) }
        return try await confirmPage(answers, token, slugIsFree: isFree, nil, context)
    }

    /// - Parameter entry: of the form for another short name.
    private func confirmPage(
        _ answers: SignUpAnswers, _ token: SecretToken, slugIsFree: Bool, _ entry: FormEntry? = nil, _ context: AppContext
    ) async throws -> Response {
        let field = FormField(
            SignUpForm.Field.slug, label: "sign_up.address", hint: "sign_up.address_hint", maximumLength: 60, autocomplete: "off",
            suffix: ".\(platform.settings.sitesDomain)")
        let form = slugIsFree ? Self.confirmForm : Form("sign-up-confirm", submit: "sign_up.confirm_submit", [field])
        var shown = entry ?? form.entry([SignUpForm.Field.slug: answers.slug])
        if !slugIsFree { shown.reject(SignUpForm.Field.slug, "sign_up.slug_taken_meanwhile") }
        let suggestions = slugIsFree ? [] : try await signUp.suggestions(for: (answers.organizationName, answers.school, answers.kind, answers.state))
        var response = web.pages.response(
            Page(
                "sign-up-confirm", title: "sign_up.confirm_title", status: slugIsFree ? .ok : .unprocessableContent,
                form: FormView(form, shown, action: "/sign-up/confirm", hidden: [("token", token.text)]),
                values: [
                    "name": .text(answers.organizationName),
                    "address": slugIsFree ? .text("\(answers.slug).\(platform.settings.sitesDomain)") : .none,
                    "suggestions": .list(suggestions.map { .text($0.text) }), "has_suggestions": .bool(!suggestions.isEmpty),
                ]), context)
        // Ties the button to this browser, which may press it again.
        let browser = browser(context) ?? SecretToken(platform.random)
        response.headers.append(web.cookies.set(.signIn, to: CookieValue(browser)))
        return response
    }

    @Sendable private func confirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        guard let token = data["token"].flatMap({ SecretToken($0) }) else { return overPage(context) }
        // Without the cookie the button was not pressed on our page, or the browser keeps no cookies: it may not press it twice then.
        let browser = browser(context) ?? SecretToken(platform.random)
        var other: Slug?
        if let typed = data[SignUpForm.Field.slug] {
            var entry = Form("sign-up-confirm", submit: "sign_up.confirm_submit", [FormField(SignUpForm.Field.slug, label: "sign_up.address")]).entry(
                data)
            other = SignUpForm.slug(&entry)
            if other == nil, !typed.isEmpty, case .ready(let answers, _) = try await signUp.look(at: token, browser: browser) {
                return try await confirmPage(answers, token, slugIsFree: false, entry, context)
            }
        }
        let name = BrowserName.of(userAgent: request.headers[.userAgent])
        let outcome = try await signUp.confirm(
            token, slug: other, browser: browser, named: name, replacing: context.cookies[.session].flatMap { SecretToken($0) })
        switch outcome {
        case .confirmed(let id, let slug, let session):
            metrics.signUp("confirmed")
            await makeReady(id)
            var response = Response.redirect(to: DashboardRoutes.path(slug))
            response.headers.append(web.cookies.set(.session, to: CookieValue(session)))
            return response
        case .slugTaken(let answers): return try await confirmPage(answers, token, slugIsFree: false, nil, context)
        case .inviteUsedUp: return web.pages.response(Page("sign-up-over", title: "sign_up.code_used_up", status: .gone), context)
        case .over: return overPage(context)
        }
    }

    /// What fails here is tried again by the job that the transaction has left: the organization is kept, and its page says what it waits for.
    private func makeReady(_ id: OrganizationID) async {
        do {
            try await organizationJobs.makeReady(id)
        } catch {
            logger.error("an organization can't be made ready yet", metadata: ["organization": "\(id)", "error": "\(error)"])
        }
    }

    private func overPage(_ context: AppContext) -> Response {
        web.pages.response(Page("sign-up-over", title: "sign_up.over_title", status: .gone), context)
    }

    private func browser(_ context: AppContext) -> SecretToken? { context.cookies[.signIn].flatMap { SecretToken($0) } }
}
