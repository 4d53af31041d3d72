import Glibc
import Testing

@testable import Repositories

@Suite struct MaintenanceTests {
    @Test("an export can be cloned by any git, with all of the history")
    func bundle() async throws {
        let test = try await TestRepository.made()
        let head = try await test.save(["news/été.md": "# Été\n"])
        let path = "\(test.folder)/export.bundle"
        let size = try await test.repository.bundle(to: path)
        #expect(size == Int(try status(path).st_size))
        let clone = "\(test.folder)/clone"
        try await run("/usr/bin/git", ["clone", "--quiet", path, clone])
        #expect(try read("\(clone)/news/été.md") == "# Été\n")
        #expect(
            try await run("/usr/bin/git", ["-C", clone, "log", "--format=%H", "main"]).split(separator: "\n").map(String.init).first == head.text)
        #expect(try await run("/usr/bin/git", ["-C", clone, "rev-list", "--count", "HEAD"]) == "2")
        // Once more, over the old one.
        #expect(try await test.repository.bundle(to: path) == size)
        #expect(names(in: test.folder) == ["clone", "export.bundle", "tenant"])
    }

    @Test("a zip has all files of a commit as they are, whatever its attributes say, and others beside them")
    func archive() async throws {
        let test = try await TestRepository.made()
        let head = try await test.save([
            ".gitattributes": "* export-ignore\n*.md text eol=crlf export-subst ident\n", "news/été.md": "$Id$ $Format:%H$\n",
        ])
        try await test.save(["later.md": "later\n"])
        let path = "\(test.folder)/export.zip"
        for _ in 0..<2 {
            let size = try await test.repository.archive(head, in: "oak", adding: ["/etc/hostname"], to: path)
            #expect(size == Int(try status(path).st_size))
        }
        let listing = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(*sorted(n for n in z.namelist() if n[-1] != '/'), sep='\\n')"
        #expect(
            try await run("/usr/bin/python3", ["-c", listing, path]).split(separator: "\n").map(String.init) == [
                "oak/hostname", "oak/site/.gitattributes", "oak/site/news/fair.md", "oak/site/news/été.md", "oak/site/site.yaml",
            ])
        let content = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('oak/site/news/été.md').decode(), end='')"
        #expect(try await run("/usr/bin/python3", ["-c", content, path]) == "$Id$ $Format:%H$")
        #expect(names(in: test.folder) == ["export.zip", "tenant"])
        await #expect(throws: RepositoryError.self) {
            _ = try await test.repository.archive(head, in: "oak", adding: ["\(test.folder)/none"], to: path)
        }
        #expect(try await test.repository.verify().isSound)
    }

    @Test("an export to a place that isn't there says so")
    func bundleNowhere() async throws {
        let test = try await TestRepository.made()
        await #expect(throws: RepositoryError.self) { try await test.repository.bundle(to: "\(test.folder)/nowhere/export.bundle") }
    }

    @Test("a sound repository is sound")
    func verify() async throws {
        let test = try await TestRepository.made()
        let head = try await test.save(["a.md": "a"])
        let health = try await test.repository.verify()
        #expect(health == RepositoryHealth(head: head, problems: []))
        #expect(health.isSound)
    }

    static let damages: [(String, @Sendable (String) throws -> Void)] = [
        (
            "a flipped byte",
            { repository in
                let pack = names(in: "\(repository)/objects/pack").first { $0.hasSuffix(".pack") } ?? ""
                let path = "\(repository)/objects/pack/\(pack)"
                chmod(path, 0o644)
                let file = open(path, O_RDWR)
                defer { close(file) }
                var byte: UInt8 = 0
                pread(file, &byte, 1, 40)
                byte ^= 0xFF
                pwrite(file, &byte, 1, 40)
            }
        ),
        ("a missing pack", { repository in for name in names(in: "\(repository)/objects/pack") { remove("\(repository)/objects/pack/\(name)") } }),
        ("an empty reference", { repository in try write("", to: "\(repository)/refs/heads/main") }),
        ("a missing reference", { repository in remove("\(repository)/refs/heads/main") }),
        ("a reference to nothing", { repository in try write(String(repeating: "7", count: 40) + "\n", to: "\(repository)/refs/heads/main") }),
    ]

    @Test("damage is found, and said instead of thrown", arguments: damages.indices)
    func damage(_ index: Int) async throws {
        let (name, damage) = Self.damages[index]
        let test = try await TestRepository.made()
        try damage("\(test.folder)/tenant/repository.git")
        let health = try await test.repository.verify()
        #expect(!health.isSound, "\(name)")
        #expect(!health.problems.isEmpty, "\(name)")
    }

    @Test("upkeep makes one pack of many, removes what no commit leads to, and keeps all that one does")
    func maintain() async throws {
        let test = try await TestRepository.made()
        #expect(!test.repository.needsMaintenance())
        for number in 1...52 { try await test.save(["a.md": String(repeating: "line \(number)\n", count: 200)]) }
        #expect(test.repository.needsMaintenance())
        let lost = try await test.blob(String(repeating: "nobody knows me ", count: 10_000))
        let log = try await test.repository.log(limit: 100)
        let report = try await test.repository.maintain()
        #expect(report.bytesAfter < report.bytesBefore)
        #expect(names(in: "\(test.folder)/tenant/repository.git/objects/pack").count { $0.hasSuffix(".pack") } == 1)
        #expect(!test.repository.needsMaintenance())
        await #expect(throws: (any Error).self) { try await test.git("cat-file", "-e", lost) }
        #expect(try await test.repository.log(limit: 100) == log)
        #expect(try await test.repository.verify().isSound)
        try await test.save(["b.md": "b"])
    }

    @Test("upkeep removes what killed processes have left, and nothing else")
    func leftovers() async throws {
        let test = try await TestRepository.made()
        let repository = "\(test.folder)/tenant/repository.git"
        let before = names(in: "\(repository)/objects/pack")
        for path in [
            "refs/heads/main.lock", "HEAD.lock", "packed-refs.lock", "objects/pack/tmp_pack_a1b2c3", "objects/pack/tmp_idx_a1b2c3",
            "objects/pack/.tmp-123-pack-abc.pack", "fast_import_crash_123", "gc.pid", "objects/pack/pack-abc.keep",
        ] { try write("left", to: "\(repository)/\(path)") }
        mkdir("\(test.folder)/tenant/.repository-abcdef", 0o700)
        try write("left", to: "\(test.folder)/tenant/.repository-abcdef/HEAD")
        _ = try await test.repository.maintain()
        #expect(names(in: "\(repository)/objects/pack").count == before.count)
        #expect(names(in: "\(repository)/refs/heads") == ["main"])
        #expect(!names(in: repository).contains { $0.hasSuffix(".lock") || $0.hasPrefix("fast_import") || $0 == "gc.pid" })
        #expect(!names(in: "\(test.folder)/tenant").contains { $0.hasPrefix(".") })
        #expect(try await test.repository.verify().isSound)
    }

    @Test("commits, check-outs and exports go on while upkeep runs")
    func meanwhile() async throws {
        let test = try await TestRepository.made()
        async let kept: Void = { for _ in 0..<5 { _ = try await test.repository.maintain() } }()
        for number in 0..<15 {
            let id = try await test.save(["a.md": "\(number)", "n/\(number).md": "\(number)"])
            #expect(try await test.repository.checkOut(id).commit == id)
        }
        try await kept
        #expect(try await test.repository.log(limit: 50).count == 16)
        #expect(try await test.repository.verify().isSound)
    }
}
