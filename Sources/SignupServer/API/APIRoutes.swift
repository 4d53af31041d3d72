import Database
import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import StaticSites
import StructuredData
import Tenancy

/// What programs can do with the organization of their token: `APIOperation` describes it.
struct APIRoutes: Sendable {
    let platform: Platform
    let editor: ContentEditor
    private let pages: PageListing
    private let keys: IdempotencyKeys

    init(platform: Platform, editor: ContentEditor, key: ServerKey) {
        self.platform = platform
        self.editor = editor
        pages = PageListing(platform, key: key)
        keys = IdempotencyKeys(platform)
    }

    var routes: [Route] {
        [
            route(.readOrganization, readOrganization), route(.readSettings, readSettings), route(.changeSettings, changeSettings),
            route(.listPages, listPages), route(.listPublishes, listPublishes), route(.publish, publish), route(.readDocument, readDocument),
        ]
    }

    private typealias Handler = @Sendable (Request, AppContext, APIQuery) async throws -> Response

    private func route(_ operation: APIOperation, _ handler: @escaping Handler) -> Route {
        Route(operation.method, RouterPath(operation.fullPath), surface: .app, permission: operation.scope.map { .token($0) } ?? .anyone) {
            request, context in
            var response: Response
            do {
                response = try await handler(request, context, try APIQuery(operation, context.visit.encodedQuery))
            } catch is EditingRests {
                response = Problem.editingRests().response(context.requestID)
            } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            }
            for field in context.access.program?.limits.fields ?? [:] { response.headers.append(field) }
            return response
        }
    }

    // MARK: The organization

    @Sendable private func readOrganization(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let id = try context.organization().id
        guard let organization = try await platform.organizations.organization(id) else { throw HTTPError(.notFound) }
        return .json(
            .object([
                ("id", .text(organization.id.description)), ("name", .text(organization.name)), ("slug", .text(organization.slug.text)),
                ("url", .text("\(platform.addresses.site(organization.slug))/")), ("status", .text(organization.status.rawValue)),
                ("plan", .text(organization.plan)), ("trial_ends_at", .orNull(organization.trialEndsAt?.description)),
                ("created_at", .text(organization.createdAt.description)),
            ]))
    }

    // MARK: Settings

    private static let settingsType = "application/merge-patch+json"

    @Sendable private func readSettings(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let id = try context.organization().id
        let head = try await editor.head(of: id)
        let tag = EntityTag.text(head)
        if request.headers[values: .ifNoneMatch].flatMap({ EntityTag.all($0) }).contains(tag) {
            return Response(status: .notModified, headers: [.eTag: tag])
        }
        let settings = try SettingsDocument(try await settingsFile(of: id, at: head))
        var response = Response.json(settings.json)
        response.headers[.eTag] = tag
        return response
    }

    private func settingsFile(of id: OrganizationID, at commit: CommitID) async throws -> [UInt8] {
        try await editor.file(try ContentPath(TenantLoader.settingsFile), of: id, at: commit) ?? []
    }

    @Sendable private func changeSettings(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let organization = try context.organization()
        let (patch, text) = try await APIBody.json(request, type: Self.settingsType)
        let tags = request.headers[values: .ifMatch]
        // `*` would say that it doesn't matter what is overwritten.
        guard !tags.isEmpty, tags != ["*"] else {
            throw Problem(
                .preconditionRequired, "if-match", title: "The header If-Match is missing",
                "Send the ETag of the settings that the change was made for.")
        }
        let asked = ["PATCH", "/settings", tags.joined(separator: ","), text]
        return try await keys.answer(
            try IdempotencyKeys.key(request), of: try context.program().token, asked: asked, requestID: context.requestID
        ) { cutOff in
            if cutOff != nil, let done = try await doneBefore(patch, organization) { return done }
            return try await change(patch, tags.flatMap { EntityTag.all($0) }, organization)
        }.response
    }

    private func change(_ patch: JSONValue, _ tags: [String], _ organization: OrganizationAccess) async throws -> WriteAnswer {
        guard let seen = tags.lazy.compactMap({ EntityTag.commit($0) }).first else { throw Self.conflict }
        let old: [UInt8]
        do { old = try await settingsFile(of: organization.id, at: seen) } catch RepositoryError.noCommit { throw Self.conflict }
        let path = try ContentPath(TenantLoader.settingsFile)
        var settings = try SettingsDocument(old)
        try settings.apply(patch)
        switch try await editor.save(
            [path: .write(settings.bytes)], of: organization, seen: seen, message: try CommitMessage("Settings changed by a program"))
        {
        case .saved(let commit, let publication): return Self.answer(commit, publication)
        case .unchanged: return Self.answer(try await editor.head(of: organization.id), nil)
        case .conflict: throw Self.conflict
        case .invalid(let findings): throw Problem.settings(SettingsDocument.problems(findings, in: settings.bytes))
        }
    }

    /// The answer to a change that was cut off after it was committed: then doing it once more changes nothing. Nil if it has to be done.
    private func doneBefore(_ patch: JSONValue, _ organization: OrganizationAccess) async throws -> WriteAnswer? {
        let head = try await editor.head(of: organization.id)
        let old = try await settingsFile(of: organization.id, at: head)
        var settings = try SettingsDocument(old)
        try settings.apply(patch)
        guard settings.bytes == old else { return nil }
        return Self.answer(head, try await editor.publish(organization.id))
    }

    private static func answer(_ commit: CommitID, _ publication: Publication?) -> WriteAnswer {
        WriteAnswer(
            .object([
                ("commit", .text(commit.text)), ("status", publication == nil ? "unchanged" : "saved"), ("publication", publication?.json ?? .null),
            ]), etag: EntityTag.text(commit))
    }

    private static let conflict = Problem(
        .preconditionFailed, "conflict", title: "The settings have changed",
        "Nothing was changed. Read them again, and send the change for the new ETag.")

    // MARK: Pages

    @Sendable private func listPages(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let organization = try context.organization()
        let limit = query.integer("limit")
        var place: PageListing.Place?
        if let cursor = query.text("cursor") {
            guard let known = pages.place(cursor, of: organization.id) else { throw APIQuery.problem("cursor is not one of ours.") }
            place = known
        }
        let part: PageListing.Part
        do { part = try await pages.part(place, limit: limit, of: organization) } catch RepositoryError.noCommit {
            throw APIQuery.problem("cursor is of content that is gone: begin again.")
        }
        let cursor = part.next.map { pages.cursor($0, of: organization.id) }
        var response = Response.json(
            .object([("commit", .text(part.commit.text)), ("pages", .list(part.pages)), ("next_cursor", .orNull(cursor))]))
        if let cursor, let link = HTTPField.Name("Link") {
            response.headers[link] = "<\(APIOperation.listPages.fullPath)?limit=\(limit)&cursor=\(cursor)>; rel=\"next\""
        }
        return response
    }

    // MARK: Publishes

    @Sendable private func listPublishes(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let id = try context.organization().id
        let limit = query.integer("limit")
        let all = try await platform.database.read { try Publication.all(of: id, limit: limit, $0) }
        return .json(.object([("publishes", .list(all.map(\.json)))]))
    }

    @Sendable private func publish(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        let id = try context.organization().id
        return try await keys.answer(
            try IdempotencyKeys.key(request), of: try context.program().token, asked: ["POST", "/publishes"], requestID: context.requestID
        ) { cutOff in
            if let cutOff, let done = try await published(id, since: cutOff) { return WriteAnswer(done.json) }
            return WriteAnswer(try await editor.publish(id).json)
        }.response
    }

    /// What an attempt that was cut off has published.
    private func published(_ id: OrganizationID, since begin: Instant) async throws -> Publication? {
        let last = try await platform.database.read { try Publication.all(of: id, limit: 1, $0).first }
        let head = try await editor.head(of: id)
        guard let last, last.at >= begin, last.commit == head.text, last.outcome != .failed else { return nil }
        return last
    }

    // MARK: The document

    @Sendable private func readDocument(_ request: Request, _ context: AppContext, _ query: APIQuery) async throws -> Response {
        .json(OpenAPIDocument.json(server: platform.addresses.app))
    }
}

