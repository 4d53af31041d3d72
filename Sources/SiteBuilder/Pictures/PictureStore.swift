import Markdown
import Synchronization
import Tenancy
import Templating

/// A picture as it is published: the files, and how a page shows it.
struct PublishedPicture: Sendable, Hashable {
    struct File: Sendable, Hashable {
        let url: String
        let width: Int
        let height: Int
        let format: PictureFormat
        /// Where the bytes are; nil for an SVG, whose cleaned bytes are in `content`.
        let cachePath: String?
        let content: [UInt8]?
    }

    let width: Int
    let height: Int
    let webp: [File]
    let fallback: [File]
    let hasLocation: Bool
    let fingerprint: Fingerprint

    var files: [File] { webp + fallback }
    /// The one that a feed or another site should show.
    var largest: File? { fallback.last ?? webp.last }
}

/// The pictures of one tenant, published on first use.
final class PictureStore: Sendable {
    enum Outcome: Sendable {
        case published(PublishedPicture)
        case failed(String)
    }

    /// Where a picture stands, which decides how wide it is shown.
    enum Place: Sendable {
        case body, lead, card, hero, logo

        var sizes: String {
            switch self {
            case .body, .lead: "(min-width: 48rem) 44rem, 100vw"
            case .card: "(min-width: 60rem) 22rem, (min-width: 40rem) 45vw, 92vw"
            case .hero: "(min-width: 60rem) 34rem, 92vw"
            case .logo: "12rem"
            }
        }

        /// The same on a phone alone.
        var phoneSizes: String {
            switch self {
            case .body, .lead: "100vw"
            case .card, .hero: "92vw"
            case .logo: "12rem"
            }
        }
    }

    private let tree: ContentTree
    private let cacheDirectory: String
    private let outcomes = Mutex<[String: Outcome]>([:])

    init(tree: ContentTree, cacheDirectory: String) {
        self.tree = tree
        self.cacheDirectory = cacheDirectory
    }

    static func isPicture(_ path: String) -> Bool {
        guard let dot = path.lastIndex(of: ".") else { return false }
        return ["svg", "jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif"].contains(path[path.index(after: dot)...].lowercased())
    }

    /// The picture at `path` in the tenant's folder. Making it may take a second; two threads that ask for one picture make it once each at worst.
    func picture(_ path: String, isLogo: Bool = false) -> Outcome {
        let key = isLogo ? path + "#logo" : path
        if let known = outcomes.withLock({ $0[key] }) { return known }
        let made = make(path, isLogo: isLogo)
        outcomes.withLock { $0[key] = made }
        return made
    }

    /// Everything that has been asked for, for the release.
    var published: [PublishedPicture] {
        outcomes.withLock { outcomes in
            outcomes.sorted { $0.key < $1.key }.compactMap { if case .published(let picture) = $0.value { picture } else { nil } }
        }
    }

    private func make(_ path: String, isLogo: Bool) -> Outcome {
        guard let file = tree.file(at: path) else { return .failed("the picture \(path) is not there") }
        guard let bytes = tree.read(file) else { return .failed("\(path) can't be read or is larger than 64 MB") }
        let fingerprint = Fingerprint(of: bytes)
        let name = PathSegment.make(String(file.name.split(separator: ".").first ?? "picture"))
        do throws(PictureError) {
            let processor = PictureProcessor()
            let info = try processor.probe(tree.absolutePath(file))
            if info.format == .svg { return vector(bytes, info, name: name, path: path) }
            try? makeDirectories(cacheDirectory)
            let variants = try processor.variants(
                of: tree.absolutePath(file), contentHash: fingerprint.description, in: cacheDirectory, recipe: isLogo ? .logo : .page)
            let files = variants.map { variant in
                PublishedPicture.File(
                    url: PathSegment.encoded("/media/\(name)-\(variant.width).\(variant.fingerprint.prefix(10)).\(variant.format.fileExtension)"),
                    width: variant.width, height: variant.height, format: variant.format, cachePath: variant.path, content: nil)
            }
            let webp = files.filter { $0.format == .webp }
            let fallback = files.filter { $0.format != .webp }
            return .published(
                PublishedPicture(
                    width: info.width, height: info.height, webp: webp, fallback: fallback.isEmpty ? webp : fallback, hasLocation: info.hasLocation,
                    fingerprint: fingerprint))
        } catch {
            return .failed("\(path): \(error.description)")
        }
    }

    private func vector(_ bytes: [UInt8], _ info: PictureInfo, name: String, path: String) -> Outcome {
        do throws(SVGError) {
            let clean = try SVGPolicy.clean(bytes).svg
            let fingerprint = Fingerprint(of: clean)
            let file = PublishedPicture.File(
                url: PathSegment.encoded("/media/\(name).\(fingerprint.short).svg"), width: info.width, height: info.height, format: .svg,
                cachePath: nil,
                content: clean)
            return .published(
                PublishedPicture(width: info.width, height: info.height, webp: [], fallback: [file], hasLocation: false, fingerprint: fingerprint))
        } catch {
            return .failed("\(path): \(error)")
        }
    }
}

extension PublishedPicture {
    /// `<picture>` with WebP, first for phones, and a fallback, or a plain `<img>` for an SVG.
    func html(alternative: String, place: PictureStore.Place, isLazy: Bool, prefix: String = "") -> String {
        guard let shown = fallback.first(where: { $0.width >= 640 }) ?? fallback.last else { return "" }
        let size = displaySize
        var image = "<img src=\"\(shown.url)\""
        if fallback.count > 1 { image += " srcset=\"\(Self.candidates(fallback))\" sizes=\"\(place.sizes)\"" }
        image += " width=\"\(size.width)\" height=\"\(size.height)\" alt=\"\(alternative.escapedForHTML)\""
        image += isLazy ? " loading=\"lazy\" decoding=\"async\">" : place == .logo ? ">" : " fetchpriority=\"high\">"
        guard !webp.isEmpty, shown.format != .webp else { return image }
        return "<picture>\(phoneSource(place))\(Self.source(webp, sizes: place.sizes))\(image)</picture>"
    }

    /// However dense its screen, a phone gets none of the variants that are heavier for being wider.
    private func phoneSource(_ place: PictureStore.Place) -> String {
        let light = webp.filter { $0.width <= PictureRecipe.phoneWidth }
        return light.isEmpty || light.count == webp.count ? "" : Self.source(light, media: "(max-width: 40em)", sizes: place.phoneSizes)
    }

    private static func source(_ files: [File], media: String? = nil, sizes: String) -> String {
        let media = media.map { " media=\"\($0)\"" } ?? ""
        return "<source type=\"image/webp\"\(media) srcset=\"\(candidates(files))\" sizes=\"\(sizes)\">"
    }

    /// Width and height for the layout, so that nothing jumps while the picture loads.
    private var displaySize: (width: Int, height: Int) {
        let largest = files.map(\.width).max() ?? width
        guard width > largest, width > 0 else { return (max(width, 1), max(height, 1)) }
        return (largest, max(1, height * largest / width))
    }

    private static func candidates(_ files: [File]) -> String {
        files.map { "\($0.url) \($0.width)w" }.joined(separator: ", ")
    }
}
