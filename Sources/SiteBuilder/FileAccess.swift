import Glibc

/// What went wrong with files, for the person at the command line.
package enum BuildError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// Another build of the tenant is running.
    case busy(tenant: String)
    case template(path: String, problem: String)
    case noTenant(String)
    case unusable(tenant: String, problem: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) can't be written: \(reason)"
        case .busy(let tenant): "\(tenant) is being built by another process: wait until it is done"
        case .template(let path, let problem): "\(path): \(problem)"
        case .noTenant(let problem): problem
        case .unusable(let tenant, let problem): "\(tenant): \(problem)"
        }
    }
}

/// The system's words for the last failed call.
func systemMessage() -> String {
    String(cString: strerror(errno))
}

/// Reads an open file to its end; nil on an error or when it holds more than `limit` bytes.
func readAll(_ descriptor: Int32, expecting size: Int, limit: Int) -> [UInt8]? {
    var failed = false
    var bytes = [UInt8](unsafeUninitializedCapacity: min(max(size, 0), limit) + 1) { buffer, count in
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
            let got = Glibc.read(descriptor, rest.baseAddress, rest.count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { failed = true }
            if got <= 0 { return }
            count += got
        }
    }
    if failed { return nil }
    guard bytes.count > size else { return bytes }
    // The file has grown since its size was taken.
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
        let got = Glibc.read(descriptor, &chunk, chunk.count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { return nil }
        if got == 0 { return bytes }
        bytes.append(contentsOf: chunk[..<got])
    }
    return nil
}

/// Writes all of `bytes`; false on an error, with `errno` set.
func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var written = 0
    while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        written += count
    }
    return true
}

/// Reads a file of ours; nil when it isn't there.
func readFile(_ path: String, limit: Int = 256 << 20) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return readAll(descriptor, expecting: Int(status.st_size), limit: limit)
}

/// Creates a folder and all above it; existing ones are fine.
func makeDirectories(_ path: String) throws(BuildError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
        throw .unwritable(path: path, reason: systemMessage())
    }
    try makeDirectories(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .unwritable(path: path, reason: systemMessage()) }
}

/// The names in a folder, without `.` and `..`; empty when it can't be read.
func directoryEntries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Removes a file, or a folder with all that is in it, never following links.
func removeTree(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    for name in directoryEntries(path) { removeTree("\(path)/\(name)") }
    rmdir(path)
}
