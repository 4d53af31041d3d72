import Foundation
import SiteBuilder
import Tenancy
import Testing

@Suite("iCalendar files")
struct ICalendarTests {
    @Test("a feed with a recurring meeting is written exactly so")
    func meeting() throws {
        var entry = try entry("2026-09-01T18:30", "2026-09-01T20:00", summary: "PTA meeting; all welcome")
        entry.recurrence = try Recurrence(parsing: "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20270615")
        entry.excluded = [try date("2027-01-05"), try date("2026-12-01")]
        entry.sequence = 3
        entry.description = "Bring:\na friend, \\o/"
        entry.location = "Library, Room 2"
        entry.url = "https://lincoln.example.org/events/meeting/"
        entry.categories = ["Meetings", "Food, drink"]
        let feed = CalendarFeed(
            name: "Lincoln PTA", language: "en", timeZone: try zone("America/Los_Angeles"), url: "https://lincoln.example.org/calendar.ics",
            entries: [entry])
        expect(
            feed,
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Marquee//Marquee//EN
            CALSCALE:GREGORIAN
            NAME;LANGUAGE=en:Lincoln PTA
            X-WR-CALNAME:Lincoln PTA
            X-WR-TIMEZONE:America/Los_Angeles
            REFRESH-INTERVAL;VALUE=DURATION:PT12H
            X-PUBLISHED-TTL:PT12H
            SOURCE;VALUE=URI:https://lincoln.example.org/calendar.ics
            BEGIN:VTIMEZONE
            TZID:America/Los_Angeles
            BEGIN:DAYLIGHT
            DTSTART:20070311T020000
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
            TZOFFSETFROM:-0800
            TZOFFSETTO:-0700
            TZNAME:PDT
            END:DAYLIGHT
            BEGIN:STANDARD
            DTSTART:20071104T020000
            RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
            TZOFFSETFROM:-0700
            TZOFFSETTO:-0800
            TZNAME:PST
            END:STANDARD
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:meeting@lincoln.example.org
            DTSTAMP:20260801T120000Z
            LAST-MODIFIED:20260801T120000Z
            SEQUENCE:3
            DTSTART;TZID=America/Los_Angeles:20260901T183000
            DTEND;TZID=America/Los_Angeles:20260901T200000
            RRULE:FREQ=MONTHLY;UNTIL=20270616T065959Z;BYDAY=1TU
            EXDATE;TZID=America/Los_Angeles:20261201T183000
            EXDATE;TZID=America/Los_Angeles:20270105T183000
            SUMMARY;LANGUAGE=en:PTA meeting\\; all welcome
            DESCRIPTION;LANGUAGE=en:Bring:\\na friend\\, \\\\o/
            LOCATION;LANGUAGE=en:Library\\, Room 2
            URL:https://lincoln.example.org/events/meeting/
            STATUS:CONFIRMED
            TRANSP:OPAQUE
            CATEGORIES;LANGUAGE=en:Meetings,Food\\, drink
            END:VEVENT
            END:VCALENDAR
            """)
    }

    @Test("whole days end on the day after, and need no time zone")
    func allDay() throws {
        var entry = try entry("2026-12-21", "2027-01-01", summary: "Winter break")
        entry.allDay = true
        entry.status = .cancelled
        entry.recurrence = try Recurrence(parsing: "FREQ=YEARLY;UNTIL=20300101T080000Z")
        entry.excluded = [try date("2028-12-21")]
        expect(
            CalendarFeed(timeZone: try zone("America/Los_Angeles"), entries: [entry]),
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Marquee//Marquee//EN
            CALSCALE:GREGORIAN
            BEGIN:VEVENT
            UID:meeting@lincoln.example.org
            DTSTAMP:20260801T120000Z
            LAST-MODIFIED:20260801T120000Z
            SEQUENCE:0
            DTSTART;VALUE=DATE:20261221
            DTEND;VALUE=DATE:20270102
            RRULE:FREQ=YEARLY;UNTIL=20300101
            EXDATE;VALUE=DATE:20281221
            SUMMARY:Winter break
            STATUS:CANCELLED
            TRANSP:TRANSPARENT
            END:VEVENT
            END:VCALENDAR
            """)
    }

    @Test("times of a site in UTC have a Z and no time zone")
    func utc() throws {
        let lines = try lines(CalendarFeed(timeZone: .utc, entries: [entry("2026-09-01T18:30", "2026-09-01T20:00")]))
        #expect(lines.contains("DTSTART:20260901T183000Z"))
        #expect(lines.contains("DTEND:20260901T200000Z"))
        #expect(!lines.contains("BEGIN:VTIMEZONE"))
    }

    @Test("an end that is not after the start is left out", arguments: ["2026-09-01T18:30", "2026-09-01T17:00", nil])
    func noEnd(end: String?) throws {
        let lines = try lines(CalendarFeed(timeZone: .utc, entries: [entry("2026-09-01T18:30", end)]))
        #expect(!lines.contains { $0.hasPrefix("DTEND") })
    }

