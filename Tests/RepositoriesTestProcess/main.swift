// A process of its own, so that tests can kill it, trace it and measure it.

import Glibc
import Repositories
import Tenancy

let usage = """
    RepositoriesTestProcess create FOLDER            makes a repository of 40 files
    RepositoriesTestProcess commit FOLDER COUNT      adds COUNT commits and prints each when it is acknowledged
    RepositoriesTestProcess check-out FOLDER COUNT   checks out the last commits in turn, COUNT times
    RepositoriesTestProcess measure FOLDER           prints the times of 20 calls of each kind
    """

/// In one call, at once: whoever reads may be about to kill us.
func say(_ text: String) { _ = (text + "\n").withCString { write(STDOUT_FILENO, $0, strlen($0)) } }

func files(version: Int) throws -> [ContentPath: [UInt8]] {
    var files: [ContentPath: [UInt8]] = [:]
    for number in 0..<40 { files[try ContentPath("news/\(number % 4)/page\(number).md")] = Array("# Page \(number)\n\nVersion \(version)\n".utf8) }
    return files
}

func create(_ repository: ContentRepository) async throws -> CommitID {
    try await repository.create(files: files(version: 0), author: .platform, message: CommitMessage("New site"), at: Instant(seconds: 1_800_000_000))
}

/// Changes some files, removes one and adds one.
func commit(_ repository: ContentRepository, number: Int) async throws -> CommitID {
    let head = try await repository.head()
    var changes: [ContentPath: FileChange] = [try ContentPath("number.txt"): .write(Array("\(number) \(head)".utf8))]
    for (path, bytes) in try files(version: number).filter({ $0.key.text.utf8.count.isMultiple(of: 2) }) { changes[path] = .write(bytes) }
    changes[try ContentPath("odd.md")] = number.isMultiple(of: 2) ? .delete : .write([])
    let message = try CommitMessage("Change \(number)")
    let time = Instant(seconds: 1_800_000_000 + Int64(number))
    switch try await repository.commit(changes: changes, onto: head, author: .platform, message: message, at: time) {
    case .committed(let id), .unchanged(let id), .conflict(let id): return id
    }
}

func checkOut(_ repository: ContentRepository, count: Int) async throws {
    let commits = try await repository.log(limit: 2)
    for number in 0..<count { say("checked out \(try await repository.checkOut(commits[number % commits.count].id).commit)") }
}

func measure(_ folder: String) async throws {
    func median(_ name: String, _ body: (Int) async throws -> Void) async throws {
        var times: [Duration] = []
        for number in 0..<20 { times.append(try await ContinuousClock().measure { try await body(number) }) }
        times.sort()
        let milliseconds = { (time: Duration) in
            Double(time.components.attoseconds / 1_000_000_000_000) / 1000 + Double(time.components.seconds) * 1000
        }
        say("\(name): \(milliseconds(times[10])) ms (\(milliseconds(times[0])) to \(milliseconds(times[19])))")
    }
    let repository = ContentRepository(folder: folder)
    try await median("create, 40 files") { number in _ = try await create(ContentRepository(folder: "\(folder)/\(number)")) }
    _ = try await create(repository)
    let page = try ContentPath("news/0/page0.md")
    try await median("commit, 1 file") { number in
        let change = [page: FileChange.write(Array("Text \(number)".utf8))]
        let head = try await repository.head()
        _ = try await repository.commit(
            changes: change, onto: head, author: .platform, message: CommitMessage("Change"), at: Instant(seconds: 1_800_000_000))
    }
    try await median("commit, 11 files") { number in _ = try await commit(repository, number: number + 1) }
    try await median("check-out, all files") { number in
        _ = try await create(ContentRepository(folder: "\(folder)/\(number)"))
        let other = ContentRepository(folder: "\(folder)/\(number)")
        _ = try await other.checkOut(other.head())
    }
    let commits = try await repository.log(limit: 25)
    try await median("check-out, some files") { number in _ = try await repository.checkOut(commits[number % 2].id) }
    try await median("check-out, nothing to do") { number in _ = try await repository.checkOut(commits[1].id) }
    try await median("revert, 1 file") { number in
        _ = try await repository.revert(
            repository.head(), author: .platform, message: CommitMessage("Undo"), at: Instant(seconds: 1_800_000_000))
    }
    try await median("log, 50 entries") { _ in _ = try await repository.log(limit: 50) }
    try await median("log of a file") { _ in _ = try await repository.log(path: page, limit: 50) }
    try await median("file") { _ in _ = try await repository.file(page, at: commits[0].id) }
    try await median("head") { _ in _ = try await repository.head() }
}

let arguments = CommandLine.arguments.dropFirst().map { $0 }
guard arguments.count >= 2 else {
    say(usage)
    exit(2)
}
let repository = ContentRepository(folder: arguments[1])
let count = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
do {
    switch arguments[0] {
    case "create": say("created \(try await create(repository))")
    case "commit": for number in 1...max(1, count) { say("committed \(try await commit(repository, number: number))") }
    case "check-out": try await checkOut(repository, count: count)
    case "measure": try await measure(arguments[1])
    default: say(usage)
    }
} catch {
    say("failed: \((error as? RepositoryError)?.log ?? "\(error)")")
    exit(1)
}
