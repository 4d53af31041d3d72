import Foundation
import Synchronization
package import Tenancy

/// Dates and times in the words and the order of one language (CLDR, through Foundation).
///
/// Foundation is asked once per language for names and patterns; after that a date is written by a few byte copies.
package struct DateText: Sendable {
    /// Thursday, September 10, 2026
    package let fullDate: DatePattern
    /// Thursday, September 10
    let dayOfYear: DatePattern
    /// September 10, 2026
    package let date: DatePattern
    /// September 2026
    package let month: DatePattern
    /// Sep 10
    package let shortDate: DatePattern
    /// 6:30 PM
    package let time: DatePattern
    /// Monday first.
    package let weekdays: [String]
    package let shortWeekdays: [String]
    package let shortMonths: [String]
    package let monthNames: [String]

    private static let cache = Mutex<[String: DateText]>([:])

    package static func text(for language: Language) -> DateText {
        if let found = cache.withLock({ $0[language.code] }) { return found }
        let made = DateText(language)
        cache.withLock { $0[language.code] = made }
        return made
    }

    private init(_ language: Language) {
        let formatter = DateFormatter()
        // The sites are American schools': 12-hour clocks and month before day in English, but each language's own order elsewhere.
        formatter.locale = Locale(identifier: language.code == "en" ? "en_US" : language.code == "es" ? "es_US" : language.code)
        let names = DateNames(formatter)
        func pattern(_ template: String) -> DatePattern {
            formatter.setLocalizedDateFormatFromTemplate(template)
            return DatePattern(formatter.dateFormat ?? template, names)
        }
        fullDate = pattern("yMMMMEEEEd")
        dayOfYear = pattern("MMMMEEEEd")
        date = pattern("yMMMMd")
        month = pattern("yMMMM")
        shortDate = pattern("MMMd")
        time = pattern("jm")
        weekdays = names.weekdays
        shortWeekdays = names.shortWeekdays
        shortMonths = names.shortStandaloneMonths
        monthNames = names.standaloneMonths
    }

    /// Two ends of a range. No line begins with the dash.
    static func range(_ first: some StringProtocol, _ last: String) -> String { "\(first)\u{A0}– \(last)" }

    /// `Thursday, November 26 – Friday, November 27, 2026`: the year once, where both days are in the same.
    package func dayRange(_ start: CivilDate, _ end: CivilDate) -> String {
        guard start.year == end.year else { return Self.range(fullDate.text(start), fullDate.text(end)) }
        return fullDate.beginsWithYear
            ? Self.range(fullDate.text(start), dayOfYear.text(end)) : Self.range(dayOfYear.text(start), fullDate.text(end))
    }

    /// `6:30 – 8:00 PM` where both halves of the day agree, else `11:00 AM – 1:00 PM`. Stays on one line.
    package func timeRange(_ start: CivilDateTime, _ end: CivilDateTime) -> String {
        let first = time.text(start)
        let last = time.text(end)
        guard let half = time.dayPeriodSuffix(of: start), half == time.dayPeriodSuffix(of: end), first.hasSuffix(half) else {
            return "\(first)\u{A0}–\u{A0}\(last)"
        }
        return "\(first.dropLast(half.count))\u{A0}–\u{A0}\(last)"
    }
}

struct DateNames {
    let months: [String]
    let standaloneMonths: [String]
    let shortMonths: [String]
    let shortStandaloneMonths: [String]
    /// Monday first, as `Weekday` counts.
    let weekdays: [String]
    let shortWeekdays: [String]
    let morning: String
    let afternoon: String

    init(_ formatter: DateFormatter) {
        func mondayFirst(_ symbols: [String]) -> [String] { symbols.count == 7 ? Array(symbols[1...]) + [symbols[0]] : symbols }
        months = formatter.monthSymbols
        standaloneMonths = formatter.standaloneMonthSymbols
        shortMonths = formatter.shortMonthSymbols
        shortStandaloneMonths = formatter.shortStandaloneMonthSymbols
        weekdays = mondayFirst(formatter.standaloneWeekdaySymbols)
        shortWeekdays = mondayFirst(formatter.shortStandaloneWeekdaySymbols)
        morning = formatter.amSymbol
        afternoon = formatter.pmSymbol
    }
}

