/// What a rule says in the few patterns that people have words for. The words are made elsewhere, from translated strings.
///
/// When it ends (`Recurrence.end`) and, for the weekly and monthly patterns, to which months it keeps (`Recurrence.months`) is not part of it.
package enum RecurrenceSummary: Sendable, Hashable {
    /// Every day, every 2 days.
    case daily(interval: Int)
    /// Every week on Monday and Thursday. The weekdays are in order, at least one.
    case weekly(interval: Int, weekdays: [Weekday])
    /// Every month on the 15th. A negative day counts from the end: -1 is the last day.
    case monthlyOnDays(interval: Int, days: [Int])
    /// Every first Tuesday; the first and third Tuesday of every 2nd month. A negative ordinal counts from the end: -1 is the last.
    case monthlyOnWeekday(interval: Int, ordinals: [Int], weekday: Weekday)
    /// Every first Monday and third Wednesday; at least two different weekdays, from the first to the last of the month.
    case monthlyOnWeekdays(interval: Int, days: [OrdinalWeekday])
    /// Every month on the first, or last, day from Monday to Friday. Ordinals as above.
    case monthlyOnWorkday(ordinals: [Int])
    /// Every year on 2 September.
    case yearlyOnDate(interval: Int, month: Int, day: Int)
    /// Every year on the first Tuesday of September.
    case yearlyOnWeekday(interval: Int, month: Int, ordinal: Int, weekday: Weekday)
    /// A rule for which there are no simple words; list the next dates.
    case other

    /// The third Wednesday of a month; a negative ordinal counts from the end.
    package struct OrdinalWeekday: Sendable, Hashable {
        package let ordinal: Int
        package let weekday: Weekday

        package init(ordinal: Int, weekday: Weekday) {
            self.ordinal = ordinal
            self.weekday = weekday
        }
    }
}

extension Recurrence {
    /// - Parameter start: The first occurrence; a rule such as `FREQ=WEEKLY` takes its day from it.
    package func summary(from start: CivilDate) -> RecurrenceSummary {
        guard weekNumbers.isEmpty, yearDays.isEmpty else { return .other }
        switch frequency {
        case .daily: return dailySummary
        case .weekly: return weeklySummary(from: start)
        case .monthly: return monthlySummary(from: start)
        case .yearly: return yearlySummary(from: start)
        }
    }

    private var dailySummary: RecurrenceSummary {
        guard monthDays.isEmpty, setPositions.isEmpty else { return .other }
        if days.isEmpty { return .daily(interval: interval) }
        return interval == 1 ? .weekly(interval: 1, weekdays: weekdays) : .other
    }

    private func weeklySummary(from start: CivilDate) -> RecurrenceSummary {
        guard setPositions.isEmpty else { return .other }
        return .weekly(interval: interval, weekdays: days.isEmpty ? [start.weekday] : weekdays)
    }

    private func monthlySummary(from start: CivilDate) -> RecurrenceSummary {
        if days.isEmpty {
            return setPositions.isEmpty ? .monthlyOnDays(interval: interval, days: monthDays.isEmpty ? [start.day] : monthDays) : .other
        }
        guard monthDays.isEmpty else { return .other }
        if let (weekday, ordinals) = ordinalsOfOneWeekday {
            return .monthlyOnWeekday(interval: interval, ordinals: ordinals, weekday: weekday)
        }
        if let days = ordinalsOfWeekdays { return .monthlyOnWeekdays(interval: interval, days: days) }
        let mondayToFriday = Weekday.allCases.prefix(5).map { Recurrence.Day(weekday: $0) }
        if interval == 1, !setPositions.isEmpty, days == mondayToFriday {
            return .monthlyOnWorkday(ordinals: Self.fromFirstToLast(setPositions))
        }
        let hasAllWeeks = interval == 1 && setPositions.isEmpty && days.allSatisfy { $0.ordinal == nil }
        return hasAllWeeks ? .weekly(interval: 1, weekdays: weekdays) : .other
    }

    private func yearlySummary(from start: CivilDate) -> RecurrenceSummary {
        guard months.count <= 1, monthDays.count <= 1 else { return .other }
        if days.isEmpty {
            let day = monthDays.first ?? start.day
            // Without a month a day of the month comes in every month.
            guard setPositions.isEmpty, day > 0, !months.isEmpty || monthDays.isEmpty else { return .other }
            return .yearlyOnDate(interval: interval, month: months.first ?? start.month, day: day)
        }
        guard monthDays.isEmpty, let month = months.first, let (weekday, ordinals) = ordinalsOfOneWeekday, ordinals.count == 1 else {
            return .other
        }
        return .yearlyOnWeekday(interval: interval, month: month, ordinal: ordinals[0], weekday: weekday)
    }

    /// For `1TU,3TU` and for `BYDAY=TU;BYSETPOS=1,3`, which mean the same: Tuesday and [1, 3]. From the first to the last.
    private var ordinalsOfOneWeekday: (weekday: Weekday, ordinals: [Int])? {
        guard let weekday = days.first?.weekday, days.allSatisfy({ $0.weekday == weekday }) else { return nil }
        let fromDays = days.compactMap(\.ordinal)
        let ordinals: [Int]
        if fromDays.isEmpty {
            ordinals = setPositions
        } else {
            guard fromDays.count == days.count, setPositions.isEmpty else { return nil }
            ordinals = fromDays
        }
        guard !ordinals.isEmpty, ordinals.allSatisfy({ (-5...5).contains($0) }) else { return nil }
        return (weekday, Self.fromFirstToLast(ordinals))
    }

    /// For `1MO,3WE`: each with its weekday, as they follow each other in a month.
    private var ordinalsOfWeekdays: [RecurrenceSummary.OrdinalWeekday]? {
        guard setPositions.isEmpty else { return nil }
        let pairs = Set(days.compactMap { day in day.ordinal.map { RecurrenceSummary.OrdinalWeekday(ordinal: $0, weekday: day.weekday) } })
        guard !pairs.isEmpty, days.allSatisfy({ $0.ordinal != nil }), pairs.allSatisfy({ (-5...5).contains($0.ordinal) }) else { return nil }
        return pairs.sorted { ($0.ordinal < 0 ? 1 : 0, $0.ordinal, $0.weekday) < ($1.ordinal < 0 ? 1 : 0, $1.ordinal, $1.weekday) }
    }

    private static func fromFirstToLast(_ ordinals: [Int]) -> [Int] { ordinals.filter { $0 > 0 } + ordinals.filter { $0 < 0 } }

    private var weekdays: [Weekday] {
        Set(days.map(\.weekday)).sorted()
    }
}
