import Foundation
import Markdown
import Tenancy
import TestSupport
import Testing

@testable import SiteBuilder

@Suite("Calendar files from elsewhere")
struct ICalendarReaderTests {
    private static let zone = TimeZoneRules.named("America/Los_Angeles") ?? .utc

    private static func read(_ lines: String..., ending: String = "\r\n") -> ICalendarReader {
        let all = ["BEGIN:VCALENDAR", "VERSION:2.0"] + lines + ["END:VCALENDAR", ""]
        return ICalendarReader(Array(all.joined(separator: ending).utf8), zone: zone)
    }

    private static func event(_ lines: String...) -> ICalendarReader {
        ICalendarReader(
            Array(
                (["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1@a.example", "SUMMARY:Meeting"] + lines + ["END:VEVENT", "END:VCALENDAR"]).joined(
                    separator: "\r\n"
                ).utf8), zone: zone)
    }

    @Test(
        "times become those of the site's own clocks",
        arguments: [
            ("DTSTART:20270114T183000", "2027-01-14T18:30"), ("DTSTART:20270115T023000Z", "2027-01-14T18:30"),
            ("DTSTART;TZID=America/New_York:20270114T213000", "2027-01-14T18:30"),
            ("DTSTART;TZID=\"Eastern Standard Time\":20270114T213000", "2027-01-14T18:30"),
            ("DTSTART;TZID=/mozilla.org/America/New_York:20270114T213000", "2027-01-14T18:30"),
            ("DTSTART;VALUE=DATE:20270114", "2027-01-14T00:00"), ("DTSTART:20270114T183059", "2027-01-14T18:30"),
            // Summer time.
            ("DTSTART:20270702T013000Z", "2027-07-01T18:30"),
        ])
    func start(line: String, expected: String) throws {
        let reader = Self.event(line)
        let event = try #require(reader.events.first)
        #expect(event.file.start.description == expected)
        #expect(event.file.isAllDay == line.contains("VALUE=DATE"))
        #expect(reader.problems.isEmpty)
    }

    @Test(
        "an end is there in every form that it has",
        arguments: [
            ("DTSTART:20270114T183000", "DTEND:20270114T200000", "2027-01-14T20:00"),
            ("DTSTART:20270114T183000", "DURATION:PT1H30M", "2027-01-14T20:00"), ("DTSTART:20270114T183000", "DURATION:P1DT1H", "2027-01-15T19:30"),
            ("DTSTART;VALUE=DATE:20270114", "DTEND;VALUE=DATE:20270117", "2027-01-16T00:00"),
            ("DTSTART;VALUE=DATE:20270114", "DURATION:P1W", "2027-01-20T00:00"), ("DTSTART;VALUE=DATE:20270114", "DTEND;VALUE=DATE:20270115", nil),
            ("DTSTART:20270114T183000", "DTEND:20270114T170000", nil), ("DTSTART:20270114T183000", "X-NOTHING:1", nil),
        ] as [(String, String, String?)])
    func end(start: String, end: String, expected: String?) throws {
        let reader = Self.event(start, end)
        #expect(try #require(reader.events.first).file.end?.description == expected)
        #expect(reader.problems.isEmpty)
    }

    @Test("folded lines, escapes, quoted parameters and other line ends", arguments: ["\r\n", "\n", "\r"])
    func lines(ending: String) throws {
        let reader = Self.read(
            "BEGIN:VEVENT", "UID:1", "DTSTART:20270114T183000", "SUMMARY;X=\"a:b;c\":Book", " \\, fair\\; and ", "\tmore \\\\ \\n here",
            "LOCATION:Library\\NRoom 2", "DESCRIPTION:One\\nTwo", "BEGIN:VALARM", "SUMMARY:no", "END:VALARM", "END:VEVENT", ending: ending)
        let file = try #require(reader.events.first).file
        #expect(file.title == "Book, fair; and more \\ here")
        #expect(file.location == "Library Room 2")
        #expect(file.text == "One\nTwo")
        #expect(reader.problems.isEmpty)
    }

