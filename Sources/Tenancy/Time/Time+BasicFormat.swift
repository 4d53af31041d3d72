// The basic format of ISO 8601, without hyphens and colons, which iCalendar uses (RFC 5545, sections 3.3.4 and 3.3.5).

extension CivilDate {
    /// Appends `20260902`.
    package func appendBasic(to bytes: inout [UInt8]) {
        bytes.appendDigits(year, width: 4)
        bytes.appendDigits(month, width: 2)
        bytes.appendDigits(day, width: 2)
    }
}

extension CivilDateTime {
    /// Appends `20260902T183000`.
    package func appendBasic(to bytes: inout [UInt8]) {
        date.appendBasic(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(hour, width: 2)
        bytes.appendDigits(minute, width: 2)
        bytes.appendDigits(second, width: 2)
    }
}

extension Instant {
    /// Appends `20260902T183000Z`.
    package func appendBasic(to bytes: inout [UInt8]) {
        local(offset: 0).appendBasic(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }
}
