import Glibc
import Repositories
import Tenancy
import Testing

@Suite struct CreateTests {
    @Test("a new repository has its files and one commit on main")
    func create() async throws {
        let test = try TestRepository()
        let head = try await test.create(["site.yaml": "name: Oak\n", "news/fair.md": "# Fair\n"])
        #expect(try await test.repository.head() == head)
        #expect(try await test.texts() == ["site.yaml": "name: Oak\n", "news/fair.md": "# Fair\n"])
        #expect(try await test.git("rev-list", "--all") == head.text)
        #expect(try await test.git("symbolic-ref", "HEAD") == "refs/heads/main")
        #expect(
            try await test.git("log", "--format=%an|%ae|%cn|%ce|%at|%B")
                == "Marquee|platform@users.marquee.invalid|Marquee|platform@users.marquee.invalid|1790000000|New site\n")
        #expect(names(in: "\(test.folder)/tenant") == ["repository.git", "repository.lock"])
        #expect(try status("\(test.folder)/tenant").st_mode & 0o777 == 0o700)
    }

    @Test("creating again changes nothing and gives the newest commit")
    func again() async throws {
        let test = try await TestRepository.made()
        let second = try await test.save(["a.md": "a"])
        #expect(try await test.create(["other.md": "other"]) == second)
        #expect(try await test.texts()["other.md"] == nil)
    }

    @Test("of twenty that create one repository at once, all get the same")
    func atOnce() async throws {
        let test = try TestRepository()
        let heads = try await withThrowingTaskGroup(of: CommitID.self) { group in
            for number in 0..<20 { group.addTask { try await test.create(["a.md": "\(number)"]) } }
            return try await group.reduce(into: Set<CommitID>()) { $0.insert($1) }
        }
        #expect(heads.count == 1)
        #expect(try await test.repository.verify().isSound)
        #expect(names(in: "\(test.folder)/tenant") == ["repository.git", "repository.lock"])
    }

    @Test("the same content gives the same commit")
    func reproducible() async throws {
        let files = ["b.md": "b", "a.md": "a", "c/d.md": "d"]
        let (one, two) = (try TestRepository(), try TestRepository())
        #expect(try await one.create(files) == two.create(files))
    }

    @Test("without a repository there is no head")
    func missing() async throws {
        let test = try TestRepository()
        let error = RepositoryError.notFound("\(test.folder)/tenant/repository.git")
        let unknown = try #require(CommitID(String(repeating: "7", count: 40)))
        await #expect(throws: error) { try await test.repository.head() }
        await #expect(throws: error) { try await test.repository.files(at: unknown) }
        await #expect(throws: error) { try await test.commit(["a.md": "a"], onto: unknown) }
        await #expect(throws: error) { try await test.repository.checkOut(unknown) }
        await #expect(throws: error) { try await test.repository.log() }
        await #expect(throws: error) { try await test.repository.verify() }
    }

    @Test("a site without files is a site")
    func empty() async throws {
        let test = try TestRepository()
        try await test.create([:])
        #expect(try await test.texts().isEmpty)
        try await test.save(["a.md": "a"])
        #expect(try await test.texts() == ["a.md": "a"])
    }
}

