import Glibc

/// Plain reading and writing of whole files.
enum PictureFile {
    /// At most `limit` bytes from the start of a file; nil if it cannot be read.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < limit {
                let added = Glibc.read(file, buffer.baseAddress.map { $0 + count }, limit - count)
                if added < 0 && errno == EINTR { continue }
                failed = added < 0
                if added <= 0 { break }
                count += added
            }
        }
        return failed ? nil : bytes
    }

    /// Writes a new file. False with `errno` set if that fails.
    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { return false }
        let isWritten = bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(file, slice.baseAddress, slice.count)
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        // A full disk may only show at the end.
        guard isWritten else {
            let reason = errno
            close(file)
            errno = reason
            return false
        }
        return close(file) == 0
    }

    /// The size of a regular file in bytes; nil for anything else, such as folders and pipes.
    static func size(_ path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}
