package import Tenancy

/// Reads the events of an iCalendar file (RFC 5545), as other calendars export it. Whatever can't be understood is named with its line; nothing
/// throws, nothing traps.
package struct ICalendarReader: Sendable {
    package struct Event: Sendable, Hashable {
        /// May be empty: not every program writes one.
        package var uid: String
        package var file: EventFile
        /// On which it begins, counted from 1.
        package var line: Int
    }

    /// Something that was left out, or is other than in the file.
    package struct Problem: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// Not a calendar at all.
            case notACalendar = "not_a_calendar"
            case tooLarge = "too_large"
            /// The rest was not read.
            case tooManyEvents = "too_many_events"
            /// An event without an end of its text.
            case cutOff = "cut_off"
            case noTitle = "no_title"
            case noStart = "no_start"
            /// A time that can't be read; the event was left out if it is its start.
            case time
            /// A time zone that nobody knows: the site's own was taken.
            case zone
            /// How it repeats can't be read: it is there once.
            case rule
            /// Single days that were added to a rule.
            case addedDays = "added_days"
        }

        package let kind: Kind
        package let line: Int
        /// Of the file, cut off where it is long.
        package let text: String
    }

    package static let maximumBytes = 256 << 10
    package static let maximumEvents = 100
    private static let maximumProblems = 50
    private static let longestText = 600
    private static let longestTitle = 200
    private static let maximumExclusions = 500
    /// What lies further away is a slip.
    private static let years = 1970...2199

    package private(set) var events: [Event] = []
    package private(set) var problems: [Problem] = []
    /// The site's own.
    private let zone: TimeZoneRules

    package init(_ bytes: [UInt8], zone: TimeZoneRules) {
        self.zone = zone
        guard bytes.count <= Self.maximumBytes else {
            problems = [Problem(kind: .tooLarge, line: 1, text: "")]
            return
        }
        read(ContentLine.all(in: bytes))
        joinChangedDays()
    }

    // MARK: Components

    private mutating func read(_ lines: [ContentLine]) {
        guard lines.contains(where: { $0.name == "BEGIN" && ["VCALENDAR", "VEVENT"].contains($0.value.uppercased()) }) else {
            add(.notACalendar, line: 1)
            return
        }
        var open: [String] = []
        var event: [ContentLine] = []
        var start = 0
        for line in lines {
            let value = line.value.uppercased()
            switch line.name {
            case "BEGIN":
                // An event in an event is none; what is deeper than anything of the standard isn't looked at.
                if value == "VEVENT", !open.contains("VEVENT") { (event, start) = ([], line.number) }
                if open.count < 8 { open.append(value) }
            case "END":
                guard let last = open.lastIndex(of: value) else { continue }
                if value == "VEVENT" {
                    guard events.count < Self.maximumEvents else {
                        add(.tooManyEvents, line: start)
                        return
                    }
                    read(event: event, from: start)
                } else if open[last...].contains("VEVENT") {
                    add(.cutOff, line: start)
                }
                open.removeSubrange(last...)
            default: if open.last == "VEVENT" { event.append(line) }
            }
        }
        if open.contains("VEVENT") { add(.cutOff, line: start) }
    }

    /// A reminder in an event, and other parts of it, are not among its lines.
    private mutating func read(event lines: [ContentLine], from number: Int) {
        func first(_ name: String) -> ContentLine? { lines.first { $0.name == name } }
        let title = String((first("SUMMARY")?.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(Self.longestTitle))
        guard let begin = first("DTSTART") else { return add(.noStart, line: number, title) }
        guard !title.isEmpty else { return add(.noTitle, line: number) }
        guard let start = moment(begin) else { return add(.time, line: begin.number, begin.value) }
        var file = EventFile(title: title, start: start.local)
        file.isAllDay = !start.hasTime
        file.end = end(lines, start)
        file.location = first("LOCATION").map { $0.text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestTitle)) }
        file.text = String((first("DESCRIPTION")?.text ?? "").prefix(Self.longestText))
        switch first("STATUS")?.value.uppercased() {
        case "CANCELLED": file.status = .cancelled
        case "TENTATIVE": file.status = .tentative
        default: break
        }
        if let rule = first("RRULE") { file.recurrence = recurrence(rule, start) }
        if file.recurrence != nil { file.excluded = excluded(lines) }
        if let added = first("RDATE") { add(.addedDays, line: added.number, title) }
        events.append(Event(uid: String((first("UID")?.value ?? "").prefix(1_000)), file: file, line: number))
        if let changed = first("RECURRENCE-ID").flatMap({ moment($0) }) { changedDays[events.count - 1] = changed.local.date }
    }

    // MARK: Single days of a series that are other than the rest

    private var changedDays: [Int: CivilDate] = [:]

    /// Such a day is an event of its own, and the series leaves it out.
    private mutating func joinChangedDays() {
        guard !changedDays.isEmpty else { return }
        var seriesByUID: [String: Int] = [:]
        for (index, event) in events.enumerated() where changedDays[index] == nil && event.file.recurrence != nil {
            seriesByUID[event.uid] = index
        }
        var left: Set<Int> = []
        for (index, day) in changedDays.sorted(by: { $0.key < $1.key }) {
            if let series = seriesByUID[events[index].uid], !events[series].file.excluded.contains(day) { events[series].file.excluded.append(day) }
            // A day that is called off is only left out.
            if events[index].file.status == .cancelled { left.insert(index) } else { events[index].uid += "#\(day)" }
            events[index].file.recurrence = nil
            events[index].file.excluded = []
        }
        for series in seriesByUID.values { events[series].file.excluded.sort() }
        events = events.enumerated().filter { !left.contains($0.offset) }.map(\.element)
    }

    // MARK: Times

    private struct Moment {
        /// In the site's own time zone.
        let local: CivilDateTime
        let hasTime: Bool
        /// The clocks of its own zone showed another day.
        let isOtherDay: Bool
    }

    private mutating func moment(_ line: ContentLine) -> Moment? { moment(line.value, of: line) }

    /// `20270114`, `20270114T183000`, `20270114T183000Z`, the second with `TZID` (RFC 5545, 3.3.4, 3.3.5).
    private mutating func moment(_ text: some StringProtocol, of line: ContentLine) -> Moment? {
        let digits = Array(text.utf8)
        guard digits.count >= 8, let date = Self.date(digits[..<8]), Self.years.contains(date.year) else { return nil }
        if digits.count == 8 { return Moment(local: CivilDateTime(date: date), hasTime: false, isOtherDay: false) }
        let isUTC = digits.last == UInt8(ascii: "Z")
        guard digits.count == (isUTC ? 16 : 15), digits[8] == UInt8(ascii: "T"), let hour = Self.number(digits[9..<11]),
            let minute = Self.number(digits[11..<13]), let second = Self.number(digits[13..<15]),
            // A leap second is the one before it.
            let written = CivilDateTime(date: date, hour: hour, minute: minute, second: min(second, 59))
        else { return nil }
        var local = written
        if isUTC {
            local = zone.local(Instant(written, offset: 0))
        } else if let name = line.parameters["TZID"], name != zone.identifier {
            if let other = Self.zone(name) {
                local = zone.local(other.instant(of: written))
            } else {
                add(.zone, line: line.number, name)
            }
        }
        // To the minute, as people read it.
        local = CivilDateTime(date: local.date, secondOfDay: local.secondOfDay / 60 * 60)
        return Moment(local: local, hasTime: true, isOtherDay: local.date != written.date)
    }

    private static func date(_ digits: ArraySlice<UInt8>) -> CivilDate? {
        guard digits.count == 8, let year = number(digits.prefix(4)), let month = number(digits.dropFirst(4).prefix(2)),
            let day = number(digits.suffix(2))
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// At most six digits.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 6 else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// The end; of an event of whole days its last day, where the file has the day after it (3.6.1).
    private mutating func end(_ lines: [ContentLine], _ start: Moment) -> CivilDateTime? {
        if let line = lines.first(where: { $0.name == "DTEND" }) {
            guard let end = moment(line), end.hasTime == start.hasTime else {
                add(.time, line: line.number, line.value)
                return nil
            }
            if !start.hasTime {
                let last = end.local.date.adding(days: -1)
                return last > start.local.date ? CivilDateTime(date: last) : nil
            }
            return end.local > start.local ? end.local : nil
        }
        guard let line = lines.first(where: { $0.name == "DURATION" }) else { return nil }
        guard let seconds = Self.duration(line.value) else {
            add(.time, line: line.number, line.value)
            return nil
        }
        if !start.hasTime {
            let days = seconds / 86_400
            return days > 1 ? CivilDateTime(date: start.local.date.adding(days: days - 1)) : nil
        }
        return seconds > 0 ? start.local.adding(seconds: seconds) : nil
    }

    /// Seconds of `P1DT2H30M` (3.3.6); nil if it is none, or is negative or longer than anybody's event.
    private static func duration(_ text: String) -> Int? {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard rest.first == UInt8(ascii: "P") else { return nil }
        rest.removeFirst()
        var seconds = 0
        var hasAny = false
        while let first = rest.first {
            if first == UInt8(ascii: "T") {
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let count = number(digits), let unit = rest.dropFirst(digits.count).first else { return nil }
            switch unit {
            case UInt8(ascii: "W"): seconds += count * 604_800
            case UInt8(ascii: "D"): seconds += count * 86_400
            case UInt8(ascii: "H"): seconds += count * 3600
            case UInt8(ascii: "M"): seconds += count * 60
            case UInt8(ascii: "S"): seconds += count
            default: return nil
            }
            guard seconds <= 366 * 86_400 else { return nil }
            hasAny = true
            rest = rest.dropFirst(digits.count + 1)
        }
        return hasAny ? seconds : nil
    }

    // MARK: Repetition

    private mutating func recurrence(_ line: ContentLine, _ start: Moment) -> Recurrence? {
        // Its days are those of another zone, and so not ours.
        guard !start.isOtherDay, let rule = try? Recurrence(parsing: line.value) else {
            add(.rule, line: line.number, line.value)
            return nil
        }
        return rule
    }

    private mutating func excluded(_ lines: [ContentLine]) -> [CivilDate] {
        var days: Set<CivilDate> = []
        for line in lines where line.name == "EXDATE" {
            for text in line.value.split(separator: ",") where days.count < Self.maximumExclusions {
                if let moment = moment(text, of: line) { days.insert(moment.local.date) } else { add(.time, line: line.number, String(text)) }
            }
        }
        return days.sorted()
    }

    // MARK: Zones

    private static func zone(_ name: String) -> TimeZoneRules? {
        if let known = TimeZoneRules.named(name) { return known }
        if let windows = windowsZones[name] { return TimeZoneRules.named(windows) }
        // `/freeassociation.sourceforge.net/America/New_York`
        let parts = name.split(separator: "/")
        return parts.count > 2 ? TimeZoneRules.named(parts.suffix(2).joined(separator: "/")) : nil
    }

    /// What Outlook calls the zones of the United States (CLDR, windowsZones).
    private static let windowsZones = [
        "Eastern Standard Time": "America/New_York", "US Eastern Standard Time": "America/Indiana/Indianapolis",
        "Central Standard Time": "America/Chicago", "Mountain Standard Time": "America/Denver", "US Mountain Standard Time": "America/Phoenix",
        "Pacific Standard Time": "America/Los_Angeles", "Alaskan Standard Time": "America/Anchorage", "Hawaiian Standard Time": "Pacific/Honolulu",
        "UTC": "UTC", "GMT": "UTC",
    ]

    private mutating func add(_ kind: Problem.Kind, line: Int, _ text: String = "") {
        let problem = Problem(kind: kind, line: line, text: String(text.prefix(100)))
        if problems.count < Self.maximumProblems, !problems.contains(problem) { problems.append(problem) }
    }
}

/// A line of an iCalendar file, put together where it was folded (RFC 5545, 3.1).
private struct ContentLine {
    /// On which it begins.
    let number: Int
    /// In upper case.
    let name: String
    let parameters: [String: String]
    /// As it is written.
    let value: String

    private static let maximumLines = 50_000

    static func all(in bytes: [UInt8]) -> [ContentLine] {
        var lines: [ContentLine] = []
        var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        var (number, start) = (0, 0)
        var current: [UInt8] = []
        func finish(_ lines: inout [ContentLine]) {
            // Folding may divide a character, so it becomes text only now.
            if !current.isEmpty, let line = ContentLine(current, number: start) { lines.append(line) }
        }
        while !rest.isEmpty, number < maximumLines {
            number += 1
            let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
            let line = rest[..<end]
            if line.first == 0x20 || line.first == 0x09 {
                current += line.dropFirst()
            } else {
                finish(&lines)
                (current, start) = (Array(line), number)
            }
            let isPair = end + 1 < rest.endIndex && rest[end] == 0x0D && rest[end + 1] == 0x0A
            rest = rest[min(end + (isPair ? 2 : 1), rest.endIndex)...]
        }
        finish(&lines)
        return lines
    }

    /// Nil for what has no name and value.
    private init?(_ bytes: [UInt8], number: Int) {
        var isQuoted = false
        var ends: [Int] = []
        var colon: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";"), !isQuoted { ends.append(index) }
            if byte == UInt8(ascii: ":"), !isQuoted {
                colon = index
                break
            }
        }
        guard let colon, colon > 0 else { return nil }
        var parts: [ArraySlice<UInt8>] = []
        var position = 0
        for end in ends + [colon] {
            parts.append(bytes[position..<end])
            position = end + 1
        }
        self.number = number
        name = Self.text(parts[0]).uppercased()
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            parameters[Self.text(part[..<sign]).uppercased()] = Self.text(part[(sign + 1)...]).filter { $0 != "\"" }
        }
        self.parameters = parameters
        value = Self.text(bytes[(colon + 1)...])
    }

    /// Without control characters, which the format doesn't have; a tab is a space.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let cleaned = bytes.compactMap { $0 == 0x09 ? 0x20 : $0 < 0x20 || $0 == 0x7F ? nil : $0 }
        let text = String(decoding: cleaned, as: UTF8.self)
        return text.unicodeScalars.contains { (0x80..<0xA0).contains($0.value) }
            ? String(String.UnicodeScalarView(text.unicodeScalars.filter { !(0x80..<0xA0).contains($0.value) })) : text
    }

    /// The value of a text, without its escapes (3.3.11).
    var text: String {
        var result = ""
        var isEscaped = false
        for character in value {
            if isEscaped {
                result.append(character == "n" || character == "N" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}

extension ICalendarReader.Event {
    /// The event alone, as this reader reads it again: for a form that sends it back.
    package var text: String {
        var writer = ICalendarWriter()
        writer.line("BEGIN:VEVENT")
        if !uid.isEmpty { writer.line("UID:" + uid) }
        writer.line(file.isAllDay ? "DTSTART;VALUE=DATE:" : "DTSTART:") { append(file.start, to: &$0) }
        if let end = file.end {
            let written = file.isAllDay ? CivilDateTime(date: end.date.adding(days: 1)) : end
            writer.line(file.isAllDay ? "DTEND;VALUE=DATE:" : "DTEND:") { append(written, to: &$0) }
        }
        writer.text("SUMMARY", file.title)
        if let location = file.location { writer.text("LOCATION", location) }
        if !file.text.isEmpty { writer.text("DESCRIPTION", file.text) }
        if let recurrence = file.recurrence { writer.line("RRULE:" + recurrence.description) }
        if !file.excluded.isEmpty {
            writer.line("EXDATE;VALUE=DATE:") { bytes in
                for (index, day) in file.excluded.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    day.appendBasic(to: &bytes)
                }
            }
        }
        switch file.status {
        case .confirmed: break
        case .tentative, .postponed: writer.line("STATUS:TENTATIVE")
        case .cancelled: writer.line("STATUS:CANCELLED")
        }
        writer.line("END:VEVENT")
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func append(_ moment: CivilDateTime, to bytes: inout [UInt8]) {
        if file.isAllDay { moment.date.appendBasic(to: &bytes) } else { moment.appendBasic(to: &bytes) }
    }

    /// The same for the same event, whatever else the file says of it: part of its file's name.
    package var mark: String { Fingerprint(of: uid.isEmpty ? "\(file.title) \(file.start)" : uid).short }
}
