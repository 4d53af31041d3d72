import Tenancy
import Templating

/// What search engines and browsers ask for at fixed places.
struct SitemapFiles {
    let site: Site

    /// sitemaps.org, with the translations of each page (`xhtml:link`).
    func sitemap(extraPaths: [(path: (Site.Edition) -> String, editions: [Site.Edition])]) -> [UInt8] {
        var output: [UInt8] = []
        output.append(
            contentsOf:
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n"
                .utf8)
        func url(_ address: String, changed: CivilDate?, alternates: [(String, String)]) {
            output.append(contentsOf: "<url><loc>".utf8)
            output.appendEscaped(address)
            output.append(contentsOf: "</loc>".utf8)
            if let changed { output.append(contentsOf: "<lastmod>\(changed)</lastmod>".utf8) }
            for (code, address) in alternates {
                output.append(contentsOf: "<xhtml:link rel=\"alternate\" hreflang=\"\(code)\" href=\"".utf8)
                output.appendEscaped(address)
                output.append(contentsOf: "\"/>".utf8)
            }
            output.append(contentsOf: "</url>\n".utf8)
        }
        for entry in site.entries where !SitePaths.listingStems.contains(entry.stem) {
            let editions = site.editions.filter { entry.translations[$0.language.code] != nil }
            let alternates = editions.count > 1 ? editions.map { ($0.language.code, site.origin + site.url(entry, in: $0)) } : []
            for edition in editions {
                let frontMatter = site.sourcePage(entry, in: edition).frontMatter
                let changed = frontMatter.updated?.local(in: site.zone).date ?? entry.date?.date ?? frontMatter.date?.local(in: site.zone).date
                url(site.origin + site.url(entry, in: edition), changed: changed, alternates: alternates)
            }
        }
        for (path, editions) in extraPaths {
            let alternates = editions.count > 1 ? editions.map { ($0.language.code, site.origin + PathSegment.encoded(path($0))) } : []
            for edition in editions { url(site.origin + PathSegment.encoded(path(edition)), changed: nil, alternates: alternates) }
        }
        output.append(contentsOf: "</urlset>\n".utf8)
        return output
    }

    /// RFC 9309. `additions` are lines that the tenant wrote.
    func robots(additions: [UInt8]) -> [UInt8] {
        var output = Array("User-agent: *\nDisallow: /search/\n\nSitemap: \(site.origin)/sitemap.xml\n".utf8)
        if !additions.isEmpty {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: additions)
            if output.last != UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
        }
        return output
    }
}
