import HTTPTypes
import Hummingbird
import NIOCore
import SiteBuilder
import StaticSites

extension Response {
    /// An answer of the app host. Security headers are added to every answer on its way out.
    init(_ type: String, _ bytes: [UInt8], status: HTTPResponse.Status = .ok) {
        var headers = HTTPFields()
        headers[.contentType] = type
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response("application/json", value.bytes, status: status)
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(type, Array(text.utf8))
    }

    static func html(_ text: String) -> Response {
        Response("text/html; charset=utf-8", Array(text.utf8))
    }

    /// What the sites answer to a request for the app host: redirects and error pages, all in memory.
    init(_ response: SiteResponse) {
        var headers = HTTPFields()
        for field in response.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            headers.append(HTTPField(name: name, value: field.value.text))
        }
        self.init(
            status: HTTPResponse.Status(code: response.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: response.body.collected() ?? [])))
    }
}

extension HTTPResponse.Status {
    /// Editing rests (RFC 4918, 11.3).
    static let locked = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
}
