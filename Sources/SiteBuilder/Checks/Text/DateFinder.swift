import Tenancy

/// Finds days in running text: `September 10, 2026`, `Sept. 10–12`, `9/10/2026`, `2026-09-10`, `10 de septiembre`, `9月10日`, `10 сентября`.
struct DateFinder: Sendable {
    private let language: Language
    private let words: CalendarWords

    init(_ language: Language) {
        self.language = language
        words = CalendarWords(language)
    }

    func dates(in text: CheckedText, _ range: Range<Int>) -> [DateInText] {
        guard text.hasDigit(in: range) else { return [] }
        let tokens = text.tokens(in: range)
        var dates: [DateInText] = []
        var index = 0
        while index < tokens.count {
            guard let (found, end) = date(tokens, index) else {
                index += 1
                continue
            }
            var date = found
            date.weekday = weekday(before: index, tokens)
            dates.append(date)
            index = max(end, index + 1)
        }
        return dates
    }

    private typealias Found = (date: DateInText, end: Int)

    private func date(_ tokens: [TextToken], _ index: Int) -> Found? {
        if tokens[index].isWord { return monthFirst(tokens, index) }
        guard tokens[index].number != nil else { return nil }
        return iso(tokens, index) ?? slashed(tokens, index) ?? signed(tokens, index) ?? vietnamese(tokens, index) ?? dayFirst(tokens, index)
    }

    /// The weekday that stands before a date: `Friday, September 10`.
    private func weekday(before index: Int, _ tokens: [TextToken]) -> Weekday? {
        var place = index - 1
        while place >= 0, place >= index - 3, tokens[place].isSign(",", ".") || ["the", "el", "le"].contains(tokens[place].text) { place -= 1 }
        return place >= 0 ? words.weekday(tokens[place]) : nil
    }

    // MARK: Numbers

    /// `2026-09-10`
    private func iso(_ tokens: [TextToken], _ index: Int) -> Found? {
        guard let year = number(tokens, index, 4), touching(tokens, index, 5), tokens[index + 1].isSign("-"), tokens[index + 3].isSign("-"),
            let month = number(tokens, index + 2, 1, 2), let day = number(tokens, index + 4, 1, 2),
            CivilDate(year: year, month: month, day: day) != nil
        else { return nil }
        return (DateInText(range: span(tokens, index, index + 4), year: year, month: month, day: day), index + 5)
    }

    /// `9/10/2026` and `9/10/26`; without a year only after a weekday, because `1/2` is mostly a half.
    private func slashed(_ tokens: [TextToken], _ index: Int) -> Found? {
        guard let first = number(tokens, index, 1, 2), touching(tokens, index, 3), tokens[index + 1].isSign("/"),
            let second = number(tokens, index + 2, 1, 2)
        else { return nil }
        if touching(tokens, index, 5), tokens[index + 3].isSign("/"), let written = number(tokens, index + 4, 2, 4),
            tokens[index + 4].range.count != 3
        {
            let year = written < 100 ? 2000 + written : written
            let readings = [(first, second), (second, first)].filter { CivilDate(year: year, month: $0.0, day: $0.1) != nil }
            // Month first in English. Other languages of American families write both ways; the later day is the safer reading.
            let sorted = language == .english ? readings : readings.sorted { $0 > $1 }
            guard let (month, day) = sorted.first else { return nil }
            return (DateInText(range: span(tokens, index, index + 4), year: year, month: month, day: day), index + 5)
        }
        guard language == .english, weekday(before: index, tokens) != nil, CivilDate(year: 2024, month: first, day: second) != nil else { return nil }
        return (DateInText(range: span(tokens, index, index + 2), year: nil, month: first, day: second), index + 3)
    }

    // MARK: Signs and words

    /// `2026年9月10日`, `9월 10일`
    private func signed(_ tokens: [TextToken], _ index: Int) -> Found? {
        var place = index
        var year: Int?
        if let written = number(tokens, place, 4), begins(tokens, place + 1, "年", "년") {
            year = written
            place += 2
        }
        guard let month = number(tokens, place, 1, 2), begins(tokens, place + 1, "月", "월"), let day = number(tokens, place + 2, 1, 2),
            begins(tokens, place + 3, "日", "号", "일"), CivilDate(year: year ?? 2024, month: month, day: day) != nil
        else { return nil }
        let range = tokens[index].range.lowerBound..<(tokens[place + 3].range.lowerBound + 1)
        return (DateInText(range: range, year: year, month: month, day: day), place + 4)
    }

    /// `10 tháng 9 năm 2026`
    private func vietnamese(_ tokens: [TextToken], _ index: Int) -> Found? {
        guard language.code == "vi", let day = number(tokens, index, 1, 2), begins(tokens, index + 1, "tháng"),
            let month = number(tokens, index + 2, 1, 2),
            CivilDate(year: 2024, month: month, day: day) != nil
        else { return nil }
        let (year, end) = year(tokens, index + 3, joinedBy: ["năm"])
        return (DateInText(range: span(tokens, index, end - 1), year: year, month: month, day: day), end)
    }

