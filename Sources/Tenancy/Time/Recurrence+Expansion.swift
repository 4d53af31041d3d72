extension Recurrence {
    /// The occurrences of an event that begins at `start`, in order.
    ///
    /// The start is always the first occurrence, even if it does not fit the rule. Whatever the rule, the work has a bound: the days of 400
    /// years are looked at, after which the calendar repeats. A rule without COUNT costs nothing for the time before `range`.
    ///
    /// - Parameters:
    ///   - range: The days that matter. Occurrences on others are left out; they still count for COUNT.
    ///   - excluded: Days without an occurrence (EXDATE). A rule comes at most once a day, so a day names the occurrence.
    ///   - limit: The most that is returned.
    ///   - timeZone: Where the event is; decides about an UNTIL in UTC.
    package func occurrences(
        from start: CivilDateTime,
        in range: ClosedRange<CivilDate>,
        excluding excluded: Set<CivilDate> = [],
        limit: Int = 1000,
        timeZone: TimeZoneRules
    ) -> [CivilDateTime] {
        var found: [CivilDateTime] = []
        /// False when no more are wanted.
        func take(_ date: CivilDate) -> Bool {
            guard date <= range.upperBound, found.count < limit else { return false }
            if date >= range.lowerBound, !excluded.contains(date) { found.append(CivilDateTime(date: date, secondOfDay: start.secondOfDay)) }
            return found.count < limit
        }

        guard take(start.date) else { return found }
        var remaining = Int.max
        if case .count(let count) = end { remaining = count - 1 }
        let rule = ResolvedRule(self, start: start.date)
        var period = remaining == Int.max ? rule.period(before: range.lowerBound) : 0
        var examinedDays = 0
        while examinedDays < Self.maximumExaminedDays, let first = rule.firstDay(ofPeriod: period), first <= range.upperBound {
            let (dates, examined) = rule.dates(inPeriodFrom: first)
            for date in dates where date > start.date {
                guard remaining > 0, isBeforeEnd(CivilDateTime(date: date, secondOfDay: start.secondOfDay), in: timeZone), take(date) else {
                    return found
                }
                remaining -= 1
            }
            examinedDays += examined
            period += 1
        }
        return found
    }

    private static let maximumExaminedDays = 146_097

    private func isBeforeEnd(_ local: CivilDateTime, in zone: TimeZoneRules) -> Bool {
        guard case .until(let until) = end else { return true }
        return switch until {
        case .date(let last): local.date <= last
        case .local(let last): local <= last
        case .utc(let last): zone.instant(of: local) <= last
        }
    }
}

/// A rule with what its start adds to it. Days are found by filtering those of a period: a day, a week, a month or a year.
private struct ResolvedRule {
    private let rule: Recurrence
    private let months: [Int]
    private let monthDays: [Int]
    private let days: [Recurrence.Day]
    /// The first day of the period that has the start.
    private let origin: CivilDate

    init(_ rule: Recurrence, start: CivilDate) {
        self.rule = rule
        var (months, monthDays, days) = (rule.months, rule.monthDays, rule.days)
        let hasNoDay = rule.days.isEmpty && rule.monthDays.isEmpty && rule.yearDays.isEmpty
        switch rule.frequency {
        case .daily:
            origin = start
        case .weekly:
            origin = start.startOfWeek(rule.weekStart)
            if hasNoDay { days = [Recurrence.Day(weekday: start.weekday)] }
        case .monthly:
            origin = start.firstOfMonth
            if hasNoDay { monthDays = [start.day] }
        case .yearly:
            origin = start.firstOfYear
            if hasNoDay, !rule.weekNumbers.isEmpty {
                days = [Recurrence.Day(weekday: start.weekday)]
            } else if hasNoDay {
                monthDays = [start.day]
                if months.isEmpty { months = [start.month] }
            }
        }
        self.months = months
        self.monthDays = monthDays
        self.days = days
    }

    /// A period that is not after the one that has this day.
    func period(before date: CivilDate) -> Int {
        let units =
            switch rule.frequency {
            case .daily: date.dayNumber - origin.dayNumber
            case .weekly: (date.dayNumber - origin.dayNumber) / 7
            case .monthly: (date.year - origin.year) * 12 + date.month - origin.month
            case .yearly: date.year - origin.year
            }
        return max(units / rule.interval, 0)
    }

