/// Finds the file that a path means within one release.
///
/// Pages have addresses without `.html`: `about/index.html` is `/about/`, `about.html` is `/about`. The other spellings redirect, so
/// that each page has one address. What could mean two things means nothing.
struct FileLookup {
    enum Result {
        case file(OpenFile, name: [UInt8])
        /// An old address that the site itself redirects. It goes before files: a host without redirects has a page there that does.
        case rule(RedirectRules.Rule)
        /// To another spelling of the same page.
        case redirect(status: Int, SitePath)
        case missing
    }

    let release: ReleaseFolder

    func find(_ path: SitePath) throws(SiteUnavailable) -> Result {
        if let rule = release.redirects.rule(for: path) { return .rule(rule) }
        guard !path.isHidden, !isInternal(path) else { return .missing }
        return path.isFolder ? try findIndex(of: path) : try findFile(path)
    }

    /// The `404.html` nearest to a path: in its folder, else further up.
    func findNotFoundPage(near path: SitePath) throws(SiteUnavailable) -> (file: OpenFile, name: [UInt8])? {
        // A path of hidden segments may lead to folders that no page is served from.
        var folder = path.isHidden ? path.dropFirst(path.segments.count) : path.isFolder ? path : path.parent
        while true {
            let name = Self.join(folder, Self.notFoundPage)
            if case .file(let file) = try release.entry(name) { return (file, name) }
            if folder.segments.isEmpty { return nil }
            folder = folder.parent
        }
    }

    private static let index = Array("index.html".utf8)
    private static let notFoundPage = Array("404.html".utf8)
    private static let pageEnding = Array(".html".utf8)

    /// The rules of redirects are not for readers, and a page that says "not found" never answers with 200.
    private func isInternal(_ path: SitePath) -> Bool {
        guard let last = path.segments.last else { return false }
        if path.segments.count == 1, last.elementsEqual(RedirectRules.fileName.utf8) { return true }
        return !path.isFolder && (last.elementsEqual("404".utf8) || last == Self.notFoundPage)
    }

    private func findIndex(of folder: SitePath) throws(SiteUnavailable) -> Result {
        let index = Self.join(folder, Self.index)
        if case .file(let file) = try release.entry(index) { return .file(file, name: index) }
        guard !folder.segments.isEmpty, !(try release.entry(folder.fileName).isFile) else { return .missing }
        let page = try release.entry(folder.fileName + Self.pageEnding)
        return page.isFile ? .redirect(status: 307, folder.asFolder(false)) : .missing
    }

    private func findFile(_ path: SitePath) throws(SiteUnavailable) -> Result {
        let name = path.fileName
        let entry = try release.entry(name)
        if case .file(let file) = entry {
            return try findPlainSpelling(of: path).map { .redirect(status: 307, $0) } ?? .file(file, name: name)
        }
        let pageName = name + Self.pageEnding
        if case .file(let file) = try release.entry(pageName) {
            let isIndex = pageName.suffix(Self.index.count).elementsEqual(Self.index) && path.segments.last?.count == Self.index.count - 5
            return isIndex ? .redirect(status: 307, path.parent) : .file(file, name: pageName)
        }
        if case .folder = entry, try release.entry(Self.join(path, Self.index)).isFile { return .redirect(status: 308, path.asFolder(true)) }
        return .missing
    }

    /// The address of a page that was asked for by its file name, nil if the file name is its address.
    private func findPlainSpelling(of path: SitePath) throws(SiteUnavailable) -> SitePath? {
        guard let last = path.segments.last, last.count > Self.pageEnding.count,
            last.suffix(Self.pageEnding.count).elementsEqual(Self.pageEnding)
        else { return nil }
        if last == Self.index { return path.parent }
        let plain = path.replacingLast(with: last.dropLast(Self.pageEnding.count))
        // `/plan` is another file if there is both `plan` and `plan.html`.
        return try release.entry(plain.fileName).isFile ? nil : plain
    }

    private static func join(_ folder: SitePath, _ name: [UInt8]) -> [UInt8] {
        folder.segments.isEmpty ? name : folder.fileName + [UInt8(ascii: "/")] + name
    }
}
