import CFileSystem
import Glibc

/// The files of one organization: `data/tenants/<organization id>/files/`. Links are never followed, wherever they stand.
///
/// The functions wait for the disk.
package struct TenantFiles: Sendable {
    /// The organization's folder.
    private let tenant: String

    init(tenant: String) { self.tenant = tenant }

    private static let rootName = "files"
    private var root: String { "\(tenant)/\(Self.rootName)" }

    /// The whole file. Throws `TenantFileError.missing` when there is none, `tooLarge` when it has more than `limit` bytes.
    package func read(_ key: FileKey, limit: Int) throws(TenantFileError) -> [UInt8] {
        let root = try openRoot(for: key)
        defer { close(root) }
        // Without waiting for the other end, should it be a pipe.
        let file = marquee_open_beneath(root, key.text, O_RDONLY | O_NONBLOCK)
        guard file >= 0 else { throw TenantFileError(-file, key) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw TenantFileError(errno, key) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notPlain(key) }
        guard status.st_size <= limit else { throw .tooLarge(key, limit: limit) }
        return try readAll(file, count: Int(status.st_size), key)
    }

    /// Makes or replaces a file in one step: readers see the old one or the new one. It is on the disk when this returns.
    package func write(_ bytes: [UInt8], to key: FileKey) throws(TenantFileError) {
        let parent = try opened(open(tenant, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), key)
        defer { close(parent) }
        try makeFolder(Self.rootName, in: parent, key)
        let folder = try openFolder(of: key, makesMissing: true)
        defer { close(folder) }
        let temporary = ".new-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        do throws(TenantFileError) {
            try writeAll(bytes, to: temporary, in: folder, key)
            guard renameat(folder, temporary, folder, key.name) == 0 else { throw TenantFileError(errno, key) }
        } catch {
            unlinkat(folder, temporary, 0)
            throw error
        }
        guard fsync(folder) == 0 else { throw TenantFileError(errno, key) }
    }

    /// Removes a file. One that isn't there is no error.
    package func remove(_ key: FileKey) throws(TenantFileError) {
        do throws(TenantFileError) {
            let folder = try openFolder(of: key, makesMissing: false)
            defer { close(folder) }
            guard unlinkat(folder, key.name, 0) == 0 else { throw TenantFileError(errno, key) }
        } catch .missing {
            return
        }
    }

    // MARK: Folders

    private func openRoot(for key: FileKey) throws(TenantFileError) -> Int32 {
        try opened(open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), key)
    }

    /// The folder that the file is in, opened part by part.
    private func openFolder(of key: FileKey, makesMissing: Bool) throws(TenantFileError) -> Int32 {
        var folder = try openRoot(for: key)
        for part in key.folders {
            let parent = folder
            defer { close(parent) }
            if makesMissing { try makeFolder(part, in: parent, key) }
            folder = try opened(openat(parent, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), key)
        }
        return folder
    }

    private func makeFolder(_ name: String, in parent: Int32, _ key: FileKey) throws(TenantFileError) {
        if mkdirat(parent, name, 0o700) == 0 {
            guard fsync(parent) == 0 else { throw TenantFileError(errno, key) }
        } else if errno != EEXIST {
            throw TenantFileError(errno, key)
        }
    }

    private func opened(_ descriptor: Int32, _ key: FileKey) throws(TenantFileError) -> Int32 {
        guard descriptor >= 0 else { throw TenantFileError(errno, key) }
        return descriptor
    }

    // MARK: Bytes

    private func readAll(_ file: Int32, count: Int, _ key: FileKey) throws(TenantFileError) -> [UInt8] {
        var errorNumber: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = Glibc.read(file, rest.baseAddress, rest.count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { errorNumber = errno }
                // Files are replaced, never changed: it is as long as it was.
                if got <= 0 { return }
                filled += got
            }
        }
        guard errorNumber == 0 else { throw TenantFileError(errorNumber, key) }
        return bytes
    }

    private func writeAll(_ bytes: [UInt8], to name: String, in folder: Int32, _ key: FileKey) throws(TenantFileError) {
        let file = try opened(openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600), key)
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, UnsafeRawBufferPointer(rebasing: $0[written...]).baseAddress, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw TenantFileError(errno, key) }
            written += count
        }
        guard fsync(file) == 0 else { throw TenantFileError(errno, key) }
    }
}

/// Why a tenant's file was not read or written.
package enum TenantFileError: Error, Sendable, Hashable, CustomStringConvertible {
    case missing(FileKey)
    /// A link, a folder or a device stands at the name or on the way to it.
    case notPlain(FileKey)
    case tooLarge(FileKey, limit: Int)
    case full(FileKey)
    case unusable(FileKey, reason: String)

    package var description: String {
        switch self {
        case .missing(let key): "there is no file \(key)"
        case .notPlain(let key): "\(key) is not a plain file in plain folders: remove the link, folder or device in its place"
        case .tooLarge(let key, let limit): "\(key) is larger than \(limit) bytes"
        case .full(let key): "\(key) can't be written: the disk is full: make room"
        case .unusable(let key, let reason): "\(key) can't be used: \(reason)"
        }
    }

    fileprivate init(_ errorNumber: Int32, _ key: FileKey) {
        self =
            switch errorNumber {
            case ENOENT: .missing(key)
            case ELOOP, ENOTDIR, EISDIR, EXDEV, ENXIO: .notPlain(key)
            case ENOSPC, EDQUOT: .full(key)
            default: .unusable(key, reason: String(cString: strerror(errorNumber)))
            }
    }
}
