import Glibc
import Synchronization

/// Icons as PNG, for devices that take no SVG. The shape of each is drawn once for its letters and kept for later builds.
package final class IconCache: Sendable {
    package static let sizes = [180, 192]

    private let folder: String
    private let stencils = Mutex<[String: IconStencil]>([:])

    package init(folder: String) {
        self.folder = folder
    }

    /// None if the picture library does not work on this machine.
    package func pngs(of icon: SiteIcon) -> [(size: Int, bytes: [UInt8])] {
        Self.sizes.compactMap { size in
            // Apple rounds the corners itself, so its icon fills the square.
            stencil(icon.stencil(isMaskable: size == 180), size: size).map { (size, $0.png(ground: icon.ground, ink: icon.ink)) }
        }
    }

    private func stencil(_ svg: String, size: Int) -> IconStencil? {
        let name = "\(Fingerprint(of: svg))-\(size)"
        if let known = stencils.withLock({ $0[name] }) { return known }
        let path = "\(folder)/\(name).stencil"
        var stencil = readFile(path).flatMap { IconStencil(stored: $0, size: size) }
        if stencil == nil {
            stencil = IconStencil(svg: svg, size: size)
            if let stencil { store(stencil.stored, at: path) }
        }
        stencils.withLock { $0[name] = stencil }
        return stencil
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
