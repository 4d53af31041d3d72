import StaticSites

/// Who sent a request and how, and the headers that may be believed.
///
/// Nothing of what a proxy adds is looked at unless the connection comes from a proxy that the operator trusts. The host is never taken from
/// such a header: proxies pass the Host on, and it alone decides about a tenant.
struct ForwardedRequest: Sendable {
    /// The reader's own address; nil if the connection has none.
    let client: NetworkAddress?
    let isSecure: Bool
    /// True if the request says that it came through a proxy, trusted or not.
    let isForwarded: Bool
    /// Without `Host`, without what a proxy adds, and without names that other programs would read as another header's.
    let headers: [(name: String, value: String)]

    init(_ request: SiteRequest, from peer: NetworkAddress?, trusting proxies: [NetworkRange]) {
        let added = request.headers.filter { Self.isAddedByProxies($0.name) }
        isForwarded = !added.isEmpty
        headers = request.headers.filter { field in
            !Self.isAddedByProxies(field.name) && !Self.isAmbiguous(field.name) && field.name.lowercased() != "host"
        }
        guard let peer, proxies.contains(where: { $0.contains(peer) }) else {
            client = peer
            isSecure = false
            return
        }
        client = Self.client(in: request.values(of: "x-forwarded-for"), behind: peer, proxies)
        isSecure = request.values(of: "x-forwarded-proto").last.map { Self.items($0).last == "https" } ?? false
    }

    /// The right-most address that is not one of our proxies: whatever stands before it was written by the client itself, or by machines that
    /// we don't know. What is no address ends the search at the proxy that passed it on.
    private static func client(in values: [String], behind peer: NetworkAddress, _ proxies: [NetworkRange]) -> NetworkAddress {
        var client = peer
        for item in values.flatMap(items).reversed() {
            guard let address = NetworkAddress(withoutPort(item)) else { return client }
            client = address
            if !proxies.contains(where: { $0.contains(address) }) { return client }
        }
        return client
    }

    /// `[2001:db8::1]:443` and `192.0.2.1:443` are written by some proxies.
    private static func withoutPort(_ item: String) -> String {
        if item.hasPrefix("["), let end = item.firstIndex(of: "]") { return String(item[item.index(after: item.startIndex)..<end]) }
        let parts = item.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : item
    }

    private static func items(_ value: String) -> [String] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }

    private static func isAddedByProxies(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("x-forwarded-") || name == "forwarded" || name == "x-real-ip"
    }

    /// `Remote_User` and `Remote.User` become `Remote-User` in some programs.
    private static func isAmbiguous(_ name: String) -> Bool {
        name.utf8.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
    }
}
