import HTTPTypes
import Hummingbird

/// Where a browser may be sent: a path of the app host, with its query. It can't hold another host, by construction.
struct LocalPath: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    let text: String

    static let longest = 1_000

    /// One that stands in the program.
    init(stringLiteral text: StaticString) {
        self.text = text.description
    }

    /// One that a request brings. Nil for everything but a plain absolute path: no scheme, no host, no second slash at the start or anywhere
    /// (`//evil.example` is a host), no back-slash (browsers read it as a slash), nothing but visible ASCII, and no line break or other
    /// control character in its encoded form either.
    init?(checking text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= Self.longest else { return nil }
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        guard !path.contains(UInt8(ascii: "#")) else { return nil }
        for (index, byte) in bytes.enumerated() {
            guard (0x21...0x7E).contains(byte), !#"\"<>"#.utf8.contains(byte) else { return nil }
            if byte == UInt8(ascii: "/"), index > 0, index < path.count, bytes[index - 1] == byte { return nil }
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16),
                    value >= 0x20, value != 0x7F, value != UInt8(ascii: "\\")
                else { return nil }
            }
        }
        self.text = text
    }

    private init(joined text: String) {
        self.text = text
    }

    /// With a parameter of the query at the end.
    func with(_ name: StaticString, _ value: String) -> LocalPath {
        LocalPath(joined: text + (text.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + "\(name)=" + PercentEncoding.component(value))
    }

    /// With one more segment at the end of the path.
    func appending(_ segment: String) -> LocalPath {
        LocalPath(joined: text + (text.hasSuffix("/") ? "" : "/") + PercentEncoding.component(segment))
    }

    var description: String { text }
}

extension Response {
    /// The answer to a form that was accepted: the browser gets another page, and loading that again sends nothing (RFC 9110, 15.4.4).
    static func redirect(to path: LocalPath) -> Response {
        Response(status: .seeOther, headers: [.location: path.text], body: ResponseBody())
    }
}

/// RFC 3986, 2.1.
enum PercentEncoding {
    /// Everything but unreserved characters is encoded.
    static func component(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if Base64URL.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output += Hexadecimal.text([byte]).uppercased().utf8
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
