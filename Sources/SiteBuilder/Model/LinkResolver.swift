import Markdown
import StructuredData
import Synchronization
import Tenancy

/// Finds out what an address that an editor wrote leads to.
struct LinkResolver: Sendable {
    enum Target: Hashable, Sendable {
        /// Ready for `href`.
        case address(String)
        /// A file of the tenant's folder that is a picture.
        case picture(String)
        /// A page that exists and isn't published now.
        case unpublished
        case dead(problem: String, advice: String)
        case unsafe
    }

    private let site: Site
    let tree: ContentTree
    /// Decoded paths of everything that the release holds: `/about/`, `/news/feed.xml`.
    private let addresses: Set<String>
    private let known = KnownTargets()

    init(site: Site, tree: ContentTree, addresses: Set<String>) {
        self.site = site
        self.tree = tree
        self.addresses = addresses
    }

    /// What `destination`, written in the file at `path`, leads to in an edition.
    func resolve(_ destination: String, from path: String, in edition: Site.Edition) -> Target {
        // From the root of the site an address means the same on every page, and most pages share a few.
        guard destination.utf8.first == UInt8(ascii: "/") else { return find(destination, from: path, in: edition) }
        return known.target(KnownTargets.Key(destination: destination, edition: edition.prefix)) { find(destination, from: path, in: edition) }
    }

    private func find(_ destination: String, from path: String, in edition: Site.Edition) -> Target {
        switch URLPolicy.kind(of: destination.utf8) {
        case .external, .mail, .phone, .fragment: return .address(destination)
        case .unsafe: return .unsafe
        case .empty: return .dead(problem: "the link leads nowhere", advice: "write an address in the parentheses: [text](/about/)")
        case .sitePath: break
        }
        let suffixStart = destination.firstIndex { $0 == "?" || $0 == "#" } ?? destination.endIndex
        let suffix = String(destination[suffixStart...])
        guard let written = PathSegment.decoded(destination[..<suffixStart]) else {
            return .dead(problem: "`\(destination)` has a % that stands for nothing", advice: "write spaces as they are, or %25 for a percent sign")
        }
        if written.isEmpty { return .address(destination) }
        guard let joined = Self.join(written, folder: written.hasPrefix("/") ? "" : Self.folder(of: path)) else {
            return .dead(problem: "`\(destination)` leads out of the site's folder", advice: "link to a page of this site: /about/")
        }
        if let target = file(joined, suffix: suffix, in: edition) ?? address(written, joined, suffix: suffix, from: path, in: edition) {
            return target
        }
        return .dead(problem: "the link to \(destination) leads nowhere", advice: advice(for: written, joined))
    }

    /// The picture file that is meant, or nil: only files of the tenant's folder can be pictures.
    func picture(_ destination: String, from path: String) -> String? {
        guard URLPolicy.isSafeImage(destination.utf8), let written = PathSegment.decoded(destination.split(separator: "?").first ?? "") else {
            return nil
        }
        // Front matter names pictures from the tenant's folder, a text from its own; either is taken.
        for folder in written.hasPrefix("/") ? [""] : [Self.folder(of: path), ""] {
            if let joined = Self.join(written, folder: folder), tree.file(at: joined) != nil { return joined }
        }
        return nil
    }

    private func file(_ path: String, suffix: String, in edition: Site.Edition) -> Target? {
        var stem = path
        if stem.hasSuffix(".md") { stem = String(stem.dropLast(3)) }
        if let dot = stem.lastIndex(of: "."), !stem[dot...].contains("/"), let language = Language(code: String(stem[stem.index(after: dot)...])),
            let other = site.edition(for: language), path.hasSuffix(".md")
        {
            // A link to a certain translation means just that one.
            if let target = entry(String(stem[..<dot]), suffix: suffix, in: other) { return target }
        }
        if let target = entry(stem, suffix: suffix, in: edition) { return target }
        guard tree.file(at: path) != nil else { return nil }
        if path.hasPrefix("static/") { return .address(PathSegment.encoded("/" + path.dropFirst(7)) + suffix) }
        if path.hasPrefix("documents/") {
            guard addresses.contains("/" + path) else {
                return .dead(
                    problem: "\(path) is not offered to the public",
                    advice: "list it in documents/index.yaml with visibility: public, or remove the link")
            }
            return .address(PathSegment.encoded("/" + path) + suffix)
        }
        return PictureStore.isPicture(path) ? .picture(path) : nil
    }

