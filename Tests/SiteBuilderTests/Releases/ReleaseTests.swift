import Foundation
import Tenancy
import Testing

@testable import SiteBuilder

@Suite("Releases")
struct ReleaseTests {
    private func target(_ path: String) throws -> String { try FileManager.default.destinationOfSymbolicLink(atPath: path) }

    @Test("The live site is a link to a finished release, and the host a link to the live site")
    func links() throws {
        let site = try TestSite(["about.md": "Words\n"])
        #expect(try site.build().outcome == .built(release: "000001"))
        #expect(try target("\(site.output)/school") == ".releases/school/000001")
        #expect(try target("\(site.output)/.hosts/school.sites.localhost") == "../school")
        #expect(FileManager.default.fileExists(atPath: "\(site.output)/.hosts/school.sites.localhost/about/index.html"))
    }

    @Test("The last five releases are kept, and no traces of others")
    func kept() throws {
        let site = try TestSite()
        for number in 1...8 {
            try site.write("about.md", "Words \(number)\n")
            #expect(try site.build().outcome == .built(release: "00000\(number)"))
        }
        #expect(site.folders.releaseIDs == ["000004", "000005", "000006", "000007", "000008"])
        let names = try FileManager.default.contentsOfDirectory(atPath: site.folders.folder).sorted()
        let expected = (4...8).flatMap { ["00000\($0)", "00000\($0).sources", "00000\($0).state"] } + ["lock"]
        #expect(names.filter { $0 != "pictures" } == expected.sorted())
        #expect(site.page("about/")?.contains("Words 8") == true)
    }

