import Foundation

/// `DatabaseTestProcess`, running: something to kill.
final class TestProcess {
    private let process = Process()
    private let output = Pipe()
    private var unread: [UInt8] = []

    init(_ arguments: String...) throws {
        // Both programs are built into one folder.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("DatabaseTestProcess")
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
    }

    deinit { if process.isRunning { kill() } }

    /// The next line that it prints; nil at its end.
    func nextLine() throws -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeFirst(end + 1) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            unread.append(contentsOf: more)
        }
    }

    /// The lines that it has printed and will print.
    func remainingLines() throws -> [String] {
        var lines: [String] = []
        while let line = try nextLine() { lines.append(line) }
        return lines
    }

    /// kill -9.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Waits for its end.
    func exitCode() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