    @Test(
        "every status has its word; postponed is tentative",
        arguments: [
            (CalendarEntry.Status.confirmed, "CONFIRMED"), (.tentative, "TENTATIVE"), (.postponed, "TENTATIVE"), (.cancelled, "CANCELLED"),
        ])
    func status(status: CalendarEntry.Status, word: String) throws {
        var entry = try entry("2026-09-01T18:30", nil)
        entry.status = status
        #expect(try lines(CalendarFeed(timeZone: .utc, entries: [entry])).contains("STATUS:" + word))
    }

    @Test(
        "an UNTIL is the last moment of its day in UTC, or the moment it says",
        arguments: [
            ("20270615", "20270616T065959Z"), ("20270615T183000", "20270616T013000Z"), ("20270615T183000Z", "20270615T183000Z"),
            ("20270115", "20270116T075959Z"),
        ])
    func until(written: String, expected: String) throws {
        var entry = try entry("2026-09-01T18:30", nil)
        entry.recurrence = try Recurrence(parsing: "FREQ=DAILY;UNTIL=" + written)
        #expect(try lines(CalendarFeed(timeZone: zone("America/Los_Angeles"), entries: [entry])).contains("RRULE:FREQ=DAILY;UNTIL=" + expected))
    }

    @Test(
        "text cannot leave its line",
        arguments: [
            ("a\r\nATTENDEE:x", "a\\nATTENDEE:x"), ("a\rb\nc", "a\\nb\\nc"), ("tab\there", "tab here"), ("nul\u{0}bell\u{7}del\u{7F}", "nulbelldel"),
            ("c1\u{85}\u{9B}é", "c1é"),
            ("\\n;,", "\\\\n\\;\\,"), ("a:\"b\"", "a:\"b\""),
        ])
    func escaping(text: String, expected: String) throws {
        let lines = try lines(CalendarFeed(timeZone: .utc, entries: [entry("2026-09-01", nil, summary: text)]))
        #expect(lines.contains("SUMMARY:" + expected))
        #expect(!lines.contains { $0.hasPrefix("ATTENDEE") })
    }

    @Test("addresses and parameters cannot leave theirs")
    func addresses() throws {
        var entry = try entry("2026-09-01T18:30", nil)
        entry.url = "https://example.org/a b\r\nX:\"é\\"
        let zone = TimeZoneRules(identifier: "X\r\nY:\";,/Z", initial: .init(offset: 3600, isDaylight: false, abbreviation: "A\nB"))
        let lines = try lines(CalendarFeed(language: "en\"\r\n:x;", timeZone: zone, entries: [entry]))
        #expect(lines.contains("URL:https://example.org/a%20b%0D%0AX:%22%C3%A9%5C"))
        #expect(lines.contains("TZID:XY/Z"))
        #expect(lines.contains("DTSTART;TZID=XY/Z:20260901T183000"))
        #expect(lines.contains("SUMMARY;LANGUAGE=enx:Meeting"))
        #expect(lines.contains("TZNAME:A\\nB"))
    }

