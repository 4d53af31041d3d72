import Glibc
import Markdown
import StructuredData
import Synchronization
package import Tenancy
import Templating

/// Builds one tenant's site into a new release.
package struct TenantBuilder: Sendable {
    let environment: BuildEnvironment
    let output: String
    let now: Instant
    /// Threads for this one tenant.
    let jobs: Int
    let cache: SourceCache?

    package init(environment: BuildEnvironment, output: String, now: Instant, jobs: Int, cache: SourceCache? = nil) {
        self.environment = environment
        self.output = output
        self.now = now
        self.jobs = jobs
        self.cache = cache
    }

    /// Builds a release that is complete but neither flushed to disk nor live; `PreparedRelease.commit` does the rest.
    package func prepare(slug: String, content: String) -> (report: TenantReport, release: PreparedRelease?) {
        var report = TenantReport(slug: slug, outcome: .unchanged)
        do throws(BuildError) {
            let release = try build(slug: slug, content: content, report: &report)
            return (report, release)
        } catch {
            report.outcome = .failed(error.description)
            return (report, nil)
        }
    }

    private func build(slug: String, content: String, report: inout TenantReport) throws(BuildError) -> PreparedRelease? {
        let folders = ReleaseFolders(output: output, slug: slug)
        let hosts = HostLinks(output: output)
        let host = "\(slug).\(environment.options.address.domain)"
        let scanStart = Self.wallClock()
        let tree = try report.timings.measure("scan") { () throws(BuildError) in try ContentTree(root: content) }
        if let live = folders.liveID, !environment.options.force, let state = headerOfState(folders.state(live)),
            state.isCurrent(content: tree.fingerprint, environment: environment.fingerprint, now: now)
        {
            report.validUntil = state.validUntil
            if !hosts.leads(host, to: slug) {
                let lock = try TenantLock(folders)
                defer { withExtendedLifetime(lock) {} }
                try hosts.set(host, slug: slug)
            }
            // What is there may also be another build's that is running.
            if !folders.leftovers(live: live).isEmpty, let lock = try? TenantLock(folders) {
                folders.clean()
                withExtendedLifetime(lock) {}
            }
            return nil
        }
        let lock = try TenantLock(folders)
        // Somebody may have published between the look and the lock.
        let live = folders.liveID
        folders.clean()
        let previous = live.flatMap { PreviousRelease(folders: folders, id: $0, environment: environment) }
        // A file written while it was being read, or within the clock's grain of that, can't be told apart by its times.
        let isSettled = tree.latestChange < scanStart - 50_000_000
        let (site, renderer, loaded, moments) = try model(slug: slug, tree: tree, folders: folders, previous: previous, report: &report)
        report.validUntil = moments.nextChange
        var state = ReleaseState(
            content: isSettled ? tree.fingerprint : nil, environment: environment.fingerprint, generator: environment.generator,
            validUntil: moments.nextChange, madeFor: now,
            hasFindings: report.findings.contains { $0.severity >= .warning }, keys: [:])

        let id = folders.nextID()
        let writer = try ReleaseWriter(folder: folders.building(id), previous: previous, precompress: environment.options.precompress)
        var isFinished = false
        defer { if !isFinished { removeTree(folders.building(id)) } }
        try write(site, renderer, with: writer, report: &report)
        state.keys = writer.keys
        state.inputs = writer.inputs
        report.rendered = writer.writtenCount
        report.linked = writer.linkedCount

        if let previous, previous.isSame(as: writer) {
            // Only what the build remembers is new: until when it is right, and when its input was read.
            try? replaceFile(folders.state(previous.id), state.bytes())
            report.outcome = .unchanged
            return nil
        }
        try writer.writeBeside(folders.state(id), state.bytes())
        try writer.writeBeside(folders.sources(id), SourceArchive(loaded.goodSources).bytes())
        try report.timings.measure("sync") { () throws(BuildError) in try writer.finishFlushing() }
        isFinished = true
        report.outcome = .built(release: id)
        return PreparedRelease(folders: folders, id: id, host: host, lock: lock, newFiles: writer.newFiles)
    }

    private func headerOfState(_ path: String) -> ReleaseState? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: ReleaseState.headerSize)
        guard read(descriptor, &bytes, bytes.count) == bytes.count else { return nil }
        return ReleaseState(bytes, headerOnly: true)
    }

    /// Nanoseconds since 1970, from the clock that file systems stamp files with.
    private static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    // MARK: From files to a site whose links all lead somewhere

    private func model(
        slug: String, tree: ContentTree, folders: ReleaseFolders, previous: PreviousRelease?, report: inout TenantReport
    ) throws(BuildError) -> (Site, ReleaseRenderer, LoadedTenant, Moments) {
        let archive = LastGoodSources(path: previous.map { folders.sources($0.id) })
        let loader = TenantLoader(tree: tree, jobs: jobs, cache: cache, keepsSources: true, lastGood: { archive.value })
        var loaded = try report.timings.measure("read") { () throws(BuildError) in try loader.load(slug: slug) }
        let reader = PageReader(languages: loaded.settings.languages)
        let pictures = PictureStore(tree: tree, cacheDirectory: folders.pictures)
        let palette = Palette(primary: loaded.settings.colors.primary, accent: loaded.settings.colors.accent)
        var findings = loaded.findings
        let (theme, customCSS) = TenantTheme.make(tree: tree, base: environment.theme, findings: &findings)
        let assets = SiteAssetMaker(settings: loaded.settings, palette: palette, theme: theme, customCSS: customCSS, icons: environment.icons)
            .assets()
        let origin = loaded.settings.canonicalOrigin ?? environment.options.address.origin(of: slug)
        var tolerated: Set<String> = []

        // A page whose links are wrong gives way to its last good text, which changes the site; two rounds settle it, a third tolerates.
        for round in 0... {
            var moments = Moments(now: now)
            var site = Site(slug: slug, settings: loaded.settings, zone: loaded.zone, origin: origin, now: loaded.zone.local(now))
            report.timings.measure("model") {
                (site, moments) = SiteModeler.model(
                    slug: slug, settings: loaded.settings, zone: loaded.zone, origin: origin, tree: tree, pages: loaded.pages,
                    withheld: loaded.withheld, now: now,
                    lastGood: { archive.value?.files[$0] })
            }
            let plan = report.timings.measure("model") {
                ReleasePlan(site: site, tree: tree, isKnown: { path, input in previous?.inputs[path] == input })
            }
            let renderer = report.timings.measure("pictures") {
                SiteRenderer(
                    site: site, theme: theme, strings: environment.strings, pictures: pictures, tree: tree, palette: palette, assets: assets,
                    addresses: plan.addresses)
            }
            let check = ReferenceCheck(site: site, theme: theme, resolver: renderer.resolver, pictures: pictures)
            let dead = report.timings.measure("links") { check.findings(jobs: jobs) }
            let broken = Set((dead + site.findings).filter { $0.severity == .error && $0.rule != "alias" && $0.path.hasSuffix(".md") }.map(\.path))
                .subtracting(tolerated)
            for finding in dead + site.findings where !findings.contains(finding) { findings.append(finding) }
            if broken.isEmpty || round == 3 {
                report.findings = Array(Set(findings + site.findings + plan.findings)).sorted()
                keepDataFiles(tree, report.findings, archive, in: &loaded)
                return (site, ReleaseRenderer(renderer: renderer, plan: plan, environment: environment), loaded, moments)
            }
            for path in broken { replace(path, in: &loaded, loader, reader, previous: previous, tolerated: &tolerated) }
        }
        throw .unusable(tenant: slug, problem: "the site can't be arranged")
    }

    /// The data files' good texts belong to the archive too.
    private func keepDataFiles(_ tree: ContentTree, _ findings: [Finding], _ archive: LastGoodSources, in loaded: inout LoadedTenant) {
        let broken = Set(findings.filter { $0.rule == "data-file" && $0.severity == .error }.map(\.path))
        for file in tree.files where DataFileReader.isDataFile(file.path) {
            loaded.goodSources[file.path] = broken.contains(file.path) ? archive.value?.files[file.path] : tree.read(file, limit: 1 << 20)
        }
    }

    /// A page with a wrong link gives way to its last good text. Where that is the very text that is wrong now, because something else has
    /// gone, the page stays with the words of the link alone; a page that never was good is left out.
    private func replace(
        _ path: String, in loaded: inout LoadedTenant, _ loader: TenantLoader, _ reader: PageReader, previous: PreviousRelease?,
        tolerated: inout Set<String>
    ) {
        guard let position = loaded.pages.firstIndex(where: { $0.path == path }) else { return }
        if let (old, bytes) = loader.lastGoodPage(path, reader) {
            if old.fingerprint == loaded.pages[position].fingerprint { tolerated.insert(path) }
            loaded.pages[position] = old
            loaded.goodSources[path] = bytes
        } else {
            loaded.withheld.insert(loaded.pages[position].stem)
            loaded.pages.remove(at: position)
            loaded.goodSources[path] = nil
        }
    }

    // MARK: From a site to files

    private func write(_ site: Site, _ release: ReleaseRenderer, with writer: ReleaseWriter, report: inout TenantReport) throws(BuildError) {
        let items = release.plan.items
        let editions = site.editions
        let shared = Mutex<(Timings, BuildError?)>((Timings(), nil))
        // An index takes longest, so it begins first.
        Parallel.each(editions.count + items.count, jobs: jobs) { index in
            if shared.withLock({ $0.1 != nil }) { return }
            var timings = Timings()
            do throws(BuildError) {
                if index < editions.count {
                    try self.writeSearchIndex(release, index, folder: "search/\(editions[index].language.code)", writer, &timings)
                } else {
                    try self.write(items[index - editions.count], release, writer, &timings)
                }
                shared.withLock { $0.0.add(timings) }
            } catch {
                shared.withLock { $0.1 = error }
            }
        }
        let (timings, error) = shared.withLock { $0 }
        report.timings.add(timings)
        if let error { throw error }
        for asset in release.renderer.assets.all { try writer.write(asset.path, asset.bytes, key: Fingerprint(of: asset.bytes)) }
        // Pictures come last: only now is it known which ones the pages show.
        // One drawing may be logo and picture.
        var written: Set<String> = []
        for file in release.renderer.pictures.published.flatMap(\.files) where written.insert(file.url).inserted {
            let path = PathSegment.decoded(file.url).map { String($0.dropFirst()) } ?? ""
            if let content = file.content {
                try writer.write(path, content, key: Fingerprint(of: file.url))
            } else if let cached = file.cachePath {
                try writer.link(path, from: cached, key: Fingerprint(of: file.url))
            }
        }
    }

    private func write(_ item: ReleasePlan.Item, _ release: ReleaseRenderer, _ writer: ReleaseWriter, _ timings: inout Timings) throws(BuildError) {
        switch release.content(of: item) {
        case .page(let make):
            let page = timings.measure("render") { release.renderer.prepare(make()) }
            if writer.reuse(item.path, key: page.key) { return }
            let bytes = timings.measure("render") { release.renderer.render(page) }
            try timings.measure("write") { () throws(BuildError) in try writer.write(item.path, bytes, key: page.key) }
        case .bytes(let make):
            let bytes = timings.measure("render") { make() }
            try timings.measure("write") { () throws(BuildError) in try writer.write(item.path, bytes, key: Fingerprint(of: bytes)) }
        case .copied(let input, let make):
            if writer.reuse(item.path, input: input) { return }
            let bytes = make()
            try timings.measure("write") { () throws(BuildError) in try writer.write(item.path, bytes, key: Fingerprint(of: bytes)) }
            writer.note(item.path, input: input)
        }
    }

    /// All files of an index share one key, because they are made together.
    private func writeSearchIndex(
        _ release: ReleaseRenderer, _ edition: Int, folder: String, _ writer: ReleaseWriter, _ timings: inout Timings
    ) throws(BuildError) {
        let key = timings.measure("search") { release.searchKey(edition) }
        if writer.reuseFolder(folder, key: key) { return }
        let files = timings.measure("search") { release.searchFiles(edition) }
        try timings.measure("write") { () throws(BuildError) in
            for file in files { try writer.write("\(folder)/\(file.name)", file.bytes, key: key) }
        }
    }
}

/// The last release's archive, read when it is first needed.
private final class LastGoodSources: Sendable {
    private let path: String?
    private let archive = Mutex<SourceArchive??>(nil)

    init(path: String?) { self.path = path }

    var value: SourceArchive? {
        archive.withLock { archive in
            if let known = archive { return known }
            let read = path.flatMap { readFile($0) }.flatMap { SourceArchive($0) }
            archive = .some(read)
            return read
        }
    }
}