    private func entry(_ stem: String, suffix: String, in edition: Site.Edition) -> Target? {
        let stem = stem.hasSuffix("/") ? String(stem.dropLast()) : stem
        for candidate in [stem, stem.isEmpty ? "index" : stem + "/index"] {
            if let index = site.entryByStem[candidate] { return .address(site.url(site.entries[index], in: edition) + suffix) }
            if site.unpublished.contains(candidate) { return .unpublished }
        }
        return nil
    }

    /// An address of the finished site: from the root, or from the page's own.
    private func address(_ written: String, _ joined: String, suffix: String, from path: String, in edition: Site.Edition) -> Target? {
        var candidates: [String] = []
        if written.hasPrefix("/") {
            // In a translation, `/events/` means the reader's own edition where there is one.
            candidates = [edition.prefix + "/" + joined, "/" + joined]
        } else if let own = ownPath(path, in: edition), let relative = Self.join(written, folder: own) {
            candidates = ["/" + relative]
        }
        candidates.append("/" + joined)
        for candidate in candidates {
            let folder = candidate.hasSuffix("/") ? candidate : candidate + "/"
            if addresses.contains(candidate) { return .address(PathSegment.encoded(candidate) + suffix) }
            if addresses.contains(folder) { return .address(PathSegment.encoded(folder) + suffix) }
        }
        return nil
    }

    private func ownPath(_ path: String, in edition: Site.Edition) -> String? {
        let name = PageName(path: path, languages: site.settings.languages)
        return site.entryByStem[name.stem].map { String((edition.prefix + site.entries[$0].path).dropFirst()) }
    }

    private func advice(for written: String, _ joined: String) -> String {
        let wanted = "/" + joined + (joined.hasSuffix("/") || joined.contains(".") ? "" : "/")
        if let near = Spelling.nearest(to: wanted, in: addresses.count > 5000 ? [] : Array(addresses)) { return "did you mean \(near)?" }
        let last = wanted.split(separator: "/").last ?? ""
        if let same = addresses.filter({ $0.split(separator: "/").last == last && !last.isEmpty }).min() { return "did you mean \(same)?" }
        return "correct the address, or write the page"
    }

    /// The folder of a file, with `/` at the end; empty for the tenant's own.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// A path without `.` and `..`; nil when it climbs out of the folder. Without a slash at the beginning; one at the end is kept.
    static func join(_ path: String, folder: String) -> String? {
        guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else { return nil }
        var segments: [Substring] = folder.split(separator: "/")
        for segment in path.split(separator: "/") {
            if segment == "." { continue }
            if segment == ".." {
                guard segments.popLast() != nil else { return nil }
                continue
            }
            segments.append(segment)
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..") || path == "." || path == ".."
        return segments.joined(separator: "/") + (isFolder && !segments.isEmpty ? "/" : "")
    }
}

/// What was found before.
private final class KnownTargets: Sendable {
    struct Key: Hashable {
        let destination: String
        let edition: String
    }

    private static let maximum = 5000
    private let targets = Mutex<[Key: LinkResolver.Target]>([:])

    func target(_ key: Key, find: () -> LinkResolver.Target) -> LinkResolver.Target {
        if let found = targets.withLock({ $0[key] }) { return found }
        let target = find()
        targets.withLock { if $0.count < Self.maximum { $0[key] = target } }
        return target
    }
}
