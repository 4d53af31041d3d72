import HTTPTypes
import Tenancy

/// The cookies of the app host. There are no others.
enum Cookie: String, CaseIterable, Sendable {
    case session
    /// Ties a link in a mail to the browser that asked for it.
    case signIn = "sign-in"
    case language

    /// Seconds; nil until the browser is closed.
    fileprivate var maximumAge: Int? {
        switch self {
        case .session: 30 * 86_400
        case .signIn: 3_600
        case .language: 365 * 86_400
        }
    }
}

/// How cookies are named and set (RFC 6265bis, 4.1).
///
/// Over https they carry the prefix `__Host-`: a browser takes such a cookie only for this very host, for all its paths, and over https. So no
/// school's site and no neighbour on the network can put one in its place. Over http, which is for development, they have neither prefix nor
/// `Secure`: not every browser takes such cookies from http://localhost.
struct Cookies: Sendable {
    private let isSecure: Bool

    init(scheme: String) {
        isSecure = scheme == "https"
    }

    func name(of cookie: Cookie) -> String { (isSecure ? "__Host-" : "") + cookie.rawValue }

    /// `Set-Cookie`.
    func set(_ cookie: Cookie, to value: CookieValue) -> HTTPField {
        field(cookie, value.text, maximumAge: cookie.maximumAge)
    }

    func remove(_ cookie: Cookie) -> HTTPField {
        field(cookie, "", maximumAge: 0)
    }

    private func field(_ cookie: Cookie, _ value: String, maximumAge: Int?) -> HTTPField {
        let age = maximumAge.map { "; Max-Age=\($0)" } ?? ""
        return HTTPField(name: .setCookie, value: "\(name(of: cookie))=\(value); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")\(age)")
    }

    /// What a request brings. A cookie that comes twice with different values counts as none: one of them was put there by somebody else.
    func read(_ headers: HTTPFields) -> RequestCookies {
        let lines = headers[values: .cookie]
        guard lines.reduce(0, { $0 + $1.utf8.count }) <= Self.longest else { return RequestCookies() }
        let names = Dictionary(uniqueKeysWithValues: Cookie.allCases.map { (name(of: $0), $0) })
        var values: [Cookie: CookieValue] = [:]
        var doubtful: Set<Cookie> = []
        for pair in lines.flatMap({ $0.split(separator: ";") }) {
            guard let sign = pair.firstIndex(of: "=") else { continue }
            let name = pair[..<sign].trimmingPrefix(while: { $0 == " " || $0 == "\t" })
            guard let cookie = names[String(name)] else { continue }
            let value = CookieValue(pair[pair.index(after: sign)...])
            if values[cookie] != nil, values[cookie] != value { doubtful.insert(cookie) }
            values[cookie] = value
        }
        for cookie in doubtful { values[cookie] = nil }
        return RequestCookies(values: values)
    }

    /// Bytes of all cookies of a request.
    private static let longest = 8_192
}

struct RequestCookies: Sendable {
    fileprivate var values: [Cookie: CookieValue] = [:]

    subscript(cookie: Cookie) -> String? { values[cookie]?.text }
}

/// Nothing that could end a cookie's value and begin another attribute.
struct CookieValue: Sendable, Hashable {
    let text: String

    /// Nil for what holds other characters than `A-Z a-z 0-9 - _`, and for nothing.
    init?(_ text: some StringProtocol) {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy(Base64URL.isDigit) else { return nil }
        self.text = String(text)
    }

    init(_ token: SecretToken) {
        text = token.text
    }

    init(_ language: Language) {
        text = language.code
    }
}