    @Test("folded lines have at most 75 octets, no divided character, and unfold to the same text")
    func folding() throws {
        var random = SystemRandomNumberGenerator()
        let scalars: [ClosedRange<UInt32>] = [0x21...0x7E, 0xA1...0x17F, 0x4E00...0x9FFF, 0x1F300...0x1F64F, 0x600...0x6FF]
        for length in 0..<400 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<length).compactMap { _ in
                        scalars.randomElement(using: &random).flatMap { Unicode.Scalar(UInt32.random(in: $0, using: &random)) }
                    }))
            let bytes = try CalendarFeed(timeZone: .utc, entries: [entry("2026-09-01", nil, summary: text)]).write()
            let lines = split(bytes)
            #expect(lines.allSatisfy { $0.count <= 75 })
            #expect(lines.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
            // Byte by byte: a comma with an accent is one character, and still a comma.
            let escaped = text.utf8.flatMap { "\\;,".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
            let isThere = unfoldedBytes(bytes).contains(Array("SUMMARY:".utf8) + escaped)
            #expect(isThere, "\(text)")
        }
    }

    @Test("a line of 75 octets is not folded, and one of 76 is", arguments: [(67, 1), (68, 2), (68 + 73, 2), (68 + 74, 3)])
    func foldingEdges(length: Int, expected: Int) throws {
        let text = String(repeating: "x", count: length)
        let lines = try split(CalendarFeed(timeZone: .utc, entries: [entry("2026-09-01", nil, summary: text)]).write())
        #expect(lines.count { $0.starts(with: "SUMMARY:".utf8) || $0.starts(with: " x".utf8) } == expected)
    }

    @Test("bytes of a time zone that were made before are used")
    func givenTimeZone() throws {
        let zone = try zone("Europe/Paris")
        let feed = CalendarFeed(timeZone: zone, entries: [try entry("2026-09-01T18:30", nil)])
        #expect(feed.write(timeZoneComponent: CalendarFeed.timeZoneComponent(of: zone, covering: feed.entries)) == feed.write())
        #expect(CalendarFeed.timeZoneComponent(of: zone, covering: []).isEmpty)
    }

    // MARK: Time zones

    @Test(
        "zones are written in the way that suits them",
        arguments: [
            ("Asia/Kolkata", ["DTSTART:19700101T000000", "TZOFFSETFROM:+0530", "TZOFFSETTO:+0530"]),
            ("Europe/Paris", ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETTO:+0200"]),
            (
                "Australia/Lord_Howe",
                ["RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU", "TZOFFSETTO:+1030", "TZOFFSETTO:+1100"]
            ),
            ("Asia/Jerusalem", ["RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"]),
        ])
    func zoneLines(identifier: String, expected: [String]) throws {
        let lines = unfolded(try zone(identifier).iCalendarComponent(years: 2026...2030))
        for line in expected { #expect(lines.contains(line)) }
    }

    /// Reads the component back, expands its rules with our own expansion and compares the changes with those of the zone.
    @Test("every zone's component has exactly its changes", arguments: [2003...2010, 2024...2030, 2026...2050])
    func allZones(years: ClosedRange<Int>) throws {
        for identifier in TimeZone.knownTimeZoneIdentifiers {
            guard let zone = TimeZoneRules.named(identifier), zone.identifier != "UTC" else { continue }
            let begin = Instant(CivilDateTime(date: try date("\(years.lowerBound)-01-02")), offset: 0)
            let end = Instant(CivilDateTime(date: try date("\(years.upperBound)-12-30")), offset: 0)
            let expected = zone.transitions.filter { $0.at > begin && $0.at < end }.map { Change(at: $0.at, offset: $0.observance.offset) }
            let written = try changes(of: zone.iCalendarComponent(years: years), until: years.upperBound)
            #expect(written.filter { $0.at > begin && $0.at < end } == expected, "\(identifier)")
            #expect(written.last { $0.at <= begin }?.offset == zone.offset(at: begin), "\(identifier)")
        }
    }

    private struct Change: Equatable {
        let at: Instant
        let offset: Int
    }

    private func changes(of component: [UInt8], until lastYear: Int) throws -> [Change] {
        var changes: [Change] = []
        var values: [String: String] = [:]
        for line in unfolded(component) {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            if line.hasPrefix("BEGIN:") { values = [:] }
            if parts.count == 2 { values[parts[0]] = parts[1] }
            guard line == "END:STANDARD" || line == "END:DAYLIGHT" else { continue }
            let start = try WrittenDate(parsing: #require(values["DTSTART"])).dateTime
            let rule = try Recurrence(parsing: values["RRULE"] ?? "FREQ=DAILY;COUNT=1")
            let before = try offset(#require(values["TZOFFSETFROM"]))
            let after = try offset(#require(values["TZOFFSETTO"]))
            for local in rule.occurrences(from: start, in: start.date...(try date("\(lastYear)-12-31")), timeZone: .utc) {
                changes.append(Change(at: Instant(local, offset: before), offset: after))
            }
        }
        return changes.sorted { $0.at < $1.at }
    }

    private func offset(_ text: String) throws -> Int {
        let number = try #require(Int(text))
        let size = abs(number) > 9999 ? abs(number) : abs(number) * 100
        return (size / 10_000 * 3600 + size / 100 % 100 * 60 + size % 100) * number.signum()
    }

    // MARK: Helpers

    private func entry(_ start: String, _ end: String?, summary: String = "Meeting") throws -> CalendarEntry {
        CalendarEntry(
            uid: "meeting@lincoln.example.org",
            stamp: try #require(Instant("2026-08-01T12:00:00Z")),
            start: try WrittenDate(parsing: start).dateTime,
            end: try end.map { try WrittenDate(parsing: $0).dateTime },
            summary: summary
        )
    }

    private func zone(_ identifier: String) throws -> TimeZoneRules {
        try #require(TimeZoneRules.named(identifier))
    }

    private func date(_ text: String) throws -> CivilDate {
        try WrittenDate(parsing: text).dateTime.date
    }

    private func expect(_ feed: CalendarFeed, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = String(decoding: feed.write(), as: UTF8.self)
        #expect(text == expected.replacing("\n", with: "\r\n") + "\r\n", sourceLocation: sourceLocation)
    }

    private func lines(_ feed: CalendarFeed) throws -> [String] {
        unfolded(feed.write())
    }

    private func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        for byte in bytes where byte != 0x0D {
            if byte == 0x0A { lines.append([]) } else { lines[lines.count - 1].append(byte) }
        }
        return lines
    }

    private func unfolded(_ bytes: [UInt8]) -> [String] {
        unfoldedBytes(bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    private func unfoldedBytes(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for line in split(bytes) {
            if line.first == 0x20, !lines.isEmpty { lines[lines.count - 1] += line.dropFirst() } else { lines.append(line) }
        }
        return lines
    }
}
