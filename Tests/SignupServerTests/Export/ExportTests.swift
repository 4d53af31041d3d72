import Database
import Foundation
import Repositories
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Taking everything along")
struct ExportTests {
    private static func ready(_ test: TestPlatform, _ slug: String = "maple") async throws -> OrganizationAccess {
        let id = try await SignUp(test.platform, mail: { _, _ in }).found(
            SignUpAnswers(
                organizationName: "Maple Street PTA", kind: "PTA", school: "Maple Street School", state: "OR", email: "ana@\(slug).example",
                showsEmail: false, slug: slug, title: "President", language: "en"))
        try await test.provisioner.provision(id)
        return OrganizationAccess(
            id: id, name: "Maple Street PTA", slug: try Slug(slug), status: .trialing, roles: [.owner], actor: .user(test.platform.newID()))
    }

    private static let contents = OrganizationExport.Contents(readme: "Read me\n", hasPeople: true)

    /// Unzips with a library of its own, clones the history, and reckons the hashes of the log anew.
    private static let check = """
        import hashlib, json, pathlib, subprocess, sys, zipfile
        folder = pathlib.Path(sys.argv[1])
        archive = zipfile.ZipFile(folder / "export.zip")
        assert archive.testzip() is None
        archive.extractall(folder)
        files = {name for name in archive.namelist() if not name.endswith("/")}
        assert {name.split("/")[0] for name in files} == {"maple"}, files
        hash, count = "0" * 64, 0
        for line in (folder / "maple/audit-log.jsonl").read_text().splitlines():
            text, given = line.rsplit(',"hash":"', 1)
            hash, count = hashlib.sha256(f"{hash}\\n{text}}}".encode()).hexdigest(), count + 1
            assert given == hash + '"}', line
            assert json.loads(line)["number"] == count
        def git(*words): return subprocess.run(["git", *words], check=True, capture_output=True).stdout
        # Not checked out: attributes would change the bytes.
        git("clone", "--quiet", "--no-checkout", folder / "maple/history.bundle", folder / "clone")
        cloned = set(git("-C", folder / "clone", "ls-tree", "-r", "-z", "--name-only", "HEAD").decode().split("\\0")) - {""}
        assert cloned == {name[11:] for name in files if name.startswith("maple/site/")}
        for name in cloned: assert git("-C", folder / "clone", "show", "HEAD:" + name) == archive.read("maple/site/" + name), name
        print(count, *sorted(name for name in files if not name.startswith("maple/site/")))
        """

