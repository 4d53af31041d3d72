/// A day of the proleptic Gregorian calendar, in the years 1–9999, without a time or a zone.
///
/// Every value is a day that exists. Arithmetic stops at the first and the last day; it never traps.
package struct CivilDate: Sendable, Hashable {
    package let year: Int
    /// 1…12
    package let month: Int
    /// 1…31
    package let day: Int

    package static let first = CivilDate(unchecked: 1, 1, 1)
    package static let last = CivilDate(unchecked: 9999, 12, 31)

    /// Nil if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year) else { return nil }
        self.init(unchecked: year, month, day)
    }

    /// The day this many days after 1970-01-01; the first or last day if that is out of range.
    package init(dayNumber: Int) {
        guard dayNumber > CivilDate.first.dayNumber else {
            self = .first
            return
        }
        guard dayNumber < CivilDate.last.dayNumber else {
            self = .last
            return
        }
        // Years are counted from 1 March 0000, so that the leap day is the last day of its year.
        let days = dayNumber + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.init(
            unchecked: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
            month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01, negative before it.
    package var dayNumber: Int {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let era = yearFromMarch / 400
        let yearOfEra = yearFromMarch % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var weekday: Weekday { Weekday(dayNumber: dayNumber) }

    /// 1…366
    package var dayOfYear: Int { dayNumber - firstOfYear.dayNumber + 1 }

    package var firstOfMonth: CivilDate { CivilDate(unchecked: year, month, 1) }
    package var lastOfMonth: CivilDate { CivilDate(unchecked: year, month, CivilDate.days(inMonth: month, of: year)) }
    package var firstOfYear: CivilDate { CivilDate(unchecked: year, 1, 1) }

    /// The last `weekday` that is not after this day.
    package func startOfWeek(_ weekday: Weekday) -> CivilDate {
        adding(days: -self.weekday.days(after: weekday))
    }

    package func adding(days: Int) -> CivilDate {
        let (number, overflow) = dayNumber.addingReportingOverflow(days)
        if overflow { return days < 0 ? .first : .last }
        return CivilDate(dayNumber: number)
    }

    /// The same day some months later (or earlier), or the last of that month where it is shorter: 31 January + 1 month is 28 or 29 February.
    package func adding(months: Int) -> CivilDate {
        let (index, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        if overflow { return months < 0 ? .first : .last }
        guard index >= 12 else { return .first }
        guard index < 10_000 * 12 else { return .last }
        let (newYear, newMonth) = (index / 12, index % 12 + 1)
        return CivilDate(unchecked: newYear, newMonth, min(day, CivilDate.days(inMonth: newMonth, of: newYear)))
    }

    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The length of a month; 0 if `month` is not 1…12.
    package static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1...12: 31
        default: 0
        }
    }
}

extension CivilDate: Comparable {
    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension CivilDate: CustomStringConvertible {
    /// As ISO 8601 writes it: `2026-09-02`.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10)
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what `description` says.
    package func append(to bytes: inout [UInt8]) {
        bytes.appendDigits(year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(day, width: 2)
    }
}
