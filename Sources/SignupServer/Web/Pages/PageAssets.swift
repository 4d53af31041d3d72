import Compression
import Crypto
import Glibc
import HTTPTypes
import Hummingbird
import SiteBuilder

/// What the pages of the app host load: style sheet, script and pictures of `Templates/server/assets`, read once. Their addresses hold a
/// hash of their bytes, so that a browser may keep them for ever.
struct PageAssets: Sendable {
    private struct Asset: Sendable {
        let type: String
        let bytes: [UInt8]
        /// Smaller than `bytes`, or nil.
        let brotli: [UInt8]?
        let gzip: [UInt8]?
    }

    /// By the last part of the address.
    private let assets: [String: Asset]
    /// From `app.css` to `/assets/app.0123456789.css`.
    let addresses: [String: String]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "webp": "image/webp",
    ]

    /// - Parameter files: by name.
    init(_ files: [String: [UInt8]]) {
        var assets: [String: Asset] = [:]
        var addresses: [String: String] = [:]
        for (name, bytes) in files {
            guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[name.index(after: dot)...])] else { continue }
            let hash = Hexadecimal.text(SHA256.hash(data: bytes).prefix(5))
            let address = "\(name[..<dot]).\(hash)\(name[dot...])"
            let brotli = Compression.brotli(bytes, quality: 9)
            let gzip = Compression.gzip(bytes, level: 9)
            assets[address] = Asset(
                type: type, bytes: bytes, brotli: brotli.flatMap { $0.count < bytes.count ? $0 : nil },
                gzip: gzip.flatMap { $0.count < bytes.count ? $0 : nil })
            addresses[name] = "/assets/\(address)"
        }
        self.assets = assets
        self.addresses = addresses
    }

    var routes: [Route] {
        [Route(.get, "/assets/{file}", surface: .app, permission: .anyone, handler: answer)]
    }

    @Sendable private func answer(_ request: Request, _ context: AppContext) throws -> Response {
        guard let asset = assets[try context.parameters.require("file")] else { throw HTTPError(.notFound) }
        let accepted = request.headers[values: .acceptEncoding].joined(separator: ",").split(separator: ",")
            .compactMap { $0.split(separator: ";").first?.filter { $0 != " " } }
        var response: Response
        if let brotli = asset.brotli, accepted.contains("br") {
            response = Response(asset.type, brotli)
            response.headers[.contentEncoding] = "br"
        } else if let gzip = asset.gzip, accepted.contains("gzip") {
            response = Response(asset.type, gzip)
            response.headers[.contentEncoding] = "gzip"
        } else {
            response = Response(asset.type, asset.bytes)
        }
        response.headers[.vary] = "Accept-Encoding"
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
    }
}