    /// `September 10`, `Sept. 10–12, 2026`, `September 2026`
    private func monthFirst(_ tokens: [TextToken], _ index: Int) -> Found? {
        guard let month = words.month(tokens[index]) else { return nil }
        var place = index + 1
        if place < tokens.count, tokens[place].isSign(".") { place += 1 }
        if place < tokens.count, number(tokens, place, 1, 2) == nil {
            let (year, end) = year(tokens, place, joinedBy: ["de", "del"])
            guard let year else { return nil }
            return (DateInText(range: span(tokens, index, end - 1), year: year, month: month, day: 31), end)
        }
        guard var day = number(tokens, place, 1, 2), (1...31).contains(day), !isTime(tokens, place) else { return nil }
        place = afterOrdinal(tokens, place + 1)
        if let (last, end) = lastDay(tokens, place), last > day {
            day = last
            place = end
        }
        let (year, end) = year(tokens, place, joinedBy: ["de", "del"])
        guard day <= CivilDate.days(inMonth: month, of: year ?? 2024) else { return nil }
        return (DateInText(range: span(tokens, index, end - 1), year: year, month: month, day: day), end)
    }

    /// `10 September 2026`, `10 de septiembre de 2026`, `1er octobre`
    private func dayFirst(_ tokens: [TextToken], _ index: Int) -> Found? {
        guard let day = number(tokens, index, 1, 2), (1...31).contains(day) else { return nil }
        var place = afterOrdinal(tokens, index + 1)
        if place < tokens.count, ["de", "of"].contains(tokens[place].text) { place += 1 }
        guard place < tokens.count, let month = words.month(tokens[place]), day <= CivilDate.days(inMonth: month, of: 2024) else { return nil }
        // In English `room 12, May 3` is the third of May.
        if language == .english, number(tokens, place + 1, 1, 2) != nil { return nil }
        let (year, end) = year(tokens, place + 1, joinedBy: ["de", "del", "of"])
        return (DateInText(range: span(tokens, index, end - 1), year: year, month: month, day: day), end)
    }

    /// The last day of `10–12` and `10 to 12`.
    private func lastDay(_ tokens: [TextToken], _ place: Int) -> (day: Int, end: Int)? {
        guard place + 1 < tokens.count,
            tokens[place].isSign("-", "–", "—", "&") || ["to", "through", "thru", "and", "al", "y"].contains(tokens[place].text),
            let day = number(tokens, place + 1, 1, 2), day <= 31, !isTime(tokens, place + 1)
        else { return nil }
        return (day, afterOrdinal(tokens, place + 2))
    }

    /// A year of four digits, perhaps after a comma or a small word.
    private func year(_ tokens: [TextToken], _ place: Int, joinedBy joints: Set<String>) -> (year: Int?, end: Int) {
        var index = place
        if index < tokens.count, tokens[index].isSign(",", "/") || joints.contains(tokens[index].text) { index += 1 }
        guard let year = number(tokens, index, 4), (1990...2100).contains(year) else { return (nil, place) }
        return (year, index + 1)
    }

    private func afterOrdinal(_ tokens: [TextToken], _ place: Int) -> Int {
        var end = place
        while end > 0, touching(tokens, end - 1, 2) {
            let isFullStop = tokens[end].isSign(".") && touching(tokens, end, 2) && tokens[end + 1].isSign("º", "ª", "°")
            guard isFullStop || ["st", "nd", "rd", "th", "er", "ero"].contains(tokens[end].text) || tokens[end].isSign("º", "ª", "°") else { break }
            end += 1
        }
        return end
    }

    /// `10:30`, `10 am`, `10%` and `10 people` of `May 10` aside: a number that is no day.
    private func isTime(_ tokens: [TextToken], _ place: Int) -> Bool {
        guard place + 1 < tokens.count else { return false }
        let next = tokens[place + 1]
        return next.isSign(":", "%") || ["am", "pm", "a", "p"].contains(next.text)
    }

    // MARK: Tokens

    /// The number at `index`, if it has so many digits.
    private func number(_ tokens: [TextToken], _ index: Int, _ least: Int, _ most: Int? = nil) -> Int? {
        guard index < tokens.count, let value = tokens[index].number, (least...(most ?? least)).contains(tokens[index].range.count) else {
            return nil
        }
        return value
    }

    private func begins(_ tokens: [TextToken], _ index: Int, _ starts: String...) -> Bool {
        index < tokens.count && starts.contains { tokens[index].text.hasPrefix($0) }
    }

    /// Whether so many tokens follow each other without a space.
    private func touching(_ tokens: [TextToken], _ index: Int, _ count: Int) -> Bool {
        guard index + count <= tokens.count else { return false }
        return (index + 1..<index + count).allSatisfy { tokens[$0].range.lowerBound == tokens[$0 - 1].range.upperBound }
    }

    private func span(_ tokens: [TextToken], _ first: Int, _ last: Int) -> Range<Int> {
        tokens[first].range.lowerBound..<tokens[last].range.upperBound
    }
}
