import Foundation
import Tenancy
import Testing

@testable import SignupServer

@Suite("Building the sites")
struct SiteBuildTests {
    private static let noon = Instant(seconds: 1_800_000_000)

    @Test("a site is due a second after it runs out, and once a day in any case")
    func schedule() {
        var schedule = BuildSchedule()
        schedule.built("changes", at: Self.noon, validUntil: Self.noon.adding(seconds: 600))
        schedule.built("stays", at: Self.noon, validUntil: nil)
        schedule.built("late", at: Self.noon, validUntil: Self.noon.adding(seconds: -600))
        schedule.built("broken", at: Self.noon, validUntil: nil, hasFailed: true)
        #expect(schedule.due(at: Self.noon) == [])
        #expect(schedule.due(at: Self.noon.adding(seconds: 1)) == ["late"])
        #expect(schedule.due(at: Self.noon.adding(seconds: 600)) == ["late"])
        #expect(schedule.due(at: Self.noon.adding(seconds: 601)) == ["late", "changes"])
        #expect(schedule.due(at: Self.noon.adding(seconds: 900)) == ["late", "changes", "broken"])
        #expect(schedule.due(at: Self.noon.adding(seconds: 86_400)) == ["late", "changes", "broken", "stays"])
        schedule.remove("late")
        #expect(schedule.due(at: Self.noon.adding(seconds: 601)) == ["changes"])
    }

    @Test("the server builds what is in the content folder, one broken tenant beside the others, with links to its own port")
    func firstBuild() async throws {
        let folder = NSTemporaryDirectory() + "marquee-content-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (slug, settings) in [("maple", "name: Maple PTSA\ntimezone: America/Los_Angeles\n"), ("broken", "timezone: [\n")] {
            try FileManager.default.createDirectory(atPath: "\(folder)/content/\(slug)", withIntermediateDirectories: true)
            try Data(settings.utf8).write(to: URL(filePath: "\(folder)/content/\(slug)/site.yaml"))
            try Data("# Welcome\n\nHello.\n".utf8).write(to: URL(filePath: "\(folder)/content/\(slug)/index.md"))
        }
        try FileManager.default.createDirectory(atPath: "\(folder)/output", withIntermediateDirectories: true)
        try await withServer(output: folder + "/output", content: folder + "/content") { server in
            let deadline = Date().addingTimeInterval(60)
            while await server.get("/ready")?.status != 200, Date() < deadline { try await Task.sleep(for: .milliseconds(100)) }
            let page = await server.get("/", host: "maple.sites.localhost")
            #expect(page?.status == 200)
            #expect(page?.body.contains("http://maple.sites.localhost:\(server.port)/") == true)
            #expect(await server.get("/", host: "broken.sites.localhost")?.status == 404)
            #expect(await server.get("/")?.body.contains("http://maple.sites.localhost:\(server.port)/") == true)
            let metrics = await server.get("/metrics")?.body
            #expect(metrics?.contains(#"marquee_builds_total{outcome="built"} 1"#) == true)
            #expect(metrics?.contains(#"marquee_builds_total{outcome="failed"} 1"#) == true)
            #expect(server.log.text.contains("a site can't be built"))
        }
    }
}