/// RFC 9110, 8.8.3.
private enum EntityTag {
    static func text(_ commit: CommitID) -> String { "\"\(commit)\"" }

    /// Of a header's value, in their quotes. Ours hold no comma.
    static func all(_ value: String) -> [String] {
        value.split(separator: ",").map { part in String(part.filter { $0 != " " && $0 != "\t" }) }
    }

    /// Nil for a weak one and for what isn't ours.
    static func commit(_ tag: String) -> CommitID? {
        guard tag.utf8.count == 42, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        return CommitID(tag.dropFirst().dropLast())
    }
}

extension Publication {
    fileprivate var json: JSONValue {
        .object([
            ("commit", .text(commit)), ("at", .text(at.description)), ("outcome", .text(outcome.rawValue)), ("errors", .number(errors)),
            ("warnings", .number(warnings)),
        ])
    }
}

/// What a program sends.
enum APIBody {
    /// Bytes. A larger one is refused, whatever the setting for forms is.
    static let maximumBytes = 64 << 10

    /// The value and its text. Throws `Problem`: 415, 413, or 400 for what is no JSON.
    static func json(_ request: Request, type: String) async throws -> (JSONValue, String) {
        let given = request.headers[.contentType]?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        guard given == type, request.headers[.contentEncoding] == nil else {
            throw Problem(
                .unsupportedMediaType, "media-type", title: "The content is of another type", "Send \(type), not compressed.",
                headers: HTTPField.Name("Accept-Patch").map { [$0: type] } ?? [:])
        }
        // The connection has it already, and has held it to the setting's size.
        let bytes = Array(try await request.body.collect(upTo: .max).readableBytesView)
        guard bytes.count <= maximumBytes else { throw Problem(.contentTooLarge) }
        do throws(JSONReader.Failure) {
            return (try JSONReader.read(bytes), String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Problem(.badRequest, "json", title: "The content is not JSON", "\(error.problem) (at byte \(error.offset)).")
        }
    }
}
