import Foundation
import Glibc
import Logging

/// Writes the log, one line an event.
struct ServerLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let format: ServerSettings.LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes a line with its end.
    init(level: Logger.Level, format: ServerSettings.LogFormat, write: @escaping @Sendable (String) -> Void = Self.standardError) {
        logLevel = level
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = LogLine(event, base: metadata.merging(metadataProvider?.get() ?? [:]) { own, _ in own }, now: Date())
        write((format == .json ? line.json : line.text) + "\n")
    }

    /// One write(2) a line, so that lines of several threads don't mix.
    static let standardError: @Sendable (String) -> Void = { line in
        var line = line
        line.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
