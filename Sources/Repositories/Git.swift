import Glibc
import Subprocess
import SystemPackage

/// Runs git, one process per call.
///
/// Every process starts from an empty environment and none of the machine's or the user's configuration. It has a time limit, bounded output, no
/// terminal and a session of its own, which is ended as a whole.
package struct Git: Sendable {
    /// The oldest version that flushes all that a commit is made of (core.fsync, git 2.36).
    package static let oldestVersion = (major: 2, minor: 36)

    /// Absolute paths.
    let executable: String
    /// flock(1) of util-linux.
    let flock: String
    /// Of calls that read or write one commit.
    let patience: Duration
    /// Of calls whose work grows with the history.
    let longPatience: Duration
    /// Until whoever has a lock gives it back.
    let lockPatience: Duration

    package init(
        executable: String = "/usr/bin/git", flock: String = "/usr/bin/flock", patience: Duration = .seconds(30),
        longPatience: Duration = .seconds(600),
        lockPatience: Duration = .seconds(10)
    ) {
        self.executable = executable
        self.flock = flock
        self.patience = patience
        self.longPatience = longPatience
        self.lockPatience = lockPatience
        // A git that ends early must not take the server with it: writing to it fails instead.
        signal(SIGPIPE, SIG_IGN)
    }

    /// For example `2.39.5`. Throws `unavailable` when git is too old for us, or isn't there.
    package func version() async throws(RepositoryError) -> String {
        let output = try await run(["version"], in: "/")
        let text = String(decoding: output.bytes, as: UTF8.self).split(whereSeparator: { $0.isWhitespace }).dropFirst(2).first.map(String.init) ?? ""
        let numbers = text.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 2, (numbers[0], numbers[1]) >= (Self.oldestVersion.major, Self.oldestVersion.minor) else {
            let reason = "git \(Self.oldestVersion.major).\(Self.oldestVersion.minor) or newer is needed, and this is '\(text)'"
            throw .unavailable(program: executable, reason: reason)
        }
        return text
    }

    struct Output: Sendable {
        /// The exit code, or 128 + the signal, as a shell counts.
        var status: Int32
        var bytes: [UInt8]
        /// What git says to people.
        var words: String
        var operation: String

        /// The words of strerror(3), and git's own.
        private static let fullDisk = ["No space left on device", "Disk quota exceeded", "File too large", "Out of diskspace"]

        func failure() -> RepositoryError {
            let isFull = Self.fullDisk.contains { words.contains($0) } || status == 128 + SIGXFSZ
            return isFull ? .diskFull : .git(operation: operation, .init(status: status, words: words))
        }
    }

    /// Runs `git <arguments>` on a repository, and throws if it ends with another status than 0.
    ///
    /// - Parameters:
    ///   - lock: A file whose lock (flock(2)) the process, and all that it starts, hold as long as they live, even when we don't.
    ///   - outputLimit: In bytes; a process that writes more is ended.
    func run(
        _ arguments: [String], in repository: String, input: [UInt8] = [], lock: String? = nil, outputLimit: Int = 8 << 20, patience: Duration? = nil
    ) async throws(RepositoryError) -> Output {
        let output = try await finish(arguments, in: repository, input: input, lock: lock, outputLimit: outputLimit, patience: patience)
        guard output.status == 0 else { throw output.failure() }
        return output
    }

    /// The same for commands whose status is an answer.
    func finish(
        _ arguments: [String], in repository: String, input: [UInt8] = [], lock: String? = nil, outputLimit: Int = 8 << 20, patience: Duration? = nil
    ) async throws(RepositoryError) -> Output {
        let operation = arguments.first { !$0.hasPrefix("-") && !$0.contains("=") } ?? "git"
        let configuration = configuration(arguments, in: repository, lock: lock)
        do {
            return try await withThrowingTaskGroup(of: Output?.self) { group in
                group.addTask { try await Self.collect(configuration, operation: operation, input: input, outputLimit: outputLimit) }
                group.addTask {
                    try await Task.sleep(for: patience ?? self.patience)
                    return nil
                }
                defer { group.cancelAll() }
                guard let output = try await group.next() ?? nil else { throw RepositoryError.timedOut(operation: operation) }
                if lock != nil, output.status == Self.lockedStatus { throw RepositoryError.busy }
                return output
            }
        } catch let error as RepositoryError {
            throw error
        } catch let error as SubprocessError {
            if error.code == .failedToChangeWorkingDirectory { throw .notFound(repository) }
            if error.code == .outputLimitExceeded { throw .outputTooLarge(operation: operation, limit: outputLimit) }
            throw Task.isCancelled ? .cancelled : .unavailable(program: lock == nil ? executable : flock, reason: error.description)
        } catch {
            throw .cancelled
        }
    }

    private static func collect(
        _ configuration: Configuration, operation: String, input: [UInt8], outputLimit: Int
    ) async throws -> Output {
        let result = try await Subprocess.run(
            configuration, input: .inputWriter, output: .bytes(limit: outputLimit), error: .bytes(limit: 64 << 10)
        ) { execution in
            // What git answers says more than that it no longer reads.
            _ = try? await execution.standardInputWriter.write(input)
            try? await execution.standardInputWriter.finish()
        }
        let status =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        let words = String(decoding: result.standardError.prefix(4096), as: UTF8.self)
        return Output(status: status, bytes: result.standardOutput, words: words, operation: operation)
    }

    // MARK: The process

    /// EX_TEMPFAIL of sysexits.h, which git doesn't use.
    private static let lockedStatus: Int32 = 75

    private func configuration(_ arguments: [String], in repository: String, lock: String?) -> Configuration {
        var options = PlatformOptions()
        // No controlling terminal to prompt on, and a process group that can be ended with all that git starts.
        options.createSession = true
        options.teardownSequence = [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        var words = Self.settings.flatMap { ["-c", $0] } + arguments
        if let lock {
            let waiting = ["--exclusive", "--no-fork", "--timeout", "\(lockPatience / .seconds(1))", "--conflict-exit-code", "\(Self.lockedStatus)"]
            words = waiting + [lock, executable] + words
        }
        return Configuration(
            executable: .path(lock == nil ? .init(executable) : .init(flock)), arguments: .init(words),
            environment: .custom(environment(repository)), workingDirectory: .init(repository), platformOptions: options)
    }

    private func environment(_ repository: String) -> [Environment.Key: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "LC_ALL": "C",
            "TZ": "UTC",
            "GIT_DIR": repository,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            // A path is a path: `*` and `:(top)` mean nothing.
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_PAGER": "cat",
            "GIT_ADVICE": "0",
        ]
    }

    /// These win over the repository's own configuration.
    private static let settings = [
        // Objects and references are on disk before git says that it is done; directories are flushed by us.
        "core.fsync=all",
        "core.fsyncMethod=fsync",
        // A commit is one pack: two files to flush instead of one for each object, and no second process. `maintain` puts packs together.
        "fastimport.unpackLimit=1",
        "core.hooksPath=/dev/null",
        "core.attributesFile=/dev/null",
        "core.excludesFile=/dev/null",
        "core.fsmonitor=false",
        "core.quotePath=false",
        "core.logAllRefUpdates=false",
        "gc.auto=0",
        "gc.autoDetach=false",
        "maintenance.auto=false",
        "protocol.allow=never",
        "submodule.recurse=false",
        "color.ui=false",
    ]
}
