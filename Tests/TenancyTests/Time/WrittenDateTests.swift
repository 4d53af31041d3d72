import Tenancy
import Testing

@Suite("Dates as people write them")
struct WrittenDateTests {
    @Test(
        "a day alone",
        arguments: [
            "2026-09-02", "2026-9-2", "2026/09/02", "2026.09.02", "20260902", "9/2/2026", "09/02/2026", "Sep 2, 2026", "Sept. 2, 2026", "sep 2 2026",
            "September 2, 2026",
            "SEPTEMBER 2ND, 2026", "2 September 2026", "2nd of September, 2026", "02-Sep-2026", "Wednesday, September 2, 2026", "Wed 2 Sep 2026",
            "  2026-09-02\r\n",
            "\u{A0}2026-09-02",
        ])
    func day(text: String) throws {
        let date = try WrittenDate(parsing: text)
        #expect(date.dateTime.description == "2026-09-02T00:00")
        #expect(!date.hasTime)
        #expect(date.offset == nil)
    }

    @Test(
        "a day and a time",
        arguments: [
            "2026-09-02T18:30", "2026-09-02t18:30:00", "2026-09-02 18:30", "2026-09-02 18:30:00", "2026-09-02 18:30:00.000", "2026-09-02T18:30:00,5",
            "20260902T183000",
            "2026-09-02 6:30 PM", "2026-09-02 6:30pm", "2026-09-02 6:30 p.m.", "September 2, 2026 6:30 PM", "September 2, 2026, 6:30 PM",
            "Sep 2, 2026 at 6:30pm",
            "9/2/2026 6:30 PM", "9/2/2026, 6:30\u{202F}PM",
        ])
    func time(text: String) throws {
        let date = try WrittenDate(parsing: text)
        #expect(date.dateTime.description == "2026-09-02T18:30")
        #expect(date.hasTime)
        #expect(date.offset == nil)
    }

    @Test(
        "an offset from UTC",
        arguments: [
            ("2026-09-02T18:00:00Z", 0), ("2026-09-02T18:00:00.123456789z", 0), ("2026-09-02 18:00 UTC", 0), ("2026-09-02 18:00:00 -0800", -28_800),
            ("2026-09-02T18:00-08:00", -28_800), ("2026-09-02T18:00-08", -28_800), ("2026-09-02 18:00:00 +05:30", 19_800),
            ("2026-09-02 18:00 \u{2212}08:00", -28_800),
            ("Wed, 02 Sep 2026 18:00:00 +0000", 0), ("20260902T180000Z", 0),
        ])
    func offset(text: String, offset: Int) throws {
        let date = try WrittenDate(parsing: text)
        #expect(date.dateTime.description == "2026-09-02T18:00")
        #expect(date.offset == offset)
    }

    @Test(
        "hours with AM and PM",
        arguments: [
            ("12am", 0), ("12:30 AM", 1800), ("1 a.m.", 3600), ("11:59 am", 43_140), ("12 pm", 43_200), ("6:30pm", 66_600), ("18:30", 66_600),
            ("11:59:59 PM", 86_399),
        ])
    func timeAlone(text: String, second: Int) throws {
        let day = try #require(CivilDate(year: 2026, month: 9, day: 2))
        let date = try WrittenDate(parsing: text, onDay: day)
        #expect(date.dateTime == CivilDateTime(date: day, secondOfDay: second))
        #expect(date.hasTime)
        #expect(throws: WrittenDateError.self) { try WrittenDate(parsing: text) }
    }

    @Test("a whole date wins over the day given for times alone")
    func wholeDateOnDay() throws {
        #expect(try WrittenDate(parsing: "9/2/2026 6pm", onDay: .first).dateTime.description == "2026-09-02T18:00")
    }

    @Test(
        "what is wrong is said, and what to write instead",
        arguments: [
            ("2026-02-30", "February 2026 has 28 days: write a day from 1 to 28"),
            ("2024-02-30", "February 2024 has 29 days: write a day from 1 to 29"),
            ("September 31, 2026", "September 2026 has 30 days: write a day from 1 to 30"),
            ("2026-00-10", "the month 0"),
            ("2026-13-01", "the month 13, and there are only 12: write year-month-day, perhaps 2026-01-13"),
            ("25/12/2026", "perhaps 2026-12-25"),
            ("0000-01-01", "the year 0"),
            ("9/2/26", "no year of four digits: write the whole year"),
            ("9/2", "no year"),
            ("2026-09", "no day"),
            ("2026-09-02 25:00", "a time that no clock shows"),
            ("2026-09-02 18:60", "a time that no clock shows"),
            ("2026-09-02 24:00", "write 00:00 of the next day"),
            ("2026-09-02 13:00 PM", "the hour 13 with PM"),
            ("2026-09-02 0 AM", "the hour 0 with AM"),
            ("2026-09-02 18:5", "write minutes with two digits"),
            ("2026-09-02 18:00 PST", "leave it out to use the time zone of the site"),
            ("2026-09-02 18:00 +25:00", "an offset from UTC that no place has"),
            ("TBD", "is no date"),
            ("", "is no date"),
            ("2026-09-02 18:00 or so", "no offset from UTC"),
            ("2026-09-02-03", "is no date"),
        ])
    func wrong(text: String, message: String) {
        let error = #expect(throws: WrittenDateError.self) { try WrittenDate(parsing: text) }
        #expect(error?.description.contains(message) == true)
    }

    @Test("a message does not repeat a long text or control characters")
    func shortMessage() {
        let error = #expect(throws: WrittenDateError.self) { try WrittenDate(parsing: "\u{1B}[31m\n" + String(repeating: "x", count: 10_000)) }
        #expect((error?.description.count ?? .max) < 200)
        #expect(error?.description.contains("\u{1B}") == false)
    }

    @Test("no bytes trap, and what is read is written and read again the same")
    func anyBytes() throws {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "2026", "9", "02", "-", "/", ":", "T", "Z", " ", "Sep", "pm", "AM", ",", ".", "+", "99999999999999999999", "000", "\u{2212}", "é",
            "\u{0}", "31", "12", "of", "th",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            guard let date = try? WrittenDate(parsing: text, onDay: .first) else { continue }
            #expect(try WrittenDate(parsing: date.dateTime.description).dateTime == date.dateTime, "\(text)")
        }
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? WrittenDate(parsing: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("the moment and the local time follow the written offset, else the zone")
    func zones() throws {
        let zone = TimeZoneRules.pacific
        let here = try WrittenDate(parsing: "2026-09-02 18:00")
        let there = try WrittenDate(parsing: "2026-09-02T18:00Z")
        #expect(here.instant(in: zone).description == "2026-09-03T01:00:00Z")
        #expect(here.local(in: zone).description == "2026-09-02T18:00")
        #expect(there.instant(in: zone).description == "2026-09-02T18:00:00Z")
        #expect(there.local(in: zone).description == "2026-09-02T11:00")
    }
}
