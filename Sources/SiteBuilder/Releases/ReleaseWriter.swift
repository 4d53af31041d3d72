import CFileSystem
import Compression
import Dispatch
import Glibc
import Synchronization

/// Writes the files of one release. Files that haven't changed become hard links to the last release's.
final class ReleaseWriter: Sendable {
    private struct Progress {
        var keys: [String: Fingerprint] = [:]
        var inputs: [String: Fingerprint] = [:]
        var newFiles: [String] = []
        var linked = 0
        var written = 0
        var flushProblem: String?
    }

    /// So many new files are flushed together while more are being written: a large release then has little left to flush at its end.
    private static let filesPerFlush = 4096

    private let folder: String
    private let directory: Int32
    private let previous: PreviousRelease?
    private let precompress: Bool
    private let progress = Mutex(Progress())
    private let disk = DispatchQueue(label: "release-writer")

    /// Creates the folder. Throws `BuildError.unwritable`.
    init(folder: String, previous: PreviousRelease?, precompress: Bool) throws(BuildError) {
        removeTree(folder)
        try makeDirectories(folder)
        directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .unwritable(path: folder, reason: systemMessage()) }
        self.folder = folder
        self.previous = previous
        self.precompress = precompress
    }

    deinit { close(directory) }

    var keys: [String: Fingerprint] { progress.withLock { $0.keys } }
    var inputs: [String: Fingerprint] { progress.withLock { $0.inputs } }
    var writtenCount: Int { progress.withLock { $0.written } }
    var linkedCount: Int { progress.withLock { $0.linked } }
    /// Absolute paths of files that aren't on disk for certain yet.
    var newFiles: [String] { progress.withLock { $0.newFiles } }

    /// Takes a copied file over when its source hasn't been touched since the last release.
    func reuse(_ path: String, input: Fingerprint) -> Bool {
        guard let previous, previous.inputs[path] == input, let key = previous.keys[path], takeOver(path, key: key) else { return false }
        note(path, input: input)
        return true
    }

    func note(_ path: String, input: Fingerprint) {
        progress.withLock { $0.inputs[path] = input }
    }

    /// A page with its compressed siblings is another thing than the page alone.
    private func salted(_ key: Fingerprint) -> Fingerprint {
        precompress ? Fingerprint(high: key.high ^ 0x9E37_79B9_7F4A_7C15, low: key.low) : key
    }

    /// Takes a file over from the last release if that made it from the same input.
    func reuse(_ path: String, key: Fingerprint) -> Bool { takeOver(path, key: salted(key)) }

    private func takeOver(_ path: String, key: Fingerprint) -> Bool {
        guard let previous, previous.keys[path] == key,
            inFolder(of: path, { linkat(previous.directory, path, directory, path, 0) }) == 0
        else { return false }
        if precompress { for suffix in Self.compressedSuffixes { _ = linkat(previous.directory, path + suffix, directory, path + suffix, 0) } }
        progress.withLock {
            $0.keys[path] = key
            $0.linked += 1
        }
        return true
    }

    /// Takes over all files of a folder that were made together; false when one of them is missing or another.
    func reuseFolder(_ folder: String, key: Fingerprint) -> Bool {
        guard let previous else { return false }
        let paths = previous.keys.filter { $0.key.hasPrefix(folder + "/") }
        guard !paths.isEmpty, paths.values.allSatisfy({ $0 == salted(key) }) else { return false }
        return paths.keys.allSatisfy { reuse($0, key: key) }
    }

    /// Writes a file, or links the last release's when that has the same key.
    func write(_ path: String, _ bytes: [UInt8], key: Fingerprint) throws(BuildError) {
        if reuse(path, key: key) { return }
        try create(path, bytes)
        if precompress, Self.isText(path), bytes.count >= 512 {
            for (suffix, compressed) in [(".gz", Compression.gzip(bytes, level: 9)), (".br", Compression.brotli(bytes, quality: 11))] {
                if let compressed, compressed.count < bytes.count { try create(path + suffix, compressed) }
            }
        }
        progress.withLock {
            $0.keys[path] = salted(key)
            $0.written += 1
        }
    }

    /// Links a file from a cache on the same file system, or copies it.
    func link(_ path: String, from source: String, key: Fingerprint) throws(BuildError) {
        if reuse(path, key: key) { return }
        if inFolder(of: path, { linkat(AT_FDCWD, source, directory, path, 0) }) != 0 {
            guard let bytes = readFile(source) else { throw .unreadable(path: source, reason: systemMessage()) }
            try create(path, bytes)
        }
        progress.withLock {
            $0.keys[path] = salted(key)
            $0.written += 1
            $0.newFiles.append("\(folder)/\(path)")
        }
    }

    /// Writes a file that belongs to the release but isn't part of the site.
    func writeBeside(_ path: String, _ bytes: [UInt8]) throws(BuildError) {
        try replaceFile(path, bytes)
        progress.withLock { $0.newFiles.append(path) }
    }

    private func create(_ path: String, _ bytes: [UInt8]) throws(BuildError) {
        let descriptor = inFolder(of: path) { openat(directory, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw .unwritable(path: "\(folder)/\(path)", reason: systemMessage()) }
        let isWritten = bytes.withUnsafeBytes { writeAll(descriptor, $0) }
        let reason = isWritten ? "" : systemMessage()
        close(descriptor)
        guard isWritten else { throw .unwritable(path: "\(folder)/\(path)", reason: reason) }
        let count = progress.withLock { progress in
            progress.newFiles.append("\(folder)/\(path)")
            return progress.newFiles.count
        }
        if count.isMultiple(of: Self.filesPerFlush) { disk.async { self.flush() } }
    }

    private func flush() {
        if marquee_syncfs(directory) == 0 { return }
        let reason = systemMessage()
        progress.withLock { $0.flushProblem = reason }
    }

    /// Waits for the flushes that have begun. Their errors are not told again, so one that failed is an error here.
    func finishFlushing() throws(BuildError) {
        disk.sync {}
        if let reason = progress.withLock({ $0.flushProblem }) { throw .unwritable(path: folder, reason: reason) }
    }

    /// Makes `entry`, a system call's result with `errno`, in a folder that is created when it isn't there.
    ///
    /// A page called `index.html` is mostly the first file of its folder, so its folder is made without asking; others try first.
    private func inFolder(of path: String, _ entry: () -> Int32) -> Int32 {
        let result = path.hasSuffix(Self.pageInFolder) ? missing() : entry()
        guard result < 0, errno == ENOENT, let slash = path.lastIndex(of: "/") else { return result }
        let folder = String(path[..<slash])
        guard inFolder(of: folder, { mkdirat(directory, folder, 0o755) }) == 0 || errno == EEXIST else { return -1 }
        return entry()
    }

    private func missing() -> Int32 {
        errno = ENOENT
        return -1
    }

    private static let pageInFolder = "/index.html"
    private static let compressedSuffixes = [".gz", ".br"]

    private static func isText(_ path: String) -> Bool {
        [".html", ".css", ".js", ".json", ".xml", ".ics", ".svg", ".txt", ".webmanifest"].contains { path.hasSuffix($0) }
    }
}

/// Puts a file in place in one step.
func replaceFile(_ path: String, _ bytes: [UInt8]) throws(BuildError) {
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
    let isWritten = bytes.withUnsafeBytes { writeAll(descriptor, $0) }
    let reason = systemMessage()
    close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
        unlink(temporary)
        throw .unwritable(path: path, reason: isWritten ? systemMessage() : reason)
    }
}
