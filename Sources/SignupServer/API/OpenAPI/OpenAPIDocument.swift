import HTTPTypes
import SiteBuilder

/// The description of the API for programs and their makers (OpenAPI 3.1.1), made from `APIOperation.all`.
enum OpenAPIDocument {
    /// - Parameter server: the origin of the app host.
    static func json(server: String) -> JSONValue {
        .object([
            ("openapi", .text("3.1.1")),
            ("info", info),
            ("servers", .list([.object([("url", .text(server))])])),
            ("paths", paths),
            (
                "components",
                .object([
                    ("securitySchemes", .object([("token", .object([("type", "http"), ("scheme", "bearer"), ("description", tokenDescription)]))])),
                    ("schemas", .object(schemas)),
                ])
            ),
        ])
    }

    private static let info = JSONValue.object([
        ("title", "Marquee"), ("version", "1.0.0"),
        (
            "description",
            """
            What the dashboard does with an organization's settings, pages and publications, for programs. A token belongs to one organization, which \
            no path names. Errors are application/problem+json (RFC 9457).
            """
        ),
    ])

    private static let tokenDescription: JSONValue = "A token that an owner makes in the dashboard. It begins with mq_."

    // MARK: Operations

    private static var paths: JSONValue {
        var paths: [(String, JSONValue)] = []
        for operation in APIOperation.all where !paths.contains(where: { $0.0 == operation.fullPath }) {
            let same = APIOperation.all.filter { $0.path == operation.path }
            paths.append((operation.fullPath, .object(same.map { ($0.method.rawValue.lowercased(), json($0)) })))
        }
        return .object(paths)
    }

