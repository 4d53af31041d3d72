import Glibc

/// What a folder takes on the disk.
package struct FolderSize: Sendable, Hashable {
    /// As the file system counts them, in whole blocks.
    package private(set) var bytes = 0
    /// False if there was more than is counted.
    package private(set) var isComplete = true

    /// Files and folders in it that are counted.
    package static let maximumEntries = 20_000

    /// Links count as what they are; only the folder itself may be reached through one. A folder that isn't there has no size.
    package init(of path: String, maximumEntries: Int = maximumEntries) {
        var folders = [path + "/."]
        var entries = 0
        while let folder = folders.popLast() {
            guard let directory = opendir(folder) else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                entries += 1
                guard entries <= maximumEntries else {
                    isComplete = false
                    return
                }
                var status = stat()
                guard fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                bytes += Int(status.st_blocks) * 512
                if status.st_mode & S_IFMT == S_IFDIR { folders.append("\(folder)/\(name)") }
            }
        }
    }
}
