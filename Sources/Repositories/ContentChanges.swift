/// What happens to one file in a commit.
package enum FileChange: Sendable, Hashable {
    case write([UInt8])
    /// A file that isn't there may be deleted.
    case delete
}

/// The changes of one commit, in the order of their paths, so that the same changes give the same bytes.
struct ContentChanges {
    let written: [(path: ContentPath, bytes: [UInt8])]
    let deleted: [ContentPath]

    var isEmpty: Bool { written.isEmpty && deleted.isEmpty }

    init(_ changes: [ContentPath: FileChange]) {
        var written: [(path: ContentPath, bytes: [UInt8])] = []
        var deleted: [ContentPath] = []
        for (path, change) in changes.sorted(by: { $0.key < $1.key }) {
            switch change {
            case .write(let bytes): written.append((path, bytes))
            case .delete: deleted.append(path)
            }
        }
        self.written = written
        self.deleted = deleted
    }

    init(writing files: [ContentPath: [UInt8]]) {
        written = files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        deleted = []
    }

    init(written: [(path: ContentPath, bytes: [UInt8])], deleted: [ContentPath]) {
        self.written = written
        self.deleted = deleted
    }
}

extension ContentRepository {
    /// Throws when the files after the changes would be more than a tenant may have, or would stand in each other's place. What is too large
    /// already may still become smaller.
    func check(_ changes: ContentChanges, against files: [RepositoryFile]) throws(RepositoryError) {
        var sizes = Dictionary(files.map { ($0.path, $0.size) }, uniquingKeysWith: { $1 })
        let sizeBefore = sizes.values.reduce(0, +)
        for path in changes.deleted { sizes[path] = nil }
        for (path, bytes) in changes.written {
            guard bytes.count <= limits.fileBytes else { throw .fileTooLarge(path, bytes: bytes.count, limit: limits.fileBytes) }
            sizes[path] = bytes.count
        }
        let writtenSize = changes.written.reduce(0) { $0 + $1.bytes.count }
        guard writtenSize <= limits.commitBytes else { throw .commitTooLarge(bytes: writtenSize, limit: limits.commitBytes) }
        guard sizes.count <= max(limits.files, files.count) else { throw .tooManyFiles(sizes.count, limit: limits.files) }
        let size = sizes.values.reduce(0, +)
        guard size <= max(limits.totalBytes, sizeBefore) else { throw .tooLarge(bytes: size, limit: limits.totalBytes) }
        if let (file, path) = fileInTheWay(sizes.keys) { throw .fileInTheWay(file, of: path) }
    }
}

/// A file, and another one that has it as a folder.
func fileInTheWay(_ paths: some Collection<ContentPath>) -> (file: ContentPath, path: ContentPath)? {
    let files = Dictionary(paths.map { (Array($0.text.utf8), $0) }, uniquingKeysWith: { $1 })
    for path in paths.sorted() {
        for folder in path.folders { if let file = files[Array(folder.utf8)] { return (file, path) } }
    }
    return nil
}
