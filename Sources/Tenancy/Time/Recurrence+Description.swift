extension Recurrence: CustomStringConvertible {
    /// The value of an RRULE property: `FREQ=MONTHLY;BYDAY=1TU`. Equal rules give equal text.
    package var description: String {
        var text = "FREQ=\(frequency.rawValue)"
        if interval != 1 { text += ";INTERVAL=\(interval)" }
        switch end {
        case .never: break
        case .count(let count): text += ";COUNT=\(count)"
        case .until(let until): text += ";UNTIL=\(until)"
        }
        text += Self.part("BYMONTH", months)
        text += Self.part("BYWEEKNO", weekNumbers)
        text += Self.part("BYYEARDAY", yearDays)
        text += Self.part("BYMONTHDAY", monthDays)
        text += Self.part("BYDAY", days)
        text += Self.part("BYSETPOS", setPositions)
        if weekStart != .monday { text += ";WKST=\(weekStart.code)" }
        return text
    }

    private static func part(_ name: String, _ values: [some CustomStringConvertible]) -> String {
        values.isEmpty ? "" : ";\(name)=" + values.map(\.description).joined(separator: ",")
    }
}

extension Recurrence.Day: CustomStringConvertible {
    package var description: String { (ordinal.map(String.init) ?? "") + weekday.code }
}

extension Recurrence.Until: CustomStringConvertible {
    /// In the basic format of ISO 8601: `20270615`, `20270615T235959`, `20270615T235959Z`.
    package var description: String {
        var bytes: [UInt8] = []
        switch self {
        case .date(let date): date.appendBasic(to: &bytes)
        case .local(let local): local.appendBasic(to: &bytes)
        case .utc(let instant): instant.appendBasic(to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
