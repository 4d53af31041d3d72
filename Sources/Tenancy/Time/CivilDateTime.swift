/// A day and a time of day, as a clock on the wall shows them, without a zone. To the second.
package struct CivilDateTime: Sendable, Hashable {
    package let date: CivilDate
    /// 0…86 399
    package let secondOfDay: Int

    /// A second of day out of range becomes the nearest one in range.
    package init(date: CivilDate, secondOfDay: Int = 0) {
        self.date = date
        self.secondOfDay = min(max(secondOfDay, 0), 86_399)
    }

    /// Nil if a clock never shows that time.
    package init?(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.init(date: date, secondOfDay: hour * 3600 + minute * 60 + second)
    }

    package var hour: Int { secondOfDay / 3600 }
    package var minute: Int { secondOfDay / 60 % 60 }
    package var second: Int { secondOfDay % 60 }

    /// Later (or earlier) on a clock that knows no summer time. Stops at the first and the last second of the range of `CivilDate`.
    package func adding(seconds: Int) -> CivilDateTime {
        let (sum, overflow) = clockSeconds.addingReportingOverflow(seconds)
        if overflow { return seconds < 0 ? .first : .last }
        return CivilDateTime(clockSeconds: sum)
    }

    package static let first = CivilDateTime(date: .first)
    package static let last = CivilDateTime(date: .last, secondOfDay: 86_399)

    /// Seconds from 1970-01-01T00:00 to this on the same clock.
    var clockSeconds: Int { date.dayNumber * 86_400 + secondOfDay }

    init(clockSeconds: Int) {
        guard clockSeconds > CivilDateTime.first.clockSeconds else {
            self = .first
            return
        }
        guard clockSeconds < CivilDateTime.last.clockSeconds else {
            self = .last
            return
        }
        let secondOfDay = (clockSeconds % 86_400 + 86_400) % 86_400
        self.init(date: CivilDate(dayNumber: (clockSeconds - secondOfDay) / 86_400), secondOfDay: secondOfDay)
    }
}

extension CivilDateTime: Comparable {
    package static func < (left: CivilDateTime, right: CivilDateTime) -> Bool {
        left.date == right.date ? left.secondOfDay < right.secondOfDay : left.date < right.date
    }
}

extension CivilDateTime: CustomStringConvertible {
    /// As ISO 8601 writes it, with seconds only where there are any: `2026-09-02T18:00`, `2026-09-02T18:00:30`.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes, withSeconds: second != 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `2026-09-02T18:00`, or `2026-09-02T18:00:00`.
    package func append(to bytes: inout [UInt8], withSeconds: Bool) {
        date.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(hour, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(minute, width: 2)
        guard withSeconds else { return }
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(second, width: 2)
    }
}
