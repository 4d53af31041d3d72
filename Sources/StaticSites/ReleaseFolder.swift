import CFileSystem
import Glibc

/// An open release. Files are opened relative to its descriptor, so a request sees one release only, whatever is published meanwhile.
final class ReleaseFolder: Sendable {
    enum Entry {
        case file(OpenFile)
        case folder
        case missing

        var isFile: Bool { if case .file = self { true } else { false } }
    }

    /// The last part of `.releases/<slug>/<name>`.
    let name: String
    let redirects: RedirectRules
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64

    /// Opens `.releases/<slug>/<name>` below the output folder.
    /// - Returns: nil if there is no such folder, or a symbolic link on the way.
    init?(output: String, slug: String, name: String) throws(SiteUnavailable) {
        let outputDescriptor = open(output, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard outputDescriptor >= 0 else { return nil }
        defer { close(outputDescriptor) }
        let path = ".releases/\(slug)/\(name)"
        let opened = marquee_open_beneath(outputDescriptor, path, O_RDONLY | O_DIRECTORY)
        guard opened >= 0 else {
            try Self.checkMeansMissing(opened)
            return nil
        }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            close(opened)
            return nil
        }
        self.name = name
        self.descriptor = opened
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
        self.redirects = Self.redirects(in: opened)
    }

    deinit {
        close(descriptor)
    }

    /// True if `path` still leads to this very folder: it may have been deleted and made again under its old name.
    func isStill(at path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }

    /// Looks up a path of decoded segments joined by `/`. Symbolic links, devices, sockets and pipes count as missing.
    func entry(_ path: [UInt8]) throws(SiteUnavailable) -> Entry {
        try Self.entry(path, in: descriptor)
    }

    private static func entry(_ path: [UInt8], in folder: Int32) throws(SiteUnavailable) -> Entry {
        guard !path.isEmpty else { return .folder }
        let zeroTerminated = path.map { CChar(bitPattern: $0) } + [0]
        // O_NONBLOCK: opening a pipe must not wait for a writer.
        let opened = marquee_open_beneath(folder, zeroTerminated, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else {
            try checkMeansMissing(opened)
            return .missing
        }
        var status = stat()
        if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            return .file(OpenFile(descriptor: opened, identity: FileIdentity(status)))
        }
        close(opened)
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .missing
    }

    /// Every other error says that this path leads to nothing that is served.
    private static func checkMeansMissing(_ result: Int32) throws(SiteUnavailable) {
        if [EMFILE, ENFILE, ENOMEM, EIO].contains(-result) { throw SiteUnavailable(code: -result) }
    }

    private static func redirects(in folder: Int32) -> RedirectRules {
        guard case .file(let file) = try? entry(Array(RedirectRules.fileName.utf8), in: folder), file.size <= RedirectRules.maximumSize,
            let bytes = file.read(offset: 0, count: file.size)
        else { return RedirectRules() }
        return RedirectRules(bytes)
    }
}
