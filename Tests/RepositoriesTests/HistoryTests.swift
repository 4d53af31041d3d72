import Repositories
import Tenancy
import Testing

@Suite struct HistoryTests {
    @Test("the history says who, when and why, newest first")
    func log() async throws {
        let test = try await TestRepository.made()
        let editor = Author(.editor, userID: try AuthorTests.userID())
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "a"], note: "for the fair — ¡hola!", minutes: 5, by: editor)
        let log = try await test.repository.log()
        #expect(log.map(\.id) == [second, first])
        #expect(log[0].parents == [first])
        #expect(log[0].author == editor)
        #expect(log[0].time == start.adding(seconds: 300))
        #expect(log[0].message == (try CommitMessage("Save pages", note: "for the fair — ¡hola!")))
        #expect(log[1].parents == [])
        #expect(log[1].author == .platform)
    }

    @Test("the history comes in pages, of all files or of one")
    func pages() async throws {
        let test = try await TestRepository.made()
        var commits = [try await test.repository.head()]
        for number in 1...9 { commits.append(try await test.save([number.isMultiple(of: 3) ? "b.md" : "a.md": "\(number)"])) }
        func pages(_ path: String?, limit: Int) async throws -> [CommitID] {
            var found: [CommitID] = []
            while true {
                let page = try await test.repository.log(path: path.map { try ContentPath($0) }, limit: limit, before: found.last)
                #expect(page.count <= limit)
                if page.isEmpty { return found }
                found += page.map(\.id)
            }
        }
        for limit in [1, 2, 3, 10, 50] {
            #expect(try await pages(nil, limit: limit) == commits.reversed())
            #expect(try await pages("b.md", limit: limit) == [commits[9], commits[6], commits[3]])
        }
        // The last entry may be one that didn't change the file.
        #expect(try await test.repository.log(path: ContentPath("b.md"), before: commits[8]).map(\.id) == [commits[6], commits[3]])
        #expect(try await test.repository.log(path: ContentPath("never.md")).isEmpty)
        #expect(try await test.repository.log(limit: 0).map(\.id) == [commits[9]])
    }

    @Test("a commit that isn't there is said to be missing")
    func missing() async throws {
        let test = try await TestRepository.made()
        let unknown = try #require(CommitID(String(repeating: "7", count: 40)))
        let head = try await test.repository.head()
        let error = RepositoryError.noCommit(unknown)
        await #expect(throws: error) { try await test.repository.log(before: unknown) }
        await #expect(throws: error) { try await test.repository.files(at: unknown) }
        await #expect(throws: error) { try await test.repository.file(ContentPath("site.yaml"), at: unknown) }
        await #expect(throws: error) { try await test.repository.changes(of: unknown) }
        await #expect(throws: error) { try await test.repository.diff(from: head, to: unknown) }
        await #expect(throws: error) { try await test.repository.diff(from: unknown, to: head) }
        await #expect(throws: error) { try await test.revert(unknown) }
        await #expect(throws: error) { try await test.repository.checkOut(unknown) }
        #expect(try await test.repository.log().map(\.id) == [head])
    }

    @Test("an object that is no commit is no commit")
    func notACommit() async throws {
        let test = try await TestRepository.made()
        let head = try await test.repository.head()
        let blob = try #require(CommitID(try await test.git("rev-parse", "main:site.yaml")))
        await #expect(throws: RepositoryError.noCommit(blob)) { try await test.repository.file(ContentPath("x"), at: blob) }
        await #expect(throws: RepositoryError.noCommit(blob)) { try await test.repository.files(at: blob) }
        #expect(try await test.commit(["a.md": "a"], onto: blob) == .conflict(head: head))
    }

    @Test("a file, a folder and nothing")
    func file() async throws {
        let test = try await TestRepository.made(["a/b.md": "text"])
        let head = try await test.repository.head()
        #expect(try await test.repository.file(ContentPath("a/b.md"), at: head) == Array("text".utf8))
        #expect(try await test.repository.file(ContentPath("a"), at: head) == nil)
        #expect(try await test.repository.file(ContentPath("c.md"), at: head) == nil)
        #expect(try await test.repository.file(ContentPath("a/b.md/c"), at: head) == nil)
    }

    @Test("files have a path, a size and a mode")
    func files() async throws {
        let test = try await TestRepository.made()
        let blob = try await test.blob("12345")
        let commit = try await test.forge(["100644 blob \(blob)\tb.md", "100755 blob \(blob)\ta.sh"])
        let files = try await test.repository.files(at: commit)
        #expect(files.map(\.path.text) == ["a.sh", "b.md"])
        #expect(files.map(\.size) == [5, 5])
        #expect(files.map(\.isExecutable) == [true, false])
    }

    @Test("a commit lists what it did to which file")
    func changes() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b.md": "b", "c.md": "c"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "A", "b.md": nil, "d/e.md": "b"])
        func list(_ commit: CommitID) async throws -> [String] {
            try await test.repository.changes(of: commit).map { "\($0.status) \($0.path)" }
        }
        #expect(try await list(first) == ["added a.md", "added b.md", "added c.md"])
        #expect(try await list(second) == ["modified a.md", "deleted b.md", "added d/e.md"])
    }

    @Test("a merge is compared with its first parent")
    func merge() async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        let first = try await test.repository.head()
        let second = try await test.save(["b.md": "b"])
        let tree = try await test.git("rev-parse", "main^{tree}")
        let merge = try #require(CommitID(try await test.git("commit-tree", "-m", "merge", "-p", first.text, "-p", second.text, tree)))
        #expect(try await test.repository.changes(of: merge).map(\.path.text) == ["b.md"])
    }

    @Test("a difference is in the unified format")
    func diff() async throws {
        let test = try await TestRepository.made(["a.md": "one\ntwo\nthree\n", "ü.md": "x\n"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "one\n2\nthree\n", "ü.md": "y\n"])
        let diff = try await test.repository.diff(from: first, to: second, path: ContentPath("a.md"))
        #expect(diff.hasSuffix("--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"))
        #expect(try await test.repository.diff(from: first, to: second).contains("+++ b/ü.md"))
        #expect(try await test.repository.diff(from: second, to: second) == "")
        #expect(try await test.repository.diff(from: nil, to: first).contains("--- /dev/null\n+++ b/a.md\n@@ -0,0 +1,3 @@\n+one\n"))
    }

    @Test("a difference that is too long is refused, not cut off")
    func longDiff() async throws {
        let test = try await TestRepository.made(["a.md": "a\n"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": String(repeating: "line\n", count: 1000)])
        await #expect(throws: RepositoryError.outputTooLarge(operation: "diff-tree", limit: 100)) {
            try await test.repository.diff(from: first, to: second, limit: 100)
        }
        #expect(try await test.repository.diff(from: first, to: second).utf8.count > 5000)
    }

    @Test("what a stranger's commit says about its author stays in git")
    func stranger() async throws {
        let test = try await TestRepository.made()
        let blob = try await test.blob("x")
        let commit = try await test.forge(["100644 blob \(blob)\ta.md"])
        try await test.git("update-ref", "refs/heads/main", commit.text)
        let log = try await test.repository.log()
        #expect(log.map(\.author) == [nil])
        #expect(log.map(\.message.summary) == ["forged"])
    }
}
