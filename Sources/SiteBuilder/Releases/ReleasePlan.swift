import Markdown
import StructuredData
import Tenancy

/// What a release will hold: known before a byte is rendered, so that links can be checked against it.
struct ReleasePlan: Sendable {
    enum Job: Sendable {
        case entry(Int, edition: Int)
        case homeWithoutText(edition: Int)
        case flyer(Int, edition: Int)
        case eventICS(Int, edition: Int)
        case newsList(page: Int, edition: Int)
        case tags(edition: Int)
        case tag(Int, page: Int, edition: Int)
        case eventList(edition: Int)
        case category(Int, edition: Int)
        case categoryICS(Int, edition: Int)
        case pastEvents(SchoolYear, edition: Int)
        case month(Int, edition: Int)
        case documents(edition: Int)
        case board(edition: Int)
        case sponsors(edition: Int)
        case search(edition: Int)
        case notFound(edition: Int)
        case atom(edition: Int)
        case jsonFeed(edition: Int)
        case ics(edition: Int)
        case redirect(Int)
        case sitemap
        case robots
        case redirectList
        /// A file of the tenant's folder, as it is.
        case copy(String)
    }

    struct Item: Sendable {
        /// From the release's folder.
        let path: String
        let job: Job
    }

    private(set) var items: [Item] = []
    private(set) var months: [CivilDate] = []
    private(set) var findings: [Finding] = []
    private var taken: [String: Int] = ["manifest.webmanifest": -1]
    /// Folders that planned files are in; a release's own come first.
    private var folders: Set<String> = ["assets", "media", "search"]
    /// Whether the last release holds a file at that path made from the file as it is.
    private let isKnown: @Sendable (_ path: String, _ input: Fingerprint) -> Bool

    init(site: Site, tree: ContentTree, isKnown: @escaping @Sendable (_ path: String, _ input: Fingerprint) -> Bool) {
        self.isKnown = isKnown
        for (number, edition) in site.editions.enumerated() { addEdition(site, edition, number) }
        for (index, redirect) in site.redirects.enumerated() { add(redirect.from, .redirect(index)) }
        if !site.redirects.isEmpty { add("/_redirects", .redirectList) }
        add("/sitemap.xml", .sitemap)
        add("/robots.txt", .robots)
        addFiles(site, tree)
    }

    /// Decoded paths as a reader asks for them: `/about/`, `/news/feed.xml`.
    var addresses: Set<String> {
        Set(
            items.map { item in item.path == "index.html" ? "/" : item.path.hasSuffix("/index.html") ? "/" + item.path.dropLast(10) : "/" + item.path
            })
    }

    private mutating func addEdition(_ site: Site, _ edition: Site.Edition, _ number: Int) {
        let paths = SitePaths(site: site, edition: edition)
        if site.home == nil { add(paths.home, .homeWithoutText(edition: number)) }
        if paths.hasNews {
            for page in 1...PageCount.of(site.news.count, per: SitePaths.newsPerPage) {
                add(paths.news(page: page), .newsList(page: page, edition: number))
            }
            add(paths.atom, .atom(edition: number))
            add(paths.jsonFeed, .jsonFeed(edition: number))
        }
        if !edition.tags.isEmpty { add(paths.tags, .tags(edition: number)) }
        for (index, tag) in edition.tags.enumerated() {
            for page in 1...PageCount.of(tag.entries.count, per: SitePaths.entriesPerTagPage) {
                add(paths.tag(tag, page: page), .tag(index, page: page, edition: number))
            }
        }
        if paths.hasEvents { addEventPages(site, edition, number, paths) }
        if !edition.documents.isEmpty { add(paths.documents, .documents(edition: number)) }
        if paths.hasBoard { add(paths.board, .board(edition: number)) }
        if !edition.sponsors.isEmpty { add(paths.sponsors, .sponsors(edition: number)) }
        add(paths.search, .search(edition: number))
        add(paths.notFound, .notFound(edition: number))
        for (index, entry) in site.entries.enumerated() {
            let path = edition.prefix + entry.path
            // An editor's page where the generator makes one is that page's introduction.
            if SitePaths.listingStems.contains(entry.stem), isTaken(path) { continue }
            if isTaken(path) {
                findings.append(
                    Finding(
                        .error, "same-address", path: site.sources[entry.original].path, "the site makes a page of its own at \(path)",
                        advice: "give the file another name"))
                continue
            }
            add(path, .entry(index, edition: number))
            guard entry.kind == .event else { continue }
            add(paths.ics(entry), .eventICS(index, edition: number))
            if entry.event?.isPast == false { add(paths.flyer(entry), .flyer(index, edition: number)) }
        }
    }