    @Test("a fold in the middle of a character, a mark at the beginning, control characters")
    func bytes() throws {
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        bytes += "BEGIN:VEVENT\r\nDTSTART:20270114T183000\r\nSUMMARY:Caf".utf8
        bytes += [0xC3] + Array("\r\n ".utf8) + [0xA9, 0x00, 0x07] + Array("\t!\r\nEND:VEVENT\r\n".utf8)
        #expect(ICalendarReader(bytes, zone: Self.zone).events.first?.file.title == "Café !")
    }

    @Test("a series with its rule, the days it leaves out, and days that are other than the rest")
    func series() throws {
        let reader = Self.read(
            "BEGIN:VEVENT", "UID:s", "SUMMARY:Board", "DTSTART;TZID=America/Los_Angeles:20270105T190000",
            "RRULE:FREQ=MONTHLY;BYDAY=1TU;UNTIL=20270701T000000Z", "EXDATE;TZID=America/Los_Angeles:20270202T190000,20270302T190000", "END:VEVENT",
            "BEGIN:VEVENT", "UID:s", "SUMMARY:Board\\, at the pool", "RECURRENCE-ID;TZID=America/Los_Angeles:20270406T190000",
            "DTSTART;TZID=America/Los_Angeles:20270407T180000", "END:VEVENT",
            "BEGIN:VEVENT", "UID:s", "SUMMARY:Board", "RECURRENCE-ID:20270504T190000", "DTSTART:20270504T190000", "STATUS:CANCELLED", "END:VEVENT")
        #expect(reader.problems.isEmpty)
        try #require(reader.events.count == 2)
        let series = reader.events[0].file
        #expect(series.recurrence?.description == "FREQ=MONTHLY;UNTIL=20270701T000000Z;BYDAY=1TU")
        #expect(series.excluded.map(\.description) == ["2027-02-02", "2027-03-02", "2027-04-06", "2027-05-04"])
        #expect(reader.events[1].file.start.description == "2027-04-07T18:00")
        #expect(reader.events[1].mark != reader.events[0].mark)
    }

    @Test(
        "what can't be understood is named with its line",
        arguments: [
            ("SUMMARY:x", .noStart, 2, 0), ("DTSTART:soon", .time, 5, 0), ("DTSTART:20270230", .time, 5, 0), ("DTSTART:20270114T250000", .time, 5, 0),
            ("DTSTART;TZID=Mars/Olympus:20270114T183000", .zone, 5, 1), ("DTSTART:20270114\r\nRRULE:FREQ=HOURLY", .rule, 6, 1),
            ("DTSTART:20270114\r\nRDATE:20270115", .addedDays, 6, 1), ("DTSTART:20270114\r\nDTEND:20270114T180000", .time, 6, 1),
            ("DTSTART:20270114T180000\r\nDURATION:-PT1H", .time, 6, 1), ("DTSTART:20270114T180000\r\nDURATION:P999999W", .time, 6, 1),
            // Its Thursday is our Wednesday.
            ("DTSTART;TZID=UTC:20270114T010000\r\nRRULE:FREQ=WEEKLY;BYDAY=TH", .rule, 6, 1),
        ] as [(String, ICalendarReader.Problem.Kind, Int, Int)])
    func problems(lines: String, kind: ICalendarReader.Problem.Kind, line: Int, count: Int) throws {
        let reader = Self.event(lines)
        #expect(reader.events.count == count)
        let problem = try #require(reader.problems.first)
        #expect(problem.kind == kind && problem.line == line && reader.problems.count == 1)
    }

