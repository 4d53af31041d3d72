/// A file of one commit.
package struct RepositoryFile: Sendable, Hashable {
    package var path: ContentPath
    /// In bytes.
    package var size: Int
    /// Git's mode 100755. `commit` writes 100644 only, and `checkOut` makes both the same.
    package var isExecutable: Bool
    /// The object that holds the content: equal ids, equal content.
    var blob: String
}

extension ContentRepository {
    /// All files of a commit, sorted by path. Throws `unsafe` when it holds a link, another repository or a path that we refuse.
    package func files(at commit: CommitID) async throws(RepositoryError) -> [RepositoryFile] {
        let output = try await git.finish(
            ["ls-tree", "-r", "-z", "--long", "--full-tree", commit.text], in: repository, outputLimit: 64 << 20)
        guard output.status == 0 else { throw await missing(commit) ?? output.failure() }
        var files: [RepositoryFile] = []
        for record in output.bytes.split(separator: 0) { files.append(try Self.file(record, output)) }
        files.sort { $0.path < $1.path }
        for (file, next) in zip(files, files.dropFirst()) where file.path == next.path { throw .unsafe(path: file.path.text, .duplicate) }
        if let (file, _) = fileInTheWay(files.map(\.path)) { throw .unsafe(path: file.text, .duplicate) }
        return files
    }

    /// Reads `100644 blob 3c5bdc…    350⇥news/fair.md`.
    private static func file(_ record: ArraySlice<UInt8>, _ output: Git.Output) throws(RepositoryError) -> RepositoryFile {
        guard let tab = record.firstIndex(of: UInt8(ascii: "\t")) else { throw output.failure() }
        let path = try contentPath(record[(tab + 1)...])
        let fields = record[..<tab].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 4 else { throw output.failure() }
        switch fields[0] {
        case "100644", "100755", "100664": break
        case "120000": throw .unsafe(path: path.text, .symbolicLink)
        default: throw .unsafe(path: path.text, .submodule)
        }
        guard fields[1] == "blob", let size = Int(fields[3]) else { throw output.failure() }
        return RepositoryFile(path: path, size: size, isExecutable: fields[0] == "100755", blob: fields[2])
    }

    /// A path as git writes it.
    static func contentPath(_ bytes: ArraySlice<UInt8>) throws(RepositoryError) -> ContentPath {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unsafe(path: String(decoding: bytes, as: UTF8.self), .path(.notUTF8))
        }
        do { return try ContentPath(text) } catch { throw .unsafe(path: text, .path(error)) }
    }

    /// The content of a file; nil when the commit doesn't have it.
    package func file(_ path: ContentPath, at commit: CommitID) async throws(RepositoryError) -> [UInt8]? {
        let answers = try await objects(["\(commit)^{commit}", "\(commit):\(path)"], ofSize: limits.fileBytes)
        guard answers.count == 2, answers[0] != nil else { throw .noCommit(commit) }
        return answers[1]?.kind == "blob" ? answers[1]?.bytes : nil
    }

    /// The content of files of this repository, all at once.
    package func contents(of files: [RepositoryFile]) async throws(RepositoryError) -> [ContentPath: [UInt8]] {
        guard !files.isEmpty else { return [:] }
        let answers = try await objects(files.map(\.blob), ofSize: files.reduce(0) { $0 + $1.size })
        var contents: [ContentPath: [UInt8]] = [:]
        for (file, answer) in zip(files, answers) {
            guard let answer else { throw .git(operation: "cat-file", .init(status: 0, words: "the object \(file.blob) is missing")) }
            contents[file.path] = answer.bytes
        }
        return contents
    }

    struct StoredObject: Sendable {
        var kind: String
        var bytes: [UInt8]
    }

    /// Asks `git cat-file --batch` for objects; nil for one that isn't there. `size` is what they have together at the most.
    func objects(_ names: [String], ofSize size: Int) async throws(RepositoryError) -> [StoredObject?] {
        let input = names.map { $0 + "\n" }.joined()
        let output = try await git.run(
            ["cat-file", "--batch"], in: repository, input: Array(input.utf8), outputLimit: size + names.count * 1024 + 4096)
        var objects: [StoredObject?] = []
        var rest = output.bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            // `3c5bdc… blob 350`, or `<what was asked for> missing`.
            let fields = rest[..<end].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            rest = rest[(end + 1)...]
            if fields.last == "missing" {
                objects.append(nil)
                continue
            }
            guard fields.count == 3, let size = Int(fields[2]), size >= 0, rest.count > size else { throw output.failure() }
            objects.append(StoredObject(kind: fields[1], bytes: Array(rest.prefix(size))))
            rest = rest.dropFirst(size + 1)
        }
        guard objects.count == names.count else { throw output.failure() }
        return objects
    }
}
