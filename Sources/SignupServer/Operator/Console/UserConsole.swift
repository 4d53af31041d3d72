import HTTPTypes
import Hummingbird
import SiteBuilder
import Templating
import Tenancy

/// Users in the console: who has which seats, and where somebody is to be signed out.
struct UserConsole: Sendable {
    let web: Web
    let platform: Platform
    let actions: OperatorActions

    private static let path: LocalPath = "/operator/users"
    private static let limit = 50

    var routes: [Route] {
        [
            Route(.get, "/operator/users", surface: .app, permission: .operator, handler: show),
            Route(.post, "/operator/users/sign-out", surface: .app, permission: .operator, handler: signOut),
        ]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let search = String((request.uri.queryParameters["search"].map { String($0) } ?? "").prefix(100))
        let strings = web.pages.strings[context.language]
        // Nobody is listed who isn't looked for.
        let users = search.isEmpty ? [] : try await actions.users(search: search, limit: Self.limit)
        return web.pages.response(
            Page(
                "operator-users", title: "operator.users",
                values: [
                    "search": .text(search), "is_empty": .bool(!search.isEmpty && users.isEmpty),
                    "users": .list(
                        users.map { found in
                            [
                                "user_id": .text("\(found.user.id)"), "email": .text(found.user.email), "user_name": .optional(found.user.name),
                                "runs_platform": .bool(found.user.isOperator),
                                "sessions": .text(strings.plural("operator.sessions", found.sessions)), "has_sessions": .bool(found.sessions > 0),
                                "seats": .list(
                                    found.seats.map { seat in
                                        [
                                            "slug": .text(seat.slug.text), "role": .text(seat.role.rawValue),
                                            "address": .text(OrganizationConsole.path(seat.slug).text),
                                        ]
                                    }),
                            ]
                        }),
                ],
                isWide: true), context)
    }

    @Sendable private func signOut(_ request: Request, _ context: AppContext) async throws -> Response {
        let data = try await FormData.read(request)
        guard let user = data["user"].flatMap({ UniqueID($0) }) else { throw HTTPError(.badRequest) }
        guard try await actions.signOut(user) != nil else { throw HTTPError(.notFound) }
        return .redirect(to: Self.path.with("search", String((data["search"] ?? "").prefix(100))))
    }
}
