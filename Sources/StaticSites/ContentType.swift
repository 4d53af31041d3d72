/// What a file is, by the end of its name. Nothing is guessed from its bytes: `X-Content-Type-Options: nosniff` says so to browsers too.
package struct ContentType: Sendable {
    /// The syntax in which links are found, where a site is served below a path.
    enum Links {
        case html
        case css
        case json
    }

    package let value: HeaderValue
    /// True for text, which gets much smaller by compression.
    package let isCompressible: Bool
    let links: Links?

    private init(_ value: HeaderValue, compressible: Bool = false, links: Links? = nil) {
        self.value = value
        self.isCompressible = compressible
        self.links = links
    }

    /// - Parameter fileName: the last segment or the whole path.
    package static func of(fileName: some BidirectionalCollection<UInt8>) -> ContentType {
        let ending = fileName.suffix(while: { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") })
        guard ending.count < fileName.count, ending.count <= 11 else { return unknown }
        let lowercased = ending.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        return byEnding[String(decoding: lowercased, as: UTF8.self)] ?? unknown
    }

    /// Everything else is offered as a download.
    static let unknown = ContentType("application/octet-stream")

    static let html = ContentType("text/html; charset=utf-8", compressible: true, links: .html)

    private static let javaScript = ContentType("text/javascript; charset=utf-8", compressible: true)

    private static let byEnding: [String: ContentType] = [
        // Pages and their parts.
        "html": html,
        "htm": html,
        "css": ContentType("text/css; charset=utf-8", compressible: true, links: .css),
        "js": javaScript,
        "mjs": javaScript,
        "json": ContentType("application/json; charset=utf-8", compressible: true, links: .json),
        "webmanifest": ContentType("application/manifest+json; charset=utf-8", compressible: true, links: .json),
        "map": ContentType("application/json; charset=utf-8", compressible: true),
        "wasm": ContentType("application/wasm", compressible: true),
        "woff": ContentType("font/woff"),
        "woff2": ContentType("font/woff2"),
        // Text and feeds.
        "txt": ContentType("text/plain; charset=utf-8", compressible: true),
        "md": ContentType("text/markdown; charset=utf-8", compressible: true),
        "csv": ContentType("text/csv; charset=utf-8", compressible: true),
        "ics": ContentType("text/calendar; charset=utf-8", compressible: true),
        "vcf": ContentType("text/vcard; charset=utf-8", compressible: true),
        "xml": ContentType("application/xml; charset=utf-8", compressible: true),
        "atom": ContentType("application/atom+xml; charset=utf-8", compressible: true),
        "rss": ContentType("application/rss+xml; charset=utf-8", compressible: true),
        // Pictures, sound and film.
        "svg": ContentType("image/svg+xml; charset=utf-8", compressible: true),
        "ico": ContentType("image/x-icon", compressible: true),
        "png": ContentType("image/png"),
        "jpg": ContentType("image/jpeg"),
        "jpeg": ContentType("image/jpeg"),
        "gif": ContentType("image/gif"),
        "webp": ContentType("image/webp"),
        "avif": ContentType("image/avif"),
        "mp3": ContentType("audio/mpeg"),
        "m4a": ContentType("audio/mp4"),
        "mp4": ContentType("video/mp4"),
        "webm": ContentType("video/webm"),
        // Documents.
        "pdf": ContentType("application/pdf"),
        "rtf": ContentType("application/rtf"),
        "zip": ContentType("application/zip"),
        "epub": ContentType("application/epub+zip"),
        "doc": ContentType("application/msword"),
        "xls": ContentType("application/vnd.ms-excel"),
        "ppt": ContentType("application/vnd.ms-powerpoint"),
        "docx": ContentType("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx": ContentType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "pptx": ContentType("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        "odt": ContentType("application/vnd.oasis.opendocument.text"),
        "ods": ContentType("application/vnd.oasis.opendocument.spreadsheet"),
        "odp": ContentType("application/vnd.oasis.opendocument.presentation"),
    ]
}