@Suite struct CommitTests {
    @Test("a commit writes, replaces and deletes, and leaves the rest")
    func changes() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b/c.md": "c", "b/d.md": "d"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "A", "b/c.md": nil, "e/f/g.md": "g"])
        #expect(try await test.texts() == ["a.md": "A", "b/d.md": "d", "e/f/g.md": "g"])
        #expect(try await test.texts(at: first) == ["a.md": "a", "b/c.md": "c", "b/d.md": "d"])
        #expect(try await test.git("rev-list", "main") == "\(second)\n\(first)")
    }

    static let hostileNames = [
        "-rf", "--output=x", "a b.md", " leading", "a\"b\".md", "'; rm -rf x", "$(id).md", "*", "?", "[a]", ":(top)", ":!x", "~", "#", "é/ü.md",
        "cafe\u{301}.md", "学校.md", "feature done", "M 100644 inline x", "a:b", "100%.md", "refs/heads/main", "HEAD", "@", "a@{1}", "main~1",
    ]

    @Test("a name is a name, whatever git or a shell could make of it", arguments: hostileNames)
    func names(_ name: String) async throws {
        let test = try await TestRepository.made([name: "one", "other.md": "other"])
        let path = try ContentPath(name)
        let first = try await test.repository.head()
        #expect(try await test.texts() == [name: "one", "other.md": "other"])
        let second = try await test.save([name: "two"])
        // A pattern would match this one.
        try await test.save(["other.md": "another"])
        #expect(try await test.repository.file(path, at: second) == Array("two".utf8))
        #expect(try await test.repository.log(path: path).map(\.id) == [second, first])
        #expect(try await test.repository.changes(of: second).map(\.path) == [path])
        #expect(try await test.repository.diff(from: first, to: second, path: path).contains("\n-one\n\\ No newline at end of file\n+two\n"))
        _ = try await test.repository.checkOut(second)
        #expect(try test.checkedOut() == [name: "two", "other.md": "other"])
        guard case .reverted = try await test.revert(second) else { throw Unexpected(description: "not reverted") }
        #expect(try await test.texts() == [name: "one", "other.md": "another"])
        try await test.save([name: nil])
        #expect(try await test.texts() == ["other.md": "another"])
    }

    static let hostileContents: [[UInt8]] = [
        [], [0], [0xFF, 0xFE, 0x00, 0x0A], Array("\ndone\ncommit refs/heads/other\n".utf8), Array("data 3\nabc\nD other.md\ndone\n".utf8),
        Array("a\r\nb\r\n".utf8), Array("no line feed".utf8), Array(repeating: 0x0A, count: 100_000), Array("$Id$ <<<<<<< ours".utf8),
    ]

    @Test("content comes back as it was, byte by byte", arguments: hostileContents)
    func contents(_ bytes: [UInt8]) async throws {
        let test = try await TestRepository.made(["other.md": "other"])
        let path = try ContentPath("a.bin")
        let head = try await test.repository.head()
        let message = try CommitMessage("Save", note: "feature done")
        let outcome = try await test.repository.commit(changes: [path: .write(bytes)], onto: head, author: .platform, message: message, at: start)
        guard case .committed(let id) = outcome else { throw Unexpected(description: "\(outcome)") }
        #expect(try await test.repository.file(path, at: id) == bytes)
        #expect(try await test.repository.files(at: id).map(\.path.text) == ["a.bin", "other.md"])
        #expect(try await test.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
        _ = try await test.repository.checkOut(id)
        #expect(try status("\(test.repository.contentFolder)/a.bin").st_size == bytes.count)
    }

    @Test("a commit onto what is no longer the newest is a conflict and changes nothing")
    func conflict() async throws {
        let test = try await TestRepository.made()
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "mine"])
        #expect(try await test.commit(["a.md": "theirs"], onto: first) == .conflict(head: second))
        #expect(try await test.texts()["a.md"] == "mine")
        #expect(try await test.repository.head() == second)
    }

    @Test("twenty at once, each trying again after a conflict: all twenty are there, in one line")
    func atOnce() async throws {
        let test = try await TestRepository.made()
        let conflicts = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    var conflicts = 0
                    while true {
                        switch try await test.commit(["n/\(number).md": "\(number)"], onto: test.repository.head()) {
                        case .committed: return conflicts
                        case .unchanged: throw Unexpected(description: "unchanged")
                        case .conflict: conflicts += 1
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(conflicts > 0)
        let texts = try await test.texts()
        for number in 0..<20 { #expect(texts["n/\(number).md"] == "\(number)") }
        let log = try await test.repository.log(limit: 100)
        #expect(log.count == 21)
        #expect(log.dropLast().allSatisfy { $0.parents.count == 1 })
        #expect(try await test.repository.verify().isSound)
    }

    @Test("of two for the same commit, one wins and the other learns of it")
    func race() async throws {
        let test = try await TestRepository.made()
        for round in 0..<15 {
            let head = try await test.repository.head()
            async let one = test.commit(["a.md": "one \(round)"], onto: head)
            async let two = test.commit(["b.md": "two \(round)"], onto: head)
            let outcomes = try await [one, two]
            let now = try await test.repository.head()
            #expect(outcomes.contains(.committed(now)))
            #expect(outcomes.contains(.conflict(head: now)))
        }
    }

    @Test("what changes nothing makes no commit")
    func unchanged() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b.md": "b"])
        let head = try await test.repository.head()
        #expect(try await test.commit(["a.md": "a", "c.md": nil], onto: head) == .unchanged(head))
        #expect(try await test.commit([:], onto: head) == .unchanged(head))
        let second = try await test.save(["a.md": "a", "b.md": "B"])
        #expect(try await test.repository.changes(of: second).map(\.path.text) == ["b.md"])
    }

    @Test("a file that becomes a folder, and a folder that becomes a file, in one commit")
    func swap() async throws {
        let test = try await TestRepository.made(["a": "file", "b/c": "inner"])
        let id = try await test.save(["a": nil, "a/x": "x", "b/c": nil, "b": "file"])
        #expect(try await test.texts() == ["a/x": "x", "b": "file"])
        _ = try await test.repository.checkOut(id)
        #expect(try test.checkedOut() == ["a/x": "x", "b": "file"])
    }

    @Test("a file is not silently removed for a folder, nor a folder for a file")
    func inTheWay() async throws {
        let test = try await TestRepository.made(["a": "file", "b/c": "inner"])
        let head = try await test.repository.head()
        let (a, b) = (try ContentPath("a"), try ContentPath("b"))
        await #expect(throws: RepositoryError.fileInTheWay(a, of: try ContentPath("a/x"))) { try await test.commit(["a/x": "x"], onto: head) }
        await #expect(throws: RepositoryError.fileInTheWay(b, of: try ContentPath("b/c"))) { try await test.commit(["b": "b"], onto: head) }
        await #expect(throws: RepositoryError.fileInTheWay(try ContentPath("n"), of: try ContentPath("n/m"))) {
            try await test.commit(["n": "n", "n/m": "m"], onto: head)
        }
        #expect(try await test.repository.head() == head)
    }

    @Test("limits: a file, all files, their number, one commit")
    func limits() async throws {
        let test = try await TestRepository.made(
            ["a.md": "12345", "b.md": "12345"], limits: RepositoryLimits(fileBytes: 10, totalBytes: 25, files: 4, commitBytes: 14))
        let head = try await test.repository.head()
        let path = try ContentPath("c.md")
        await #expect(throws: RepositoryError.fileTooLarge(path, bytes: 11, limit: 10)) {
            try await test.commit(["c.md": String(repeating: "x", count: 11)], onto: head)
        }
        await #expect(throws: RepositoryError.commitTooLarge(bytes: 16, limit: 14)) {
            try await test.commit(["c.md": "12345678", "d.md": "12345678"], onto: head)
        }
        await #expect(throws: RepositoryError.tooManyFiles(5, limit: 4)) {
            try await test.commit(["c.md": "c", "d.md": "d", "e.md": "e"], onto: head)
        }
        let full = try await test.save(["c.md": "1234567890"])
        await #expect(throws: RepositoryError.tooLarge(bytes: 26, limit: 25)) { try await test.commit(["d.md": "123456"], onto: full) }
        #expect(try await test.repository.head() == full)
        // A lower limit later doesn't keep anybody from tidying up.
        let strict = ContentRepository(folder: "\(test.folder)/tenant", limits: RepositoryLimits(fileBytes: 10, totalBytes: 5, files: 1))
        let outcome = try await strict.commit(
            changes: [path: .delete], onto: full, author: .platform, message: CommitMessage("Tidy"), at: start)
        #expect(outcome == .committed(try await strict.head()))
    }

    @Test("times before 1970 and after 2038 are times", arguments: [(Int64(-1), Int64(0)), (0, 0), (4_102_444_800, 4_102_444_800)])
    func times(_ seconds: Int64, _ expected: Int64) async throws {
        let test = try await TestRepository.made()
        let message = try CommitMessage("Save")
        _ = try await test.repository.commit(
            changes: [try ContentPath("a.md"): .write([])], onto: test.repository.head(), author: .platform, message: message,
            at: Instant(seconds: seconds))
        #expect(try await test.repository.log(limit: 1).map(\.time.seconds) == [expected])
    }

    @Test("a head that somebody's git has packed is found, and moves on")
    func packedReference() async throws {
        let test = try await TestRepository.made()
        let head = try await test.repository.head()
        try await test.git("pack-refs", "--all")
        #expect(access("\(test.folder)/tenant/repository.git/refs/heads/main", F_OK) != 0)
        #expect(try await test.repository.head() == head)
        let second = try await test.save(["a.md": "a"])
        #expect(try await test.repository.head() == second)
    }

    @Test("a folder may be named from where the process is")
    func relativeFolder() async throws {
        let test = try await TestRepository.made()
        guard let here = getcwd(nil, 0) else { throw Unexpected(description: "getcwd") }
        defer { free(here) }
        let up = String(cString: here).split(separator: "/").map { _ in "../" }.joined()
        let repository = ContentRepository(folder: "\(up)\(test.folder.dropFirst())/tenant")
        #expect(try await repository.files(at: repository.head()).count == 2)
    }
}
