import Database
import Foundation
import Repositories
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("Making what belongs to a new organization")
struct ProvisioningTests {
    @Test("a confirmed organization gets its database, its repository and its site")
    func provisions() async throws {
        let test = try TestPlatform()
        let id = try await test.addOrganization("maple")
        #expect(try await test.platform.organizations.live() == [])
        try await test.provisioner.provision(id)

        let organization = try #require(try await test.platform.organizations.organization(slug: try Slug("maple")))
        #expect(organization.readyAt == TestPlatform.start)
        #expect(organization.status == .trialing)
        #expect(try await test.platform.organizations.live().map(\.id) == [id])
        #expect(try test.platform.tenants.organizations() == [id])
        #expect(test.page("maple")?.contains("Maple Street PTA") == true)
        let log = try await test.platform.repository(of: id).log()
        #expect(log.map(\.message.summary) == ["The site begins"])
        #expect(log.first?.time == TestPlatform.start)
    }

    @Test("it may be repeated, and its last transaction counts once")
    func isRepeatable() async throws {
        let test = try TestPlatform()
        let id = try await test.addOrganization("maple")
        let count = Shared(0)
        for _ in 0..<3 { try await test.provisioner.provision(id) { _, _ in count.change { $0 += 1 } } }
        #expect(count.value == 1)
        #expect(try await test.platform.repository(of: id).log().count == 1)
    }

    @Test("what was cut off after any step is finished by another process", arguments: 0..<4)
    func resumes(step: Int) async throws {
        let first = try TestPlatform()
        let id = try await first.addOrganization("maple")
        if step >= 1 { _ = try await first.platform.tenants.create(id) }
        if step >= 2 {
            _ = try await first.platform.repository(of: id).create(
                files: [try ContentPath("site.yaml"): Array("name: Maple Street PTA\ntimezone: America/Los_Angeles\nlanguages: [en]\n".utf8)],
                author: .platform, message: CommitMessage("The site begins"), at: TestPlatform.start)
        }
        if step >= 3 { _ = await first.publisher.publish(try Slug("maple")) }
        #expect(try await first.platform.organizations.unfinished() == [id])

        let second = try TestPlatform(root: first.root)
        try await second.provisioner.provision(id)
        #expect(try await second.platform.organizations.unfinished() == [])
        #expect(second.page("maple")?.contains("Maple Street PTA") == true)
    }

    @Test("when the site can't be built, nobody sees the organization, and it can be tried again")
    func failure() async throws {
        let test = try TestPlatform()
        let id = try await test.addOrganization("maple")
        // A file where the folder of its releases must be.
        let releases = "\(test.settings.output)/.releases"
        try FileManager.default.createDirectory(atPath: releases, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(releases)/maple"))
        await #expect(throws: ProvisioningError.self) { try await test.provisioner.provision(id) }
        #expect(try await test.platform.organizations.live() == [])
        try FileManager.default.removeItem(atPath: "\(releases)/maple")
        try await test.provisioner.provision(id)
        #expect(try await test.platform.organizations.live().map(\.id) == [id])
    }

    @Test("many at once are all made, each with its own words")
    func manyAtOnce() async throws {
        let test = try TestPlatform()
        var ids: [OrganizationID] = []
        for number in 0..<12 { ids.append(try await test.addOrganization("school\(number)", name: "School \(number) PTO")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids { group.addTask { try await test.provisioner.provision(id) } }
            try await group.waitForAll()
        }
        for number in 0..<12 { #expect(test.page("school\(number)")?.contains("School \(number) PTO") == true) }
    }
}

@Suite("Publishing")
struct SitePublisherTests {
    @Test("a commit is live after publishing; those who ask during a build share the next one")
    func coalesces() async throws {
        let test = try TestPlatform()
        let id = try await test.addOrganization("maple")
        try await test.provisioner.provision(id)
        let repository = test.platform.repository(of: id)
        var head = try await repository.head()
        var changes = 0
        for number in 0..<5 {
            let outcome = try await repository.commit(
                changes: [try ContentPath("about.md"): .write(Array("---\ntitle: About \(number)\n---\nText.\n".utf8))], onto: head,
                author: .platform,
                message: CommitMessage("About \(number)"), at: test.clock.value)
            if case .committed(let id) = outcome { (head, changes) = (id, changes + 1) }
        }
        #expect(changes == 5)
        let slug = try Slug("maple")
        let reports = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { "\(await test.publisher.publish(slug).outcome)" } }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(reports.count == 8)
        #expect(reports.allSatisfy { !$0.contains("failed") })
        #expect(reports.contains { $0.contains("built") })
        #expect(test.page("maple", "about/index.html")?.contains("About 4") == true)
    }

    @Test("a site that nobody knows can't be published")
    func unknown() async throws {
        let test = try TestPlatform()
        let report = await test.publisher.publish(try Slug("nobody"))
        #expect(report.outcome == .failed("there is no site nobody"))
    }
}
