import Glibc
import Synchronization

/// Icons as PNG, for devices that take no SVG. Drawing one costs milliseconds, so each is drawn once for its letters and colours, which are
/// all that it depends on, and kept for later builds.
package final class IconCache: Sendable {
    package static let sizes = [180, 192]

    private let folder: String
    private let known = Mutex<[Fingerprint: [(size: Int, bytes: [UInt8])]]>([:])

    package init(folder: String) {
        self.folder = folder
    }

    func pngs(of icon: SiteIcon) -> [(size: Int, bytes: [UInt8])] {
        let key = Fingerprint(of: icon.svg() + icon.maskableSVG())
        if let found = known.withLock({ $0[key] }) { return found }
        let made = Self.sizes.compactMap { size in png(of: icon, size: size, key: key).map { (size, $0) } }
        known.withLock { known in
            if known.count > 5000 { known.removeAll() }
            known[key] = made
        }
        return made
    }

    private func png(of icon: SiteIcon, size: Int, key: Fingerprint) -> [UInt8]? {
        let path = "\(folder)/\(key)-\(size).png"
        if let stored = readFile(path), !stored.isEmpty { return stored }
        // Apple rounds the corners itself, so its icon fills the square.
        guard let bytes = size == 180 ? icon.maskablePNG(size: size) : icon.png(size: size) else { return nil }
        store(bytes, at: path)
        return bytes
    }

    /// A cache that can't be written only costs time.
    private func store(_ bytes: [UInt8], at path: String) {
        guard (try? makeDirectories(folder)) != nil else { return }
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        let isWritten = bytes.withUnsafeBytes { writeAll(descriptor, $0) }
        close(descriptor)
        if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
    }
}