    @Test("An earlier release can be made live, and stays as it was made")
    func makeLive() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try site.build()
        let first = site.files()
        try site.write("about.md", "Words 2\n")
        try site.build()
        try site.folders.makeLive("000001")
        #expect(site.folders.liveID == "000001")
        #expect(site.files() == first)
        try site.write("about.md", "Words 3\n")
        #expect(try site.build().outcome == .built(release: "000003"))
        #expect(try site.files() == site.cleanBuild())
    }

    @Test("A rollback is not undone by the next build of the same content, but by a change")
    func rollback() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try site.build()
        try site.write("about.md", "Words 2\n")
        Thread.sleep(forTimeInterval: 0.12)
        try site.build()
        #expect(try Rollback(output: site.output, slug: "school").run(to: nil) == "000001")
        #expect(site.page("about/")?.contains("Words 1") == true)
        #expect(try site.build().outcome == .unchanged)
        #expect(site.page("about/")?.contains("Words 1") == true)
        try site.write("other.md", "Other\n")
        #expect(try site.build().isBuilt)
        #expect(site.page("about/")?.contains("Words 2") == true)
        #expect(try site.files() == site.cleanBuild())
    }

    @Test("A rollback to what isn't there says what there is", arguments: [nil, "000009", "nonsense", "../x"] as [String?])
    func impossibleRollback(_ id: String?) throws {
        let site = try TestSite()
        try site.build()
        let error = #expect(throws: BuildError.self) { try Rollback(output: site.output, slug: "school").run(to: id) }
        #expect(error?.description.contains("000001") == true)
        #expect(site.folders.liveID == "000001")
        #expect(throws: BuildError.self) { try Rollback(output: site.output, slug: "nobody").run(to: nil) }
    }

    @Test("A rollback keeps the releases that are newer, and the live one however old")
    func keptAfterRollback() throws {
        let site = try TestSite()
        for number in 1...5 {
            try site.write("about.md", "Words \(number)\n")
            try site.build()
        }
        try site.folders.makeLive("000001")
        for number in 6...7 {
            try site.write("about.md", "Words \(number)\n")
            try site.build()
            #expect(site.folders.liveID == "00000\(number)")
        }
        #expect(site.folders.releaseIDs == ["000003", "000004", "000005", "000006", "000007"])
    }

    @Test("Two builds of one tenant exclude each other, and the second says so")
    func lock() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try site.build()
        try site.write("about.md", "Words 2\n")
        do {
            let lock = try TenantLock(site.folders)
            #expect(try site.build().failure?.contains("being built by another process") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(site.page("about/")?.contains("Words 1") == true)
        #expect(try site.build().isBuilt)
        #expect(site.page("about/")?.contains("Words 2") == true)
    }

    @Test("What a build that was cut off has left is removed by the next")
    func leftovers() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try site.build()
        let folder = site.folders.folder
        for name in [
            ".building-000002/about/index.html", ".building-000007/x", ".link-99999", "000002.state", "000002.state.123.new", "000003.sources.9.new",
            "000002.sources",
        ] {
            let path = "\(folder)/\(name)"
            try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data("half".utf8).write(to: URL(filePath: path))
        }
        try Data("half".utf8).write(to: URL(filePath: "\(site.output)/.hosts/.school.sites.localhost.new"))
        try site.write("about.md", "Words 2\n")
        try site.build()
        #expect(site.page("about/")?.contains("Words 2") == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "lock" && $0 != "pictures" }
        #expect(
            names.allSatisfy { ReleaseFolders.isID(String($0.prefix(6))) && ["", ".state", ".sources"].contains(String($0.dropFirst(6))) },
            "\(names.sorted())")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.output)/.hosts") == ["school.sites.localhost"])
    }

    /// A release of what the site says now, as a build leaves it that is killed before or right after it is live.
    private func prepare(_ site: TestSite, isLive: Bool) throws {
        let moment = try #require(Instant(TestSite.now))
        let builder = TenantBuilder(environment: try TestSite.environment(), output: site.output, now: moment, jobs: 1, cache: nil)
        let release = try #require(builder.prepare(slug: site.slug, content: site.content).release)
        let mark = site.folders.pending(release.id)
        try release.finish()
        guard isLive else { return }
        try site.folders.makeLive(release.id)
        try Data().write(to: URL(filePath: mark))
    }

    @Test("A finished release that never went live is no obstacle, and gone after the next build")
    func neverLive() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try site.build()
        try site.write("about.md", "Words 2\n")
        try prepare(site, isLive: false)
        #expect(FileManager.default.fileExists(atPath: site.folders.release("000002")))
        #expect(site.folders.releaseIDs == ["000001"])
        try site.write("about.md", "Words 3\n")
        #expect(try site.build().isBuilt)
        #expect(site.page("about/")?.contains("Words 3") == true)
        #expect(try site.files() == site.cleanBuild())
        #expect(site.folders.leftovers(live: site.folders.liveID).isEmpty)
    }

    @Test("A rollback goes to the last release that was live, never to one that was cut off before")
    func rollbackPastNeverLive() throws {
        let site = try TestSite()
        for number in 1...3 {
            try site.write("about.md", "Words \(number)\n")
            try site.build()
        }
        try site.write("about.md", "Words 4\n")
        try prepare(site, isLive: false)
        let rollback = Rollback(output: site.output, slug: site.slug)
        #expect(throws: BuildError.self) { try rollback.run(to: "000004") }
        #expect(try rollback.run(to: nil) == "000002")
        #expect(site.page("about/")?.contains("Words 2") == true)
        #expect(site.folders.releaseIDs == ["000001", "000002", "000003"])
    }

    @Test("A release whose build was killed right after it went live was live")
    func liveWithMark() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        try prepare(site, isLive: true)
        #expect(site.folders.releaseIDs == ["000001"])
        try site.write("about.md", "Words 2\n")
        try prepare(site, isLive: true)
        #expect(site.folders.releaseIDs == ["000001", "000002"])
        #expect(try Rollback(output: site.output, slug: site.slug).run(to: nil) == "000001")
        #expect(site.folders.releaseIDs == ["000001", "000002"])
    }

    @Test("A sixth release that a killed build left goes with the next build, even of unchanged content")
    func sixth() throws {
        let site = try TestSite()
        for number in 1...5 {
            try site.write("about.md", "Words \(number)\n")
            try site.build()
        }
        try site.write("about.md", "Words 6\n")
        Thread.sleep(forTimeInterval: 0.12)
        try prepare(site, isLive: true)
        #expect(site.folders.releaseIDs.count == 6)
        #expect(try site.build().outcome == .unchanged)
        #expect(site.folders.releaseIDs == ["000002", "000003", "000004", "000005", "000006"])
        #expect(site.folders.leftovers(live: site.folders.liveID).isEmpty)
    }

    @Test("What another build is writing isn't taken from it by a build of unchanged content")
    func leftoversInUse() throws {
        let site = try TestSite(["about.md": "Words 1\n"])
        Thread.sleep(forTimeInterval: 0.12)
        try site.build()
        let building = site.folders.building("000002")
        try FileManager.default.createDirectory(atPath: building, withIntermediateDirectories: true)
        do {
            let lock = try TenantLock(site.folders)
            #expect(try site.build().outcome == .unchanged)
            withExtendedLifetime(lock) {}
        }
        #expect(FileManager.default.fileExists(atPath: building))
        #expect(try site.build().outcome == .unchanged)
        #expect(!FileManager.default.fileExists(atPath: building))
    }

    static let damages: [(name: String, damage: @Sendable (TestSite) throws -> Void)] = [
        ("without its state", { try FileManager.default.removeItem(atPath: $0.folders.state("000001")) }),
        ("with half a state", { try Data(repeating: 7, count: 90).write(to: URL(filePath: $0.folders.state("000001"))) }),
        ("with an empty state", { try Data().write(to: URL(filePath: $0.folders.state("000001"))) }),
        ("with a cut state", { #expect(truncate($0.folders.state("000001"), 200) == 0) }),
        ("without its sources", { try FileManager.default.removeItem(atPath: $0.folders.sources("000001")) }),
        ("with broken sources", { try Data("MARQUEES\u{1}\u{1}".utf8).write(to: URL(filePath: $0.folders.sources("000001"))) }),
        ("without its folder", { try FileManager.default.removeItem(atPath: $0.live) }),
        ("without one of its files", { try FileManager.default.removeItem(atPath: "\($0.live)/other/index.html") }),
        (
            "with a link to nowhere",
            { site in
                try FileManager.default.removeItem(atPath: site.folders.link)
                try FileManager.default.createSymbolicLink(atPath: site.folders.link, withDestinationPath: ".releases/school/000009")
            }
        ),
        (
            "with a link to another place",
            { site in
                try FileManager.default.removeItem(atPath: site.folders.link)
                try FileManager.default.createSymbolicLink(atPath: site.folders.link, withDestinationPath: "/tmp")
            }
        ),
    ]

    @Test("A release that was damaged costs time and nothing else", arguments: damages.map(\.name))
    func damaged(_ name: String) throws {
        let site = try TestSite(["about.md": "Words 1\n", "other.md": "Other words\n"])
        try site.build()
        let damage = try #require(Self.damages.first { $0.name == name })
        try damage.damage(site)
        try site.write("about.md", "Words 2\n")
        let report = try site.build()
        #expect(report.failure == nil)
        #expect(site.page("about/")?.contains("Words 2") == true)
        #expect(try site.files() == site.cleanBuild())
    }

    @Test("A missing host link is mended by the next build, even of unchanged content")
    func hostLink() throws {
        let site = try TestSite()
        try site.build()
        Thread.sleep(forTimeInterval: 0.12)
        try site.build()
        let host = "\(site.output)/.hosts/school.sites.localhost"
        try FileManager.default.removeItem(atPath: host)
        try site.build()
        #expect((try? target(host)) == "../school")
    }

    @Test("Host links of sites that are gone are pruned, the others stay")
    func prune() throws {
        let site = try TestSite()
        try site.build()
        try FileManager.default.createSymbolicLink(atPath: "\(site.output)/.hosts/gone.sites.localhost", withDestinationPath: "../gone")
        HostLinks(output: site.output).prune()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.output)/.hosts") == ["school.sites.localhost"])
    }

    @Test("Something else where the live link should be is never deleted")
    func obstacle() throws {
        let site = try TestSite()
        try FileManager.default.createDirectory(atPath: "\(site.output)/school", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: "\(site.output)/school/file"))
        #expect(try site.build().failure?.contains("can't be written") == true)
        #expect(FileManager.default.fileExists(atPath: "\(site.output)/school/file"))
        try FileManager.default.removeItem(atPath: "\(site.output)/school")
        #expect(try site.build().isBuilt)
    }

    @Test("Compressed files unpack to what they stand beside")
    func precompressed() throws {
        let site = try TestSite(["about.md": String(repeating: "Words and words. ", count: 200)])
        let environment = try TestSite.environment(precompress: true)
        try site.build(environment: environment)
        let files = site.files()
        #expect(files["about/index.html.gz"]?.starts(with: [0x1F, 0x8B]) == true)
        for (path, bytes) in files where path.hasSuffix(".gz") || path.hasSuffix(".br") {
            #expect(bytes.count < files[String(path.dropLast(3))]?.count ?? 0, "\(path)")
        }
        #expect(files.keys.contains { $0.hasSuffix(".css.br") })
        #expect(!files.keys.contains { $0.hasSuffix(".png.gz") })
    }
}
