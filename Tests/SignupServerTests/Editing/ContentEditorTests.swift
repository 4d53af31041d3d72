import Database
import Repositories
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("Changing what a site says")
struct ContentEditorTests {
    /// An organization that is ready, and its owner.
    private struct Maple {
        let test: TestPlatform
        let editor: ContentEditor
        let access: OrganizationAccess

        init() async throws {
            test = try TestPlatform()
            let id = try await test.addOrganization("maple")
            try await test.provisioner.provision(id)
            editor = ContentEditor(platform: test.platform, publisher: test.publisher, logger: test.log.logger())
            access = OrganizationAccess(
                id: id, name: "Maple Street PTA", slug: try Slug("maple"), status: .trialing, roles: [.owner], actor: .user(test.platform.newID()))
        }

        var repository: ContentRepository { test.platform.repository(of: access.id) }

        func settings() async throws -> String {
            let bytes = try await editor.file(try ContentPath("site.yaml"), of: access.id, at: try await editor.head(of: access.id))
            return String(decoding: bytes ?? [], as: UTF8.self)
        }

        func save(_ path: String, _ text: String, seen: CommitID) async throws -> ContentEditor.Outcome {
            try await editor.save(
                [try ContentPath(path): .write(Array(text.utf8))], of: access, seen: seen, message: try CommitMessage("A change"))
        }

        func log() async throws -> [AuditEntry] { try await test.platform.auditLog(of: access.id).entries() }
    }

    @Test("a change is live, in the history under a pseudonym, in the log, and noted as published; the platform takes the name over")
    func saved() async throws {
        let maple = try await Maple()
        let seen = try await maple.editor.head(of: maple.access.id)
        let text = try await maple.settings().replacing("Maple Street PTA", with: "Maple & Oak PTSA")
        guard case .saved(let commit, let publication) = try await maple.save("site.yaml", text, seen: seen) else {
            Issue.record("not saved")
            return
        }
        #expect(publication.outcome == .built && publication.commit == commit.text && publication.errors == 0)
        #expect(maple.test.page("maple")?.contains("Maple &amp; Oak PTSA") == true)
        let entry = try await maple.repository.log(limit: 1).first
        #expect(entry?.author?.name.hasPrefix("Owner ") == true && entry?.id == commit)
        let log = try await maple.log()
        #expect(log.first?.action == AuditAction.contentChanged.rawValue && log.first?.subject == commit.text)
        #expect(log.first?.actor == maple.access.actor && log.first?.details == ["summary": "A change"])
        let organization = try await maple.test.platform.organizations.organization(maple.access.id)
        #expect(organization?.name == "Maple & Oak PTSA")
        let jobs = try await maple.test.platform.database.read { try $0.rows("SELECT id FROM job WHERE kind = 'publish'").count }
        #expect(jobs == 0, "the promise is kept")
    }

    @Test(
        "what the generator refuses changes nothing",
        arguments: [("site.yaml", "name: [\n"), ("site.yaml", "tagline: x\n"), ("data/board.yaml", "a: b: c\n")])
    func invalid(path: String, text: String) async throws {
        let maple = try await Maple()
        let seen = try await maple.editor.head(of: maple.access.id)
        guard case .invalid(let findings) = try await maple.save(path, text, seen: seen) else {
            Issue.record("not refused")
            return
        }
        #expect(findings.first?.path == path)
        let (head, log) = (try await maple.editor.head(of: maple.access.id), try await maple.log())
        #expect(head == seen)
        #expect(log.isEmpty)
    }

    @Test("two who change different files both get what they want; two who change one file don't")
    func conflict() async throws {
        let maple = try await Maple()
        let seen = try await maple.editor.head(of: maple.access.id)
        let text = try await maple.settings()
        _ = try await maple.save("site.yaml", text + "# one\n", seen: seen)
        guard case .saved = try await maple.save("about.md", "# About\n\nTwo.\n", seen: seen),
            case .conflict(let head) = try await maple.save("site.yaml", text + "# three\n", seen: seen)
        else {
            Issue.record("neither")
            return
        }
        #expect(try await maple.editor.head(of: maple.access.id) == head)
        #expect(try await maple.settings().hasSuffix("# one\n"))
        #expect(try await maple.log().count == 2)
    }

    @Test("a commit that a killed server has left is written down and published by the promised job, once")
    func afterKill() async throws {
        let maple = try await Maple()
        let page = try ContentPath("news/2026-01-02-late.md")
        let head = try await maple.editor.head(of: maple.access.id)
        _ = try await maple.repository.commit(
            changes: [page: .write(Array("# Late news\n".utf8))], onto: head, author: maple.access.author, message: try CommitMessage("Late"),
            at: maple.test.clock.value.adding(seconds: -86_400))
        #expect(try await maple.log().isEmpty)
        let job = Job(
            id: maple.test.platform.newID(), kind: ContentEditor.publish, organization: maple.access.id, payload: try JSONText(NoPayload()),
            attempt: 1,
            createdAt: maple.test.clock.value)
        for _ in 0..<2 { try await maple.editor.handler.perform(job) }
        let log = try await maple.log()
        #expect(log.map(\.details) == [["summary": "Late"]])
        #expect(log.first?.actor == maple.access.actor)
        #expect(try await maple.test.platform.auditLog(of: maple.access.id).problems().isEmpty)
    }

    @Test("where editing rests nothing is changed")
    func rests() async throws {
        let maple = try await Maple()
        let seen = try await maple.editor.head(of: maple.access.id)
        try await maple.test.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = 'frozen'") }
        await #expect(throws: EditingRests.self) { _ = try await maple.save("about.md", "# About\n", seen: seen) }
        #expect(try await maple.editor.head(of: maple.access.id) == seen)
    }
}
