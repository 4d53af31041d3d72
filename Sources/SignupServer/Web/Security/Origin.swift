import Tenancy

/// Scheme, host and port as a browser names them in `Origin` (RFC 6454, 7): exact, or it is none.
struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is no origin, for the operator.
    struct Failure: Error, CustomStringConvertible {
        let text: String
        var description: String { "`\(text)` is no origin: write for example https://www.example.org, with nothing after the host and port" }
    }

    let scheme: String
    let host: Hostname
    /// Nil for the scheme's own.
    let port: UInt16?

    init(scheme: String, host: Hostname, port: UInt16?) {
        self.scheme = scheme
        self.host = host
        self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
    }

    /// Neither path, query, fragment nor user, not even a slash at the end; `null` is none.
    init(_ text: String) throws(Failure) {
        for scheme in ["https", "http"] where text.hasPrefix("\(scheme)://") {
            // What may not stand in a host is no authority.
            guard let authority = try? Authority(text.dropFirst(scheme.utf8.count + 3)), !text.hasSuffix(".") else { break }
            self.init(scheme: scheme, host: authority.host, port: authority.port)
            return
        }
        throw Failure(text: text)
    }

    /// Of a whole address, as it stands in `Referer`.
    init?(ofAddress text: String) {
        guard let start = text.firstRange(of: "://") else { return nil }
        let end = text[start.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        guard let origin = try? Origin(String(text[..<end])) else { return nil }
        self = origin
    }

    var description: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }
}
