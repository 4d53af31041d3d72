import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// The programs that an organization has let in: its owners give each a token, see when it was last used, and take it back.
struct ProgramRoutes: Sendable {
    let web: Web
    let platform: Platform

    var routes: [Route] {
        [
            Route(.get, "/manage/{slug}/programs", surface: .app, permission: .member([.owner], .owning), handler: show),
            Route(.post, "/manage/{slug}/programs", surface: .app, permission: .member([.owner], .seating), handler: make),
            // Taking away is always possible.
            Route(.post, "/manage/{slug}/programs/revoke", surface: .app, permission: .member([.owner], .owning), handler: revoke),
        ]
    }

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("programs") }

    private static let form = Form(
        "program", submit: "programs.make",
        [
            FormField("name", label: "programs.name", hint: "programs.name_hint", maximumLength: 60, autocomplete: "off"),
            FormField(
                "scopes", .checkboxes(APIScope.allCases.map { FormField.Option($0.rawValue, $0.words, hint: .verbatim($0.rawValue)) }),
                label: "programs.scopes"),
            FormField(
                "days", .radios(APIToken.lives.map { FormField.Option(String($0), .string("programs.days", ["days": String($0)])) }),
                label: "programs.expiry", hint: "programs.expiry_hint"),
        ])

    // MARK: Looking

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        try await page(Self.form.entry(["days": String(APIToken.lives[0])]), context)
    }

    /// - Parameter id: of the token that the form makes: sent twice, it makes one.
    private func page(_ entry: FormEntry, id: UniqueID? = nil, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let now = platform.now()
        let (tokens, makers) = try await platform.database.read { connection in
            let tokens = try APIToken.all(of: organization.id, at: now, connection)
            var makers: [UniqueID: String] = [:]
            for id in Set(tokens.compactMap(\.maker)) {
                guard let user = try User.find(id, connection) else { continue }
                makers[id] = user.name.isEmpty ? user.email : user.name
            }
            return (tokens, makers)
        }
        let strings = web.pages.strings[context.language]
        let path = Self.path(organization.slug)
        return web.pages.response(
            Page(
                "programs", title: "programs.title", status: entry.isAccepted ? .ok : .unprocessableContent,
                form: organization.status.allowsEditing
                    ? FormView(Self.form, entry, action: path, hidden: [("token", (id ?? platform.newID()).description)]) : nil,
                values: [
                    "revoke": .text(path.appending("revoke").text),
                    "has_tokens": .bool(!tokens.isEmpty),
                    "tokens": .list(
                        tokens.map { token in
                            [
                                "token": .text(token.id.description), "name": .text(token.name),
                                "scopes": .text(APIScope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: ", ")),
                                "maker": .optional(
                                    token.maker.flatMap { makers[$0] }.map { strings("programs.made_by", ["name": $0, "day": token.createdAt.day]) }),
                                "used": .text(
                                    token.lastUsedOn.map { strings("programs.used", ["day": $0]) } ?? strings("programs.never_used")),
                                "expires": .text(strings("programs.expires", ["day": token.expiresAt.day])),
                            ]
                        }),
                ]), context)
    }

    // MARK: Making

    @Sendable private func make(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        let user = try context.user()
        // Who acts for an owner leaves; a token would stay.
        guard organization.actor == .user(user.id) else { throw HTTPError(.forbidden) }
        let data = try await FormData.read(request)
        guard let id = data["token"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        var entry = Self.form.entry(data)
        let now = platform.now()
        let scopes = Set(entry.all("scopes").compactMap { APIScope(rawValue: $0) })
        guard entry.isAccepted, let days = Int(entry["days"]) else { return try await page(entry, id: id, context) }
        let secret = SecretToken(platform.random)
        let name = entry["name"]
        let outcome: Outcome = try await platform.database.write { connection in
            guard try APIToken.all(of: organization.id, at: now, connection).count < APIToken.maximumCount else { return .tooMany }
            guard try APIToken.add(id, secret, name: name, scopes: scopes, days: days, maker: user.id, to: organization.id, at: now, connection)
            else { return .madeBefore }
            try AuditLog.add(
                .tokenMade, id.description, ["scopes": scopes.text, "expires": now.adding(seconds: Int64(days) * 86_400).day],
                by: organization.actor, to: organization.id, at: now, in: connection)
            return .made
        }
        switch outcome {
        case .made: return madePage(secret, name: name, organization, context)
        case .madeBefore: return .redirect(to: Self.path(organization.slug))
        case .tooMany:
            entry.reject(nil, .string("programs.too_many", ["maximum": String(APIToken.maximumCount)]))
            return try await page(entry, id: id, context)
        }
    }

    private enum Outcome { case made, madeBefore, tooMany }

    /// The only answer that has the token: an address would be kept by browsers and written into logs.
    private func madePage(_ secret: SecretToken, name: String, _ organization: OrganizationAccess, _ context: AppContext) -> Response {
        web.pages.response(
            Page(
                "program-made", title: "programs.made_title", words: ["lead": .string("programs.made_lead", ["name": name])],
                values: [
                    "token": .text(APIToken.text(of: secret)), "back": .text(Self.path(organization.slug).text),
                    "address": .text("\(platform.addresses.app)\(APIOperation.readDocument.fullPath)"),
                ]), context)
    }

    // MARK: Taking back

    @Sendable private func revoke(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try context.organization()
        guard let id = try await FormData.read(request)["token"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        let now = platform.now()
        try await platform.database.write { connection in
            guard try APIToken.revoke(id, of: organization.id, at: now, connection) else { return }
            try AuditLog.add(.tokenRevoked, id.description, by: organization.actor, to: organization.id, at: now, in: connection)
        }
        return .redirect(to: Self.path(organization.slug))
    }
}
