import Foundation
import Logging
import SiteBuilder
import Tenancy

/// One line of the log.
struct LogLine: Sendable {
    let moment: String
    let level: Logger.Level
    let message: String
    /// By key.
    let metadata: [(key: String, value: String)]

    /// Everything passes `Redaction`, whoever wrote it.
    init(_ event: LogEvent, base: Logger.Metadata, now: Date) {
        moment = Self.moment(now)
        level = event.level
        message = Redaction.clean(event.message.description)
        var all = base.merging(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { all["error"] = "\(error)" }
        metadata = all.map { ($0, Redaction.clean($1.description)) }.sorted { $0.key < $1.key }
    }

    /// One JSON object: `{"time":…,"level":…,"message":…,…}`.
    var json: String {
        let fixed: [(String, JSONValue)] = [("time", .text(moment)), ("level", .text(level.rawValue)), ("message", .text(message))]
        let names = Set(fixed.map(\.0))
        return JSONValue.object(fixed + metadata.map { (names.contains($0.key) ? "_" + $0.key : $0.key, .text($0.value)) }).string
    }

    /// For a person at a terminal: `12:00:01 info  answered status=200`.
    var text: String {
        let time = moment.dropFirst(11).prefix(8)
        let values = metadata.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(time) \(level.rawValue)\(String(repeating: " ", count: max(1, 9 - level.rawValue.count)))\(message)\(values)"
        return String(line.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }

    /// ISO 8601, UTC, with milliseconds.
    private static func moment(_ now: Date) -> String {
        // A clock may say anything, and the log must not stop for it.
        let milliseconds = Int64(exactly: (now.timeIntervalSince1970 * 1000).rounded(.down)) ?? 0
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return Instant(seconds: seconds).description.dropLast() + ".\(String(1000 + abs(rest)).dropFirst())Z"
    }
}
