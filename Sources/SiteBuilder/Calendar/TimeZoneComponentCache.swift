import Synchronization
import Tenancy

/// The VTIMEZONE of a zone is the same in most events of a year, so each is written once.
final class TimeZoneComponentCache: Sendable {
    private struct Key: Hashable {
        let zone: String
        let year: Int
    }

    private let components = Mutex<[Key: [UInt8]]>([:])

    func component(_ zone: TimeZoneRules, _ entries: [CalendarEntry]) -> [UInt8] {
        guard entries.count == 1, entries[0].recurrence == nil, !entries[0].allDay else {
            return CalendarFeed.timeZoneComponent(of: zone, covering: entries)
        }
        let key = Key(zone: zone.identifier, year: entries[0].start.date.year)
        if let found = components.withLock({ $0[key] }) { return found }
        let made = CalendarFeed.timeZoneComponent(of: zone, covering: entries)
        components.withLock { components in
            if components.count > 1000 { components.removeAll() }
            components[key] = made
        }
        return made
    }
}
