import Tenancy

extension StaticResponder {
    /// A path of a site: redirects of spelling first, then the site's own redirects, then its files.
    func answer(_ visit: Visit, in site: SiteContext) throws(SiteUnavailable) -> SiteResponse {
        guard !visit.path.hadEmptySegments else {
            return redirect(302, to: address(visit.path, in: site), query: visit.query, surface: site.surface)
        }
        guard var release = try releases.release(of: site.slug) else { return errorPage(404, surface: site.surface) }
        var found = try FileLookup(release: release).find(visit.path)
        // A release can be replaced and cleaned away while it is searched. Nothing is missing before the live one says so.
        for _ in 0..<ReleaseStore.attempts {
            guard case .missing = found, let current = try releases.release(of: site.slug), current !== release else { break }
            release = current
            found = try FileLookup(release: release).find(visit.path)
        }
        switch found {
        case .file(let file, let name):
            return try answer(visit, with: file, name: name, of: release, in: site)
        case .rule(let rule):
            return redirect(rule.status, to: site.base + rule.target, query: visit.query, surface: site.surface)
        case .redirect(let status, let path):
            return redirect(status, to: address(path, in: site), query: visit.query, surface: site.surface)
        case .missing:
            return try notFound(visit, release: release, in: site)
        }
    }

    private func address(_ path: SitePath, in site: SiteContext) -> String {
        site.base + String(decoding: path.encoded, as: UTF8.self)
    }

    private func notFound(_ visit: Visit, release: ReleaseFolder, in site: SiteContext) throws(SiteUnavailable) -> SiteResponse {
        guard let page = try FileLookup(release: release).findNotFoundPage(near: visit.path) else {
            return errorPage(404, surface: site.surface)
        }
        let type = ContentType.of(fileName: page.name)
        let chosen = try representation(of: page.file, name: page.name, type: type, of: release, in: site, for: visit.request)
        return response(404, contentFields(type, chosen), body: chosen.body, caching: .revalidate, surface: site.surface)
    }

    private func answer(
        _ visit: Visit, with file: OpenFile, name: [UInt8], of release: ReleaseFolder, in site: SiteContext
    ) throws(SiteUnavailable) -> SiteResponse {
        let type = ContentType.of(fileName: name)
        let chosen = try representation(of: file, name: name, type: type, of: release, in: site, for: visit.request)
        let caching = CachePolicy.of(visit.path)
        var fields = [HeaderField("ETag", HeaderValue(chosen.tag.text))]
        // Builds that are the same every time set the time of their files to zero; that is no date.
        let modified = file.modified > 1 ? file.modified : nil
        if let modified, let date = HTTPDate.text(modified) { fields.append(HeaderField("Last-Modified", HeaderValue(date))) }
        let preconditions = Preconditions(request: visit.request, tag: chosen.tag, modified: modified)
        switch preconditions.outcome {
        case .failed:
            return errorPage(412, surface: site.surface)
        case .notModified:
            return response(304, fields + varyFields(type), caching: caching, surface: site.surface)
        case .proceed:
            break
        }
        fields += contentFields(type, chosen)
        fields.append(HeaderField("Accept-Ranges", "bytes"))
        let whole = chosen.body.count
        switch preconditions.allowRange ? visit.request.value(of: "range").map({ ByteRange($0, size: whole) }) ?? .whole : .whole {
        case .whole:
            return response(200, fields, body: chosen.body, caching: caching, surface: site.surface)
        case .unsatisfiable:
            var refusal = errorPage(416, surface: site.surface)
            refusal.headers.append(HeaderField("Content-Range", HeaderValue("bytes */\(whole)")))
            return refusal
        case .part(let offset, let count):
            fields.append(HeaderField("Content-Range", HeaderValue("bytes \(offset)-\(offset + count - 1)/\(whole)")))
            return response(206, fields, body: chosen.body.part(offset: offset, count: count), caching: caching, surface: site.surface)
        }
    }

    /// A range is one of the file as it is, so that a download can go on whatever was compressed meanwhile.
    private func representation(
        of file: OpenFile, name: [UInt8], type: ContentType, of release: ReleaseFolder, in site: SiteContext, for request: SiteRequest
    ) throws(SiteUnavailable) -> Representation {
        let acceptEncoding = request.value(of: "range") == nil ? request.list(of: "accept-encoding") : nil
        return try representations.representation(
            of: file, name: name, type: type, in: release, codings: acceptEncoding.map(ContentCoding.preferred) ?? [],
            pathOf: site.surface == .sharedPath ? site.slug : nil)
    }

    private func contentFields(_ type: ContentType, _ chosen: Representation) -> [HeaderField] {
        var fields = [HeaderField("Content-Type", type.value)] + varyFields(type)
        if let coding = chosen.coding { fields.append(HeaderField("Content-Encoding", coding.value)) }
        return fields
    }

    private func varyFields(_ type: ContentType) -> [HeaderField] {
        type.isCompressible ? [HeaderField("Vary", "Accept-Encoding")] : []
    }
}
