package import Tenancy

/// Looks a tenant's content over without building it: everything that is wrong, stale or unsafe.
package struct TenantInspector: Sendable {
    private let environment: BuildEnvironment
    private let output: String
    private let now: Instant
    private let jobs: Int

    package init(environment: BuildEnvironment, output: String, now: Instant, jobs: Int) {
        self.environment = environment
        self.output = output
        self.now = now
        self.jobs = jobs
    }

    /// All findings, by place. Throws `BuildError` when there is nothing to look at.
    package func findings(_ tenant: TenantFolder) throws(BuildError) -> [Finding] {
        let (site, tree, found) = try read(tenant)
        let palette = Palette(primary: site.settings.colors.primary, accent: site.settings.colors.accent)
        return Array(Set(found + ContentChecks(site: site, tree: tree, pictures: pictureInfos(tree), palette: palette).findings(jobs: jobs))).sorted()
    }

    /// The site, and what a build would find wrong with it.
    func look(at tenant: TenantFolder) throws(BuildError) -> (site: Site, findings: [Finding]) {
        let (site, _, findings) = try read(tenant)
        return (site, Array(Set(findings)).sorted())
    }

    private func read(_ tenant: TenantFolder) throws(BuildError) -> (Site, ContentTree, [Finding]) {
        let tree = try ContentTree(root: tenant.path)
        let loaded = try TenantLoader(tree: tree, jobs: jobs).load(slug: tenant.slug)
        let origin = loaded.settings.canonicalOrigin ?? environment.options.address.origin(of: tenant.slug)
        let (site, _) = SiteModeler.model(
            slug: tenant.slug, settings: loaded.settings, zone: loaded.zone, origin: origin, tree: tree, pages: loaded.pages,
            withheld: loaded.withheld, now: now)
        let plan = ReleasePlan(site: site, tree: tree, isKnown: { _, _ in false })
        let pictures = PictureStore(tree: tree, cacheDirectory: ReleaseFolders(output: output, slug: tenant.slug).pictures)
        let resolver = LinkResolver(site: site, tree: tree, addresses: plan.addresses)
        var findings = loaded.findings + site.findings + plan.findings
        let (theme, _) = TenantTheme.make(tree: tree, base: environment.theme, findings: &findings)
        findings += ReferenceCheck(site: site, theme: theme, resolver: resolver, pictures: pictures).findings(jobs: jobs)
        return (site, tree, findings)
    }

    private func pictureInfos(_ tree: ContentTree) -> [String: PictureInfo] {
        var infos: [String: PictureInfo] = [:]
        for file in tree.files where PictureStore.isPicture(file.path) {
            if let info = try? PictureProcessor().probe(tree.absolutePath(file)) { infos[file.path] = info }
        }
        return infos
    }
}