    /// What the check above says of an export.
    private static func look(at export: FinishedExport) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "marquee-export-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var bytes: [UInt8] = []
        while bytes.count < export.size { bytes += try await export.piece(at: bytes.count) }
        try Data(bytes).write(to: URL(filePath: "\(folder)/export.zip"))
        return try await offPool {
            Result {
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = ["python3", "-c", check, folder]
                let output = Pipe()
                process.standardOutput = output
                try process.run()
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                return process.terminationStatus == 0 ? text : "exit code \(process.terminationStatus)"
            }
        }.get()
    }

    @Test("a zip that other programs read, a history that git clones, a log whose hashes fit, and nothing left behind")
    func whole() async throws {
        let test = try TestPlatform()
        let organization = try await Self.ready(test)
        let repository = test.platform.repository(of: organization.id)
        // What an editor writes can't keep files out of it.
        let changes: [ContentPath: FileChange] = [
            try ContentPath(".gitattributes"): .write(Array("*.md export-ignore\n* text eol=crlf export-subst\n".utf8)),
            try ContentPath("été.md"): .write(Array("# $Format:%H$\n".utf8)),
        ]
        _ = try await repository.commit(
            changes: changes, onto: try await repository.head(), author: .platform, message: CommitMessage("More"), at: test.clock.value)
        let export = OrganizationExport(platform: test.platform)
        let finished = try #require(try await export.make(of: organization, Self.contents))
        #expect(finished.commit == (try await repository.head()))
        #expect(
            try await Self.look(at: finished) == "1 maple/README.txt maple/audit-log.jsonl maple/history.bundle maple/people.json\n")
        let folder = test.platform.tenants.database(of: organization.id).folder
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/export"))
        #expect(try await Doctor(platform: test.platform).problems() == [])
    }

    @Test("only an owner's has names and addresses in it")
    func people() async throws {
        let test = try TestPlatform()
        let organization = try await Self.ready(test)
        let contents = OrganizationExport.Contents(readme: "Read me\n", hasPeople: false)
        let finished = try #require(try await OrganizationExport(platform: test.platform).make(of: organization, contents))
        #expect(try await Self.look(at: finished) == "1 maple/README.txt maple/audit-log.jsonl maple/history.bundle\n")
    }

    @Test("one at a time for each organization, until it is sent")
    func oneAtATime() async throws {
        let test = try TestPlatform()
        let (maple, elm) = (try await Self.ready(test), try await Self.ready(test, "elm"))
        let export = OrganizationExport(platform: test.platform)
        var first = try await export.make(of: maple, Self.contents)
        #expect(first != nil)
        #expect(try await export.make(of: maple, Self.contents) == nil)
        #expect(try await export.make(of: elm, Self.contents) != nil)
        first = nil
        #expect(try await export.make(of: maple, Self.contents) != nil)
    }

    @Test("one that fails takes nobody's place, and what the end of the process has left is removed")
    func leftovers() async throws {
        let test = try TestPlatform()
        let organization = try await Self.ready(test)
        let folder = test.platform.tenants.database(of: organization.id).folder
        let export = OrganizationExport(platform: test.platform)
        let head = "\(folder)/repository.git/refs/heads/main"
        let text = try String(contentsOfFile: head, encoding: .utf8)
        for _ in 0..<3 {
            try Data("0000000000000000000000000000000000000001\n".utf8).write(to: URL(filePath: head))
            await #expect(throws: RepositoryError.self) { _ = try await export.make(of: organization, Self.contents) }
        }
        try Data(text.utf8).write(to: URL(filePath: head))
        for isStart in [true, false] {
            try FileManager.default.createDirectory(atPath: "\(folder)/export", withIntermediateDirectories: true)
            try Data("half".utf8).write(to: URL(filePath: "\(folder)/export/export.zip.new"))
            if isStart { export.removeLeftovers() } else { #expect(try await export.make(of: organization, Self.contents) != nil) }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/export"))
        }
    }

    @Test("owners and officers take it along, nobody else; it is in the log; too often is refused")
    func overTheWire() async throws {
        try await withSignUp { test in
            let owner = test.browser()
            let message = try #require(await test.ask(owner).message)
            #expect(await owner.post("/sign-up/confirm", [("token", message.token)])?.status == 303)
            let page = await owner.get("/manage/maple/export")
            #expect(page?.status == 200)
            #expect(page?.body.contains("names and e-mail addresses") == true)
            let file = await owner.post("/manage/maple/export")
            #expect(file?.status == 200)
            #expect(file?.value(of: "Content-Type") == "application/zip")
            #expect(file?.value(of: "Content-Disposition") == "attachment; filename=\"maple-2027-01-15.zip\"")
            #expect(Int(file?.value(of: "Content-Length") ?? "") ?? 0 > 1_000)
            #expect(file?.body.hasPrefix("PK") == true)

            for (role, status) in [(Role.officer, 200), (.treasurer, 403), (.editor, 403), (.viewer, 403)] {
                let browser = try await test.member(role, of: "maple")
                #expect(await browser.get("/manage/maple/export")?.status == status, "\(role)")
                #expect(await browser.post("/manage/maple/export")?.status == status, "\(role)")
            }
            let stranger = test.browser()
            #expect(await stranger.get("/manage/maple/export")?.status == 303)
            #expect(await stranger.post("/manage/maple/export")?.status == 401)
            let other = test.browser()
            let elm = try #require(await test.ask(["address": "elm", "email": "bo@elm.example"], other).message)
            #expect(await other.post("/sign-up/confirm", [("token", elm.token)])?.status == 303)
            #expect(await other.post("/manage/maple/export")?.status == 404)

            let id = try #require(try await test.platform.organizations.organization(slug: try Slug("maple"))?.id)
            let entries = try await test.platform.auditLog(of: id).entries().filter { $0.action == AuditAction.exported.rawValue }
            #expect(entries.map(\.details) == [["people": "no"], ["people": "yes"]])
            var statuses: [Int] = []
            for _ in 0..<11 { statuses.append(await owner.post("/manage/maple/export")?.status ?? 0) }
            #expect(statuses == Array(repeating: 200, count: 10) + [429])
        }
    }
}
