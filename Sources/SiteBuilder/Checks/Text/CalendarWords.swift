import Tenancy

/// The names of months and weekdays as people write them in running text, abbreviations included.
struct CalendarWords: Sendable {
    private let months: [String: Int]
    private let weekdays: [String: Weekday]
    /// English writes months with a capital, which tells “May” from “may”.
    let needsCapital: Bool

    init(_ language: Language) {
        months = Self.table(Self.months[language.code] ?? [])
        weekdays = Self.table(Self.weekdays[language.code] ?? []).compactMapValues { Weekday(rawValue: $0) }
        needsCapital = language == .english
    }

    /// 1…12
    func month(_ token: TextToken) -> Int? {
        guard token.isWord, !needsCapital || token.isCapitalized else { return nil }
        return months[token.text]
    }

    func weekday(_ token: TextToken) -> Weekday? { token.isWord ? weekdays[token.text] : nil }

    /// Each line holds the words for one month or day, in order from 1.
    private static func table(_ lines: [String]) -> [String: Int] {
        var table: [String: Int] = [:]
        for (index, line) in lines.enumerated() {
            for word in line.split(separator: " ") { table[String(word)] = index + 1 }
        }
        return table
    }

    private static let months: [String: [String]] = [
        "en": [
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept", "october oct",
            "november nov", "december dec",
        ],
        "es": [
            "enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul", "agosto ago", "septiembre setiembre sep sept",
            "octubre oct", "noviembre nov", "diciembre dic",
        ],
        "fr": [
            "janvier janv", "février févr", "mars", "avril avr", "mai", "juin", "juillet juil", "août aout", "septembre sept", "octobre oct",
            "novembre nov", "décembre déc",
        ],
        "ru": [
            "января январь янв", "февраля февраль фев", "марта март", "апреля апрель апр", "мая май", "июня июнь", "июля июль", "августа август авг",
            "сентября сентябрь сент", "октября октябрь окт", "ноября ноябрь нояб", "декабря декабрь дек",
        ],
        "ar": [
            "يناير", "فبراير", "مارس", "أبريل ابريل إبريل", "مايو", "يونيو يونيه", "يوليو يوليه", "أغسطس اغسطس", "سبتمبر", "أكتوبر اكتوبر", "نوفمبر",
            "ديسمبر",
        ],
    ]

    private static let weekdays: [String: [String]] = [
        "en": [
            "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs", "friday fri", "saturday sat", "sunday sun",
        ],
        "es": ["lunes", "martes", "miércoles miercoles", "jueves", "viernes", "sábado sabado", "domingo"],
        "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        "ru": ["понедельник", "вторник", "среда среду", "четверг", "пятница пятницу", "суббота субботу", "воскресенье"],
    ]
}
