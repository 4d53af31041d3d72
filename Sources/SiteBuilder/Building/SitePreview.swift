package import Tenancy

/// The home page of a site as it would be with other settings: the generator's own page, in one document that loads nothing.
///
/// It is made in memory, so there is nothing to publish, to clean up, or to be found by somebody else. Style sheets and pictures are in the
/// document as `data:` addresses, scripts are left out, and its links lead nowhere.
package struct SitePreview: Sendable {
    private let environment: BuildEnvironment
    private let output: String
    private let now: Instant

    /// Bytes of pictures in one document; those that come after are left out.
    private static let largestPictures = 6 << 20

    /// - Parameter output: the folder with the sites, whose cache of pictures is used.
    package init(environment: BuildEnvironment, output: String, now: Instant) {
        self.environment = environment
        self.output = output
        self.now = now
    }

    /// - Parameter change: what is other than in the tenant's folder.
    package func home(_ tenant: TenantFolder, change: (inout Settings) -> Void) throws(BuildError) -> [UInt8] {
        let tree = try ContentTree(root: tenant.path)
        let loaded = try TenantLoader(tree: tree).load(slug: tenant.slug)
        var settings = loaded.settings
        change(&settings)
        let zone = TimeZoneRules.named(settings.timeZone) ?? .utc
        let origin = settings.canonicalOrigin ?? environment.options.address.origin(of: tenant.slug)
        let (site, _) = SiteModeler.model(
            slug: tenant.slug, settings: settings, zone: zone, origin: origin, tree: tree, pages: loaded.pages, withheld: loaded.withheld, now: now)
        let plan = ReleasePlan(site: site, tree: tree, isKnown: { _, _ in false })
        var findings: [Finding] = []
        let (theme, customCSS) = TenantTheme.make(tree: tree, base: environment.theme, findings: &findings)
        let palette = Palette(primary: settings.colors.primary, accent: settings.colors.accent)
        let assets = SiteAssetMaker(settings: settings, palette: palette, theme: theme, customCSS: customCSS, icons: nil).assets()
        let renderer = SiteRenderer(
            site: site, theme: theme, strings: environment.strings,
            pictures: PictureStore(tree: tree, cacheDirectory: ReleaseFolders(output: output, slug: tenant.slug).pictures), tree: tree,
            palette: palette, assets: assets, addresses: plan.addresses)
        let release = ReleaseRenderer(renderer: renderer, plan: plan, environment: environment)
        guard let item = plan.items.first(where: { $0.path == "index.html" }), case .page(let make) = release.content(of: item) else {
            throw .unusable(tenant: tenant.slug, problem: "the site has no home page")
        }
        let page = renderer.render(renderer.prepare(make()))
        return Self.inOneDocument(page, assets, renderer.pictures.published)
    }

    private static func inOneDocument(_ page: [UInt8], _ assets: SiteAssets, _ pictures: [PublishedPicture]) -> [UInt8] {
        var files: [String: PublishedPicture.File] = [:]
        for file in pictures.flatMap(\.files) { files[file.url] = file }
        var styles: [String: [UInt8]] = [:]
        for asset in assets.all where asset.path.hasSuffix(".css") || asset.path.hasSuffix(".svg") { styles[asset.url] = asset.bytes }
        var embedded: [String: String] = [:]
        var room = largestPictures
        func address(of url: String) -> String? {
            if let known = embedded[url] { return known }
            if let bytes = styles[url] { return dataAddress(bytes, type: url.hasSuffix(".css") ? "text/css" : "image/svg+xml") }
            guard let file = files[url], let bytes = file.content ?? file.cachePath.flatMap({ readFile($0) }), bytes.count <= room else { return nil }
            room -= bytes.count
            let made = dataAddress(bytes, type: mediaType(file.format))
            embedded[url] = made
            return made
        }
        return HTMLAddresses.replace(in: withoutScripts(page), attributes: ["href", "srcset", "src", "action", "formaction"]) { attribute, value in
            switch attribute {
            // One candidate is enough: the smallest that is not small.
            case "srcset":
                let candidates = value.split(separator: ",").map { $0.split(separator: " ").map(String.init) }.filter { $0.count == 2 }
                let chosen = candidates.first { Int($0[1].dropLast()) ?? 0 >= 640 } ?? candidates.last
                guard let chosen, let address = address(of: chosen[0]) else { return "" }
                return "\(address) \(chosen[1])"
            case "src": return address(of: value) ?? ""
            case "href": return value.hasPrefix("#") ? value : address(of: value) ?? "#"
            default: return "#"
            }
        }
    }

    /// The theme's own pages alone hold scripts, written in lower case.
    private static func withoutScripts(_ page: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(page.count)
        var rest = page.replacing("<link rel=\"manifest\" href=\"/manifest.webmanifest\">\n".utf8, with: [])[...]
        while let open = rest.firstRange(of: Array("<script".utf8)) {
            output += rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].firstRange(of: Array("</script>".utf8)) else { return output }
            rest = rest[close.upperBound...]
        }
        return output + rest
    }

    private static func mediaType(_ format: PictureFormat) -> String {
        switch format.fileExtension {
        case "svg": "image/svg+xml"
        case "jpg": "image/jpeg"
        case let other: "image/\(other)"
        }
    }

    private static func dataAddress(_ bytes: [UInt8], type: String) -> String {
        "data:\(type);base64," + Base64.text(bytes)
    }
}

/// RFC 4648, 4.
private enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 3 * 4 + 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            let group = (0..<3).reduce(0) { $0 << 8 | ($1 < count ? Int(bytes[index + $1]) : 0) }
            for place in 0..<4 { output.append(place <= count ? digits[group >> (18 - 6 * place) & 63] : UInt8(ascii: "=")) }
            index += 3
        }
        return String(decoding: output, as: UTF8.self)
    }
}