/// A date pattern (UTS 35, Date Field Symbol Table) taken apart once.
package struct DatePattern: Sendable {
    private enum Part: Sendable {
        case literal(String)
        case names([String], Field)
        case number(Field, width: Int)
    }

    private enum Field: Sendable {
        case year, month, day, weekday, hour12, hour24, minute, dayPeriod
    }

    private var parts: [Part] = []

    init(_ pattern: String, _ names: DateNames) {
        var literal = ""
        var isQuoted = false
        var characters = Array(pattern)[...]
        func flush(_ parts: inout [Part]) {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
        }
        while let character = characters.first {
            if character == "'" {
                characters.removeFirst()
                if characters.first == "'" {
                    literal.append("'")
                    characters.removeFirst()
                } else {
                    isQuoted.toggle()
                }
                continue
            }
            guard !isQuoted, character.isASCII, character.isLetter else {
                literal.append(character)
                characters.removeFirst()
                continue
            }
            let width = characters.prefix { $0 == character }.count
            characters = characters.dropFirst(width)
            flush(&parts)
            switch character {
            case "y", "u": parts.append(.number(.year, width: 1))
            case "M":
                parts.append(
                    width >= 4 ? .names(names.months, .month) : width == 3 ? .names(names.shortMonths, .month) : .number(.month, width: width))
            case "L":
                parts.append(
                    width >= 4
                        ? .names(names.standaloneMonths, .month)
                        : width == 3 ? .names(names.shortStandaloneMonths, .month) : .number(.month, width: width))
            case "d": parts.append(.number(.day, width: width))
            case "E", "c": parts.append(.names(width >= 4 ? names.weekdays : names.shortWeekdays, .weekday))
            case "h", "K": parts.append(.number(.hour12, width: width))
            case "H", "k": parts.append(.number(.hour24, width: width))
            case "m": parts.append(.number(.minute, width: width))
            case "a", "b", "B": parts.append(.names([names.morning, names.afternoon], .dayPeriod))
            default: break
            }
        }
        flush(&parts)
    }

    package func text(_ moment: CivilDateTime) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .names(let names, let field):
                let index = value(field, moment)
                if names.indices.contains(index) { text += names[index] }
            case .number(let field, let width):
                let digits = String(field == .month ? value(field, moment) + 1 : value(field, moment))
                if digits.utf8.count < width { text += "0" }
                text += digits
            }
        }
        return text
    }

    /// As in Chinese and Korean.
    var beginsWithYear: Bool {
        if case .number(.year, _)? = parts.first { true } else { false }
    }

    package func text(_ date: CivilDate) -> String { text(CivilDateTime(date: date)) }

    /// What ends a time and tells morning from afternoon, with the space before it; nil in languages that count to 24 or put it first.
    func dayPeriodSuffix(of moment: CivilDateTime) -> String? {
        guard parts.count >= 2, case .names(let names, .dayPeriod)? = parts.last, case .literal(let space) = parts[parts.count - 2] else {
            return nil
        }
        let index = value(.dayPeriod, moment)
        return names.indices.contains(index) ? space + names[index] : nil
    }

    private func value(_ field: Field, _ moment: CivilDateTime) -> Int {
        switch field {
        case .year: moment.date.year
        case .month: moment.date.month - 1
        case .day: moment.date.day
        case .weekday: moment.date.weekday.rawValue - 1
        case .hour12: moment.hour % 12 == 0 ? 12 : moment.hour % 12
        case .hour24: moment.hour
        case .minute: moment.minute
        case .dayPeriod: moment.hour < 12 ? 0 : 1
        }
    }
}
