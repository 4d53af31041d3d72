package import Tenancy

extension TimeZoneRules {
    /// UTC times are written with a Z and need no VTIMEZONE.
    var isWrittenAsUTC: Bool { identifier == "UTC" }

    /// The last year for which a VTIMEZONE is written out where a zone has no simple rule; for the others it goes on for ever.
    static let lastCalendarYear = 2050

    /// A VTIMEZONE of RFC 5545, section 3.6.5, that is right in these years, with its line ends.
    ///
    /// A zone that changes by the same two rules every year until the end of what is known gets one STANDARD and one DAYLIGHT with an RRULE, from
    /// the first year of these rules on: what Apple, Google and Outlook write themselves and read best. What came before, and zones without such
    /// rules (Morocco changes for Ramadan), are written out change by change.
    package func iCalendarComponent(years: ClosedRange<Int>) -> [UInt8] {
        var writer = ICalendarWriter(capacity: 1024)
        writer.line("BEGIN:VTIMEZONE")
        writer.line("TZID:" + ICalendarWriter.parameterValue(identifier))
        let begin = moment(year: years.lowerBound, month: 1, day: 1)
        let end = moment(year: years.upperBound, month: 12, day: 31).adding(seconds: 2 * 86_400)
        let pair = YearlyPair(of: self)
        let firstRegular = pair?.firstIndex ?? transitions.count
        let next = transitions.firstIndex { $0.at > begin } ?? transitions.count
        if next <= firstRegular {
            if next > 0 { append(next - 1, to: &writer) } else { appendInitial(to: &writer) }
            for index in next..<firstRegular where transitions[index].at <= end { append(index, to: &writer) }
        }
        if let pair, transitions[firstRegular].at <= end {
            append(firstRegular, rule: pair.first.rule, to: &writer)
            append(firstRegular + 1, rule: pair.second.rule, to: &writer)
        }
        writer.line("END:VTIMEZONE")
        return writer.bytes
    }

    private func append(_ index: Int, rule: String? = nil, to writer: inout ICalendarWriter) {
        let before = offsetBefore(index)
        let transition = transitions[index]
        append(transition.observance, from: before, start: transition.at.local(offset: before), rule: rule, to: &writer)
    }

    private func appendInitial(to writer: inout ICalendarWriter) {
        append(initial, from: initial.offset, start: Instant(seconds: 0).local(offset: 0), rule: nil, to: &writer)
    }

    private func append(_ observance: Observance, from before: Int, start: CivilDateTime, rule: String?, to writer: inout ICalendarWriter) {
        let kind = observance.isDaylight ? "DAYLIGHT" : "STANDARD"
        writer.line("BEGIN:" + kind)
        writer.line("DTSTART:") { start.appendBasic(to: &$0) }
        if let rule { writer.line("RRULE:" + rule) }
        writer.line("TZOFFSETFROM:") { Self.appendOffset(before, to: &$0) }
        writer.line("TZOFFSETTO:") { Self.appendOffset(observance.offset, to: &$0) }
        if !observance.abbreviation.isEmpty { writer.text("TZNAME", observance.abbreviation) }
        writer.line("END:" + kind)
    }

    /// `-0800`; with seconds only where there are any, as some zones had long ago.
    private static func appendOffset(_ offset: Int, to bytes: inout [UInt8]) {
        bytes.append(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        let size = abs(offset)
        bytes.appendDigits(size / 3600, width: 2)
        bytes.appendDigits(size / 60 % 60, width: 2)
        if size % 60 != 0 { bytes.appendDigits(size % 60, width: 2) }
    }

    fileprivate func offsetBefore(_ index: Int) -> Int {
        index > 0 ? transitions[index - 1].observance.offset : initial.offset
    }

    private func moment(year: Int, month: Int, day: Int) -> Instant {
        instant(of: CivilDateTime(date: CivilDate(year: year, month: month, day: day) ?? .last))
    }
}

/// The two changes that come every year at the end of a zone's transitions.
private struct YearlyPair {
    /// The index of the first transition of the pair's first year. Its observance is `first`.
    let firstIndex: Int
    let first: YearlyChange
    let second: YearlyChange

