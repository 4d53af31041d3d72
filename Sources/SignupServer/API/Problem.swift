import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import SiteBuilder

/// What went wrong, for a program: `application/problem+json` (RFC 9457). Its texts are English, as is all that only programmers read.
struct Problem: HTTPResponseError {
    /// Something wrong in what was sent.
    struct Detail: Sendable, Hashable {
        /// Where: a JSON pointer (RFC 6901), empty for the whole.
        let pointer: String
        let detail: String
    }

    let status: HTTPResponse.Status
    /// What the type's address ends in, see docs/api.md; nil where the status says it all.
    let type: String?
    let title: String
    var detail: String
    var errors: [Detail]
    var headers: HTTPFields

    static let contentType = "application/problem+json"
    /// More than these are not told.
    private static let maximumErrors = 20

    init(
        _ status: HTTPResponse.Status, _ type: String? = nil, title: String? = nil, _ detail: String = "", errors: [Detail] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.type = type
        self.title = title ?? Self.title(status)
        self.detail = detail
        self.errors = Array(errors.prefix(Self.maximumErrors))
        self.headers = headers
    }

    /// With `about:blank`, the title is that of the status (RFC 9457, 4.2.1).
    private static func title(_ status: HTTPResponse.Status) -> String {
        switch status.code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 423: "Locked"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase
        }
    }

    func json(_ requestID: String) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("type", .text(type.map { "/problems/\($0)" } ?? "about:blank")), ("title", .text(title)), ("status", .number(status.code)),
        ]
        if !detail.isEmpty { members.append(("detail", .text(detail))) }
        if !errors.isEmpty {
            members.append(("errors", .list(errors.map { .object([("pointer", .text($0.pointer)), ("detail", .text($0.detail))]) })))
        }
        members.append(("request_id", .text(requestID)))
        return .object(members)
    }

    func response(_ requestID: String) -> Response {
        var response = Response(Self.contentType, json(requestID).bytes, status: status)
        for field in headers { response.headers.append(field) }
        return response
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        response((context as? AppContext)?.requestID ?? "")
    }
}

/// The paths of the app host at which programs are answered, also where there is nothing: always as JSON.
enum APIPath {
    static let version = "/api/v1"

    static func contains(_ path: some StringProtocol) -> Bool {
        path == "/api" || path.hasPrefix("/api/") || path.hasPrefix("/api?")
    }
}

extension ServerResponse {
    /// A problem that was found before there was a request to route.
    init(_ problem: Problem, _ requestID: String) {
        self.init(
            status: problem.status.code, headers: ["Content-Type": Problem.contentType, "Cache-Control": "no-store"],
            body: .buffer(ByteBuffer(bytes: problem.json(requestID).bytes)))
    }
}
