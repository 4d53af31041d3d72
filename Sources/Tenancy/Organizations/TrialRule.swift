/// How long an organization may try everything.
///
/// School years end in June, and boards that sign up in summer meet again in September: for them a trial counted in days would be over before
/// it has begun. So a rule may also have a day of the year until which those run who sign up in the months before it.
package struct TrialRule: Sendable, Hashable {
    /// Of every trial, at the least.
    package var days: Int
    /// Who signs up from the first day on, and before the second, has until the beginning of the second; nil for no such rule.
    package var summer: (from: MonthDay, until: MonthDay)?

    package init(days: Int = 30, summer: (from: MonthDay, until: MonthDay)? = nil) {
        self.days = days
        self.summer = summer
    }

    /// When a trial ends that begins now: at midnight where the organization is, so that nobody loses an evening.
    package func end(from now: Instant, in zone: TimeZoneRules) -> Instant {
        let today = zone.local(now).date
        var last = today.adding(days: days + 1)
        if let summer, let begin = summer.from.date(in: today.year), let end = summer.until.date(in: today.year), begin <= today, today < end {
            last = max(last, end)
        }
        return zone.instant(of: CivilDateTime(date: last, secondOfDay: 0))
    }

    package static func == (left: TrialRule, right: TrialRule) -> Bool {
        left.days == right.days && left.summer?.from == right.summer?.from && left.summer?.until == right.summer?.until
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(days)
        hasher.combine(summer?.from)
        hasher.combine(summer?.until)
    }
}

/// A day of every year: `10-01`.
package struct MonthDay: Sendable, Hashable, CustomStringConvertible {
    package let month: Int
    package let day: Int

    /// Nil for anything but two digits, a hyphen and two digits that are a day of every year.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let month = Int(parts[0]), let day = Int(parts[1]),
            CivilDate(year: 2023, month: month, day: day) != nil
        else { return nil }
        self.month = month
        self.day = day
    }

    package func date(in year: Int) -> CivilDate? { CivilDate(year: year, month: month, day: day) }

    package var description: String { String("\(100 + month)".dropFirst()) + "-" + String("\(100 + day)".dropFirst()) }
}
