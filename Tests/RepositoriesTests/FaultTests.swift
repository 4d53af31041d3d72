import Glibc
import Repositories
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// What may go wrong with machines: processes that are killed, disks that are full, the power.
@Suite(.serialized) struct FaultTests {
    // MARK: Killed processes

    @Test("git killed at any moment of a commit: the head is the old or the new one, and the next commit succeeds")
    func killGit() async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        try write("#!/bin/sh\necho $$ > '\(folder)/id'\nexec /usr/bin/git \"$@\"\n", to: "\(folder)/git", mode: 0o755)
        let test = try await TestRepository.made(git: Git(executable: "\(folder)/git"))
        var random = SeededGenerator(seed: 20_261_124)
        var kills = 0
        for round in 0..<100 where kills < 20 {
            let before = try await test.repository.head()
            let pause = UInt32.random(in: 0..<14_000, using: &random)
            try write("", to: "\(folder)/id")
            let killer = Task.detached {
                usleep(pause)
                guard let id = try Int32(read("\(folder)/id").split(separator: "\n").first ?? ""), kill(id, SIGKILL) == 0 else { return 0 }
                return 1
            }
            let outcome: Result<CommitOutcome, any Error>
            do { outcome = .success(try await test.commit(["a.md": "\(round)", "n/\(round).md": "\(round)"], onto: before)) } catch {
                outcome = .failure(error)
            }
            kills += try await killer.value
            let head = try await test.repository.head()
            switch outcome {
            case .success(.committed(let id)): #expect(head == id)
            // It was killed after its last step.
            case .success(.conflict(let other)): #expect(head == other)
            case .success(.unchanged), .failure: #expect(head == before)
            }
            let written = try await test.repository.file(ContentPath("n/\(round).md"), at: head)
            #expect(written == (head == before ? nil : Array("\(round)".utf8)))
            try await test.save(["b.md": "\(round)"])
        }
        #expect(kills > 0)
        #expect(try await test.repository.verify().isSound)
        // A pack that was cut off may be left; upkeep removes it.
        _ = try await test.repository.maintain()
        let left = try tree("\(test.folder)/tenant/repository.git").keys.filter { $0.contains("tmp") || $0.contains("lock") || $0.contains("crash") }
        #expect(left.isEmpty)
    }

    /// Runs the test process, kills it at a random moment, and gives what it had said until then.
    private func killed(_ arguments: [String], after pause: Duration) async throws -> [String] {
        let result = try await Subprocess.run(
            .path(FilePath(testProcess())), arguments: .init(arguments), input: .none, output: .string(limit: 1 << 20), error: .discarded
        ) { execution in
            try await Task.sleep(for: pause)
            try? execution.send(signal: .kill)
        }
        return result.standardOutput.split(separator: "\n").map(String.init)
    }

    @Test("the server killed while it commits: nothing that was acknowledged is lost, and commits go on")
    func killCommits() async throws {
        let test = try await TestRepository.made()
        var random = SeededGenerator(seed: 5)
        var acknowledged: [CommitID] = []
        for _ in 0..<100 where acknowledged.count < 60 {
            let pause = Duration.milliseconds(Int.random(in: 20...250, using: &random))
            let said = try await killed(["commit", "\(test.folder)/tenant", "1000"], after: pause)
            #expect(said.allSatisfy { $0.hasPrefix("committed ") }, "\(said)")
            // Its last line may be cut off.
            acknowledged += said.compactMap { CommitID($0.dropFirst(10)) }
            // Its git may still be finishing its last commit.
            while case .conflict = try await test.commit(["after.md": "\(acknowledged.count)"], onto: test.repository.head()) {}
        }
        #expect(!acknowledged.isEmpty)
        let history = Set(try await test.git("rev-list", "main").split(separator: "\n").map(String.init))
        for id in acknowledged { #expect(history.contains(id.text)) }
        #expect(try await test.repository.verify().isSound)
        _ = try await test.repository.checkOut(test.repository.head())
        #expect(try await test.checkedOut() == test.texts())
    }

    @Test("the server killed while it checks out: the next check-out completes it and touches only what it must")
    func killCheckOuts() async throws {
        let test = try TestRepository()
        _ = try await run(testProcess(), ["create", "\(test.folder)/tenant"])
        _ = try await run(testProcess(), ["commit", "\(test.folder)/tenant", "1"])
        let commits = try await test.repository.log().map(\.id)
        var random = SeededGenerator(seed: 6)
        var interrupted = 0
        for round in 0..<100 where interrupted < 15 {
            let pause = Duration.milliseconds(Int.random(in: 10...120, using: &random))
            let said = try await killed(["check-out", "\(test.folder)/tenant", "1000"], after: pause)
            #expect(said.allSatisfy { $0.hasPrefix("checked out ") }, "\(said)")
            if access("\(test.folder)/tenant/content.new", F_OK) == 0 { interrupted += 1 }
            let commit = commits[round % commits.count]
            let report = try await test.repository.checkOut(commit)
            #expect(try await test.checkedOut() == test.texts(at: commit))
            #expect(try await test.repository.checkOut(commit).unchanged == report.written + report.unchanged)
        }
        #expect(interrupted > 0)
    }

    @Test("the server killed while it makes a repository: there is none or a whole one")
    func killCreations() async throws {
        var random = SeededGenerator(seed: 7)
        var unfinished = 0
        for _ in 0..<100 where unfinished < 8 {
            let test = try TestRepository()
            _ = try await killed(["create", "\(test.folder)/tenant"], after: .milliseconds(Int.random(in: 5...60, using: &random)))
            let left = names(in: "\(test.folder)/tenant")
            if left.contains(where: { $0.hasPrefix(".repository-") }) { unfinished += 1 }
            if left.contains("repository.git") {
                #expect(try await test.repository.verify().isSound)
                #expect(try await test.repository.files(at: test.repository.head()).count == 40)
            }
            _ = try await run(testProcess(), ["create", "\(test.folder)/tenant"])
            #expect(try await test.repository.files(at: test.repository.head()).count == 40)
            // The killed one's git may have written a little more.
            _ = try await test.repository.maintain()
            #expect(names(in: "\(test.folder)/tenant") == ["repository.git", "repository.lock"])
        }
        #expect(unfinished > 0)
    }

    @Test("a commit whose last word git never hears isn't made")
    func cutOff() async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        // Without "done" and its line feed.
        let script = "case \"$*\" in *fast-import*) head -c -5 | /usr/bin/git \"$@\";; *) exec /usr/bin/git \"$@\";; esac"
        let test = try await TestRepository.made()
        try write("#!/bin/sh\n\(script)\n", to: "\(folder)/git", mode: 0o755)
        let cut = ContentRepository(folder: "\(test.folder)/tenant", git: Git(executable: "\(folder)/git"))
        let head = try await test.repository.head()
        let error = await #expect(throws: RepositoryError.self) {
            try await cut.commit(
                changes: [try ContentPath("a.md"): .write([])], onto: head, author: .platform, message: CommitMessage("Save"), at: start)
        }
        #expect(error?.log.contains("stream ends early") == true)
        try await expectWhole(test, head)
    }

    @Test("whoever writes holds the lock as long as it lives")
    func lockIsHeld() async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        let test = try await TestRepository.made()
        let lock = "\(test.folder)/tenant/repository.lock"
        let script = """
            case "$*" in
            *fast-import*|*repack*|*prune*) if flock --nonblock '\(lock)' true; then echo free; else echo held; fi >> '\(folder)/locks' ;;
            esac
            exec /usr/bin/git "$@"
            """
        try write("#!/bin/sh\n\(script)\n", to: "\(folder)/git", mode: 0o755)
        let other = ContentRepository(folder: "\(test.folder)/tenant", git: Git(executable: "\(folder)/git"))
        _ = try await other.commit(
            changes: [try ContentPath("a.md"): .write([])], onto: other.head(), author: .platform, message: CommitMessage("Save"), at: start)
        _ = try await other.maintain()
        #expect(try read("\(folder)/locks") == "held\nheld\nheld\n")
    }

    @Test("who waits for a lock too long hears that the site is busy, and leaves it alone", arguments: ["repository.lock", "content.lock"])
    func busy(_ name: String) async throws {
        let test = try await TestRepository.made(git: Git(lockPatience: .milliseconds(200)))
        let head = try await test.repository.head()
        let lock = open("\(test.folder)/tenant/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        // Its owner is alive, so it is in use.
        let inUse = "\(test.folder)/tenant/repository.git/refs/heads/main.lock"
        try write("", to: inUse)
        if name == "content.lock" {
            await #expect(throws: RepositoryError.busy) { try await test.repository.checkOut(head) }
        } else {
            await #expect(throws: RepositoryError.busy) { try await test.commit(["a.md": "a"], onto: head) }
            await #expect(throws: RepositoryError.busy) { try await test.repository.maintain() }
        }
        #expect(access(inUse, F_OK) == 0)
        #expect(flock(lock, LOCK_UN) == 0)
        try await test.save(["a.md": "a"])
        _ = try await test.repository.checkOut(head)
    }

    @Test("a lock that a killed git has left doesn't stop anybody", arguments: ["refs/heads/main.lock", "HEAD.lock"])
    func staleLock(_ name: String) async throws {
        let test = try await TestRepository.made()
        try write("", to: "\(test.folder)/tenant/repository.git/\(name)")
        try await test.save(["a.md": "a"])
        #expect(access("\(test.folder)/tenant/repository.git/\(name)", F_OK) != 0)
    }

    // MARK: Full disks

    @Test("a file that git may not write to its end is a full disk, and leaves the repository whole")
    func fileSizeLimit() async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        try write("#!/bin/sh\nulimit -f 64\nexec /usr/bin/git \"$@\"\n", to: "\(folder)/git", mode: 0o755)
        let test = try await TestRepository.made(git: Git(executable: "\(folder)/git"))
        let head = try await test.repository.head()
        await #expect(throws: RepositoryError.diskFull) { try await test.commit(["noise.bin": noise(200_000)], onto: head) }
        try await expectWhole(test, head)
    }

    static let mayMount: Bool = {
        guard getuid() == 0, let folder = try? temporaryFolder() else { return false }
        defer { remove(folder) }
        guard mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount(folder) == 0
    }()

    @Test("a full disk is said to be full, at a commit, a check-out and a new repository", .enabled(if: mayMount))
    func fullDisk() async throws {
        let test = try TestRepository()
        let disk = "\(test.folder)/tenant"
        mkdir(disk, 0o700)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=600k") == 0 else { throw Unexpected(description: "mount: \(errno)") }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        await #expect(throws: RepositoryError.diskFull) { try await test.create(["noise.bin": noise(900_000)]) }
        #expect(names(in: disk) == ["repository.lock"])

        try await test.create(["a.md": "a", "noise.bin": noise(100_000)])
        let head = try await test.repository.head()
        _ = try await test.repository.checkOut(head)
        await #expect(throws: RepositoryError.diskFull) { try await test.commit(["more.bin": noise(500_000)], onto: head) }
        try await expectWhole(test, head)

        let other = try await test.save(["noise.bin": String(noise(100_000).reversed())])
        try write(noise(600_000), to: "\(disk)/filler")
        await #expect(throws: RepositoryError.diskFull) { try await test.repository.checkOut(other) }
        remove("\(disk)/filler")
        _ = try await test.repository.checkOut(other)
        #expect(try await test.checkedOut() == test.texts(at: other))
    }

    private func expectWhole(_ test: TestRepository, _ head: CommitID) async throws {
        #expect(try await test.repository.head() == head)
        #expect(try await test.repository.verify().isSound)
        let left = try tree("\(test.folder)/tenant/repository.git").keys.filter { $0.contains("tmp") || $0.contains("lock") || $0.contains("crash") }
        #expect(left.isEmpty)
        // What is small enough still goes.
        try await test.save(["small.md": "small"])
    }

    /// Text that can't be made smaller.
    private func noise(_ count: Int) -> String {
        var random = SeededGenerator(seed: UInt64(count))
        let letters = (0x20..<0x7F).map { UInt8($0) }
        return String(decoding: (0..<count).map { _ in letters[Int(random.next() % UInt64(letters.count))] }, as: UTF8.self)
    }

    // MARK: The power

    static let strace = "/usr/bin/strace"

    @Test("before a commit is acknowledged, every byte and every name of it has been flushed", .enabled(if: access(strace, X_OK) == 0))
    func durability() async throws {
        let test = try await TestRepository.made()
        let trace = "\(test.folder)/trace"
        let calls = "trace=fsync,link,rename,write"
        let said = try await run(
            Self.strace, ["-f", "-y", "-qq", "-s", "100", "-e", calls, "-o", trace, testProcess(), "commit", "\(test.folder)/tenant", "1"])
        #expect(try await said == "committed \(test.repository.head())")
        let lines = try read(trace).split(separator: "\n").map(String.init)
        func position(after start: Int = 0, _ parts: String...) -> Int? {
            lines.indices.dropFirst(start).first { index in parts.allSatisfy { lines[index].contains($0) } }
        }
        let links = lines.indices.filter { lines[$0].contains(" link(") }
        #expect(links.count == 2, "a pack and its index")
        let moved = try #require(position(" rename(", "refs/heads/main.lock"))
        for link in links {
            let source = try #require(lines[link].split(separator: "\"").dropFirst().first)
            let flushed = try #require(position(" fsync(", "<\(source)>"), "\(source) is not flushed")
            #expect(flushed < link && link < moved)
        }
        #expect(try #require(position(" fsync(", "refs/heads/main.lock>")) < moved)
        let acknowledged = try #require(position("write(1<", "committed "))
        for folder in ["objects/pack>", "refs/heads>"] {
            #expect(try #require(position(after: moved, " fsync(", folder), "\(folder) is not flushed") < acknowledged)
        }
    }

    @Test("a new repository has its name only when all of it has been flushed", .enabled(if: access(strace, X_OK) == 0))
    func durabilityOfCreation() async throws {
        let test = try TestRepository()
        let trace = "\(test.folder)/trace"
        try await run(
            Self.strace,
            ["-f", "-y", "-qq", "-e", "trace=fsync,rename,write", "-o", trace, testProcess(), "create", "\(test.folder)/tenant"])
        let lines = try read(trace).split(separator: "\n").map(String.init)
        let named = try #require(lines.firstIndex { $0.contains(" rename(") && $0.contains("tenant/repository.git\"") })
        let unfinished = try #require(lines[named].split(separator: "\"").dropFirst().first)
        for path in try tree("\(test.folder)/tenant/repository.git").keys {
            let parts = path.split(separator: "/")
            for count in 0...parts.count {
                let name = ([unfinished] + parts.prefix(count)).joined(separator: "/")
                #expect(lines[..<named].contains { $0.contains(" fsync(") && $0.contains("<\(name)>") }, "\(name) is not flushed")
            }
        }
        let acknowledged = try #require(lines.firstIndex { $0.contains("write(1<") && $0.contains("created ") })
        #expect(lines[named..<acknowledged].contains { $0.contains(" fsync(") && $0.contains("/tenant>") })
    }
}
