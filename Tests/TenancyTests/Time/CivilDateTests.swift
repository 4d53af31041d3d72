import Tenancy
import Testing

@Suite("Civil dates")
struct CivilDateTests {
    /// 400 years have every kind of year; the two ends are the rest that could go wrong.
    @Test("every day follows the one before, and its number leads back to it", arguments: [(1, 9), (1599, 2001), (9990, 9999)])
    func everyDay(firstYear: Int, lastYear: Int) throws {
        var number = try #require(CivilDate(year: firstYear, month: 1, day: 1)).dayNumber
        var weekday = CivilDate(dayNumber: number).weekday
        var wrong: [CivilDate] = []
        for year in firstYear...lastYear {
            for month in 1...12 {
                for day in 1...31 {
                    guard let date = CivilDate(year: year, month: month, day: day) else { continue }
                    if CivilDate(dayNumber: number) != date || date.dayNumber != number || date.weekday != weekday { wrong.append(date) }
                    number += 1
                    weekday = Weekday(rawValue: weekday.rawValue % 7 + 1) ?? .monday
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test(
        "a day that does not exist is refused",
        arguments: [
            (2026, 2, 29), (2026, 2, 30), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, -1), (0, 1, 1),
            (10_000, 1, 1),
            (Int.max, Int.max, Int.max), (Int.min, Int.min, Int.min),
        ])
    func impossible(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test("known days have their numbers and weekdays")
    func known() throws {
        let epoch = try #require(CivilDate(year: 1970, month: 1, day: 1))
        #expect(epoch.dayNumber == 0)
        #expect(epoch.weekday == .thursday)
        let leap = try #require(CivilDate(year: 2000, month: 2, day: 29))
        #expect(leap.dayNumber == 11_016)
        #expect(leap.weekday == .tuesday)
        #expect(leap.dayOfYear == 60)
    }

    @Test(
        "months are added to the same day or the last of a shorter month",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"),
            ("2026-01-15", -13, "2024-12-15"), ("2024-02-29", 12, "2025-02-28"), ("2026-05-31", Int.max, "9999-12-31"),
            ("2026-05-31", Int.min, "0001-01-01"),
            ("9999-12-01", 1, "9999-12-31"), ("0001-01-31", -1, "0001-01-01"),
        ])
    func addingMonths(start: String, months: Int, expected: String) throws {
        #expect(try WrittenDate(parsing: start).dateTime.date.adding(months: months).description == expected)
    }

    @Test(
        "adding days stops at the ends of the calendar",
        arguments: [(Int.max, "9999-12-31"), (Int.min, "0001-01-01"), (5_000_000, "9999-12-31"), (0, "2026-09-02"), (30, "2026-10-02")])
    func addingDays(days: Int, expected: String) throws {
        let date = try #require(CivilDate(year: 2026, month: 9, day: 2))
        #expect(date.adding(days: days).description == expected)
    }

    @Test(
        "a week starts on the given day or before",
        arguments: [(Weekday.monday, "2026-08-31"), (.sunday, "2026-08-30"), (.wednesday, "2026-09-02"), (.thursday, "2026-08-27")])
    func startOfWeek(weekday: Weekday, expected: String) throws {
        let date = try #require(CivilDate(year: 2026, month: 9, day: 2))
        #expect(date.startOfWeek(weekday).description == expected)
    }
}

@Suite("Civil times and instants")
struct CivilDateTimeTests {
    @Test("a time of day that no clock shows is refused", arguments: [(24, 0, 0), (-1, 0, 0), (12, 60, 0), (12, 0, 60), (Int.max, 0, 0)])
    func impossible(hour: Int, minute: Int, second: Int) {
        #expect(CivilDateTime(date: .first, hour: hour, minute: minute, second: second) == nil)
    }

    @Test(
        "seconds are added across midnight and stop at the ends of the calendar",
        arguments: [
            (1, "2026-09-03T00:00"), (-86_400, "2026-09-01T23:59:59"), (Int.max, "9999-12-31T23:59:59"), (Int.min, "0001-01-01T00:00"),
        ])
    func adding(seconds: Int, expected: String) throws {
        let date = try #require(CivilDate(year: 2026, month: 9, day: 2))
        let time = try #require(CivilDateTime(date: date, hour: 23, minute: 59, second: 59))
        #expect(time.adding(seconds: seconds).description == expected)
    }

    @Test(
        "an instant is written in UTC and read back",
        arguments: [
            ("2026-09-02T18:00:00Z", 1_788_372_000), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ])
    func instant(text: String, seconds: Int64) {
        #expect(Instant(seconds: seconds).description == text)
        #expect(Instant(text)?.seconds == seconds)
    }

    @Test(
        "an instant may have an offset, and must have a time and one",
        arguments: [
            ("2026-09-02T11:00:00-07:00", 1_788_372_000 as Int64?), ("2026-09-02T23:30:00.5+0530", 1_788_372_000), ("2026-09-02T18:00:00", nil),
            ("2026-09-02", nil),
            ("Sep 2, 2026 6 PM Z", nil), ("", nil), ("2026-02-30T00:00:00Z", nil),
        ])
    func instantWithOffset(text: String, seconds: Int64?) {
        #expect(Instant(text)?.seconds == seconds)
    }

    @Test("instants stop at the ends of the calendar")
    func instantEnds() {
        #expect(Instant(seconds: .max).description == "9999-12-31T23:59:59Z")
        #expect(Instant(seconds: .min).description == "0001-01-01T00:00:00Z")
        #expect(Instant(seconds: 0).adding(seconds: .max) == Instant(seconds: .max))
        #expect(Instant(seconds: -1).adding(seconds: .min) == Instant(seconds: .min))
        #expect(Instant(CivilDateTime.last, offset: .min) == Instant(seconds: .max))
        #expect(Instant(seconds: .max).local(offset: .max) == CivilDateTime.last)
    }
}
