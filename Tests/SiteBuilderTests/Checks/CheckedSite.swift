import Foundation
import Tenancy

@testable import SiteBuilder

/// A small tenant's folder, read and checked the way `SiteGen check` does it.
///
/// The clock stands at noon on November 24, 2026, in the school year 2026–27.
final class CheckedSite {
    static let settings = "name: Lincoln PTSA\ntimezone: America/Los_Angeles\ndescription: News of our school.\n"

    let folder: URL

    init(_ files: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("marquee-checks-\(UUID().uuidString)/lincoln")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, text) in ["site.yaml": Self.settings].merging(files, uniquingKeysWith: { _, own in own }) {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    /// A site with this text on one page.
    convenience init(page text: String, frontMatter: String = "", settings: String = CheckedSite.settings, path: String = "about.md") throws {
        try self.init([path: "---\ntitle: About us\ndescription: Who we are.\n\(frontMatter)---\n\(text)\n", "site.yaml": settings])
    }

    deinit {
        try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
    }

    /// What all rules find, or just some.
    func findings(_ rules: CheckRule..., now: String = "2026-11-24T12:00:00-08:00", pictures: [String: PictureInfo] = [:]) throws -> [Finding] {
        let found = try Self.check(folder.path, slug: "lincoln", now: now, pictures: pictures)
        return rules.isEmpty ? found : found.filter { finding in rules.contains { $0.rawValue == finding.rule } }
    }

    static func check(_ path: String, slug: String, now: String, pictures: [String: PictureInfo] = [:]) throws -> [Finding] {
        let tree = try ContentTree(root: path)
        let loaded = try TenantLoader(tree: tree).load(slug: slug)
        let instant = Instant(now) ?? Instant(seconds: 0)
        let (site, _) = SiteModeler.model(
            slug: slug, settings: loaded.settings, zone: loaded.zone, origin: "https://\(slug).sites.example", tree: tree, pages: loaded.pages,
            now: instant)
        let palette = Palette(primary: loaded.settings.colors.primary, accent: loaded.settings.colors.accent)
        return ContentChecks(site: site, tree: tree, pictures: pictures, palette: palette).findings()
    }
}
