/// Reads the forms of `WrittenDate`: a day, then perhaps a time, then perhaps an offset. Words and numbers are tokens, so spaces hardly matter.
struct WrittenDateParser {
    private var tokens: [Token] = []
    private var position = 0
    private let text: String

    private enum Token: Equatable {
        /// Digits, how many they were and what they mean.
        case number(Int, digits: Int)
        /// Letters, in lower case, without the full stops of abbreviations.
        case word(String)
        case mark(UInt8)
        case space
    }

    /// No date needs more, and nothing that is longer is worth reading.
    private static let maximumLength = 100

    init(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(Self.maximumLength + 1))
        self.text = String(text)
        guard bytes.count <= Self.maximumLength else { return }
        tokens = Self.tokens(of: bytes)
    }

    mutating func parse(onDay day: CivilDate?) throws(WrittenDateError) -> WrittenDate {
        guard !tokens.isEmpty else { throw unreadable }
        if let day, let second = try parseTime() {
            guard position == tokens.count else { throw unreadable }
            return WrittenDate(dateTime: CivilDateTime(date: day, secondOfDay: second), hasTime: true)
        }
        position = 0
        let date = try parseDate()
        skipSpace()
        guard position < tokens.count else { return WrittenDate(dateTime: CivilDateTime(date: date), hasTime: false) }

        skip(UInt8(ascii: ","))
        skipSpace()
        if peekWord("t") || peekWord("at") { position += 1 }
        skipSpace()
        guard let second = try parseTime() else { throw unreadable }
        let offset = try parseOffset()
        skipSpace()
        guard position == tokens.count else { throw unreadable }
        return WrittenDate(dateTime: CivilDateTime(date: date, secondOfDay: second), hasTime: true, offset: offset)
    }

    // MARK: Day

    private mutating func parseDate() throws(WrittenDateError) -> CivilDate {
        if case .word(let word)? = peek, Self.isWeekday(word) {
            position += 1
            skip(UInt8(ascii: ","))
            skipSpace()
        }
        switch peek {
        case .number(let value, digits: 8): return try parseCompactDate(value)
        case .number(let year, digits: 4): return try parseYearFirst(year)
        case .number(let value, digits: 1...2): return try parseDayOrMonthFirst(value)
        case .word(let word): return try parseMonthNameFirst(word)
        default: throw unreadable
        }
    }

    /// `20260902`
    private mutating func parseCompactDate(_ value: Int) throws(WrittenDateError) -> CivilDate {
        position += 1
        return try date(year: value / 10_000, month: value / 100 % 100, day: value % 100)
    }

    /// `2026-09-02`, `2026/09/02`, `2026.09.02`
    private mutating func parseYearFirst(_ year: Int) throws(WrittenDateError) -> CivilDate {
        position += 1
        let separator = peek
        guard separator == .mark(UInt8(ascii: "-")) || separator == .mark(UInt8(ascii: "/")) || separator == .mark(UInt8(ascii: ".")) else {
            throw unreadable
        }
        position += 1
        let month = try takeShortNumber()
        guard peek == separator else {
            throw WrittenDateError(problem: "\(quoted) has no day", advice: "write year-month-day, such as 2026-09-02")
        }
        position += 1
        return try date(year: year, month: month, day: try takeShortNumber())
    }

    /// `9/2/2026` is month first, `2 September 2026` is day first.
    private mutating func parseDayOrMonthFirst(_ value: Int) throws(WrittenDateError) -> CivilDate {
        position += 1
        if peek == .mark(UInt8(ascii: "/")) {
            position += 1
            let day = try takeShortNumber()
            guard peek == .mark(UInt8(ascii: "/")) else {
                throw WrittenDateError(problem: "\(quoted) has no year", advice: "write the year too, such as \(value)/\(day)/2026")
            }
            position += 1
            return try date(year: try takeYear(), month: value, day: day)
        }
        skipOrdinalSuffix()
        skipDateSeparators()
        if peekWord("of") { position += 1 }
        skipDateSeparators()
        guard case .word(let word)? = peek, let month = Self.month(named: word) else { throw unreadable }
        position += 1
        skipDateSeparators()
        return try date(year: try takeYear(), month: month, day: value)
    }

    /// `Sep 2, 2026`
    private mutating func parseMonthNameFirst(_ word: String) throws(WrittenDateError) -> CivilDate {
        guard let month = Self.month(named: word) else { throw unreadable }
        position += 1
        skipDateSeparators()
        let day = try takeShortNumber()
        skipOrdinalSuffix()
        skipDateSeparators()
        return try date(year: try takeYear(), month: month, day: day)
    }

    private func date(year: Int, month: Int, day: Int) throws(WrittenDateError) -> CivilDate {
        if let date = CivilDate(year: year, month: month, day: day) { return date }
        guard year >= 1 else {
            throw WrittenDateError(problem: "\(quoted) has the year 0", advice: "write the year with four digits, such as 2026-09-02")
        }
        guard (1...12).contains(month) else {
            let swapped = CivilDate(year: year, month: day, day: month).map { ", perhaps \($0)" } ?? ""
            throw WrittenDateError(
                problem: "\(quoted) has the month \(month), and there are only 12",
                advice: "write year-month-day\(swapped.isEmpty ? ", such as 2026-09-02" : swapped)"
            )
        }
        let length = CivilDate.days(inMonth: month, of: year)
        throw WrittenDateError(
            problem: "\(quoted) has the day \(day), but \(Self.monthNames[month - 1].capitalizedASCII) \(year) has \(length) days",
            advice: "write a day from 1 to \(length)"
        )
    }

    private mutating func takeShortNumber() throws(WrittenDateError) -> Int {
        guard case .number(let value, digits: 1...2)? = peek else { throw unreadable }
        position += 1
        return value
    }

    private mutating func takeYear() throws(WrittenDateError) -> Int {
        guard case .number(let value, let digits)? = peek, digits == 4 else {
            throw WrittenDateError(problem: "\(quoted) has no year of four digits", advice: "write the whole year, such as 2026-09-02")
        }
        position += 1
        return value
    }

    /// The letters of `2nd`.
    private mutating func skipOrdinalSuffix() {
        if case .word(let word)? = peek, ["st", "nd", "rd", "th"].contains(word) { position += 1 }
    }

    /// What stands between a day, the name of a month and a year.
    private mutating func skipDateSeparators() {
        while peek == .space || peek == .mark(UInt8(ascii: ",")) || peek == .mark(UInt8(ascii: "-")) { position += 1 }
    }

    // MARK: Time

    /// The second of the day of `18:00`, `18:00:30.25`, `180000`, `6:30 PM`, `6 p.m.`; nil if no time begins here.
    private mutating func parseTime() throws(WrittenDateError) -> Int? {
        guard case .number(let value, let digits)? = peek else { return nil }
        var (hour, minute, second) = (value, 0, 0)
        if digits <= 2 {
            position += 1
            let hasMinute = skip(UInt8(ascii: ":"))
            if hasMinute { minute = try takeTwoDigits() }
            if hasMinute, skip(UInt8(ascii: ":")) {
                second = try takeTwoDigits()
                skipFraction()
            }
            let half = takeHalfOfDay()
            guard hasMinute || half != nil else {
                position -= 1
                return nil
            }
            if let half {
                guard (1...12).contains(hour) else {
                    throw WrittenDateError(
                        problem: "\(quoted) has the hour \(hour) with \(half == .am ? "AM" : "PM")",
                        advice: "write an hour from 1 to 12 with AM or PM, or one from 0 to 23 without"
                    )
                }
                hour = hour % 12 + (half == .pm ? 12 : 0)
            }
        } else if digits == 6 || digits == 4 {
            // As in iCalendar, after the T only: 20260902T180000.
            guard position > 0, tokens[position - 1] == .word("t") else { return nil }
            position += 1
            (hour, minute, second) = digits == 6 ? (value / 10_000, value / 100 % 100, value % 100) : (value / 100, value % 100, 0)
        } else {
            return nil
        }
        guard hour != 24 || minute != 0 || second != 0 else {
            throw WrittenDateError(problem: "\(quoted) has the time 24:00", advice: "write 00:00 of the next day")
        }
        guard hour <= 23, minute <= 59, second <= 59 else {
            throw WrittenDateError(
                problem: "\(quoted) has a time that no clock shows",
                advice: "write a time from 00:00 to 23:59, such as 18:30 or 6:30 PM"
            )
        }
        return hour * 3600 + minute * 60 + second
    }

    private enum HalfOfDay { case am, pm }

    private mutating func takeHalfOfDay() -> HalfOfDay? {
        let start = position
        skipSpace()
        guard case .word(let word)? = peek, word == "am" || word == "pm" else {
            position = start
            return nil
        }
        position += 1
        return word == "am" ? .am : .pm
    }

    private mutating func takeTwoDigits() throws(WrittenDateError) -> Int {
        guard case .number(let value, digits: 2)? = peek else {
            throw WrittenDateError(
                problem: "\(quoted) has a time that cannot be read", advice: "write minutes with two digits, such as 18:05 or 6:05 PM")
        }
        position += 1
        return value
    }

    /// Fractions of a second are read and dropped.
    private mutating func skipFraction() {
        let start = position
        guard skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) else { return }
        if case .number? = peek { position += 1 } else { position = start }
    }

    // MARK: Offset

    /// Seconds east of UTC of `Z`, `UTC`, `+05:30`, `-0800`, `-08`; nil if the text ends here.
    private mutating func parseOffset() throws(WrittenDateError) -> Int? {
        skipSpace()
        guard let token = peek else { return nil }
        if case .word(let word) = token {
            guard word == "z" || word == "utc" || word == "gmt" else {
                throw WrittenDateError(
                    problem: "\(quoted) ends with “\(word)”, which is no offset from UTC",
                    advice: "leave it out to use the time zone of the site, or write an offset such as -08:00"
                )
            }
            position += 1
            return 0
        }
        let isWest = token == .mark(UInt8(ascii: "-"))
        guard isWest || token == .mark(UInt8(ascii: "+")) else { throw unreadable }
        position += 1
        let (hours, minutes) = try takeOffsetDigits()
        guard hours <= 14, minutes <= 59 else {
            throw WrittenDateError(
                problem: "\(quoted) has an offset from UTC that no place has", advice: "write one from -12:00 to +14:00, such as -08:00")
        }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }

    private mutating func takeOffsetDigits() throws(WrittenDateError) -> (hours: Int, minutes: Int) {
        switch peek {
        case .number(let value, digits: 4):
            position += 1
            return (value / 100, value % 100)
        case .number(let hours, digits: 1...2):
            position += 1
            return (hours, skip(UInt8(ascii: ":")) ? try takeTwoDigits() : 0)
        default: throw unreadable
        }
    }

    // MARK: Tokens

    private var peek: Token? { position < tokens.count ? tokens[position] : nil }

    private func peekWord(_ word: String) -> Bool { peek == .word(word) }

    @discardableResult
    private mutating func skip(_ mark: UInt8) -> Bool {
        guard peek == .mark(mark) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while peek == .space { position += 1 }
    }

    private static func tokens(of bytes: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let start = index
            if isDigit(byte) {
                while index < bytes.count, isDigit(bytes[index]) { index += 1 }
                // Nothing has more than 9 digits but a fraction, whose value does not matter.
                let value = bytes[start..<index].prefix(9).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
                tokens.append(.number(value, digits: index - start))
            } else if isLetter(byte) {
                var word: [UInt8] = []
                while index < bytes.count, isLetter(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
                    if isLetter(bytes[index]) { word.append(bytes[index] | 0x20) }
                    index += 1
                }
                tokens.append(.word(String(decoding: word, as: UTF8.self)))
            } else if let length = spaceLength(in: bytes, at: index) {
                index += length
                if tokens.last != .space { tokens.append(.space) }
            } else if bytes[index...].starts(with: [0xE2, 0x88, 0x92]) {
                // The minus sign U+2212.
                tokens.append(.mark(UInt8(ascii: "-")))
                index += 3
            } else {
                tokens.append(.mark(byte))
                index += 1
            }
        }
        if tokens.last == .space { tokens.removeLast() }
        if tokens.first == .space { tokens.removeFirst() }
        return tokens
    }

    /// The length of the space that begins here: ASCII, U+00A0, or U+2009 or U+202F, which formatted times have before PM.
    private static func spaceLength(in bytes: [UInt8], at index: Int) -> Int? {
        switch bytes[index] {
        case 0x20, 0x09...0x0D: 1
        case 0xC2 where bytes[index...].starts(with: [0xC2, 0xA0]): 2
        case 0xE2 where bytes[index...].starts(with: [0xE2, 0x80, 0xAF]) || bytes[index...].starts(with: [0xE2, 0x80, 0x89]): 3
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") }

    // MARK: Names

    private static let monthNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
    private static let weekdayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// The full name or at least its first three letters.
    private static func month(named word: String) -> Int? {
        guard word.utf8.count >= 3, let index = monthNames.firstIndex(where: { $0.hasPrefix(word) }) else { return nil }
        return index + 1
    }

    private static func isWeekday(_ word: String) -> Bool {
        word.utf8.count >= 3 && weekdayNames.contains { $0.hasPrefix(word) }
    }

    // MARK: Messages

    private var unreadable: WrittenDateError {
        WrittenDateError(problem: "\(quoted) is no date", advice: "write year-month-day and perhaps a time, such as 2026-09-02 or 2026-09-02 18:30")
    }

    /// At most 40 characters, without control characters, in quotation marks.
    private var quoted: String {
        let shown = text.unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return "“\(String(shown))\(text.unicodeScalars.dropFirst(40).isEmpty ? "" : "…")”"
    }
}

extension String {
    /// An English name with a capital letter.
    fileprivate var capitalizedASCII: String {
        prefix(1).uppercased() + dropFirst()
    }
}
