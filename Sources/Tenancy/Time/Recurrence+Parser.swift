extension Recurrence {
    /// Reads `FREQ=MONTHLY;BYDAY=1TU`, in capitals or not, with or without `RRULE:` before it.
    package init(parsing text: some StringProtocol) throws(RecurrenceError) {
        self = try RecurrenceParser(text).recurrence()
    }
}

/// The parts of a rule by name, and how to read each.
private struct RecurrenceParser {
    private var values: [String: String] = [:]

    /// No sensible rule is longer. It also bounds the lists, and with them the work of an expansion.
    private static let maximumLength = 500
    private static let maximumCount = 10_000
    private static let maximumInterval = 1000
    private static let names: Set<String> = [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST",
    ]

    init(_ text: some StringProtocol) throws(RecurrenceError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw RecurrenceError(problem: "the rule has more than \(Self.maximumLength) characters", advice: "write a simpler one")
        }
        var rule = Substring(text.uppercased())
        if rule.hasPrefix("RRULE:") { rule = rule.dropFirst(6) }
        for part in rule.split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
            guard let name = sides.first, !name.isEmpty else { continue }
            guard sides.count == 2, !sides[1].isEmpty else {
                throw RecurrenceError(problem: "“\(shown(part))” has no value", advice: "write \(shown(name))=…, such as FREQ=WEEKLY;BYDAY=MO")
            }
            guard Self.names.contains(name) else { throw Self.unknown(name) }
            guard values.updateValue(sides[1], forKey: name) == nil else {
                throw RecurrenceError(problem: "\(name) is there twice", advice: "write it once")
            }
        }
    }

    func recurrence() throws(RecurrenceError) -> Recurrence {
        let rule = Recurrence(
            frequency: try frequency(),
            interval: try positiveNumber("INTERVAL", maximum: Self.maximumInterval) ?? 1,
            end: try end(),
            months: try numbers("BYMONTH", in: 1...12),
            weekNumbers: try numbers("BYWEEKNO", in: -53...53),
            yearDays: try numbers("BYYEARDAY", in: -366...366),
            monthDays: try numbers("BYMONTHDAY", in: -31...31),
            days: try days(),
            setPositions: try numbers("BYSETPOS", in: -366...366),
            weekStart: try weekStart()
        )
        try checkCombination(rule)
        return rule
    }

    private func frequency() throws(RecurrenceError) -> Recurrence.Frequency {
        let advice = "write FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY"
        guard let value = values["FREQ"] else { throw RecurrenceError(problem: "FREQ is missing", advice: advice) }
        if let frequency = Recurrence.Frequency(rawValue: value) { return frequency }
        let isTooOften = ["SECONDLY", "MINUTELY", "HOURLY"].contains(value)
        throw RecurrenceError(
            problem: isTooOften ? "FREQ=\(value) comes more than once a day, which is not supported" : "FREQ=\(shown(value)) is unknown",
            advice: advice
        )
    }

    private func end() throws(RecurrenceError) -> Recurrence.End {
        let count = try positiveNumber("COUNT", maximum: Self.maximumCount)
        guard let value = values["UNTIL"] else { return count.map { .count($0) } ?? .never }
        guard count == nil else {
            throw RecurrenceError(problem: "the rule has both COUNT and UNTIL", advice: "write only one of them")
        }
        let written: WrittenDate
        do {
            written = try WrittenDate(parsing: value)
        } catch {
            throw RecurrenceError(problem: "UNTIL is no date, \(error.problem)", advice: "write UNTIL=20270615 or UNTIL=20270615T235959Z")
        }
        if let offset = written.offset { return .until(.utc(Instant(written.dateTime, offset: offset))) }
        return .until(written.hasTime ? .local(written.dateTime) : .date(written.dateTime.date))
    }

    private func weekStart() throws(RecurrenceError) -> Weekday {
        guard let value = values["WKST"] else { return .monday }
        guard let weekday = Weekday(code: value) else {
            throw RecurrenceError(problem: "WKST=\(shown(value)) is no day of the week", advice: "write WKST=MO or WKST=SU")
        }
        return weekday
    }

    private func days() throws(RecurrenceError) -> [Recurrence.Day] {
        var days: Set<Recurrence.Day> = []
        for item in list("BYDAY") {
            let number = item.dropLast(2)
            guard let weekday = Weekday(code: item.suffix(2)), number.isEmpty || (Int(number).map { $0 != 0 && (-53...53).contains($0) } ?? false)
            else {
                throw RecurrenceError(
                    problem: "“\(shown(item))” in BYDAY is no day",
                    advice: "write MO, TU, WE, TH, FR, SA or SU, perhaps with a number: 1TU is the first Tuesday, -1FR the last Friday"
                )
            }
            days.insert(Recurrence.Day(ordinal: Int(number), weekday: weekday))
        }
        return days.sorted { ($0.ordinal ?? 0, $0.weekday) < ($1.ordinal ?? 0, $1.weekday) }
    }

    private func numbers(_ name: String, in range: ClosedRange<Int>) throws(RecurrenceError) -> [Int] {
        var numbers: Set<Int> = []
        for item in list(name) {
            guard let number = Int(item), number != 0, range.contains(number) else {
                let fromEnd = range.lowerBound < 0 ? ", or \(range.lowerBound) to -1 to count from the end" : ""
                throw RecurrenceError(problem: "“\(shown(item))” is no number for \(name)", advice: "write 1 to \(range.upperBound)\(fromEnd)")
            }
            numbers.insert(number)
        }
        return numbers.sorted()
    }

    private func positiveNumber(_ name: String, maximum: Int) throws(RecurrenceError) -> Int? {
        guard let value = values[name] else { return nil }
        guard let number = Int(value), (1...maximum).contains(number) else {
            throw RecurrenceError(problem: "\(name)=\(shown(value)) is no possible number", advice: "write a number from 1 to \(maximum)")
        }
        return number
    }

    private func list(_ name: String) -> [Substring] {
        values[name]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    }

    /// What RFC 5545 forbids because it means nothing.
    private func checkCombination(_ rule: Recurrence) throws(RecurrenceError) {
        func require(_ isAllowed: Bool, _ problem: String, _ advice: String) throws(RecurrenceError) {
            if !isAllowed { throw RecurrenceError(problem: problem, advice: advice) }
        }
        let hasOrdinal = rule.days.contains { $0.ordinal != nil }
        try require(
            !hasOrdinal || rule.frequency == .monthly || rule.frequency == .yearly,
            "a number before a day, such as 1TU, means nothing with FREQ=\(rule.frequency.rawValue)",
            "write FREQ=MONTHLY, or the day without a number")
        try require(
            !hasOrdinal || rule.weekNumbers.isEmpty,
            "a number before a day, such as 1TU, means nothing with BYWEEKNO", "write the day without a number")
        try require(
            rule.weekNumbers.isEmpty || rule.frequency == .yearly,
            "BYWEEKNO means nothing with FREQ=\(rule.frequency.rawValue)", "write FREQ=YEARLY or leave BYWEEKNO out")
        try require(
            rule.yearDays.isEmpty || rule.frequency == .yearly,
            "BYYEARDAY means nothing with FREQ=\(rule.frequency.rawValue)", "write FREQ=YEARLY or leave BYYEARDAY out")
        try require(
            rule.monthDays.isEmpty || rule.frequency != .weekly,
            "BYMONTHDAY means nothing with FREQ=WEEKLY", "write FREQ=MONTHLY, or BYDAY instead of BYMONTHDAY")
        let hasSet =
            !(rule.months.isEmpty && rule.weekNumbers.isEmpty && rule.yearDays.isEmpty && rule.monthDays.isEmpty && rule.days.isEmpty)
        try require(
            rule.setPositions.isEmpty || hasSet,
            "BYSETPOS has nothing to choose from", "add BYDAY or BYMONTHDAY, or leave BYSETPOS out")
    }

    private static func unknown(_ name: String) -> RecurrenceError {
        if ["BYHOUR", "BYMINUTE", "BYSECOND"].contains(name) {
            return RecurrenceError(problem: "\(name) is not supported", advice: "leave it out; the time is that of the start")
        }
        return RecurrenceError(
            problem: "“\(shown(name))” is no part of a rule", advice: "write such as FREQ=MONTHLY;BYDAY=1TU for every first Tuesday")
    }
}

/// At most 20 characters, for a message.
private func shown(_ text: some StringProtocol) -> String {
    String(text.prefix(20).filter { !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } })
}
