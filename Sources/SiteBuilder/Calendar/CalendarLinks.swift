package import Tenancy

/// Addresses that open a web calendar with an event filled in. For Apple and all others there is the event's .ics file.
///
/// They take no excluded days, and Outlook takes no recurrence: it gets the first occurrence. So for a recurring event prefer the .ics file there.
package struct CalendarLinks: Sendable, Hashable {
    package let google: String
    /// For personal accounts.
    package let outlook: String
    /// For accounts of a school or company.
    package let office: String

    package init(entry: CalendarEntry, timeZone: TimeZoneRules) {
        google = Self.google(entry, timeZone)
        outlook = Self.outlook(entry, timeZone, host: "outlook.live.com")
        office = Self.outlook(entry, timeZone, host: "outlook.office.com")
    }

    private static func google(_ entry: CalendarEntry, _ zone: TimeZoneRules) -> String {
        var query = Query("https://calendar.google.com/calendar/render?action=TEMPLATE")
        query.add("text", entry.summary)
        query.add("dates", dates(of: entry))
        if !entry.allDay { query.add("ctz", zone.identifier) }
        if let rule = entry.writtenRecurrence(in: zone) { query.add("recur", "RRULE:\(rule)") }
        query.add("details", details(of: entry))
        query.add("location", entry.location ?? "")
        return query.address
    }

    /// The start and the end, as Google wants both; without an end the start again.
    private static func dates(of entry: CalendarEntry) -> String {
        var bytes: [UInt8] = []
        if entry.allDay {
            entry.start.date.appendBasic(to: &bytes)
            bytes.append(UInt8(ascii: "/"))
            entry.dayAfter.appendBasic(to: &bytes)
        } else {
            entry.start.appendBasic(to: &bytes)
            bytes.append(UInt8(ascii: "/"))
            (entry.timedEnd ?? entry.start).appendBasic(to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func outlook(_ entry: CalendarEntry, _ zone: TimeZoneRules, host: String) -> String {
        var query = Query("https://\(host)/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent")
        query.add("subject", entry.summary)
        if entry.allDay {
            query.add("startdt", entry.start.date.description)
            query.add("enddt", entry.dayAfter.description)
            query.add("allday", "true")
        } else {
            query.add("startdt", zone.instant(of: entry.start).description)
            if let end = entry.timedEnd { query.add("enddt", zone.instant(of: end).description) }
        }
        query.add("body", details(of: entry))
        query.add("location", entry.location ?? "")
        return query.address
    }

    /// The description and the address of the event's page.
    private static func details(of entry: CalendarEntry) -> String {
        [shortened(entry.description ?? ""), entry.url ?? ""].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// Addresses of more than 2,000 bytes fail in places, and a byte can become three.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > maximumDescription else { return text }
        var size = 0
        let end = text.firstIndex { character in
            size += character.utf8.count
            return size > maximumDescription
        }
        return text[..<(end ?? text.endIndex)] + "…"
    }

    /// In bytes of UTF-8.
    private static let maximumDescription = 300

    /// An address that grows by parameters. Empty values are left out.
    private struct Query {
        private var bytes: [UInt8]

        init(_ start: String) {
            bytes = Array(start.utf8)
        }

        mutating func add(_ name: String, _ value: String) {
            guard !value.isEmpty else { return }
            bytes.append(UInt8(ascii: "&"))
            bytes.append(contentsOf: name.utf8)
            bytes.append(UInt8(ascii: "="))
            bytes.appendPercentEncoded(value, keeping: Self.isUnreserved)
        }

        var address: String { String(decoding: bytes, as: UTF8.self) }

        /// RFC 3986, section 2.3.
        private static func isUnreserved(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                true
            default: false
            }
        }
    }
}