    /// By then a rule such as “the second Sunday” has been seen on each of its seven days of the month.
    private static let leastYears = 12

    /// Nil if the zone has no such pair, or had one only in the past.
    init?(of zone: TimeZoneRules) {
        let count = zone.transitions.count
        guard count >= 2 * Self.leastYears, let last = zone.transitions.last,
            zone.local(last.at).date.year >= TimeZoneRules.lastCalendarYear - 1
        else { return nil }
        var later = (YearlyChange(of: zone, at: count - 2), YearlyChange(of: zone, at: count - 1))
        var index = count - 2
        while index >= 2 {
            let earlier = (YearlyChange(of: zone, at: index - 2), YearlyChange(of: zone, at: index - 1))
            guard let first = later.0.joined(withYearBefore: earlier.0), let second = later.1.joined(withYearBefore: earlier.1) else { break }
            later = (first, second)
            index -= 2
        }
        guard count - index >= 2 * Self.leastYears, later.0.isWholeWeek, later.1.isWholeWeek else { return nil }
        firstIndex = index
        (first, second) = later
    }
}

/// A change of the clocks on a weekday of a month, as seen in some successive years.
private struct YearlyChange {
    private let firstYear: Int
    private let month: Int
    private let weekday: Weekday
    private let secondOfDay: Int
    private let offsets: [Int]
    private let isDaylight: Bool
    /// The days of the month on which it was.
    private let days: ClosedRange<Int>

    init(of zone: TimeZoneRules, at index: Int) {
        let before = zone.offsetBefore(index)
        let transition = zone.transitions[index]
        let local = transition.at.local(offset: before)
        self.init(
            firstYear: local.date.year,
            month: local.date.month,
            weekday: local.date.weekday,
            secondOfDay: local.secondOfDay,
            offsets: [before, transition.observance.offset],
            isDaylight: transition.observance.isDaylight,
            days: local.date.day...local.date.day
        )
    }

    private init(firstYear: Int, month: Int, weekday: Weekday, secondOfDay: Int, offsets: [Int], isDaylight: Bool, days: ClosedRange<Int>) {
        self.firstYear = firstYear
        self.month = month
        self.weekday = weekday
        self.secondOfDay = secondOfDay
        self.offsets = offsets
        self.isDaylight = isDaylight
        self.days = days
    }

    /// This change with one more year before it, or nil if that year had another rule.
    func joined(withYearBefore earlier: YearlyChange) -> YearlyChange? {
        let days = min(days.lowerBound, earlier.days.lowerBound)...max(days.upperBound, earlier.days.upperBound)
        guard days.count <= 7, earlier.firstYear == firstYear - 1, earlier.month == month, earlier.weekday == weekday,
            earlier.secondOfDay == secondOfDay, earlier.offsets == offsets, earlier.isDaylight == isDaylight
        else { return nil }
        return YearlyChange(
            firstYear: earlier.firstYear, month: month, weekday: weekday, secondOfDay: secondOfDay, offsets: offsets, isDaylight: isDaylight,
            days: days)
    }

    var isWholeWeek: Bool { days.count == 7 }

    /// The value of an RRULE.
    var rule: String {
        let lengthOfMonth = CivilDate.days(inMonth: month, of: 2001)
        let head = "FREQ=YEARLY;BYMONTH=\(month)"
        if days.upperBound == lengthOfMonth, month != 2 { return "\(head);BYDAY=-1\(weekday.code)" }
        if days.lowerBound % 7 == 1 { return "\(head);BYDAY=\(days.lowerBound / 7 + 1)\(weekday.code)" }
        return "\(head);BYMONTHDAY=\(days.map(String.init).joined(separator: ","));BYDAY=\(weekday.code)"
    }
}
