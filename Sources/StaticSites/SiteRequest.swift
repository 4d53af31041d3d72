/// A request as a server over any HTTP version hands it to `StaticResponder`: raw, nothing decoded, nothing believed.
package struct SiteRequest: Sendable {
    package enum Version: Sendable {
        case http10
        case http11
        /// HTTP/2 and HTTP/3: `:authority` is the only element of `hosts`.
        case http2
    }

    package var method: String
    /// The request target as it stood in the request line, for example `/news/?page=2` or `http://lincoln.example/news/`.
    package var target: String
    /// The values of all Host headers, also when there are none or too many.
    package var hosts: [String]
    package var version: Version
    package var headers: [(name: String, value: String)]

    package init(
        method: String, target: String, hosts: [String], version: Version = .http11, headers: [(name: String, value: String)] = []
    ) {
        self.method = method
        self.target = target
        self.hosts = hosts
        self.version = version
        self.headers = headers
    }

    /// All values of a header, in the order received. `name` is in lower case.
    package func values(of name: String) -> [String] {
        headers.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// The first value of a header. `name` is in lower case.
    package func value(of name: String) -> String? {
        headers.first { Self.isSame($0.name, name) }?.value
    }

    /// The lines of a list header as one list (RFC 9110 5.3), nil if there is no such line.
    func list(of name: String) -> String? {
        let lines = values(of: name)
        return lines.isEmpty ? nil : lines.joined(separator: ",")
    }

    private static func isSame(_ name: String, _ lowercased: String) -> Bool {
        name.utf8.count == lowercased.utf8.count
            && zip(name.utf8, lowercased.utf8).allSatisfy { byte, wanted in
                byte == wanted || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == wanted)
            }
    }
}
