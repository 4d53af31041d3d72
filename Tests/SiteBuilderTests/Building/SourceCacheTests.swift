import Foundation
import Tenancy
import Testing

@testable import SiteBuilder

@Suite("Pages that a running process remembers")
struct SourceCacheTests {
    private func pages(_ count: Int) -> SourceCache.Pages {
        let reader = PageReader(languages: [.english])
        return Dictionary(
            uniqueKeysWithValues: (0..<count).map { number in
                let path = "page-\(number).md"
                let file = ContentFile(path: path, size: 1, modified: 1, changed: 1, inode: UInt64(number))
                return (path, SourceCache.Entry(file: file, page: reader.read(path: path, bytes: Array("# Title".utf8))))
            })
    }

    @Test("The tenants that were built longest ago are forgotten first, the others are kept")
    func leastRecent() {
        let cache = SourceCache(maximumPages: 40)
        for name in ["a", "b", "c", "d"] { cache.remember(pages(10), of: name) }
        // Asked for again, so it is not the oldest any more.
        #expect(cache.pages(of: "a").count == 10)
        cache.remember(pages(10), of: "e")
        let known = ["a", "b", "c", "d", "e"].filter { !cache.pages(of: $0).isEmpty }
        #expect(known == ["a", "d", "e"])
    }

    @Test("A tenant's pages replace what was known of it, so removed files don't add up")
    func replaced() {
        let cache = SourceCache(maximumPages: 40)
        cache.remember(pages(5), of: "b")
        for _ in 0..<20 { cache.remember(pages(30), of: "a") }
        cache.remember(pages(2), of: "a")
        #expect(cache.pages(of: "a").count == 2)
        #expect(cache.pages(of: "b").count == 5)
    }

    @Test("A changed, a new and a removed page are seen beside remembered ones")
    func changes() throws {
        let site = try TestSite(["a.md": "# A\n\nFirst\n", "b.md": "# B\n\nSecond\n"])
        let cache = SourceCache()
        func load() throws -> [String] {
            let tree = try ContentTree(root: site.content)
            return try TenantLoader(tree: tree, cache: cache).load(slug: site.slug).pages.map { "\($0.path) \($0.title)" }
        }
        #expect(try load() == ["a.md A", "b.md B"])
        #expect(Set(cache.pages(of: site.content).keys) == ["a.md", "b.md"])
        try site.write("a.md", "# Another A\n")
        try site.write("c.md", "# C\n")
        try site.remove("b.md")
        #expect(try load() == ["a.md Another A", "c.md C"])
        #expect(Set(cache.pages(of: site.content).keys) == ["a.md", "c.md"])
    }

    @Test("A page that could not be read is tried again, although its file looks the same")
    func unreadable() throws {
        let site = try TestSite(["a.md": "# A\n"])
        let cache = SourceCache()
        let tree = try ContentTree(root: site.content)
        try site.remove("a.md")
        _ = try TenantLoader(tree: tree, cache: cache).load(slug: site.slug)
        #expect(cache.pages(of: site.content).isEmpty)
    }
}

@Suite("The tenants that changed files belong to")
struct ChangedTenantsTests {
    @Test("are found by the files' paths alone")
    func holding() throws {
        let site = try TestSite(slug: "lincoln")
        let content = "\(site.root)/content"
        for name in ["lincoln-2", "_starter", ".git", "Not A Slug"] {
            try FileManager.default.createDirectory(atPath: "\(content)/\(name)", withIntermediateDirectories: true)
        }
        func slugs(_ files: String...) -> [String] {
            TenantFolder.holding(Set(files.map { "\(content)/\($0)" }), in: content).map(\.slug)
        }
        #expect(slugs("lincoln/about.md", "lincoln/news/a.md", "lincoln-2") == ["lincoln", "lincoln-2"])
        #expect(slugs("_starter/index.md", ".git/HEAD", "Not A Slug/index.md", "gone/index.md", "lincoln.md") == [])
        #expect(TenantFolder.holding(["\(content)-other/lincoln/about.md", "\(content)"], in: content).isEmpty)
        #expect(TenantFolder.holding(["\(content)/lincoln/about.md"], in: content).first?.path == "\(content)/lincoln")
    }
}
