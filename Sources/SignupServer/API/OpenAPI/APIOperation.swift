import HTTPTypes
import SiteBuilder

/// One thing that a program can do, described once: the route, the checks of its parameters and the OpenAPI document are made from this.
struct APIOperation: Sendable {
    struct Parameter: Sendable {
        enum Place: String, Sendable { case query, header }

        enum Kind: Sendable, Hashable {
            case integer(ClosedRange<Int>, default: Int)
            /// - Parameter pattern: a regular expression (ECMA-262), which the operation itself checks.
            case text(pattern: String)
        }

        let name: String
        let place: Place
        let kind: Kind
        let description: String
        var isRequired = false
    }

    struct Answer: Sendable {
        struct Header: Sendable {
            let name: String
            let description: String
        }

        let status: Int
        let description: String
        /// Of the schemas of the document; nil for an answer without content.
        var schema: String?
        var headers: [Header] = []
    }

    struct Body: Sendable {
        let type: String
        let schema: String
        let description: String
    }

    let id: String
    let method: HTTPRequest.Method
    /// Below `APIPath.version`.
    let path: String
    let summary: String
    let description: String
    /// Nil for what is for anyone.
    let scope: APIScope?
    var parameters: [Parameter] = []
    var body: Body?
    let answers: [Answer]

    var fullPath: String { APIPath.version + path }
}

extension APIOperation {
    static let all = [readOrganization, readSettings, changeSettings, listPages, listPublishes, publish, readDocument]

    static let readOrganization = APIOperation(
        id: "readOrganization", method: .get, path: "/organization", summary: "The organization",
        description: "The organization of the token, as the platform knows it. What its site says is in the settings and pages.",
        scope: .readOrganization, answers: [Answer(status: 200, description: "The organization.", schema: "Organization")])

    static let readSettings = APIOperation(
        id: "readSettings", method: .get, path: "/settings", summary: "The settings",
        description: "What site.yaml holds, as JSON. The names are those of the content guide. "
            + "Texts that stand without quotes as `true`, `false` or a whole number are that in JSON, everything else is a text.",
        scope: .readSettings,
        parameters: [
            Parameter(
                name: "If-None-Match", place: .header, kind: .text(pattern: ".*"), description: "An ETag: the answer is 304 if nothing is different.")
        ],
        answers: [
            Answer(status: 200, description: "The settings.", schema: "Settings", headers: [etag]),
            Answer(status: 304, description: "They are what the ETag stands for.", headers: [etag]),
        ])

    static let changeSettings = APIOperation(
        id: "changeSettings", method: .patch, path: "/settings", summary: "Change settings",
        description: "A JSON Merge Patch (RFC 7396): what is named is changed, null removes it, lists are replaced as a whole. Comments and order in "
            + "site.yaml stay. Checked by the generator, committed and published before the answer.",
        scope: .writeSettings,
        parameters: [
            Parameter(
                name: "If-Match", place: .header, kind: .text(pattern: "^\"[0-9a-f]{40}\"$"),
                description: "The ETag of the settings that the change was made for.", isRequired: true),
            idempotencyKey,
        ],
        body: Body(type: "application/merge-patch+json", schema: "SettingsPatch", description: "What is to be different."),
        answers: [
            Answer(status: 200, description: "Committed, and live unless the publication says otherwise.", schema: "Change", headers: [etag]),
            Answer(status: 412, description: "Somebody has changed the settings meanwhile. Nothing was changed: read them again.", schema: "Problem"),
            Answer(status: 428, description: "The header If-Match is missing.", schema: "Problem"),
        ])

    static let listPages = APIOperation(
        id: "listPages", method: .get, path: "/pages", summary: "The pages",
        description: "All pages of the content by their paths, drafts too. A listing that is followed with `next_cursor` or the header Link stays at "
            + "the commit at which it began.",
        scope: .readPages,
        parameters: [
            Parameter(name: "limit", place: .query, kind: .integer(1...100, default: 50), description: "How many at most. There may be fewer."),
            Parameter(
                name: "cursor", place: .query, kind: .text(pattern: "^.+$"), description: "Where to go on: `next_cursor` of the answer before."),
        ],
        answers: [
            Answer(
                status: 200, description: "Some pages.", schema: "PageList",
                headers: [Answer.Header(name: "Link", description: "rel=\"next\" is where the listing goes on (RFC 8288).")])
        ])

    static let listPublishes = APIOperation(
        id: "listPublishes", method: .get, path: "/publishes", summary: "What was published",
        description: "What became of the latest publications, the newest first. The last hundred are kept.", scope: .readPublishes,
        parameters: [
            Parameter(name: "limit", place: .query, kind: .integer(1...100, default: 50), description: "How many at most.")
        ],
        answers: [Answer(status: 200, description: "The publications.", schema: "PublicationList")])

    static let publish = APIOperation(
        id: "publish", method: .post, path: "/publishes", summary: "Publish again",
        description: "Builds the site from the newest content and makes it live.", scope: .writePublishes, parameters: [idempotencyKey],
        answers: [Answer(status: 200, description: "What became of it.", schema: "Publication")])

    static let readDocument = APIOperation(
        id: "readDocument", method: .get, path: "/openapi.json", summary: "This document", description: "The API as an OpenAPI document.", scope: nil,
        answers: [Answer(status: 200, description: "The document.", schema: "Document")])

    private static let etag = Answer.Header(name: "ETag", description: "Stands for the settings as they are: the commit that has them.")

    private static let idempotencyKey = Parameter(
        name: "Idempotency-Key", place: .header,
        kind: .text(pattern: "^(\"[A-Za-z0-9._:-]{1,200}\"|[A-Za-z0-9._:-]{1,200})$"),
        description: "A name for this request: sent again with it, it is not done again, and the first answer is given again, for 24 hours.")
}
