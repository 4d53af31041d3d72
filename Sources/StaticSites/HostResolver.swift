import Tenancy

/// Decides which site a request is for, from its host alone. No other header has a say, and there is no default site.
struct HostResolver: Sendable {
    enum Destination: Equatable {
        /// One of `StaticSitesConfiguration.appHosts`.
        case app(Hostname)
        case site(Slug)
    }

    let configuration: StaticSitesConfiguration
    let releases: ReleaseStore

    func destination(of request: SiteRequest, target: RequestTarget) throws(RequestRejection) -> Destination {
        let host = try host(of: request, target: target)
        if configuration.appHosts.contains(host) { return .app(host) }
        try checkPlatformDomains(host)
        guard let slug = releases.slug(of: host) else { throw .unknownHost }
        return .site(slug)
    }

    /// RFC 9112 3.2: exactly one Host; only HTTP/1.0 may do without, and then names no site.
    private func host(of request: SiteRequest, target: RequestTarget) throws(RequestRejection) -> Hostname {
        guard request.hosts.count <= 1 else { throw .badRequest }
        guard let text = target.authority ?? request.hosts.first else {
            throw request.version == .http10 ? .unknownHost : .badRequest
        }
        guard !request.hosts.isEmpty || request.version == .http10 else { throw .badRequest }
        guard let authority = try? Authority(text) else { throw .badRequest }
        return authority.host
    }

    /// Names in or around our own domains that can be no site: more than one label below, no slug, or the domain inside a foreign name.
    private func checkPlatformDomains(_ host: Hostname) throws(RequestRejection) {
        if let labels = host.labels(below: configuration.sitesDomain) {
            guard !labels.contains(".") else { throw .badRequest }
            guard (try? Slug(labels)) != nil else { throw .unknownHost }
        }
        if host.embeds(configuration.sitesDomain) { throw .badRequest }
        if let previews = configuration.previewsDomain {
            if host.labels(below: previews) != nil { throw .unknownHost }
            if host.embeds(previews) { throw .badRequest }
        }
    }
}
