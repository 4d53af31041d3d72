import Tenancy

/// Says in words how often an event repeats.
struct RecurrenceText {
    let strings: UIStrings
    let dates: DateText

    func text(_ summary: RecurrenceSummary) -> String {
        switch summary {
        case .daily(let interval): every("repeat_daily", interval)
        case .weekly(let interval, let weekdays): every("repeat_weekly", interval, ["days": joined(weekdays.map(name))])
        case .monthlyOnDays(let interval, days: [-1]): every("repeat_monthly_last_day", interval)
        case .monthlyOnDays(let interval, let days) where days.allSatisfy({ $0 > 0 }):
            every("repeat_monthly_day", interval, ["days": joined(days.map(monthDay))])
        case .monthlyOnWeekday(let interval, let ordinals, let weekday) where haveWords(ordinals):
            every("repeat_monthly_weekday", interval, ["ordinal": joined(ordinals.map(ordinal)), "weekday": name(weekday)])
        case .monthlyOnWeekdays(let interval, let days) where haveWords(days.map(\.ordinal)):
            every("repeat_monthly_weekdays", interval, ["days": joined(days.map(ordinalWeekday))])
        case .monthlyOnWorkday(let ordinals) where haveWords(ordinals):
            strings("repeat_monthly_workday", ["ordinal": joined(ordinals.map(ordinal))])
        case .yearlyOnDate(let interval, let month, let day):
            every("repeat_yearly_date", interval, ["date": CivilDate(year: 2024, month: month, day: day).map { dates.shortDate.text($0) } ?? ""])
        case .yearlyOnWeekday(let interval, let month, let ordinal, let weekday) where haveWords([ordinal]):
            every(
                "repeat_yearly_weekday", interval,
                ["ordinal": self.ordinal(ordinal), "weekday": name(weekday), "month": dates.monthNames[max(0, min(11, month - 1))]])
        case .other, .monthlyOnDays, .monthlyOnWeekday, .monthlyOnWeekdays, .monthlyOnWorkday, .yearlyOnWeekday: strings("repeat_other")
        }
    }

    /// A plural form can't say "every week": Chinese has one form for all numbers, and Russian takes `one` for 21 as well.
    private func every(_ key: String, _ interval: Int, _ parameters: [String: String] = [:]) -> String {
        interval == 1 ? strings(key, parameters) : strings.plural("\(key)_n", interval, parameters)
    }

    private func name(_ weekday: Weekday) -> String { dates.weekdays[weekday.rawValue - 1] }

    private func ordinal(_ number: Int) -> String { strings(number == -1 ? "ordinal_last" : "ordinal_\(number)") }

    private func ordinalWeekday(_ day: RecurrenceSummary.OrdinalWeekday) -> String {
        strings("ordinal_weekday", ["ordinal": ordinal(day.ordinal), "weekday": name(day.weekday)])
    }

    /// Nobody says "the fourth but last Tuesday".
    private func haveWords(_ ordinals: [Int]) -> Bool { ordinals.allSatisfy { $0 == -1 || (1...5).contains($0) } }

    /// `15th`, `15日`
    private func monthDay(_ day: Int) -> String {
        let days = strings("month_days").split(separator: " ")
        return days.indices.contains(day - 1) ? String(days[day - 1]) : String(day)
    }

    /// `Monday, Tuesday and Thursday`
    func joined(_ parts: [String]) -> String {
        guard var text = parts.first else { return "" }
        for (index, part) in parts.enumerated().dropFirst() {
            text = strings(index == parts.count - 1 ? "list_two" : "list_more", ["a": text, "b": part])
        }
        return text
    }
}