    @Test("limits, and files that are none")
    func limits() {
        #expect(ICalendarReader([], zone: Self.zone).problems.map(\.kind) == [.notACalendar])
        #expect(ICalendarReader(Array("<html>".utf8), zone: Self.zone).problems.map(\.kind) == [.notACalendar])
        let large = [UInt8](repeating: 0x41, count: ICalendarReader.maximumBytes + 1)
        #expect(ICalendarReader(large, zone: Self.zone).problems.map(\.kind) == [.tooLarge])
        let one = "BEGIN:VEVENT\r\nSUMMARY:a\r\nDTSTART:20270114\r\nEND:VEVENT\r\n"
        let many = ICalendarReader(Array(String(repeating: one, count: ICalendarReader.maximumEvents + 1).utf8), zone: Self.zone)
        #expect(many.events.count == ICalendarReader.maximumEvents && many.problems.map(\.kind) == [.tooManyEvents])
        let nested = ICalendarReader(Array(String(repeating: "BEGIN:VEVENT\r\n", count: 5_000).utf8), zone: Self.zone)
        #expect(nested.events.isEmpty && nested.problems.map(\.kind) == [.cutOff])
        #expect(Self.read("BEGIN:VEVENT", "SUMMARY:a", "DTSTART:20270114").problems.map(\.kind) == [.cutOff])
    }

    @Test("an event that is sent back as text is the same event, and its file is one that the generator takes")
    func roundTrip() throws {
        let reader = Self.event(
            "DTSTART:20270105T190000", "DTEND:20270105T203000", "RRULE:FREQ=MONTHLY;BYDAY=1TU", "EXDATE:20270202T190000", "STATUS:TENTATIVE",
            "LOCATION:Room \"2\"\\, upstairs: left",
            "DESCRIPTION:# Not a heading\\n- [x](javascript:alert(1)) *yes*\\n1. <b>https://a.example/b_c_d</b>",
            "CATEGORIES:x")
        let event = try #require(reader.events.first)
        let again = try #require(ICalendarReader(Array(event.text.utf8), zone: Self.zone).events.first)
        #expect(again.file == event.file && again.uid == event.uid && again.mark == event.mark)
        let page = PageReader(languages: [.english]).read(path: "events/meeting.md", bytes: event.file.bytes)
        #expect(page.findings.isEmpty)
        #expect(page.title == "Meeting" && page.frontMatter.start?.dateTime.description == "2027-01-05T19:00")
        #expect(page.frontMatter.location == "Room \"2\", upstairs: left" && page.frontMatter.status == .tentative)
        #expect(page.frontMatter.recurrence == event.file.recurrence && page.frontMatter.excluded.count == 1)
        #expect(page.document.headings.isEmpty && page.document.references.allSatisfy { !$0.destination.contains("javascript") })
    }

    @Test("a summary that tries to be more than a summary stays one")
    func injection() throws {
        let event = try #require(Self.event("DTSTART:20270114", "LOCATION:a\\nstart: 2000-01-01\\n---").events.first)
        let text = String(decoding: event.file.bytes, as: UTF8.self)
        #expect(text.contains("location: \"a start: 2000-01-01 ---\"\n"))
    }

    @Test("mutated files never stop the program, and what is read is bounded and valid")
    func fuzz() {
        let seed = Array(
            """
            BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a@b\r\nSUMMARY;LANGUAGE=en:A\\, b\r\n c\r\nDTSTART;TZID=America/New_York:20270114T183000\r\n\
            DTEND;VALUE=DATE:20270115\r\nDURATION:P1DT2H3M4S\r\nRRULE:FREQ=MONTHLY;BYDAY=1TU,-1FR;COUNT=5\r\nEXDATE:20270115T000000Z,20270116\r\n\
            RECURRENCE-ID:20270114\r\nSTATUS:CANCELLED\r\nDESCRIPTION:x\\ny\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n
            """.utf8)
        var random = SeededGenerator(seed: 0xCA1E)
        for _ in 0..<4_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: bytes[index..<min(index + 40, bytes.count)], at: index)
                default: bytes.insert(UInt8(ascii: "9"), at: index)
                }
            }
            let reader = ICalendarReader(bytes, zone: Self.zone)
            for event in reader.events {
                let page = PageReader(languages: [.english]).read(path: "events/x.md", bytes: event.file.bytes)
                #expect(!page.hasErrors, "\(String(decoding: event.file.bytes, as: UTF8.self)) \(page.findings)")
                let again = ICalendarReader(Array(event.text.utf8), zone: Self.zone).events.first
                #expect(again?.file.start == event.file.start && again?.file.title == event.file.title)
            }
        }
    }
}
