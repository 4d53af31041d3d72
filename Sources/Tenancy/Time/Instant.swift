/// A moment, the same everywhere: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// It lies in the years 1–9999 of UTC; arithmetic stops at both ends and never traps.
package struct Instant: Sendable, Hashable {
    package let seconds: Int64

    /// A number out of range becomes the nearest one in range.
    package init(seconds: Int64) {
        self.seconds = min(max(seconds, Instant.range.lowerBound), Instant.range.upperBound)
    }

    /// The moment when a clock with this offset, in seconds east of UTC, shows this time.
    package init(_ local: CivilDateTime, offset: Int) {
        let (seconds, overflow) = local.clockSeconds.subtractingReportingOverflow(offset)
        self.init(seconds: overflow ? (offset < 0 ? .max : .min) : Int64(seconds))
    }

    /// Reads `2026-09-02T18:00:00Z` and `2026-09-02T18:00:00-08:00`. Nil for anything that has no time or no offset.
    package init?(_ text: String) {
        // The forms without `T` are for people; what a program wrote has it.
        guard text.utf8.dropFirst(10).first == UInt8(ascii: "T"), let written = try? WrittenDate(parsing: text), written.hasTime,
            let offset = written.offset
        else { return nil }
        self.init(written.dateTime, offset: offset)
    }

    package func adding(seconds: Int64) -> Instant {
        let (sum, overflow) = self.seconds.addingReportingOverflow(seconds)
        return Instant(seconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// What a clock with this offset, in seconds east of UTC, shows.
    package func local(offset: Int) -> CivilDateTime {
        CivilDateTime(clockSeconds: Int(seconds)).adding(seconds: offset)
    }

    /// 0001-01-01T00:00:00Z…9999-12-31T23:59:59Z
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}

extension Instant: Comparable {
    package static func < (left: Instant, right: Instant) -> Bool {
        left.seconds < right.seconds
    }
}

extension Instant: CustomStringConvertible {
    /// As ISO 8601 writes it: `2026-09-02T18:00:00Z`.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what `description` says.
    package func append(to bytes: inout [UInt8]) {
        local(offset: 0).append(to: &bytes, withSeconds: true)
        bytes.append(UInt8(ascii: "Z"))
    }
}
