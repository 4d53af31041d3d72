import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// A user's own second factors: an app, passkeys, recovery codes.
///
/// Whoever has one shows it again before anything is changed here, if that was not just done: an open session on a table is not enough.
struct SecondFactorRoutes: Sendable {
    let web: Web
    let platform: Platform
    let factor: SecondFactor
    let passkeys: Passkeys

    static let path: LocalPath = "/account/second-factor"
    private static let appPath: LocalPath = "/account/second-factor/app"

    var routes: [Route] {
        [
            Route(.get, "/account/second-factor", surface: .app, permission: .signedIn, handler: show),
            Route(.post, "/account/second-factor", surface: .app, permission: .signedIn, handler: begin),
            Route(.get, "/account/second-factor/app", surface: .app, permission: .signedIn, handler: showApp),
            Route(.post, "/account/second-factor/app", surface: .app, permission: .signedIn, handler: confirm),
            Route(.post, "/account/second-factor/app/remove", surface: .app, permission: .signedIn, handler: removeApp),
            Route(.post, "/account/second-factor/recovery-codes", surface: .app, permission: .signedIn, handler: renewCodes),
            Route(.get, "/account/second-factor/passkey", surface: .app, permission: .signedIn, handler: passkeyOptions),
            Route(.post, "/account/second-factor/passkey", surface: .app, permission: .signedIn, handler: addPasskey),
            Route(.post, "/account/second-factor/passkey/rename", surface: .app, permission: .signedIn, handler: renamePasskey),
            Route(.post, "/account/second-factor/passkey/remove", surface: .app, permission: .signedIn, handler: removePasskey),
        ]
    }

