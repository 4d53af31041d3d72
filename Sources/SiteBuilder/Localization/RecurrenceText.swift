import Tenancy

/// Says in words how often an event repeats.
struct RecurrenceText {
    let strings: UIStrings
    let dates: DateText

    func text(_ summary: RecurrenceSummary) -> String {
        switch summary {
        case .daily(let interval): every("repeat_daily", interval)
        case .weekly(let interval, let weekdays): every("repeat_weekly", interval, ["days": joined(weekdays.map(name))])
        case .monthlyOnDays(1, days: [-1]): strings("repeat_monthly_last_day")
        case .monthlyOnDays(let interval, let days): every("repeat_monthly_day", interval, ["days": joined(days.map(String.init))])
        case .monthlyOnWeekday(let interval, let ordinals, let weekday):
            every("repeat_monthly_weekday", interval, ["ordinal": joined(ordinals.map(ordinal)), "weekday": name(weekday)])
        case .yearlyOnDate(1, let month, let day):
            strings("repeat_yearly_date", ["date": CivilDate(year: 2024, month: month, day: day).map { dates.shortDate.text($0) } ?? ""])
        case .yearlyOnWeekday(1, let month, let ordinal, let weekday):
            strings(
                "repeat_yearly_weekday",
                ["ordinal": self.ordinal(ordinal), "weekday": name(weekday), "month": dates.monthNames[max(0, min(11, month - 1))]])
        case .other, .yearlyOnDate, .yearlyOnWeekday: strings("repeat_other")
        }
    }

    /// A plural form can't say "every week": Chinese has one form for all numbers, and Russian takes `one` for 21 as well.
    private func every(_ key: String, _ interval: Int, _ parameters: [String: String] = [:]) -> String {
        interval == 1 ? strings(key, parameters) : strings.plural("\(key)_n", interval, parameters)
    }

    private func name(_ weekday: Weekday) -> String { dates.weekdays[weekday.rawValue - 1] }

    private func ordinal(_ number: Int) -> String {
        number == -1 ? strings("ordinal_last") : (1...5).contains(number) ? strings("ordinal_\(number)") : String(number)
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
