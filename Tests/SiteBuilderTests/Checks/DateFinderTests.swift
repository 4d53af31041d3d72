import Tenancy
import Testing

@testable import SiteBuilder

@Suite("Dates in running text")
struct DateFinderTests {
    private func found(_ text: String, _ code: String) throws -> [String] {
        let file = TextFile(path: "a.md", bytes: Array(text.utf8))
        let language = try #require(Language(code: code))
        return DateFinder(language).dates(in: CheckedText(body: file, fromLine: 1), 0..<file.scalars.count).map { date in
            "\(date.year.map(String.init) ?? "?")-\(date.month)-\(date.day)"
        }
    }

    @Test(
        "each language writes days in its own ways",
        arguments: [
            ("en", "September 10, 2026", "2026-9-10"), ("en", "Sept. 10", "?-9-10"), ("en", "September 10th", "?-9-10"),
            ("en", "Sep 10–12, 2026", "2026-9-12"), ("en", "September 10 to 12", "?-9-12"),
            ("en", "10 September 2026", "2026-9-10"), ("en", "9/10/2026", "2026-9-10"), ("en", "9/10/26", "2026-9-10"), ("en", "Fri. 9/10", "?-9-10"),
            ("en", "2026-09-10", "2026-9-10"),
            ("en", "in September 2026", "2026-9-31"), ("en", "room 12, May 3", "?-5-3"), ("es", "10 de septiembre de 2026", "2026-9-10"),
            ("es", "1.º de octubre", "?-10-1"), ("es", "del 10 al 12 de mayo", "?-5-12"),
            ("es", "septiembre 10", "?-9-10"), ("es", "5/9/2026", "2026-9-5"), ("fr", "1er octobre 2026", "2026-10-1"),
            ("ru", "10 сентября", "?-9-10"), ("vi", "ngày 10 tháng 9, 2026", "2026-9-10"),
            ("zh-Hans", "9月10日（星期四）", "?-9-10"), ("zh-Hans", "2026年9月10日", "2026-9-10"), ("ko", "2026년 9월 10일에", "2026-9-10"),
            ("ar", "10 سبتمبر 2026", "2026-9-10"), ("ar", "١٠ سبتمبر ٢٠٢٦", "2026-9-10"),
        ])
    func day(code: String, text: String, expected: String) throws {
        #expect(try found(text, code) == [expected], "\(text)")
    }

    @Test(
        "other numbers are no days",
        arguments: [
            "may 10", "1/2 cup", "9/10", "10 people", "May 10:30", "May 45", "2026-13-10", "12345-09-10", "March on", "room 10", "10 am", "May 3%",
            "2/30/2026", "version 2026.9", "Mayor 10",
        ])
    func noDay(text: String) throws {
        #expect(try found(text, "en") == [], "\(text)")
    }

    @Test("a day without a year is the one that its surroundings mean")
    func reference() throws {
        func day(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate { try #require(CivilDate(year: year, month: month, day: day)) }
        let today = try day(2026, 11, 24)
        let june = DateInText(range: 0..<1, year: nil, month: 6, day: 5, weekday: nil)
        #expect(june.date(.written(try day(2026, 5, 1)), today: today) == (try day(2026, 6, 5)))
        #expect(june.date(.written(try day(2026, 7, 1)), today: today) == (try day(2026, 6, 5)))
        #expect(june.date(.written(try day(2026, 8, 1)), today: today) == (try day(2027, 6, 5)))
        #expect(june.date(.event(try day(2027, 6, 5)), today: today) == (try day(2027, 6, 5)))
        #expect(june.date(.event(try day(2027, 6, 4)), today: today) == (try day(2026, 6, 5)))
        #expect(june.date(.none, today: today) == (try day(2027, 6, 5)))
        let leap = DateInText(range: 0..<1, year: nil, month: 2, day: 29, weekday: nil)
        #expect(leap.date(.none, today: today) == nil)
    }
}
