import Glibc
import Testing

@testable import Repositories

/// How git is run: with nothing of its surroundings, for a bounded time, with bounded output.
@Suite struct GitTests {
    /// A program that stands in for git.
    private func program(_ script: String, in folder: String) throws -> String {
        try write("#!/bin/sh\n\(script)\n", to: "\(folder)/git", mode: 0o755)
        return "\(folder)/git"
    }

    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try temporaryFolder()
        defer { remove(folder) }
        try await body(folder)
    }

    @Test("git is there, and new enough")
    func version() async throws {
        #expect(try await Git().version().split(separator: ".").count >= 3)
        try await inFolder { folder in
            let old = Git(executable: try program("echo git version 2.34.1", in: folder))
            let error = await #expect(throws: RepositoryError.self) { try await old.version() }
            #expect(error?.log.contains("git 2.36 or newer is needed, and this is '2.34.1'") == true)
            let missing = Git(executable: "\(folder)/nothing")
            let other = await #expect(throws: RepositoryError.self) { try await missing.version() }
            #expect(other?.log.contains("\(folder)/nothing") == true)
        }
    }

    @Test("a process that hangs is ended with all that it has started")
    func hangs() async throws {
        try await inFolder { folder in
            let script = "sleep 600 & echo $! > '\(folder)/child'; echo $$ > '\(folder)/parent'; trap '' TERM; while :; do sleep 1; done"
            let git = Git(executable: try program(script, in: folder), patience: .seconds(2))
            let clock = ContinuousClock()
            let begin = clock.now
            await #expect(throws: RepositoryError.timedOut(operation: "ls-tree")) { try await git.run(["ls-tree"], in: folder) }
            // Less than the child would have gone on for, however busy the machine is.
            #expect(clock.now - begin < .seconds(300))
            for name in ["child", "parent"] {
                let id = try #require(Int32(try read("\(folder)/\(name)").split(separator: "\n")[0]))
                // A process that has ended may wait for whoever has inherited it.
                for _ in 0..<100 where isRunning(id) { usleep(20_000) }
                #expect(!isRunning(id), "\(name)")
            }
        }
    }

    private func isRunning(_ id: pid_t) -> Bool {
        guard let state = try? read("/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ").first else { return false }
        return state != "Z" && state != "X"
    }

    @Test("a process that writes without end is ended", arguments: ["yes", "yes >&2"])
    func floods(_ script: String) async throws {
        try await inFolder { folder in
            let git = Git(executable: try program(script, in: folder))
            let error = await #expect(throws: RepositoryError.self) { try await git.run(["log"], in: folder, outputLimit: 1 << 20) }
            guard case .outputTooLarge("log", _) = error else {
                Issue.record("\(error?.log ?? "nothing") was thrown")
                return
            }
        }
    }

    @Test("a process that doesn't read what it is given takes nobody with it")
    func doesNotRead() async throws {
        try await inFolder { folder in
            let git = Git(executable: try program("echo 'fatal: no' >&2; exit 128", in: folder))
            let input = [UInt8](repeating: 0x61, count: 4 << 20)
            await #expect(throws: RepositoryError.git(operation: "fast-import", .init(status: 128, words: "fatal: no\n"))) {
                try await git.run(["fast-import"], in: folder, input: input)
            }
        }
    }

    @Test("a process that is killed has a status as in a shell")
    func killed() async throws {
        try await inFolder { folder in
            let git = Git(executable: try program("kill -9 $$", in: folder))
            let output = try await git.finish(["log"], in: folder)
            #expect(output.status == 137)
        }
    }

    @Test("a caller that no longer waits ends the process")
    func cancelled() async throws {
        try await inFolder { folder in
            let git = Git(executable: try program("echo $$ > '\(folder)/id'; exec sleep 600", in: folder))
            let task = Task { try await git.run(["log"], in: folder) }
            while access("\(folder)/id", F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
            task.cancel()
            await #expect(throws: RepositoryError.cancelled) { try await task.value }
        }
    }

    @Test("git's environment is ours alone")
    func environment() async throws {
        try await inFolder { folder in
            let git = Git(executable: try program("env | sort; [ -t 0 ] && echo terminal; ls /proc/self/fd | wc -l", in: folder))
            let lines = String(decoding: try await git.run(["log"], in: folder).bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            let variables = lines.dropLast().map { $0.split(separator: "=")[0] }
            // PWD, OLDPWD and _ are the shell's.
            #expect(
                variables.filter { !["PWD", "OLDPWD", "_"].contains($0) } == [
                    "GIT_ADVICE", "GIT_ATTR_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_DIR",
                    "GIT_LITERAL_PATHSPECS", "GIT_NO_REPLACE_OBJECTS", "GIT_OPTIONAL_LOCKS", "GIT_PAGER", "GIT_TERMINAL_PROMPT", "HOME", "LC_ALL",
                    "PATH", "TZ",
                ])
            for line in ["GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_DIR=\(folder)", "HOME=/nonexistent"] {
                #expect(lines.contains(line))
            }
            // Standard input, output, errors, and the folder that ls reads.
            #expect(lines.last == "4")
        }
    }

    @Test("neither hooks nor settings in a repository are followed")
    func hooksAndSettings() async throws {
        let test = try await TestRepository.made()
        let repository = "\(test.folder)/tenant/repository.git"
        mkdir("\(repository)/hooks", 0o755)
        for hook in ["reference-transaction", "post-update", "pre-receive", "update", "post-checkout", "pre-auto-gc", "post-index-change"] {
            try write("#!/bin/sh\ntouch '\(test.folder)/ran'\n", to: "\(repository)/hooks/\(hook)", mode: 0o755)
        }
        for (key, value) in [
            ("core.hooksPath", "\(repository)/hooks"), ("core.fsync", "none"), ("diff.external", "touch \(test.folder)/ran"),
            ("core.pager", "touch \(test.folder)/ran"), ("fastimport.unpackLimit", "100"), ("core.fsmonitor", "touch \(test.folder)/ran"),
        ] { try await test.git("config", key, value) }
        let first = try await test.repository.head()
        let second = try await test.save(["a.md": "a"])
        _ = try await test.repository.diff(from: first, to: second)
        _ = try await test.repository.checkOut(second)
        _ = try await test.repository.maintain()
        #expect(access("\(test.folder)/ran", F_OK) != 0)
    }

    @Test("git's words are for the log and never for the user")
    func words() {
        let failure = RepositoryError.git(operation: "log", .init(status: 128, words: "fatal: /srv/data/\u{1B}[31m secret\nline two"))
        #expect(!failure.description.contains("secret"))
        #expect(failure.log == "git log failed with status 128: fatal: /srv/data/ [31m secret line two")
    }
}