    /// Nil after the end of the calendar. Small numbers only: an interval has a maximum, and so has the number of periods.
    func firstDay(ofPeriod period: Int) -> CivilDate? {
        let units = period * rule.interval
        let day =
            switch rule.frequency {
            case .daily: origin.adding(days: units)
            case .weekly: origin.adding(days: units * 7)
            case .monthly: origin.adding(months: units)
            case .yearly: origin.adding(months: units * 12)
            }
        return day < .last ? day : nil
    }

    /// The dates of one period in order, and how many days were looked at.
    func dates(inPeriodFrom first: CivilDate) -> (dates: [CivilDate], examined: Int) {
        var dates: [CivilDate] = []
        var examined = 0
        switch rule.frequency {
        case .daily, .weekly:
            for offset in 0..<(rule.frequency == .daily ? 1 : 7) {
                let date = first.adding(days: offset)
                if matches(date) { dates.append(date) }
                examined += 1
            }
        case .monthly:
            appendDates(ofMonth: first, to: &dates, examined: &examined)
        case .yearly:
            for offset in 0..<12 { appendDates(ofMonth: first.adding(months: offset), to: &dates, examined: &examined) }
        }
        return (chosen(from: dates), examined)
    }

    private func appendDates(ofMonth first: CivilDate, to dates: inout [CivilDate], examined: inout Int) {
        // A month that is left out still counts, so that a rule that never comes ends.
        examined += 1
        guard months.isEmpty || months.contains(first.month) else { return }
        let length = CivilDate.days(inMonth: first.month, of: first.year)
        for offset in 0..<length {
            let date = first.adding(days: offset)
            if matches(date) { dates.append(date) }
        }
        examined += length
    }

    private func matches(_ date: CivilDate) -> Bool {
        (months.isEmpty || months.contains(date.month))
            && (monthDays.isEmpty || monthDays.contains(date.day) || monthDays.contains(date.day - date.lastOfMonth.day - 1))
            && (days.isEmpty || days.contains { matches($0, date) })
            && (rule.yearDays.isEmpty || matchesYearDay(date))
            && (rule.weekNumbers.isEmpty || matchesWeekNumber(date))
    }

    private func matches(_ day: Recurrence.Day, _ date: CivilDate) -> Bool {
        guard day.weekday == date.weekday else { return false }
        guard let ordinal = day.ordinal else { return true }
        let isOfYear = rule.frequency == .yearly && rule.months.isEmpty
        let position = isOfYear ? date.dayOfYear : date.day
        let length = isOfYear ? yearLength(date.year) : date.lastOfMonth.day
        return ordinal > 0 ? (position - 1) / 7 + 1 == ordinal : (length - position) / 7 + 1 == -ordinal
    }

    private func matchesYearDay(_ date: CivilDate) -> Bool {
        rule.yearDays.contains(date.dayOfYear) || rule.yearDays.contains(date.dayOfYear - yearLength(date.year) - 1)
    }

    /// A week belongs to the year of its fourth day, as in ISO 8601.
    private func matchesWeekNumber(_ date: CivilDate) -> Bool {
        let fourthDay = date.startOfWeek(rule.weekStart).adding(days: 3)
        let fromStart = (fourthDay.dayOfYear - 1) / 7 + 1
        let fromEnd = -((yearLength(fourthDay.year) - fourthDay.dayOfYear) / 7 + 1)
        return rule.weekNumbers.contains(fromStart) || rule.weekNumbers.contains(fromEnd)
    }

    /// What BYSETPOS leaves of a period's dates.
    private func chosen(from dates: [CivilDate]) -> [CivilDate] {
        guard !rule.setPositions.isEmpty else { return dates }
        return dates.enumerated()
            .filter { rule.setPositions.contains($0.offset + 1) || rule.setPositions.contains($0.offset - dates.count) }
            .map(\.element)
    }

    private func yearLength(_ year: Int) -> Int {
        CivilDate.isLeap(year) ? 366 : 365
    }
}