    private mutating func addEventPages(_ site: Site, _ edition: Site.Edition, _ number: Int, _ paths: SitePaths) {
        add(paths.events, .eventList(edition: number))
        add(paths.ics, .ics(edition: number))
        for (index, category) in edition.categories.enumerated() {
            add(paths.category(category), .category(index, edition: number))
            add(paths.categoryICS(category), .categoryICS(index, edition: number))
        }
        for year in paths.pastYears { add(paths.past(year), .pastEvents(year, edition: number)) }
        months = paths.months
        for (index, month) in months.enumerated() { add(paths.month(month), .month(index, edition: number)) }
    }

    private mutating func addFiles(_ site: Site, _ tree: ContentTree) {
        let publicDocuments = Set(site.editions.flatMap(\.documents).map { "documents/\($0.file)" })
        for file in tree.files {
            if file.path.hasPrefix("static/"), file.path != "static/robots.txt" { addCopy(file, to: String(file.path.dropFirst(7)), tree) }
            if publicDocuments.contains(file.path) { addCopy(file, to: file.path, tree) }
        }
    }

    private mutating func addCopy(_ file: ContentFile, to path: String, _ tree: ContentTree) {
        // What the last release holds has been looked at; reading every document for every build would cost more than the build.
        if !isKnown(path, CopiedFile.identity(of: file)) {
            do throws(StaticFileError) {
                _ = try CopiedFile.bytes(file, tree)
            } catch {
                findings.append(Finding(.error, "file-type", path: file.path, error.message, advice: error.advice))
                return
            }
        }
        guard !isTaken("/" + path) else {
            findings.append(
                Finding(
                    .error, "same-address", path: file.path, "the site has a page or file at /\(path) already", advice: "give the file another name"))
            return
        }
        add("/" + path, .copy(file.path))
    }

    private func isTaken(_ path: String) -> Bool { taken[Self.file(path)] != nil || folders.contains(Self.file(path)) }

    private static func file(_ path: String) -> String {
        String(path.dropFirst()) + (path.hasSuffix("/") ? "index.html" : "")
    }

    /// The first to claim a path has it. A path below a file, or a file where a folder is, can't be had either.
    private mutating func add(_ path: String, _ job: Job) {
        let file = Self.file(path)
        guard !isGenerated(file, job), taken[file] == nil, !folders.contains(file), claimFolders(of: file) else { return }
        taken[file] = items.count
        items.append(Item(path: file, job: job))
    }

    /// Whether a tenant's own file would come between the ones that the generator puts into folders of its own.
    private func isGenerated(_ file: String, _ job: Job) -> Bool {
        switch job {
        case .redirect, .copy: ["assets/", "media/", "search/"].contains { file.hasPrefix($0) }
        default: false
        }
    }

    /// False when a folder of the path is a file already.
    private mutating func claimFolders(of file: String) -> Bool {
        var new: [String] = []
        var path = file[...]
        while let slash = path.lastIndex(of: "/") {
            path = path[..<slash]
            let folder = String(path)
            if folders.contains(folder) { break }
            if taken[folder] != nil { return false }
            new.append(folder)
        }
        folders.formUnion(new)
        return true
    }
}

/// Whether a file of static/ or documents/ may be published, and how.
enum CopiedFile {
    /// What is published of it.
    static func bytes(_ file: ContentFile, _ tree: ContentTree) throws(StaticFileError) -> [UInt8] {
        guard let bytes = tree.read(file) else {
            throw StaticFileError(message: "the file can't be read or is larger than 64 MB", advice: "make it smaller")
        }
        let path = file.path.split(separator: "/", maxSplits: 1).last.map(String.init) ?? file.path
        switch try StaticFilePolicy.publication(of: path, contents: bytes) {
        case .unchanged: return bytes
        case .replaced(let cleaned): return cleaned
        }
    }

    /// Changes whenever the file does, and when it is written again as it was.
    static func identity(of file: ContentFile) -> Fingerprint {
        var builder = FingerprintBuilder()
        builder.add(file.path)
        builder.add(UInt64(bitPattern: Int64(file.size)))
        builder.add(UInt64(bitPattern: file.modified))
        builder.add(UInt64(bitPattern: file.changed))
        builder.add(file.inode)
        return builder.finish()
    }
}
