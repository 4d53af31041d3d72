import Foundation
import Tenancy
import Testing

@testable import SiteBuilder

/// The expected texts are CLDR's, as Foundation's own formatter writes them.
@Suite("Dates in eight languages")
struct DateTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let language: String
        let full: [String]
        let date: [String]
        let month: [String]
        let short: [String]
        let time: [String]

        init(_ language: String, full: [String], date: [String], month: [String], short: [String], time: [String]) {
            self.language = language
            self.full = full
            self.date = date
            self.month = month
            self.short = short
            self.time = time
        }

        var testDescription: String { language }
    }

    /// Of 9 September 2026, 13:30, and 1 March 2026, 0:05.
    static let cases = [
        Case(
            "en", full: ["Wednesday, September 9, 2026", "Sunday, March 1, 2026"], date: ["September 9, 2026", "March 1, 2026"],
            month: ["September 2026", "March 2026"], short: ["Sep 9", "Mar 1"], time: ["1:30\u{202F}PM", "12:05\u{202F}AM"]),
        Case(
            "es", full: ["miércoles, 9 de septiembre de 2026", "domingo, 1 de marzo de 2026"],
            date: ["9 de septiembre de 2026", "1 de marzo de 2026"], month: ["septiembre de 2026", "marzo de 2026"], short: ["sept 9", "mar 1"],
            time: ["1:30\u{202F}p.m.", "12:05\u{202F}a.m."]),
        Case(
            "zh-Hans", full: ["2026年9月9日 星期三", "2026年3月1日 星期日"], date: ["2026年9月9日", "2026年3月1日"], month: ["2026年9月", "2026年3月"],
            short: ["9月9日", "3月1日"], time: ["13:30", "00:05"]),
        Case(
            "vi", full: ["Thứ Tư, ngày 9 tháng 9, 2026", "Chủ Nhật, ngày 1 tháng 3, 2026"], date: ["ngày 9 tháng 9, 2026", "ngày 1 tháng 3, 2026"],
            month: ["tháng 9 năm 2026", "tháng 3 năm 2026"], short: ["9 thg 9", "1 thg 3"], time: ["13:30", "00:05"]),
        Case(
            "ko", full: ["2026년 9월 9일 수요일", "2026년 3월 1일 일요일"], date: ["2026년 9월 9일", "2026년 3월 1일"], month: ["2026년 9월", "2026년 3월"],
            short: ["9월 9일", "3월 1일"], time: ["오후 1:30", "오전 12:05"]),
        Case(
            "ru", full: ["среда, 9 сентября 2026\u{202F}г.", "воскресенье, 1 марта 2026\u{202F}г."],
            date: ["9 сентября 2026\u{202F}г.", "1 марта 2026\u{202F}г."],
            month: ["сентябрь 2026\u{202F}г.", "март 2026\u{202F}г."], short: ["9 сент.", "1 марта"], time: ["13:30", "00:05"]),
        Case(
            "ar", full: ["الأربعاء، 9 سبتمبر، 2026", "الأحد، 1 مارس، 2026"], date: ["9 سبتمبر، 2026", "1 مارس، 2026"],
            month: ["سبتمبر 2026", "مارس 2026"],
            short: ["9 سبتمبر", "1 مارس"], time: ["1:30\u{A0}م", "12:05\u{A0}ص"]),
        Case(
            "fr", full: ["mercredi 9 septembre 2026", "dimanche 1 mars 2026"], date: ["9 septembre 2026", "1 mars 2026"],
            month: ["septembre 2026", "mars 2026"], short: ["9 sept.", "1 mars"], time: ["13:30", "00:05"]),
    ]

    private func moment(_ text: String) throws -> CivilDateTime { try WrittenDate(parsing: text).dateTime }

    /// Spaces of other widths are spaces here: CLDR changes them now and then.
    private func plain(_ text: String) -> String { String(text.map { $0.isWhitespace ? " " : $0 }) }

    @Test("are written as CLDR says", arguments: cases)
    func dates(_ test: Case) throws {
        let text = DateText.text(for: try #require(Language(code: test.language)))
        for (index, written) in ["2026-09-09T13:30", "2026-03-01T00:05"].enumerated() {
            let moment = try moment(written)
            #expect(plain(text.fullDate.text(moment)) == plain(test.full[index]))
            #expect(plain(text.date.text(moment)) == plain(test.date[index]))
            #expect(plain(text.month.text(moment)) == plain(test.month[index]))
            #expect(plain(text.shortDate.text(moment)) == plain(test.short[index]))
            #expect(plain(text.time.text(moment)) == plain(test.time[index]))
        }
    }

    static let ranges: [(language: String, start: String, end: String, text: String)] = [
        ("en", "2026-09-09T18:30", "2026-09-09T20:00", "6:30 – 8:00 PM"), ("en", "2026-09-09T11:00", "2026-09-09T13:00", "11:00 AM – 1:00 PM"),
        ("en", "2026-09-09T00:00", "2026-09-09T12:00", "12:00 AM – 12:00 PM"), ("es", "2026-09-09T18:30", "2026-09-09T20:00", "6:30 – 8:00 p.m."),
        ("fr", "2026-09-09T18:30", "2026-09-09T20:00", "18:30 – 20:00"), ("ko", "2026-09-09T18:30", "2026-09-09T20:00", "오후 6:30 – 오후 8:00"),
        ("ru", "2026-09-09T08:05", "2026-09-09T20:00", "08:05 – 20:00"), ("ar", "2026-09-09T18:30", "2026-09-09T20:00", "6:30 – 8:00 م"),
    ]

    @Test("A range says the half of the day once, where both ends share it", arguments: ranges)
    func range(_ test: (language: String, start: String, end: String, text: String)) throws {
        let text = DateText.text(for: try #require(Language(code: test.language)))
        #expect(plain(text.timeRange(try moment(test.start), try moment(test.end))) == test.text)
    }

    static let dayRanges: [(language: String, end: String, text: String)] = [
        ("en", "2026-11-27", "Thursday, November 26 – Friday, November 27, 2026"),
        ("en", "2027-01-04", "Thursday, November 26, 2026 – Monday, January 4, 2027"),
        ("es", "2026-11-27", "jueves, 26 de noviembre – viernes, 27 de noviembre de 2026"),
        ("fr", "2026-11-27", "jeudi 26 novembre – vendredi 27 novembre 2026"),
        ("zh-Hans", "2026-11-27", "2026年11月26日 星期四 – 11月27日 星期五"), ("ko", "2026-11-27", "2026년 11월 26일 목요일 – 11월 27일 금요일"),
        ("ko", "2027-01-04", "2026년 11월 26일 목요일 – 2027년 1월 4일 월요일"),
    ]

    @Test("A range of days says the year once, where both share it", arguments: dayRanges)
    func dayRange(_ test: (language: String, end: String, text: String)) throws {
        let text = DateText.text(for: try #require(Language(code: test.language)))
        #expect(plain(text.dayRange(try moment("2026-11-26").date, try moment(test.end).date)) == test.text)
    }

    @Test("No line begins with the dash of a range, and a range of times is not broken at all")
    func rangesInLines() throws {
        let text = DateText.text(for: .english)
        #expect(text.dayRange(try moment("2026-11-26").date, try moment("2026-11-27").date).contains("\u{A0}– "))
        #expect(!text.timeRange(try moment("2026-11-26T18:30"), try moment("2026-11-26T20:00")).contains(" "))
    }

    @Test("Weekdays begin with Monday, and there are twelve months, in every language", arguments: Language.all)
    func names(_ language: Language) {
        let text = DateText.text(for: language)
        #expect(text.weekdays.count == 7 && text.shortWeekdays.count == 7 && Set(text.weekdays).count == 7)
        #expect(text.monthNames.count == 12 && text.shortMonths.count == 12 && Set(text.monthNames).count == 12)
        #expect((text.weekdays + text.shortWeekdays + text.monthNames + text.shortMonths).allSatisfy { !$0.isEmpty })
        if language == .english { #expect(text.weekdays.first == "Monday" && text.monthNames.first == "January") }
    }

    @Test(
        "Quoted letters and two quotes in a pattern are text",
        arguments: [
            ("d 'de' MMMM", "9 de September"), ("h 'o''clock' a", "1 o'clock PM"), ("''yy''", "'2026'"), ("dd.MM.y HH:mm", "09.09.2026 13:30"),
        ])
    func patterns(_ test: (pattern: String, text: String)) throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US")
        let pattern = DatePattern(test.pattern, DateNames(formatter))
        #expect(pattern.text(try moment("2026-09-09T13:30")) == test.text)
    }
}
