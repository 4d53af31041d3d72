import Glibc
import Repositories
import Subprocess
import SystemPackage
import Tenancy

/// A repository in a folder of its own, which goes with the value.
final class TestRepository: Sendable {
    let folder: String
    let repository: ContentRepository

    init(limits: RepositoryLimits = RepositoryLimits(), git: Git = Git()) throws {
        folder = try temporaryFolder()
        repository = ContentRepository(folder: "\(folder)/tenant", limits: limits, git: git)
    }

    /// With its first commit.
    static func made(
        _ files: [String: String] = ["site.yaml": "name: Oak School PTSA\n", "news/fair.md": "# Fair\n"],
        limits: RepositoryLimits = RepositoryLimits(), git: Git = Git()
    ) async throws -> TestRepository {
        let made = try TestRepository(limits: limits, git: git)
        try await made.create(files)
        return made
    }

    deinit { remove(folder) }

    @discardableResult
    func create(_ files: [String: String]) async throws -> CommitID {
        var contents: [ContentPath: [UInt8]] = [:]
        for (path, text) in files { contents[try ContentPath(path)] = Array(text.utf8) }
        return try await repository.create(files: contents, author: .platform, message: CommitMessage("New site"), at: start)
    }

    /// Commits on the newest commit; a nil text deletes. Gives the new one.
    @discardableResult
    func save(_ files: [String: String?], note: String? = nil, minutes: Int64 = 1, by author: Author = .platform) async throws -> CommitID {
        let outcome = try await commit(files, onto: try await repository.head(), note: note, minutes: minutes, by: author)
        guard case .committed(let id) = outcome else { throw Unexpected(description: "\(outcome)") }
        return id
    }

    func commit(
        _ files: [String: String?], onto expected: CommitID, note: String? = nil, minutes: Int64 = 1, by author: Author = .platform
    ) async throws -> CommitOutcome {
        var changes: [ContentPath: FileChange] = [:]
        for (path, text) in files { changes[try ContentPath(path)] = text.map { .write(Array($0.utf8)) } ?? .delete }
        return try await repository.commit(
            changes: changes, onto: expected, author: author, message: CommitMessage("Save pages", note: note),
            at: start.adding(seconds: 60 * minutes))
    }

    func revert(_ commit: CommitID) async throws -> RevertOutcome {
        try await repository.revert(commit, author: .platform, message: CommitMessage("Undo"), at: start.adding(seconds: 7200))
    }

    /// The files of a commit as text.
    func texts(at commit: CommitID? = nil) async throws -> [String: String] {
        let head = try await repository.head()
        var texts: [String: String] = [:]
        for file in try await repository.files(at: commit ?? head) {
            texts[file.path.text] = String(decoding: try await repository.file(file.path, at: commit ?? head) ?? [], as: UTF8.self)
        }
        return texts
    }

    /// What is in the folder that was checked out, as text; folders end with a slash, links with `->`.
    func checkedOut() throws -> [String: String] { try tree(repository.contentFolder) }

    // MARK: By git itself

    /// Runs git without any of our code, and gives what it prints.
    @discardableResult
    func git(_ arguments: String..., input: String = "") async throws -> String {
        try await run(
            "/usr/bin/git",
            ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "--git-dir", "\(folder)/tenant/repository.git"] + arguments,
            input: input)
    }

    /// Makes a commit that we would never make: `entries` are lines of `git mktree`, `mode kind object⇥name`. Gives the commit.
    func forge(_ entries: [String]) async throws -> CommitID {
        let tree = try await git("mktree", "-z", input: entries.map { $0 + "\0" }.joined())
        let text = try await git("commit-tree", "-m", "forged", tree)
        guard let commit = CommitID(text) else { throw Unexpected(description: text) }
        return commit
    }

    func blob(_ text: String) async throws -> String { try await git("hash-object", "-w", "--stdin", input: text) }
}

let start = Instant(seconds: 1_790_000_000)

struct Unexpected: Error, CustomStringConvertible { let description: String }

/// Runs a program, and gives what it prints without the last line feed. Throws what it says when it fails.
@discardableResult
func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
    let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: .init(arguments), environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]),
        input: .string(input), output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else { throw Unexpected(description: "\(result.terminationStatus): \(result.standardError)") }
    return result.standardOutput.hasSuffix("\n") ? String(result.standardOutput.dropLast()) : result.standardOutput
}

/// The process that can be killed, beside the program that runs the tests.
func testProcess() -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let program = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // `swift test` runs a helper of the toolchain on some systems; the tests' own bundle is then an argument.
    let candidates = [program] + CommandLine.arguments
    let folders = candidates.compactMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } } + [".build/debug"]
    return folders.map { "\($0)/RepositoriesTestProcess" }.first { access($0, X_OK) == 0 } ?? "RepositoriesTestProcess"
}

// MARK: Files

func temporaryFolder() throws -> String {
    var template = "/tmp/repositories-XXXXXX".utf8CString.map { $0 }
    guard mkdtemp(&template) != nil else { throw Unexpected(description: "mkdtemp: \(errno)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func remove(_ path: String) {
    for name in names(in: path) { remove("\(path)/\(name)") }
    Glibc.remove(path)
}

func names(in path: String) -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

func read(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw Unexpected(description: "\(path) can't be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let byte = fgetc(file)
        if byte == EOF { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(UInt8(byte))
    }
}

func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
    guard let file = fopen(path, "w") else { throw Unexpected(description: "\(path) can't be written") }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    chmod(path, mode)
}

func status(_ path: String) throws -> stat {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Unexpected(description: "\(path) isn't there") }
    return status
}

func tree(_ folder: String, prefix: String = "") throws -> [String: String] {
    var found: [String: String] = [:]
    for name in names(in: folder) {
        let path = "\(folder)/\(name)"
        switch try status(path).st_mode & S_IFMT {
        case S_IFDIR:
            let inner = try tree(path, prefix: "\(prefix)\(name)/")
            if inner.isEmpty { found["\(prefix)\(name)/"] = "" }
            found.merge(inner) { $1 }
        case S_IFLNK: found["\(prefix)\(name)->"] = ""
        default: found["\(prefix)\(name)"] = try read(path)
        }
    }
    return found
}
