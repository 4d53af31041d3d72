import Glibc

/// A regular file that is open for reading. It is closed when the last reference goes.
package final class OpenFile: Sendable {
    package let descriptor: Int32
    package let size: Int
    let identity: FileIdentity

    /// Takes over the descriptor.
    init(descriptor: Int32, identity: FileIdentity) {
        self.descriptor = descriptor
        self.size = identity.size
        self.identity = identity
    }

    deinit {
        close(descriptor)
    }

    /// Seconds since 1970.
    var modified: Int64 { identity.modified / 1_000_000_000 }

    /// The bytes from `offset` on, nil if the file is shorter than `offset + count` or cannot be read.
    package func read(offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
        return bytes.count == count ? bytes : nil
    }
}