    // MARK: All together

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        try await page(next: LocalPath(nextIn: request), context)
    }

    /// - Parameter problem: with what was just tried.
    private func page(next: LocalPath, problem: Words? = nil, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        let (app, keys) = (try await factor.app(of: user.id), try await passkeys.all(of: user.id))
        let codes = try await factor.recoveryCodesLeft(of: user.id)
        let strings = web.pages.strings[context.language]
        let query = (context.visit.encodedQuery ?? "").split(separator: "&")
        let hasApp = if case .on = app { true } else { false }
        return web.pages.response(
            Page(
                "second-factor", title: "second_factor.title", status: problem == nil ? .ok : .unprocessableContent,
                words: problem.map { ["problem": $0] } ?? [:],
                values: [
                    "is_saved": .bool(query.contains("saved")),
                    "is_needed": .bool(!user.hasSecondFactor && query.contains("needed")),
                    "is_on": .bool(user.hasSecondFactor),
                    "goes_on": .bool(user.hasSecondFactor && next != SignIn.start),
                    "has_app": .bool(hasApp), "next": .text(next.text), "app_address": .text(Self.appPath.with("next", next.text).text),
                    "codes": .text(strings.plural("second_factor.codes_left", codes)),
                    "has_few_codes": .bool(codes < 3),
                    "has_passkeys": .bool(!keys.isEmpty),
                    "passkeys": .list(keys.map { $0.value(strings) }),
                ]), context)
    }

    /// Whoever has a second factor and did not just show it is led to where it is shown, and back.
    private func stale(_ next: LocalPath, _ context: AppContext) throws -> Response? {
        let user = try context.user()
        guard user.hasSecondFactor else { return nil }
        // A clock that was set back makes nothing newer.
        let age = user.secondFactorAt.map { platform.now().seconds - $0.seconds }
        if let age, (0..<SecondFactor.freshSeconds).contains(age) { return nil }
        return .redirect(to: SecondFactorSignInRoutes.path.with("next", Self.path.with("next", next.text).text))
    }

    // MARK: The app

    private static let confirmForm = Form("second-factor-app", submit: "second_factor.confirm", [field("second_factor.app_code_hint")])
    private static let removeForm = Form("second-factor-app", submit: "second_factor.remove", [field("second_factor.code_hint")])

    private static func field(_ hint: Words) -> FormField {
        FormField("code", label: "second_factor.code", hint: hint, maximumLength: 40, autocomplete: "one-time-code", isShort: true)
    }

    @Sendable private func begin(_ request: Request, _ context: AppContext) async throws -> Response {
        let next = LocalPath(nextIn: try await FormData.read(request))
        if let stale = try stale(next, context) { return stale }
        try await factor.beginApp(of: try context.user().id)
        return .redirect(to: Self.appPath.with("next", next.text))
    }

    @Sendable private func showApp(_ request: Request, _ context: AppContext) async throws -> Response {
        try await appPage(nil, next: LocalPath(nextIn: request), context)
    }

    /// The secret while it is not in use, or the way to switch it off.
    private func appPage(_ entry: FormEntry?, next: LocalPath, _ context: AppContext) async throws -> Response {
        let user = try context.user()
        let status: HTTPResponse.Status = entry?.isAccepted == false ? .unprocessableContent : .ok
        let hidden = [(name: "next", value: next.text)]
        switch try await factor.app(of: user.id) {
        case .none: return .redirect(to: Self.path.with("next", next.text))
        case .pending(let secret):
            let title = web.pages.strings[context.language]("second_factor.picture")
            let picture = try? QRCode(OneTimeCode.uri(secret, account: user.email)).svg(title: title)
            return web.pages.response(
                Page(
                    "second-factor-app", title: "second_factor.app_title", status: status,
                    form: FormView(Self.confirmForm, entry ?? Self.confirmForm.entry(), action: Self.appPath, hidden: hidden),
                    values: ["picture": picture.map { .html(Array($0.utf8)) } ?? .none, "secret": .text(Self.groups(Base32.text(secret)))]), context)
        case .on:
            return web.pages.response(
                Page(
                    "second-factor-app-remove", title: "second_factor.remove_title", status: status,
                    form: FormView(Self.removeForm, entry ?? Self.removeForm.entry(), action: Self.appPath.appending("remove"), hidden: hidden)),
                context)
        }
    }

    /// To be typed by hand.
    private static func groups(_ text: String) -> String {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 4).map { String(characters[$0..<min($0 + 4, characters.count)]) }.joined(separator: " ")
    }

    @Sendable private func confirm(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let (next, user) = (LocalPath(nextIn: data), try context.user())
        if let stale = try stale(next, context) { return stale }
        var entry = Self.confirmForm.entry(data)
        let code = SecondFactorSignInRoutes.code(entry["code"])
        if !code.isEmpty, !OneTimeCode.isCode(code) { entry.reject("code", "second_factor.app_code_form") }
        guard entry.isAccepted else { return try await appPage(entry, next: next, context) }
        switch try await factor.confirmApp(code, of: user) {
        case .accepted(let codes): return added(codes, next: next, context)
        case .over:
            // A second click on the button: it is on already.
            return .redirect(to: Self.path.with("next", next.text))
        case .wrong, .resting: entry.reject("code", "second_factor.app_code_wrong")
        }
        return try await appPage(entry, next: next, context)
    }

    @Sendable private func removeApp(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let (next, user) = (LocalPath(nextIn: data), try context.user())
        var entry = Self.removeForm.entry(data)
        if let problem = SecondFactorSignInRoutes.problem(with: entry["code"]) { entry.reject("code", problem) }
        guard entry.isAccepted else { return try await appPage(entry, next: next, context) }
        switch try await factor.removeApp(SecondFactorSignInRoutes.code(entry["code"]), of: user) {
        case .accepted: return saved(next)
        case .wrong: entry.reject("code", "second_factor.code_wrong")
        case .resting: entry.reject("code", "second_factor.code_resting")
        case .over: return .redirect(to: "/sign-in")
        }
        return try await appPage(entry, next: next, context)
    }

    // MARK: Recovery codes

    @Sendable private func renewCodes(_ request: Request, _ context: AppContext) async throws -> Response {
        let next = LocalPath(nextIn: try await FormData.read(request))
        if let stale = try stale(next, context) { return stale }
        return added(try await factor.renewRecoveryCodes(of: try context.user().id), next: next, context)
    }

    /// The codes are in this answer and nowhere else: no page could be led to that has them.
    private func added(_ codes: [String], next: LocalPath, _ context: AppContext) -> Response {
        guard !codes.isEmpty else { return saved(next) }
        return web.pages.response(
            Page(
                "recovery-codes", title: "second_factor.codes_title",
                values: [
                    "codes": .list(codes.map { .text(RecoveryCode.written($0)) }),
                    "next": .text(next == SignIn.start ? Self.path.text : next.text),
                ]), context)
    }

    private func saved(_ next: LocalPath) -> Response { .redirect(to: ("/account/second-factor?saved" as LocalPath).with("next", next.text)) }

    // MARK: Passkeys

    @Sendable private func passkeyOptions(_ request: Request, _ context: AppContext) async throws -> Response {
        .json(try await passkeys.creationOptions(for: try context.user()))
    }

    @Sendable private func addPasskey(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let (next, user) = (LocalPath(nextIn: data), try context.user())
        if let stale = try stale(next, context) { return stale }
        guard let registration = PasskeyRegistration(data), let codes = try await passkeys.add(registration, of: user) else {
            return try await page(next: next, problem: "passkey.refused", context)
        }
        return added(codes, next: next, context)
    }

    @Sendable private func renamePasskey(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        guard let id = data["passkey"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        try await passkeys.rename(id, to: data["name"] ?? "", of: try context.user().id)
        return saved(LocalPath(nextIn: data))
    }

    @Sendable private func removePasskey(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        let next = LocalPath(nextIn: data)
        guard let id = data["passkey"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        if let stale = try stale(next, context) { return stale }
        try await passkeys.remove(id, of: try context.user())
        return saved(next)
    }
}
