import HTTPTypes
import Tenancy

/// Refuses what another site makes a reader's browser send (CSRF). A request that may change something must prove that a page of the app
/// host sent it; what proves nothing is refused. Pages of schools are other sites too, although they belong to the platform.
///
/// There are no tokens in forms for this: browsers say truthfully where a request comes from (Fetch Metadata; RFC 6454), and scripts can't
/// change what they say.
struct SameOrigin: Sendable {
    /// Origins besides our own whose pages may send forms here.
    let trusted: Set<Origin>

    init(trusted: Set<Origin> = []) {
        self.trusted = trusted
    }

    /// - Parameter own: how the browser reached us.
    func allows(_ method: HTTPRequest.Method, _ headers: HTTPFields, to own: Origin) -> Bool {
        guard !Self.safeMethods.contains(method) else { return true }
        let origins = headers[values: .origin]
        guard origins.count <= 1 else { return false }
        if let text = origins.first, let origin = try? Origin(text), trusted.contains(origin) { return true }
        let sites = headers[values: Self.secFetchSite]
        // `none`: the reader did it, with the address bar or a reload. `same-site` is a neighbour.
        if !sites.isEmpty { return sites == ["same-origin"] || sites == ["none"] }
        // Browsers say it on https and on this machine only, and not the older ones.
        if let text = origins.first { return (try? Origin(text)) == own }
        // Some that are older still, and some that are told to hide it, say it here at the least.
        if let address = headers[.referer] { return Origin(ofAddress: address) == own }
        return false
    }

    /// RFC 9110, 9.2.1: what these do changes nothing.
    static let safeMethods: Set<HTTPRequest.Method> = [.get, .head, .options]

    private static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
