import CFileSystem
import Dispatch
import Glibc

// Files of ours, by system calls. Nothing here follows a symbolic link in a path's last component.

/// Does what waits for the disk on a thread of its own: Swift's threads for tasks are as few as cores, and none may wait.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws(RepositoryError) -> Value) async throws(RepositoryError) -> Value {
    let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
}

/// The system's words for the last failed call.
func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

/// The error for a failed call that writes.
func writeError(_ path: String) -> RepositoryError {
    [ENOSPC, EDQUOT, EFBIG].contains(errno) ? .diskFull : .unwritable(path: path, reason: systemMessage())
}

/// An open file or folder that is closed when nobody has it any more.
final class Descriptor: Sendable {
    let number: Int32

    /// Nil, with `errno` set, when `number` says that opening has failed.
    init?(_ number: Int32) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit { close(number) }
}

/// Reads a small file of ours; nil when it isn't there or holds more than `limit` bytes.
func readFile(_ path: String, limit: Int) -> [UInt8]? {
    guard let file = Descriptor(open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) else { return nil }
    return readAll(file.number, limit: limit)
}

func readAll(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return nil }
        if count == 0 { return bytes }
        bytes.append(contentsOf: chunk[..<count])
    }
    return nil
}

/// Writes all of `bytes`; false on an error, with `errno` set.
func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            written += count
        }
        return true
    }
}

/// Puts a file of ours in place in one step (rename(2)).
func replaceFile(_ path: String, _ bytes: [UInt8]) throws(RepositoryError) {
    let temporary = "\(path).new"
    unlink(temporary)
    guard let file = Descriptor(open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)) else { throw writeError(path) }
    guard writeAll(file.number, bytes), rename(temporary, path) == 0 else {
        let error = writeError(path)
        unlink(temporary)
        throw error
    }
}

/// Creates a folder of ours and all above it; existing ones are fine.
func makeFolders(_ path: String) throws(RepositoryError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw writeError(path) }
    try makeFolders(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw writeError(path) }
}

/// Has the file system write a file, or the names in a folder, to disk.
func flush(_ path: String) throws(RepositoryError) {
    guard let descriptor = Descriptor(open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)), fsync(descriptor.number) == 0 else { throw writeError(path) }
}

struct FolderEntry {
    enum Kind { case file, folder, other }

    /// Ends with a zero.
    var bytes: [CChar]
    var kind: Kind
    var status: stat

    /// Nil when it isn't UTF-8.
    var name: String? { String(validating: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}

/// What is in an open folder, in no order, without `.` and `..`; empty when it can't be read.
func entries(of folder: Int32) -> [FolderEntry] {
    // A descriptor of its own: reading moves its position.
    let own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { return [] }
    guard let directory = fdopendir(own) else {
        close(own)
        return []
    }
    defer { closedir(directory) }
    var entries: [FolderEntry] = []
    while let entry = readdir(directory) {
        let bytes = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { name in (0...strlen(name)).map { name[$0] } }
        }
        if bytes == [0x2E, 0] || bytes == [0x2E, 0x2E, 0] { continue }
        var status = stat()
        guard fstatat(folder, bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
        let kind: FolderEntry.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        entries.append(FolderEntry(bytes: bytes, kind: kind, status: status))
    }
    return entries
}

/// Removes a file or a link, or a folder with all that is in it. What is missing is fine.
func removeTree(_ path: String) { removeTree(path.utf8CString.map { $0 }, in: AT_FDCWD) }

func removeTree(_ name: [CChar], in folder: Int32) {
    if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
    if let inner = Descriptor(openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
        for entry in entries(of: inner.number) { removeTree(entry.bytes, in: inner.number) }
    }
    unlinkat(folder, name, AT_REMOVEDIR)
}

/// Calls `body` with the path and the entry of everything below a folder of ours, a folder before what is in it.
func walk(_ path: String, _ body: (String, FolderEntry) throws(RepositoryError) -> Void) throws(RepositoryError) {
    guard let folder = Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) else { return }
    for entry in entries(of: folder.number) {
        guard let name = entry.name else { continue }
        try body("\(path)/\(name)", entry)
        if entry.kind == .folder { try walk("\(path)/\(name)", body) }
    }
}

/// Takes a lock (flock(2)) that the system frees when the process ends, however it ends. Waits for others for a while; then throws `busy`.
func lock(_ path: String, patience: Duration) async throws(RepositoryError) -> Descriptor {
    guard let file = Descriptor(open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)) else { throw writeError(path) }
    let end = ContinuousClock.now + patience
    while flock(file.number, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else { throw writeError(path) }
        guard ContinuousClock.now < end else { throw .busy }
        // Blocking would take a thread from everybody else.
        do { try await Task.sleep(for: .milliseconds(5)) } catch { throw .cancelled }
    }
    return file
}
