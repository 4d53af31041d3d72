import Foundation
import Tenancy
import Testing

@Suite("Recurrence")
struct RecurrenceTests {
    // MARK: Expansion

    /// The table is made by make_recurrence_cases.py from python-dateutil.
    @Test("rules give the days that python-dateutil gives")
    func sameAsDateutil() throws {
        let table = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/recurrence-cases.tsv")
        let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count >= 400)
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 7)
            let found = try Recurrence(parsing: fields[0]).occurrences(
                from: WrittenDate(parsing: fields[1]).dateTime,
                in: day(fields[3])...day(fields[4]),
                excluding: Set(fields[2].split(separator: " ").map { try day(String($0)) }),
                limit: #require(Int(fields[5])),
                timeZone: .pacific
            )
            let time = try WrittenDate(parsing: fields[1]).dateTime.secondOfDay
            let expected = try fields[6].split(separator: " ").map { CivilDateTime(date: try day(String($0)), secondOfDay: time) }
            #expect(found == expected, "\(line)")
        }
    }

    @Test(
        "a range far from the start gives what the whole expansion gives there",
        arguments: [
            "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR",
            "FREQ=YEARLY;INTERVAL=3;BYMONTH=2,9;BYDAY=1MO",
            "FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=-2", "FREQ=DAILY;COUNT=900",
        ])
    func ranges(text: String) throws {
        let rule = try Recurrence(parsing: text)
        let start = try WrittenDate(parsing: "2026-09-02T18:00").dateTime
        let all = rule.occurrences(from: start, in: try day("2026-01-01")...day("2046-01-01"), limit: .max, timeZone: .utc)
        #expect(all.first == start)
        for offset in stride(from: -40, through: 6900, by: 13) {
            let range = start.date.adding(days: offset)...start.date.adding(days: offset + 90)
            let found = rule.occurrences(from: start, in: range, limit: .max, timeZone: .utc)
            #expect(found == all.filter { range.contains($0.date) }, "from day \(offset)")
        }
    }

    @Test(
        "a rule that never comes, or hardly ever, ends soon",
        arguments: [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
            "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
            "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1;COUNT=9", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=7;COUNT=10000",
        ])
    func neverComes(text: String) throws {
        let start = try WrittenDate(parsing: "2026-09-02T18:00").dateTime
        let clock = ContinuousClock()
        var found: [CivilDateTime] = []
        let time = try clock.measure {
            found = try Recurrence(parsing: text).occurrences(from: start, in: CivilDate.first...CivilDate.last, timeZone: .utc)
        }
        #expect(found == [start])
        #expect(time < .seconds(20))
    }

    @Test("a meeting keeps its time of day when the clocks change")
    func daylightSaving() throws {
        let start = try WrittenDate(parsing: "2026-10-29T18:30").dateTime
        let found = try Recurrence(parsing: "FREQ=WEEKLY;COUNT=2").occurrences(
            from: start, in: day("2026-10-01")...day("2026-12-01"), timeZone: .pacific)
        #expect(found.map(\.description) == ["2026-10-29T18:30", "2026-11-05T18:30"])
        #expect(found.map { TimeZoneRules.pacific.instant(of: $0).description } == ["2026-10-30T01:30:00Z", "2026-11-06T02:30:00Z"])
    }

    @Test("a day is included when the rule lasts until it, whatever the time")
    func untilDay() throws {
        let start = try WrittenDate(parsing: "2026-09-02T23:30").dateTime
        let found = try Recurrence(parsing: "FREQ=DAILY;UNTIL=20260903").occurrences(
            from: start, in: day("2026-09-01")...day("2026-12-01"), timeZone: .pacific)
        #expect(found.map(\.description) == ["2026-09-02T23:30", "2026-09-03T23:30"])
    }

    @Test("nothing is returned for a limit of none, and an excluded start still counts")
    func limits() throws {
        let start = try WrittenDate(parsing: "2026-09-02T18:00").dateTime
        let rule = try Recurrence(parsing: "FREQ=DAILY;COUNT=2")
        let range = try day("2026-09-01")...day("2026-12-01")
        #expect(rule.occurrences(from: start, in: range, limit: 0, timeZone: .utc).isEmpty)
        #expect(rule.occurrences(from: start, in: range, limit: -1, timeZone: .utc).isEmpty)
        #expect(rule.occurrences(from: start, in: range, excluding: [start.date], timeZone: .utc).map(\.description) == ["2026-09-03T18:00"])
    }

    // MARK: Reading and writing

    @Test(
        "a rule is read in any case and order and written in one way",
        arguments: [
            ("RRULE:FREQ=MONTHLY;BYDAY=1TU", "FREQ=MONTHLY;BYDAY=1TU"), ("rrule:freq=weekly;byday=th,mo,mo", "FREQ=WEEKLY;BYDAY=MO,TH"),
            (" BYDAY = +1TU , -1FR ; FREQ = MONTHLY ; ", "FREQ=MONTHLY;BYDAY=-1FR,1TU"), ("FREQ=DAILY;INTERVAL=1;WKST=MO", "FREQ=DAILY"),
            ("FREQ=DAILY;UNTIL=20270615", "FREQ=DAILY;UNTIL=20270615"), ("FREQ=DAILY;UNTIL=2027-06-15", "FREQ=DAILY;UNTIL=20270615"),
            ("FREQ=DAILY;UNTIL=20270615T235959", "FREQ=DAILY;UNTIL=20270615T235959"),
            ("FREQ=DAILY;UNTIL=20270615T235959Z", "FREQ=DAILY;UNTIL=20270615T235959Z"),
            (
                "FREQ=YEARLY;WKST=SU;BYWEEKNO=-1,1;BYDAY=MO;BYMONTH=12,1;INTERVAL=2;COUNT=3",
                "FREQ=YEARLY;INTERVAL=2;COUNT=3;BYMONTH=1,12;BYWEEKNO=-1,1;BYDAY=MO;WKST=SU"
            ),
        ])
    func readAndWritten(text: String, expected: String) throws {
        let rule = try Recurrence(parsing: text)
        #expect(rule.description == expected)
        #expect(try Recurrence(parsing: rule.description) == rule)
    }

    @Test(
        "what is wrong with a rule is said",
        arguments: [
            ("", "FREQ is missing"), ("BYDAY=MO", "FREQ is missing"), ("FREQ=HOURLY", "more than once a day"),
            ("FREQ=OFTEN", "FREQ=OFTEN is unknown"), ("every Tuesday", "has no value"),
            ("FREQ=", "has no value"), ("FREQ=DAILY;FREQ=DAILY", "FREQ is there twice"), ("FREQ=DAILY;COUNT=0", "COUNT=0 is no possible number"),
            ("FREQ=DAILY;COUNT=99999999999999999999", "is no possible number"), ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1 is no possible number"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "both COUNT and UNTIL"), ("FREQ=DAILY;UNTIL=20270230", "February 2027 has 28 days"),
            ("FREQ=WEEKLY;BYDAY=XX", "“XX” in BYDAY"),
            ("FREQ=MONTHLY;BYDAY=0TU", "“0TU” in BYDAY"), ("FREQ=MONTHLY;BYDAY=54TU", "“54TU” in BYDAY"),
            ("FREQ=MONTHLY;BYDAY=MO,,TU", "“” in BYDAY"),
            ("FREQ=WEEKLY;BYDAY=1TU", "means nothing with FREQ=WEEKLY"), ("FREQ=MONTHLY;BYMONTHDAY=32", "“32” is no number for BYMONTHDAY"),
            ("FREQ=YEARLY;BYMONTH=-1", "“-1” is no number for BYMONTH"), ("FREQ=MONTHLY;BYMONTHDAY=0", "“0” is no number"),
            ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY means nothing"),
            ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO means nothing"), ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY means nothing"),
            ("FREQ=MONTHLY;BYSETPOS=1", "nothing to choose from"),
            ("FREQ=DAILY;BYHOUR=9", "BYHOUR is not supported"), ("FREQ=DAILY;X=1", "“X” is no part"), ("FREQ=WEEKLY;WKST=1", "WKST=1 is no day"),
            (String(repeating: "FREQ=DAILY;", count: 100), "more than 500 characters"),
        ])
    func wrong(text: String, message: String) {
        let error = #expect(throws: RecurrenceError.self) { try Recurrence(parsing: text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("no text traps, and no rule takes long")
    func anyText() throws {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY", "FREQ=DAILY", ";", ";", ";", "BYDAY=MO", "BYDAY=-53SU", ",", "1TU", "BYMONTHDAY=-31",
            "BYSETPOS=-366", "=", "COUNT=10000",
            "INTERVAL=1000", "BYWEEKNO=-53", "BYYEARDAY=366", "BYMONTH=2", "WKST=SU", "UNTIL=99991231", "UNTIL=00010101T000000Z", "é", "-", "\u{0}",
            "9223372036854775808",
        ]
        let starts = [CivilDateTime.first, CivilDateTime.last, try WrittenDate(parsing: "2024-02-29T23:59").dateTime]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...10, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            guard let rule = try? Recurrence(parsing: text) else { continue }
            for start in starts {
                let found = rule.occurrences(from: start, in: start.date...CivilDate.last, limit: 5, timeZone: .pacific)
                #expect(found.first == start)
                #expect(found == Set(found).sorted())
            }
        }
    }

    // MARK: Summary

    @Test(
        "a rule is summed up in a pattern that has words",
        arguments: [
            ("FREQ=DAILY", RecurrenceSummary.daily(interval: 1)),
            ("FREQ=DAILY;INTERVAL=2", .daily(interval: 2)),
            ("FREQ=DAILY;BYDAY=FR,MO", .weekly(interval: 1, weekdays: [.monday, .friday])),
            ("FREQ=WEEKLY", .weekly(interval: 1, weekdays: [.wednesday])),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO", .weekly(interval: 2, weekdays: [.monday, .thursday])),
            ("FREQ=MONTHLY", .monthlyOnDays(interval: 1, days: [2])),
            ("FREQ=MONTHLY;BYMONTHDAY=15", .monthlyOnDays(interval: 1, days: [15])),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", .monthlyOnDays(interval: 1, days: [-1])),
            ("FREQ=MONTHLY;BYDAY=1TU", .monthlyOnWeekday(interval: 1, ordinals: [1], weekday: .tuesday)),
            ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", .monthlyOnWeekday(interval: 1, ordinals: [1], weekday: .tuesday)),
            ("FREQ=MONTHLY;BYDAY=-1TU,1TU", .monthlyOnWeekday(interval: 1, ordinals: [1, -1], weekday: .tuesday)),
            ("FREQ=MONTHLY;BYDAY=TU,TH", .weekly(interval: 1, weekdays: [.tuesday, .thursday])),
            ("FREQ=YEARLY", .yearlyOnDate(interval: 1, month: 9, day: 2)),
            ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", .yearlyOnDate(interval: 1, month: 12, day: 25)),
            ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", .yearlyOnWeekday(interval: 1, month: 5, ordinal: -1, weekday: .monday)),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", .other),
            (
                "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1SU,3WE,1TU,1MO",
                .monthlyOnWeekdays(
                    interval: 2,
                    days: [
                        .init(ordinal: 1, weekday: .monday), .init(ordinal: 1, weekday: .tuesday), .init(ordinal: 3, weekday: .wednesday),
                        .init(ordinal: -1, weekday: .sunday),
                    ])
            ),
            ("FREQ=MONTHLY;BYDAY=1TU,2WE;BYSETPOS=1", .other), ("FREQ=MONTHLY;BYDAY=1TU,WE", .other),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", .monthlyOnWorkday(ordinals: [-1])),
            ("FREQ=YEARLY;BYMONTHDAY=1", .other),
            ("FREQ=YEARLY;BYYEARDAY=100", .other),
        ])
    func summary(text: String, expected: RecurrenceSummary) throws {
        #expect(try Recurrence(parsing: text).summary(from: day("2026-09-02")) == expected)
    }

    private func day(_ text: String) throws -> CivilDate {
        try WrittenDate(parsing: text).dateTime.date
    }
}
