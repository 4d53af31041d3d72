import CFileSystem
import Glibc

/// One file in a tenant's folder, as the directory shows it.
package struct ContentFile: Hashable, Sendable {
    /// From the tenant's folder, with `/`.
    package var path: String
    package var size: Int
    /// Nanoseconds since 1970.
    package var modified: Int64
    package var changed: Int64
    package var inode: UInt64

    /// Without the folder.
    package var name: Substring { path.split(separator: "/").last ?? "" }
    package var fileExtension: String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}

/// All files of a tenant's folder. Links, devices and hidden files are left out, so nothing outside the folder can be reached through it.
package struct ContentTree: Sendable {
    static let maximumDepth = 16
    static let maximumFiles = 100_000

    /// The tenant's folder.
    package let root: String
    /// Sorted by path.
    package private(set) var files: [ContentFile] = []
    package private(set) var findings: [Finding] = []
    /// Changes whenever a file is added, removed, replaced or written.
    package let fingerprint: Fingerprint
    /// The latest moment at which a file was written, in nanoseconds since 1970.
    package private(set) var latestChange: Int64 = 0
    private let directory: OpenDirectory

    /// Throws `BuildError.unreadable` when the folder itself can't be read.
    package init(root: String) throws(BuildError) {
        var walker = ContentWalker()
        directory = try OpenDirectory(root)
        let descriptor = dup(directory.descriptor)
        guard descriptor >= 0 else { throw .unreadable(path: root, reason: systemMessage()) }
        walker.walk(descriptor, prefix: "", depth: 0)
        self.root = root
        files = walker.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        findings = walker.findings
        var builder = FingerprintBuilder()
        for file in files {
            builder.add(file.path)
            builder.add(UInt64(bitPattern: Int64(file.size)))
            builder.add(UInt64(bitPattern: file.modified))
            builder.add(UInt64(bitPattern: file.changed))
            builder.add(file.inode)
            latestChange = max(latestChange, file.modified, file.changed)
        }
        fingerprint = builder.finish()
    }

    package func file(at path: String) -> ContentFile? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path == path { return files[middle] }
            if files[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    package func absolutePath(_ file: ContentFile) -> String { "\(root)/\(file.path)" }

    /// The file's bytes; nil when it can't be read any more or is larger than `limit`.
    package func read(_ file: ContentFile, limit: Int = 64 << 20) -> [UInt8]? {
        guard file.size <= limit else { return nil }
        // Somebody may have put a link in the file's place since the walk.
        let descriptor = marquee_open_beneath(directory.descriptor, file.path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return readAll(descriptor, expecting: file.size, limit: limit)
    }
}

/// A folder that stays open as long as somebody reads from it.
private final class OpenDirectory: Sendable {
    let descriptor: Int32

    init(_ path: String) throws(BuildError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
    }

    deinit { close(descriptor) }
}

private struct ContentWalker {
    var files: [ContentFile] = []
    var findings: [Finding] = []

    /// Takes over `descriptor`.
    mutating func walk(_ descriptor: Int32, prefix: String, depth: Int) {
        guard let directory = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name else {
                add(.warning, "file-name", prefix, "a file's name is not UTF-8", advice: "rename it with plain letters")
                continue
            }
            if name.hasPrefix("."), !(depth == 1 && name == ".well-known") { continue }
            let path = prefix + name
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                guard files.count < ContentTree.maximumFiles else { return }
                files.append(
                    ContentFile(
                        path: path, size: Int(status.st_size), modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
                        inode: UInt64(status.st_ino)))
            case S_IFDIR:
                guard depth < ContentTree.maximumDepth else {
                    add(.error, "folder-depth", path, "folders are nested too deeply", advice: "use at most \(ContentTree.maximumDepth) levels")
                    continue
                }
                let inner = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                if inner >= 0 { walk(inner, prefix: path + "/", depth: depth + 1) }
            case S_IFLNK:
                add(.error, "symbolic-link", path, "this is a link to another place", advice: "put the file itself here")
            default:
                add(.error, "special-file", path, "this is neither a file nor a folder", advice: "remove it")
            }
        }
    }

    private mutating func add(_ severity: Finding.Severity, _ rule: String, _ path: String, _ problem: String, advice: String) {
        if findings.count < 1000 { findings.append(Finding(severity, rule, path: path, problem, advice: advice)) }
    }

    private func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