    private static func json(_ operation: APIOperation) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("operationId", .text(operation.id)), ("summary", .text(operation.summary)), ("description", .text(operation.description)),
            // In 3.1 roles may be named for every kind of scheme.
            ("security", .list(operation.scope.map { [.object([("token", .list([.text($0.rawValue)]))])] } ?? [])),
        ]
        if !operation.parameters.isEmpty { members.append(("parameters", .list(operation.parameters.map(json)))) }
        if let body = operation.body {
            members.append(
                (
                    "requestBody",
                    .object([
                        ("required", .bool(true)), ("description", .text(body.description)), ("content", content(body.type, body.schema)),
                    ])
                ))
        }
        members.append(("responses", .object((operation.answers + operation.errors).map { (String($0.status), json($0, operation)) })))
        return .object(members)
    }

    private static func json(_ parameter: APIOperation.Parameter) -> JSONValue {
        let schema: JSONValue =
            switch parameter.kind {
            case .integer(let range, let value):
                .object([
                    ("type", "integer"), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)), ("default", .number(value)),
                ])
            case .text(let pattern): .object([("type", "string"), ("pattern", .text(pattern))])
            }
        return .object([
            ("name", .text(parameter.name)), ("in", .text(parameter.place.rawValue)), ("required", .bool(parameter.isRequired)),
            ("description", .text(parameter.description)), ("schema", schema),
        ])
    }

    private static func json(_ answer: APIOperation.Answer, _ operation: APIOperation) -> JSONValue {
        var members: [(String, JSONValue)] = [("description", .text(answer.description))]
        let headers = answer.headers + (operation.scope == nil || answer.status == 500 ? [] : limitHeaders)
        if !headers.isEmpty {
            members.append(
                (
                    "headers",
                    .object(headers.map { ($0.name, .object([("description", .text($0.description)), ("schema", .object([("type", "string")]))])) })
                ))
        }
        if let schema = answer.schema {
            members.append(("content", content(schema == "Problem" ? Problem.contentType : "application/json", schema)))
        }
        return .object(members)
    }

    private static let limitHeaders = [
        APIOperation.Answer.Header(name: "RateLimit-Policy", description: "How much may be asked: uses (q) in so many seconds (w)."),
        APIOperation.Answer.Header(name: "RateLimit", description: "How much is left (r), and in how many seconds all is there again (t)."),
    ]

    private static func content(_ type: String, _ schema: String) -> JSONValue {
        .object([(type, .object([("schema", .object([("$ref", .text("#/components/schemas/\(schema)"))]))]))])
    }

    // MARK: Schemas

    private static let schemas: [(String, JSONValue)] = [
        (
            "Organization",
            object(
                [
                    ("id", text("A UUID.", format: "uuid")), ("name", text()), ("slug", text("Its short name, in the address of its site.")),
                    ("url", text("Of its site.", format: "uri")), ("status", choice(["trialing", "active", "frozen"])), ("plan", text()),
                    ("trial_ends_at", orNull(moment)), ("created_at", moment),
                ])
        ),
        ("Settings", .object([("type", "object"), ("description", "See the content guide."), ("required", .list(["name"]))])),
        ("SettingsPatch", .object([("type", "object"), ("description", "RFC 7396. See the content guide for the names.")])),
        ("Change", object([("commit", commit), ("status", choice(["saved", "unchanged"])), ("publication", orNull(reference("Publication")))])),
        (
            "Publication",
            object([
                ("commit", commit), ("at", moment), ("outcome", choice(["built", "unchanged", "failed"])),
                ("errors", count("Pages with an error stay as they were.")), ("warnings", count("Findings that stop nothing.")),
            ])
        ),
        ("PublicationList", object([("publishes", list(reference("Publication")))])),
        (
            "Page",
            object([
                ("path", text("Of its file in the content.")), ("kind", choice(["home", "page", "news", "event"])), ("title", text()),
                ("language", text("BCP 47.")), ("url", orNull(text("If it is live.", format: "uri"))),
                ("date", orNull(text("Of a post or an event.", format: "date"))), ("draft", .object([("type", "boolean")])),
                ("publish", orNull(moment)),
                ("expire", orNull(moment)),
                (
                    "errors",
                    list(
                        object([
                            ("line", count("From 1.")), ("column", count("From 1.")), ("detail", text("What is wrong, and what to write instead.")),
                        ]))
                ),
            ])
        ),
        ("PageList", object([("commit", commit), ("pages", list(reference("Page"))), ("next_cursor", orNull(text()))])),
        (
            "Problem",
            .object([
                ("type", "object"), ("description", "RFC 9457."), ("required", .list(["type", "title", "status", "request_id"])),
                (
                    "properties",
                    .object([
                        ("type", text("A relative reference, or about:blank where the status says it all.", format: "uri-reference")),
                        ("title", text()),
                        ("status", .object([("type", "integer"), ("minimum", .number(400)), ("maximum", .number(599))])), ("detail", text()),
                        ("request_id", text("Tell it to whoever runs the platform.")),
                        ("errors", list(object([("pointer", text("RFC 6901.")), ("detail", text())]))),
                    ])
                ),
            ])
        ),
        ("Document", .object([("type", "object"), ("required", .list(["openapi", "paths"]))])),
    ]

    private static let commit = JSONValue.object([
        ("type", "string"), ("pattern", "^[0-9a-f]{40}$"), ("description", "Of the content's history."),
    ])
    private static let moment = text("UTC.", format: "date-time")

    /// An object that has all of these and nothing else.
    private static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
        .object([
            ("type", "object"), ("required", .list(properties.map { .text($0.0) })), ("properties", .object(properties)),
            ("additionalProperties", .bool(false)),
        ])
    }

    private static func list(_ items: JSONValue) -> JSONValue { .object([("type", "array"), ("items", items)]) }

    private static func text(_ description: String = "", format: String? = nil) -> JSONValue {
        var members: [(String, JSONValue)] = [("type", "string")]
        members.add("format", format)
        members.add("description", description)
        return .object(members)
    }

    private static func count(_ description: String) -> JSONValue {
        .object([("type", "integer"), ("minimum", .number(0)), ("description", .text(description))])
    }

    private static func choice(_ words: [String]) -> JSONValue { .object([("type", "string"), ("enum", .list(words.map { .text($0) }))]) }

    private static func orNull(_ schema: JSONValue) -> JSONValue { .object([("anyOf", .list([schema, .object([("type", "null")])]))]) }

    private static func reference(_ name: String) -> JSONValue { .object([("$ref", .text("#/components/schemas/\(name)"))]) }
}

extension APIOperation {
    /// What can go wrong with any operation of its kind.
    var errors: [Answer] {
        guard let scope else { return [Answer(status: 500, description: "A fault of the platform.", schema: "Problem")] }
        var errors = [
            Answer(
                status: 401, description: "There is no valid token.", schema: "Problem",
                headers: [Answer.Header(name: "WWW-Authenticate", description: "RFC 6750.")]),
            Answer(
                status: 403,
                description: "The token doesn't allow this, or the organization is stopped"
                    + (scope.isWriting ? ", or editing rests." : "."), schema: "Problem"),
            Answer(
                status: 429, description: "Too many requests.", schema: "Problem",
                headers: [Answer.Header(name: "Retry-After", description: "Seconds.")]),
            Answer(status: 500, description: "A fault of the platform.", schema: "Problem"),
        ]
        if !parameters.isEmpty { errors.append(Answer(status: 400, description: "A parameter or the content can't be read.", schema: "Problem")) }
        if body != nil {
            errors.append(Answer(status: 413, description: "The content is too large.", schema: "Problem"))
            errors.append(Answer(status: 415, description: "The content is of another type.", schema: "Problem"))
        }
        if scope.isWriting {
            errors.append(Answer(status: 409, description: "The same request is being worked on.", schema: "Problem"))
            errors.append(
                Answer(
                    status: 422, description: "The settings would not be valid, or the Idempotency-Key was used for another request.",
                    schema: "Problem"))
        }
        return errors.filter { error in !answers.contains { $0.status == error.status } }
    }
}
