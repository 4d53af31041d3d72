import CFileSystem
import Glibc

/// The folder that a check-out writes to. Every file is reached from the open folder, without following a link.
struct ContentFolder {
    private let path: String
    private let root: Descriptor
    /// Files are written here and moved to their place when they are complete.
    private let workshopPath: String
    private let workshop: Descriptor

    /// Makes both folders. Anything else in their place is removed, and so is what is left in the workshop.
    init(path: String, workshop: String) throws(RepositoryError) {
        removeTree(workshop)
        root = try Self.open(path)
        self.workshop = try Self.open(workshop)
        self.path = path
        workshopPath = workshop
    }

    private static func open(_ path: String) throws(RepositoryError) -> Descriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        if let folder = Descriptor(Glibc.open(path, flags)) { return folder }
        unlink(path)
        guard mkdir(path, 0o755) == 0, let folder = Descriptor(Glibc.open(path, flags)), fchmod(folder.number, 0o755) == 0 else {
            throw writeError(path)
        }
        return folder
    }

    func removeWorkshop() { removeTree(workshopPath) }

    // MARK: What is there

    struct Survey {
        var states: [ContentPath: FileState] = [:]
        var removed = 0
    }

    /// Looks at all that is there, and removes what isn't one of these files or a folder on the way to one.
    func survey(keeping paths: [ContentPath]) -> Survey {
        var survey = Survey()
        var folders: Set<[UInt8]> = []
        for path in paths { for folder in path.folders { folders.insert(Array(folder.utf8)) } }
        look(at: root, prefix: "", files: Set(paths), folders: folders, &survey)
        return survey
    }

    private func look(at folder: Descriptor, prefix: String, files: Set<ContentPath>, folders: Set<[UInt8]>, _ survey: inout Survey) {
        for entry in entries(of: folder.number) {
            if let name = entry.name {
                let path = prefix + name
                if entry.kind == .file, let file = try? ContentPath(path), files.contains(file) {
                    // Another mode, or another name for the same file, isn't how we leave a file: it is looked at closely.
                    let isOurs = entry.status.st_mode & 0o7777 == 0o644 && entry.status.st_nlink == 1
                    if isOurs { survey.states[file] = FileState(entry.status) }
                    continue
                }
                if entry.kind == .folder, folders.contains(Array(path.utf8)),
                    let inner = Descriptor(openat(folder.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
                {
                    if entry.status.st_mode & 0o7777 != 0o755 { fchmod(inner.number, 0o755) }
                    look(at: inner, prefix: path + "/", files: files, folders: folders, &survey)
                    continue
                }
            }
            removeTree(entry.bytes, in: folder.number)
            survey.removed += 1
        }
    }

    func state(of path: ContentPath) throws(RepositoryError) -> FileState {
        let descriptor = marquee_open_beneath(root.number, path.text, O_RDONLY | O_NONBLOCK)
        guard let file = Descriptor(descriptor) else { throw .unreadable(path: "\(self.path)/\(path)", reason: systemMessage(-descriptor)) }
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .unreadable(path: "\(self.path)/\(path)", reason: systemMessage()) }
        return FileState(status)
    }

    // MARK: Writing

    /// Gives a file this content, in one step; false when it had it already and wasn't touched.
    func put(_ bytes: [UInt8], at path: ContentPath) throws(RepositoryError) -> Bool {
        if has(bytes, at: path) { return false }
        let folder = try makeFolder(above: path)
        let name = String(path.text.split(separator: "/").last ?? "")
        guard let file = Descriptor(openat(workshop.number, "file", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)),
            writeAll(file.number, bytes), fchmod(file.number, 0o644) == 0, renameat(workshop.number, "file", folder.number, name) == 0
        else { throw writeError("\(self.path)/\(path)") }
        return true
    }

    /// Whether the file is as `put` would make it. A file that differs only in its mode is written anew, too.
    private func has(_ bytes: [UInt8], at path: ContentPath) -> Bool {
        guard let file = Descriptor(marquee_open_beneath(root.number, path.text, O_RDONLY | O_NONBLOCK)) else { return false }
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_mode == S_IFREG | 0o644, status.st_nlink == 1, Int(status.st_size) == bytes.count
        else { return false }
        return readAll(file.number, limit: bytes.count) == bytes
    }

    private func makeFolder(above path: ContentPath) throws(RepositoryError) -> Descriptor {
        var folder = root
        for component in path.text.split(separator: "/").dropLast() {
            let name = String(component)
            let isNew = mkdirat(folder.number, name, 0o755) == 0
            guard let inner = Descriptor(openat(folder.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) else {
                throw writeError("\(self.path)/\(path)")
            }
            if isNew { fchmod(inner.number, 0o755) }
            folder = inner
        }
        return folder
    }
}
