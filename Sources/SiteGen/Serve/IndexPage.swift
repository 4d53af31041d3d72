import Glibc
import SiteBuilder
import Templating

/// The page at the app host while trying things out: all sites of the output folder.
enum IndexPage {
    static func html(output: String, domain: String, port: Int) -> [UInt8] {
        var items = ""
        for slug in SiteList.slugs(in: output) {
            let own = "http://\(slug).\(domain):\(port)/"
            items +=
                "<li><a href=\"\(own.escapedForHTML)\">\(slug.escapedForHTML)</a> <a href=\"/org/\(slug.escapedForHTML)/\">/org/\(slug.escapedForHTML)/</a></li>"
        }
        return Array(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Marquee: all sites</title></head><body><main><h1>All sites</h1><ul>\(items)</ul></main></body></html>
            """.utf8)
    }
}
