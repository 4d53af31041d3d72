import Tenancy

/// Answers requests for the sites in an output folder as a good static host does. It knows no transport: a server translates its
/// requests to `SiteRequest` and sends the `SiteResponse`. Every call reads the file system anew and may come from any thread; it takes
/// some microseconds, or milliseconds where a page is compressed for the first time.
package final class StaticResponder: Sendable {
    let configuration: StaticSitesConfiguration
    let releases: ReleaseStore
    let representations: RepresentationStore
    private let hosts: HostResolver
    private let securityFields: [SecurityHeaders.Surface: [HeaderField]]

    package init(configuration: StaticSitesConfiguration) {
        self.configuration = configuration
        releases = ReleaseStore(output: configuration.output)
        representations = RepresentationStore(cacheSize: configuration.cacheSize)
        hosts = HostResolver(configuration: configuration, releases: releases)
        let surfaces = SecurityHeaders.Surface.allCases.map { ($0, configuration.security.fields(for: $0)) }
        securityFields = Dictionary(uniqueKeysWithValues: surfaces)
    }

    /// Answers a request whose host is a site's, and leaves one for the platform's own host to `respond(to:)` or to a server's routes.
    package func resolve(_ request: SiteRequest) -> Resolution {
        do {
            switch try visit(request) {
            case .app(let host, let visit):
                return .app(AppVisit(host: host, path: visit.path, query: visit.query))
            case .site(let slug, let visit):
                return .site(slug, Self.sendable(try answer(visit, in: SiteContext(slug: slug, surface: .site)), to: request))
            }
        } catch {
            return .refused(Self.sendable(refusal(error), to: request))
        }
    }

    package func respond(to request: SiteRequest) -> SiteResponse {
        let response: SiteResponse
        do {
            switch try visit(request) {
            case .app(_, let visit):
                try Self.checkMethod(request)
                response = try answerOnAppHost(visit)
            case .site(let slug, let visit):
                response = try answer(visit, in: SiteContext(slug: slug, surface: .site))
            }
        } catch {
            response = refusal(error)
        }
        return Self.sendable(response, to: request)
    }

    /// The answer to what a server could not even read as a request, or may not take: 400, 408, 413, 414, 431, 503.
    package func errorPage(_ status: Int) -> SiteResponse {
        errorPage(status, surface: .app)
    }

    private enum Destination {
        case app(Hostname, Visit)
        case site(Slug, Visit)
    }

    private func visit(_ request: SiteRequest) throws -> Destination {
        guard let target = try? RequestTarget(request.target) else { throw RequestRejection.badRequest }
        let destination = try hosts.destination(of: request, target: target)
        if case .site = destination { try Self.checkMethod(request) }
        let path: SitePath
        do {
            path = try SitePath(encoded: target.path)
        } catch {
            throw error == .malformed ? RequestRejection.badRequest : .notFound
        }
        let visit = Visit(request: request, path: path, query: target.query)
        switch destination {
        case .app(let host): return .app(host, visit)
        case .site(let slug): return .site(slug, visit)
        }
    }

    private static func checkMethod(_ request: SiteRequest) throws(RequestRejection) {
        guard request.method == "GET" || request.method == "HEAD" else { throw .methodNotAllowed }
    }

    private func refusal(_ error: any Error) -> SiteResponse {
        errorPage((error as? RequestRejection)?.status ?? 503)
    }

    private static func sendable(_ response: SiteResponse, to request: SiteRequest) -> SiteResponse {
        guard request.method == "HEAD" else { return response }
        var response = response
        response.body = .none
        return response
    }

    /// The head of an answer that goes on until the reader leaves (server-sent events, HTML Living Standard 9.2).
    package func eventStreamHead(surface: SecurityHeaders.Surface) -> SiteResponse {
        var head = response(
            200, [HeaderField("Content-Type", "text/event-stream; charset=utf-8")], caching: .never, surface: surface)
        head.headers.removeAll { $0.name == "Content-Length" }
        return head
    }

    /// Builds every answer there is, so that none goes without the security headers.
    package func response(
        _ status: Int, _ fields: [HeaderField] = [], body: SiteBody = .none, caching: CachePolicy, surface: SecurityHeaders.Surface
    ) -> SiteResponse {
        var headers = fields
        headers.append(HeaderField("Cache-Control", caching.value))
        // A 304 has no content, and its length would be taken for that of the reader's copy.
        if status != 304 { headers.append(HeaderField("Content-Length", HeaderValue(String(body.count)))) }
        headers += securityFields[surface] ?? []
        return SiteResponse(status: status, headers: headers, body: body)
    }

    /// - Parameter location: built from encoded parts and configuration, never a raw piece of a request.
    func redirect(_ status: Int, to location: String, query: ArraySlice<UInt8>?, surface: SecurityHeaders.Surface) -> SiteResponse {
        var location = location
        if let query, !location.utf8.contains(UInt8(ascii: "?")) {
            location += "?" + String(decoding: SitePath.encoded(query: query), as: UTF8.self)
        }
        return response(status, [HeaderField("Location", HeaderValue(location))], caching: .revalidate, surface: surface)
    }

    /// The headers that every answer of a surface carries, for servers that have answers of their own.
    package func securityFields(for surface: SecurityHeaders.Surface) -> [HeaderField] {
        securityFields[surface] ?? []
    }

    /// A short page that repeats nothing of the request.
    func errorPage(_ status: Int, surface: SecurityHeaders.Surface) -> SiteResponse {
        var fields = [HeaderField("Content-Type", ContentType.html.value)]
        if status == 405 { fields.append(HeaderField("Allow", "GET, HEAD")) }
        if status == 503 { fields.append(HeaderField("Retry-After", "5")) }
        return response(status, fields, body: .bytes(ErrorPage.html(status: status)), caching: .never, surface: surface)
    }
}
