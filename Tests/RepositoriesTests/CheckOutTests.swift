import Glibc
import Testing

@testable import Repositories

@Suite struct CheckOutTests {
    @Test("the folder holds the files of the commit and nothing else")
    func checkOut() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b/c.md": "c", "b/d/e.md": "e"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "A", "b/d/e.md": nil, "f.md": "f"])
        #expect(try await test.repository.checkOut(first) == CheckOutReport(commit: first, written: 3))
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "b/d/e.md": "e"])
        #expect(try await test.repository.checkOut(second) == CheckOutReport(commit: second, written: 2, removed: 1, unchanged: 1))
        #expect(try test.checkedOut() == ["a.md": "A", "b/c.md": "c", "f.md": "f"])
        #expect(try await test.repository.checkOut(first) == CheckOutReport(commit: first, written: 2, removed: 1, unchanged: 1))
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "b/d/e.md": "e"])
        #expect(
            names(in: "\(test.folder)/tenant") == ["content", "content.index", "content.lock", "repository.git", "repository.lock"])
    }

    /// What SiteBuilder looks at.
    struct Look: Hashable {
        var inode: ino_t
        var size: Int
        var times: [Int]

        init(_ path: String) throws {
            let status = try status(path)
            inode = status.st_ino
            size = Int(status.st_size)
            times = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        }
    }

    @Test(
        "a file that doesn't change isn't touched, also when the index is lost, damaged or of another run of the machine",
        arguments: ["", "lost", "damaged", "older"])
    func untouched(_ index: String) async throws {
        let test = try await TestRepository.made(["a.md": "a", "b/c.md": "c", "d.md": "d"])
        _ = try await test.repository.checkOut(test.repository.head())
        let content = test.repository.contentFolder
        let before = try ["a.md", "b/c.md"].map { try Look("\(content)/\($0)") }
        let changed = try Look("\(content)/d.md")
        let second = try await test.save(["d.md": "D"])
        let path = "\(test.folder)/tenant/content.index"
        switch index {
        case "lost": remove(path)
        case "damaged": try write(String(try read(path).dropFirst(70)), to: path)
        case "older": try write("marquee check-out 1 00000000000000000000000000000000" + read(path).drop { $0 != "\0" }, to: path)
        default: break
        }
        usleep(20_000)
        #expect(try await test.repository.checkOut(second) == CheckOutReport(commit: second, written: 1, unchanged: 2))
        #expect(try ["a.md", "b/c.md"].map { try Look("\(content)/\($0)") } == before)
        #expect(try Look("\(content)/d.md") != changed)
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "d.md": "D"])
    }

    @Test("files that look as they did are not even read; after a start of the machine they are, once")
    func index() async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        try write("#!/bin/sh\necho call >> '\(folder)/calls'\nexec /usr/bin/git \"$@\"\n", to: "\(folder)/git", mode: 0o755)
        let test = try await TestRepository.made(git: Git(executable: "\(folder)/git"))
        let head = try await test.repository.head()
        func calls() async throws -> Int {
            try write("", to: "\(folder)/calls")
            _ = try await test.repository.checkOut(head)
            return try read("\(folder)/calls").split(separator: "\n").count
        }
        // ls-tree, and cat-file when there is something to compare.
        #expect(try await calls() == 2)
        #expect(try await calls() == 1)
        let path = "\(test.folder)/tenant/content.index"
        try write("marquee check-out 1 00000000000000000000000000000000" + read(path).drop { $0 != "\0" }, to: path)
        #expect(try await calls() == 2)
        #expect(try await calls() == 1)
    }

    @Test("what was written by somebody else is made right, and leftovers go")
    func repair() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b/c.md": "c", "d.md": "d", "e/f.md": "f", "g.md": "g", "h.md": "h"])
        let head = try await test.repository.head()
        _ = try await test.repository.checkOut(head)
        let content = test.repository.contentFolder
        try write("X", to: "\(content)/a.md")
        try write("left over", to: "\(content)/b/left.md")
        try write("left over", to: "\(content)/bad\u{1B}name")
        Glibc.remove("\(content)/d.md")
        mkdir("\(content)/d.md", 0o755)
        mkdir("\(content)/d.md/inner", 0o700)
        mkdir("\(content)/empty", 0o755)
        remove("\(content)/e")
        try write("in the way", to: "\(content)/e")
        chmod("\(content)/g.md", 0o777)
        link("\(content)/h.md", "\(test.folder)/second-name")
        chmod("\(content)/b", 0o700)
        let notUTF8: [CChar] = "\(content)/".utf8CString.dropLast() + [-1, -2, 0]
        close(open(notUTF8, O_WRONLY | O_CREAT, 0o644))
        _ = try await test.repository.checkOut(head)
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "d.md": "d", "e/f.md": "f", "g.md": "g", "h.md": "h"])
        for path in ["a.md", "g.md", "h.md"] {
            #expect(try status("\(content)/\(path)").st_mode == S_IFREG | 0o644)
            #expect(try status("\(content)/\(path)").st_nlink == 1)
        }
        #expect(try status("\(content)/b").st_mode == S_IFDIR | 0o755)
        #expect(try await test.repository.checkOut(head) == CheckOutReport(commit: head, unchanged: 6))
    }

    @Test("links that somebody has put into the folder are removed, and nothing is written or removed behind them")
    func plantedLinks() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b/c.md": "c", "d/e/f.md": "f"])
        let head = try await test.repository.head()
        let outside = "\(test.folder)/outside"
        for folder in [outside, "\(outside)/b", "\(outside)/e"] { mkdir(folder, 0o755) }
        for path in ["a.md", "b/c.md", "b/keep.md", "e/f.md"] { try write("theirs", to: "\(outside)/\(path)") }
        let before = try tree(outside)
        _ = try await test.repository.checkOut(head)
        let content = test.repository.contentFolder
        for (path, target) in [("a.md", "a.md"), ("b", "b"), ("d/e", "e")] {
            remove("\(content)/\(path)")
            symlink("\(outside)/\(target)", "\(content)/\(path)")
        }
        symlink(outside, "\(content)/more")
        _ = try await test.repository.checkOut(head)
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "d/e/f.md": "f"])
        #expect(try tree(outside) == before)
        // In the place where files are written before they are moved.
        mkdir("\(test.folder)/tenant/content.new", 0o755)
        symlink("\(outside)/a.md", "\(test.folder)/tenant/content.new/file")
        try write("X", to: "\(content)/a.md")
        _ = try await test.repository.checkOut(head)
        #expect(try test.checkedOut()["a.md"] == "a")
        // The folder itself, and the one in which files are written.
        for name in ["content", "content.new"] {
            remove("\(test.folder)/tenant/\(name)")
            symlink(outside, "\(test.folder)/tenant/\(name)")
        }
        _ = try await test.repository.checkOut(head)
        #expect(try test.checkedOut() == ["a.md": "a", "b/c.md": "c", "d/e/f.md": "f"])
        #expect(try tree(outside) == before)
    }

    static let hostileNames: [(String, ContentPathError)] = [
        (".git", .git), (".GIT", .git), (".git ", .git), ("git~1", .git), (".g\u{200C}it", .git), (".gitmodules", .git), ("a\\b", .backslash),
        ("a\nb", .controlCharacter), ("a\u{1B}]0;x\u{7}", .controlCharacter), ("..", .dots), (".", .dots),
    ]

    @Test("a commit with a dangerous name is refused as a whole, and the folder stays as it was", arguments: hostileNames)
    func hostileName(_ name: String, _ error: ContentPathError) async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        _ = try await test.repository.checkOut(test.repository.head())
        let blob = try await test.blob("evil")
        for commit in [
            try await test.forge(["100644 blob \(blob)\ta.md", "100644 blob \(blob)\t\(name)"]),
            try await test.forge(["040000 tree \(test.git("mktree", input: "100644 blob \(blob)\tx\n"))\t\(name)"]),
        ] {
            let thrown = await #expect(throws: RepositoryError.self) { try await test.repository.checkOut(commit) }
            guard case .unsafe(let path, .path(error)) = thrown else {
                Issue.record("\(thrown?.log ?? "nothing") was thrown")
                continue
            }
            #expect(path.hasPrefix(name))
            #expect(thrown?.description.contains("\u{1B}") == false)
        }
        #expect(try test.checkedOut() == ["a.md": "a"])
    }

    @Test("links and other repositories in a commit are refused")
    func hostileKinds() async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        let head = try await test.repository.head()
        let blob = try await test.blob("/etc/passwd")
        let link = try await test.forge(["120000 blob \(blob)\tb"])
        await #expect(throws: RepositoryError.unsafe(path: "b", .symbolicLink)) { try await test.repository.checkOut(link) }
        let submodule = try await test.forge(["160000 commit \(head)\tsub"])
        await #expect(throws: RepositoryError.unsafe(path: "sub", .submodule)) { try await test.repository.checkOut(submodule) }
    }

    @Test("names that aren't UTF-8 and two entries of one name are refused")
    func hostileTrees() async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        let blob = try await test.blob("x")
        // A tree's bytes are `mode name`, a zero, and the object's 20 bytes; fast-import and mktree would refuse or repair some of these.
        func tree(_ names: [String]) async throws -> CommitID {
            let script = """
                import sys,hashlib,zlib,os
                blob=bytes.fromhex(sys.argv[2]); names=[eval(name) for name in sys.argv[3:]]
                body=b"".join(b"100644 "+name+b"\\0"+blob for name in names)
                data=b"tree %d\\0"%len(body)+body; id=hashlib.sha1(data).hexdigest()
                folder=sys.argv[1]+"/objects/"+id[:2]; os.makedirs(folder,exist_ok=True)
                open(folder+"/"+id[2:],"wb").write(zlib.compress(data)); print(id)
                """
            let id = try await run("/usr/bin/env", ["python3", "-c", script, "\(test.folder)/tenant/repository.git", blob] + names)
            let text = try await test.git("commit-tree", "-m", "forged", id)
            return try #require(CommitID(text))
        }
        let broken = try await tree([#"b"\xff\xfe""#])
        await #expect(throws: RepositoryError.unsafe(path: "\u{FFFD}\u{FFFD}", .path(.notUTF8))) { try await test.repository.checkOut(broken) }
        let twice = try await tree([#"b"a""#, #"b"a""#])
        await #expect(throws: RepositoryError.unsafe(path: "a", .duplicate)) { try await test.repository.checkOut(twice) }
        let slash = try await tree([#"b"../x""#])
        await #expect(throws: RepositoryError.unsafe(path: "../x", .path(.dots))) { try await test.repository.checkOut(slash) }
        #expect(names(in: test.folder) == ["tenant"])
    }

    @Test("modes are 644 and 755, whatever git and the process would have")
    func modes() async throws {
        let test = try await TestRepository.made()
        let blob = try await test.blob("x")
        let inner = try await test.git("mktree", input: "100755 blob \(blob)\trun.sh\n")
        let commit = try await test.forge(["100755 blob \(blob)\ta.sh", "100644 blob \(blob)\tb.md", "040000 tree \(inner)\tc"])
        try await test.git("update-ref", "refs/heads/main", commit.text)
        try await run("/bin/sh", ["-c", "umask 077; exec \"$0\" \"$@\"", testProcess(), "check-out", "\(test.folder)/tenant", "1"])
        let content = test.repository.contentFolder
        for path in ["a.sh", "b.md", "c/run.sh"] { #expect(try status("\(content)/\(path)").st_mode == S_IFREG | 0o644) }
        for path in ["", "/c"] { #expect(try status(content + path).st_mode == S_IFDIR | 0o755) }
    }

    @Test("two check-outs at once come one after the other")
    func atOnce() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b.md": "b"])
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "A", "b.md": nil, "c.md": "c"])
        let expected = [first: try await test.texts(at: first), second: try await test.texts(at: second)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 { group.addTask { _ = try await test.repository.checkOut(number.isMultiple(of: 2) ? first : second) } }
            try await group.waitForAll()
        }
        #expect(expected.values.contains(try test.checkedOut()))
        _ = try await test.repository.checkOut(second)
        #expect(try test.checkedOut() == expected[second])
    }

    @Test("more than fits into memory at once is checked out in parts")
    func large() async throws {
        let test = try await TestRepository.made()
        let large = String(repeating: "0123456789abcdef", count: 1 << 20)
        let commit = try await test.save(["1.txt": large + "1", "2.txt": large + "2", "3.txt": large + "3", "4.txt": ""])
        #expect(try await test.repository.checkOut(commit).written == 6)
        #expect(try status("\(test.repository.contentFolder)/3.txt").st_size == (16 << 20) + 1)
        #expect(try await test.repository.checkOut(commit).unchanged == 6)
    }
}
