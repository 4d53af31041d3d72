import Dispatch
import Glibc
import Tenancy

/// A folder in which mails are kept as files instead of being sent: one `.eml` each, which mail programs open.
package struct FileOutbox: MailTransport {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// The file has its name when it is whole and on the disk. The name comes from the message, so that a message that is delivered twice is
    /// there once.
    package func deliver(_ message: MailMessage) async throws(DeliveryError) {
        let (folder, name, bytes) = (folder, Name(message), message.bytes)
        try await onThread { () throws(DeliveryError) in try Self.write(bytes, as: name, in: folder) }
    }

    /// A file of the outbox: `20261124T040225Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c`, with `.eml` behind it. Names sort by time.
    package struct Name: Sendable, Hashable, Comparable, CustomStringConvertible {
        package let description: String

        init(_ message: MailMessage) {
            description = "\(message.date)".filter { $0 != "-" && $0 != ":" } + "-\(message.id.unique)"
        }

        /// Nil for anything that isn't such a name: so a value is safe in a path.
        package init?(_ text: some StringProtocol) {
            let parts = text.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count == 16, UniqueID(parts[1]) != nil else { return nil }
            for (position, byte) in parts[0].utf8.enumerated() {
                switch position {
                case 8: guard byte == UInt8(ascii: "T") else { return nil }
                case 15: guard byte == UInt8(ascii: "Z") else { return nil }
                default: guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                }
            }
            description = String(text)
        }

        package static func < (left: Name, right: Name) -> Bool { left.description < right.description }
    }

    /// The newest first.
    package func list(limit: Int = 200) async -> [Name] {
        let folder = folder
        return await onThread { () -> [Name] in
            guard let directory = opendir(folder) else { return [] }
            defer { closedir(directory) }
            var names: [Name] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name.hasSuffix(Self.suffix), let known = Name(name.dropLast(Self.suffix.count)) { names.append(known) }
            }
            return Array(names.sorted(by: >).prefix(limit))
        }
    }

    /// Nil if there is no such mail.
    package func read(_ name: Name) async -> WrittenMail? {
        let path = path(name)
        return await onThread { () -> WrittenMail? in Self.content(of: path).map { WrittenMail($0) } }
    }

    private static let suffix = ".eml"
    private static let maximumSize = 8 << 20

    private func path(_ name: Name) -> String { "\(folder)/\(name)\(Self.suffix)" }

    // MARK: Files

    private static func write(_ bytes: [UInt8], as name: Name, in folder: String) throws(DeliveryError) {
        try makeFolder(folder)
        let temporary = "\(folder)/.writing-\(name)"
        // Another process at the same message writes a file of its own.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(folder) }
        let isWritten = writeAll(file, bytes) && fsync(file) == 0
        let reason = isWritten ? nil : failure(folder)
        close(file)
        if let reason {
            unlink(temporary)
            throw reason
        }
        guard rename(temporary, "\(folder)/\(name)\(suffix)") == 0 else { throw failure(folder) }
        try flush(folder)
    }

    private static func failure(_ folder: String) -> DeliveryError {
        .temporary("\(folder) can't be written: \(String(cString: strerror(errno)))")
    }

    private static func makeFolder(_ path: String) throws(DeliveryError) {
        if mkdir(path, 0o700) == 0 { return try flush(parent(of: path)) }
        if errno == EEXIST { return }
        guard errno == ENOENT, parent(of: path) != path else { throw failure(path) }
        try makeFolder(parent(of: path))
        try makeFolder(path)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func flush(_ folder: String) throws(DeliveryError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    private static func writeAll(_ file: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func content(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumSize {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
        return nil
    }
}

/// Does what waits for a disk or a server on a thread of its own: Swift's threads for tasks are as few as cores, and none may wait.
func onThread<Value: Sendable, Failure: Error>(_ work: @escaping @Sendable () throws(Failure) -> Value) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
}
