import Glibc
import SiteBuilder

/// Tells which files below some folders have changed, through inotify(7).
final class FileWatcher {
    let descriptor: Int32
    private var folders: [Int32: String] = [:]

    private static let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB)

    /// Throws `BuildError.unreadable` when the system has no more watches to give.
    init(folders: [String]) throws(BuildError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw .unreadable(path: folders.first ?? "", reason: "it can't be watched: \(String(cString: strerror(errno)))")
        }
        for folder in folders { try add(folder) }
    }

    deinit { close(descriptor) }

    private func add(_ folder: String) throws(BuildError) {
        let watch = inotify_add_watch(descriptor, folder, Self.mask | UInt32(IN_ONLYDIR) | UInt32(IN_DONT_FOLLOW))
        guard watch >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return }
            let advice = errno == ENOSPC ? "raise fs.inotify.max_user_watches, or use --no-watch" : String(cString: strerror(errno))
            throw .unreadable(path: folder, reason: "it can't be watched: \(advice)")
        }
        folders[watch] = folder
        guard let directory = opendir(folder) else { return }
        var inner: [String] = []
        while let entry = readdir(directory) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if !name.hasPrefix(".") { inner.append("\(folder)/\(name)") }
        }
        closedir(directory)
        for path in inner { try add(path) }
    }

    /// The paths that have changed, after a moment in which no more come: editors write a file in several steps.
    func changes() -> Set<String> {
        var changed: Set<String> = []
        var waits = 0
        while true {
            let before = changed.count
            readEvents(into: &changed)
            if changed.count == before || waits >= 10 { return changed }
            waits += 1
            usleep(1500)
        }
    }

    private func readEvents(into changed: inout Set<String>) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            var offset = 0
            while offset + MemoryLayout<inotify_event>.size <= count {
                let event = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self) }
                let nameStart = offset + MemoryLayout<inotify_event>.size
                let name = buffer[nameStart..<min(nameStart + Int(event.len), count)].prefix { $0 != 0 }
                offset = nameStart + Int(event.len)
                guard let folder = folders[event.wd] else { continue }
                if event.mask & UInt32(IN_IGNORED) != 0 {
                    folders[event.wd] = nil
                    continue
                }
                let path = "\(folder)/\(String(decoding: name, as: UTF8.self))"
                // Files that editors keep beside the one that is edited.
                if name.first == UInt8(ascii: ".") || name.last == UInt8(ascii: "~") || path.hasSuffix(".swp") { continue }
                changed.insert(path)
                let isNewFolder = event.mask & UInt32(IN_ISDIR) != 0 && event.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0
                if isNewFolder { try? add(path) }
            }
        }
    }
}
