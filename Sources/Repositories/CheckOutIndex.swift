import Glibc

/// How a file looks to the file system. It changes when the file is written, replaced or touched.
struct FileState: Hashable {
    var size: Int
    /// In nanoseconds since 1970.
    var modified: Int64
    var changed: Int64
    var inode: UInt64

    init(_ status: stat) {
        size = Int(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        inode = UInt64(status.st_ino)
    }

    fileprivate init?(_ fields: [Substring]) {
        guard fields.count == 4, let size = Int(fields[0]), let modified = Int64(fields[1]), let changed = Int64(fields[2]),
            let inode = UInt64(fields[3])
        else { return nil }
        (self.size, self.modified, self.changed, self.inode) = (size, modified, changed, inode)
    }

    fileprivate var text: String { "\(size) \(modified) \(changed) \(inode)" }

    private static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }
}

/// What the last check-out left behind: which object each file has, and how it looked. A file that still looks the same needn't be read.
///
/// It is written when all files are, and never flushed. Therefore it is believed only until the machine starts anew; after that every file is
/// compared with what it must be, once. What can't be read is no index: that costs time and nothing else.
struct CheckOutIndex {
    struct Entry: Hashable {
        var path: ContentPath
        var blob: String
        var state: FileState
    }

    private var entries: [ContentPath: Entry] = [:]

    init(_ entries: [Entry]) {
        self.entries = Dictionary(entries.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    }

    subscript(path: ContentPath) -> Entry? { entries[path] }

    // MARK: As a file

    private static let header = "marquee check-out 1"

    /// Identifies this run of the machine; empty where the system doesn't say.
    private static let run = String(decoding: readFile("/proc/sys/kernel/random/boot_id", limit: 100) ?? [], as: UTF8.self).filter { $0.isHexDigit }

    static func read(_ path: String) -> CheckOutIndex {
        guard !run.isEmpty, let bytes = readFile(path, limit: 64 << 20) else { return CheckOutIndex([]) }
        let records = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard records.first == "\(header) \(run)" else { return CheckOutIndex([]) }
        return CheckOutIndex(records.dropFirst().compactMap(entry))
    }

    func write(_ path: String) throws(RepositoryError) {
        var records = ["\(Self.header) \(Self.run)"]
        for entry in entries.values.sorted(by: { $0.path < $1.path }) { records.append("\(entry.blob) \(entry.state.text) \(entry.path)") }
        try replaceFile(path, records.flatMap { Array($0.utf8) + [0] })
    }

    private static func entry(_ record: String) -> Entry? {
        let fields = record.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, let state = FileState(Array(fields[1...4])), let path = try? ContentPath(fields[5]) else { return nil }
        return Entry(path: path, blob: String(fields[0]), state: state)
    }
}
