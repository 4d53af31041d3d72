import Glibc

// What the files of this module need of the system, and nothing that knows a database.

/// The system's words for the last failed call.
func systemMessage() -> String { String(cString: strerror(errno)) }

func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a folder that only we can look into, and those above it; existing ones stay as they are. New ones are on the disk when this returns.
func makeFolder(_ path: String) throws(DatabaseError) {
    if mkdir(path, 0o700) == 0 { return try flush(folder(of: path)) }
    if errno == EEXIST { return }
    guard errno == ENOENT, folder(of: path) != path else { throw .unusable(file: path, reason: systemMessage()) }
    try makeFolder(folder(of: path))
    try makeFolder(path)
}

/// Waits until a file, or the names in a folder, are on the disk.
func flush(_ path: String) throws(DatabaseError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unusable(file: path, reason: systemMessage()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .unusable(file: path, reason: systemMessage()) }
}

/// The names in a folder, without `.` and `..`, sorted.
func names(in path: String) throws(DatabaseError) -> [String] {
    guard let directory = opendir(path) else { throw .unusable(file: path, reason: systemMessage()) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Removes a file, or a folder with all that is in it, never following links. What isn't there is no error.
func removeTree(_ path: String) throws(DatabaseError) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR else { throw .unusable(file: path, reason: systemMessage()) }
    // What can't be listed is gone meanwhile, or rmdir says what is wrong with it.
    for name in (try? names(in: path)) ?? [] { try removeTree("\(path)/\(name)") }
    guard rmdir(path) == 0 || errno == ENOENT else { throw .unusable(file: path, reason: systemMessage()) }
}
