package import Tenancy

/// Where the sites are and under which hosts they answer.
package struct StaticSitesConfiguration: Sendable {
    /// The folder with `.hosts/`, `.releases/` and a link for each organization.
    package var output: String
    /// Organizations are hosts directly below this domain.
    package var sitesDomain: Hostname
    /// The domain of previews. Nothing below it is served from here.
    package var previewsDomain: Hostname?
    /// The hosts of the platform itself. They have `/health`, `/org/<slug>/…` and the index.
    package var appHosts: Set<Hostname>
    /// True to serve sites below `/org/<slug>/` where no other host can be reached; false to redirect to their own host.
    package var servePaths: Bool
    /// Scheme, host and port of an organization's main address, without a slash at the end, or nil if it has none. Never from a request.
    package var canonicalOrigin: @Sendable (Slug) -> String?
    /// The page at `/` of the app hosts, as HTML; without it there is none.
    package var index: (@Sendable () -> [UInt8])?
    package var security: SecurityHeaders
    /// Bytes of compressed and rewritten files to keep in memory.
    package var cacheSize: Int

    /// A configuration for trying things out on one machine.
    /// - Parameter port: the port that readers reach the sites under, for redirects to their hosts.
    package init(output: String, sitesDomain: Hostname = .localSitesDomain, port: UInt16? = nil, servePaths: Bool = false) {
        self.output = output
        self.sitesDomain = sitesDomain
        self.appHosts = Hostname.loopback
        self.servePaths = servePaths
        let portSuffix = port.map { ":\($0)" } ?? ""
        self.canonicalOrigin = { slug in "http://\(slug).\(sitesDomain)\(portSuffix)" }
        self.security = .standard
        self.cacheSize = 64 << 20
    }
}
