package import Tenancy

/// What a request comes to, decided by its host.
package enum Resolution: Sendable {
    /// An organization's own host, with the answer.
    case site(Slug, SiteResponse)
    /// The platform's own host. Nothing is answered yet.
    case app(AppVisit)
    /// No host of ours, or not a request that a browser sends.
    case refused(SiteResponse)
}

/// A request for the platform's own host, its path read once.
package struct AppVisit: Sendable {
    /// One of `StaticSitesConfiguration.appHosts`.
    package let host: Hostname
    let path: SitePath
    let query: ArraySlice<UInt8>?

    /// The path in its one spelling: every byte that needs it encoded, no empty segments, no dots that climb. Begins with one slash.
    package var encodedPath: String { String(decoding: path.encoded, as: UTF8.self) }

    /// False if slashes stood in a row, which `encodedPath` no longer shows.
    package var isCanonical: Bool { !path.hadEmptySegments }

    /// As it came, bytes above 127 encoded, without the `?`; nil if there was none.
    package var encodedQuery: String? {
        query.map { String(decoding: SitePath.encoded(query: $0), as: UTF8.self) }
    }
}
