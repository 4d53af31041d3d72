import Tenancy

extension StaticResponder {
    /// The platform's own hosts: a sign of life, the index and the way to the sites by path.
    func answerOnAppHost(_ visit: Visit) throws(SiteUnavailable) -> SiteResponse {
        let path = visit.path
        guard !path.hadEmptySegments else {
            return redirect(302, to: String(decoding: path.encoded, as: UTF8.self), query: visit.query, surface: .app)
        }
        guard let first = path.segments.first else { return index() }
        if first.elementsEqual("health".utf8), path.segments.count == 1 {
            let type = HeaderField("Content-Type", "text/plain; charset=utf-8")
            return response(200, [type], body: .bytes(Array("ok\n".utf8)), caching: .never, surface: .app)
        }
        if first.elementsEqual("org".utf8), path.segments.count >= 2 { return try answerBelowOrg(visit) }
        return errorPage(404, surface: .app)
    }

    private func index() -> SiteResponse {
        guard let page = configuration.index else { return errorPage(404, surface: .app) }
        return response(
            200, [HeaderField("Content-Type", ContentType.html.value)], body: .bytes(page()), caching: .revalidate, surface: .app)
    }

    /// `/org/<slug>/…`: upper and lower case are the same organization, lower case is its address.
    private func answerBelowOrg(_ visit: Visit) throws(SiteUnavailable) -> SiteResponse {
        let written = visit.path.segments[1]
        let lowercased = written.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        guard let slug = try? Slug(String(decoding: lowercased, as: UTF8.self)), try releases.release(of: slug) != nil else {
            return errorPage(404, surface: .app)
        }
        let path = visit.path.dropFirst(2)
        let rest = String(decoding: path.encoded, as: UTF8.self)
        let context = SiteContext(slug: slug, surface: .sharedPath)
        guard configuration.servePaths else {
            guard let origin = configuration.canonicalOrigin(slug) else { return errorPage(404, surface: .app) }
            return redirect(302, to: origin + rest, query: visit.query, surface: .app)
        }
        let isAddress = written == lowercased && (visit.path.segments.count > 2 || visit.path.isFolder)
        guard isAddress else { return redirect(308, to: context.base + rest, query: visit.query, surface: .app) }
        return try answer(Visit(request: visit.request, path: path, query: visit.query), in: context)
    }
}
