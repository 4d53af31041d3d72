import Crypto
import Foundation
import Glibc

/// The server's own secret: what it gives to a browser and gets back is signed with keys made from it. It lasts as long as the data folder;
/// whoever removes the file makes all open forms and challenges void, and with them the second factors that are apps and recovery codes.
struct ServerKey: Sendable {
    /// Why there is no key, for the operator.
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(path) can't be used: \(reason)" }
    }

    private let secret: SymmetricKey

    static let size = 32

    /// - Parameter bytes: `size` of them, secure.
    init(_ bytes: [UInt8]) {
        secret = SymmetricKey(data: bytes)
    }

    /// A key for one purpose (HKDF, RFC 5869), so that what was signed for one can't be used for another.
    func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Array("marquee \(purpose)".utf8), outputByteCount: Self.size)
    }

    /// Reads `<folder>/server.key`. Makes it at the first start: readable by nobody else, and on the disk before it is used.
    static func load(folder: String, random: SecureRandom) throws(Failure) -> ServerKey {
        let path = "\(folder)/server.key"
        if let key = try read(path) { return key }
        try make(path, folder: folder, random)
        guard let key = try read(path) else { throw Failure(path: path, reason: "it was removed while it was made") }
        return key
    }

    /// Nil if there is none.
    private static func read(_ path: String) throws(Failure) -> ServerKey? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        defer { close(descriptor) }
        // Foundation's, because in this module `stat` is more than one module's.
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
        guard let mode, mode.intValue & 0o077 == 0 else { throw Failure(path: path, reason: "others may read it: run chmod 600 on it") }
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count == size else {
            throw Failure(path: path, reason: "it must have \(size) bytes: restore it from a backup, or remove it to have a new one made")
        }
        return ServerKey(Array(bytes.prefix(size)))
    }

    /// Written beside and then linked to its name: it is there whole or not at all, and of two processes one makes it.
    private static func make(_ path: String, folder: String, _ random: SecureRandom) throws(Failure) {
        let unfinished = "\(path).\(getpid())"
        unlink(unfinished)
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(unfinished) }
        defer { unlink(unfinished) }
        let bytes = random.bytes(size)
        let isWritten = write(descriptor, bytes, bytes.count) == size && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten else { throw failure(unfinished) }
        guard link(unfinished, path) == 0 || errno == EEXIST else { throw failure(path) }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure(folder) }
    }

    private static func failure(_ path: String) -> Failure { Failure(path: path, reason: String(cString: strerror(errno))) }
}
