import Foundation
import Synchronization
package import Tenancy

extension TimeZoneRules {
    /// The rules of a zone of the IANA database for the years 1990–2050, or nil if it does not know the name. Safe from any thread; a zone is
    /// read once.
    package static func named(_ identifier: String) -> TimeZoneRules? {
        if let known = known.withLock({ $0[identifier] }) { return known }
        // Foundation also takes `PST` and `GMT+5`. Only names of the database are the same for everybody: they are known to it or have an area.
        guard identifier == "UTC" || identifier.contains("/") || knownIdentifiers.contains(identifier),
            let zone = TimeZone(identifier: identifier)
        else { return nil }
        let rules = TimeZoneRules(identifier: identifier, zone: zone)
        known.withLock { $0[identifier] = rules }
        return rules
    }

    private static let known = Mutex<[String: TimeZoneRules]>([:])
    private static let knownIdentifiers = Set(TimeZone.knownTimeZoneIdentifiers)

    private init(identifier: String, zone: TimeZone) {
        let start = Date(timeIntervalSince1970: 631_152_000)  // 1990-01-01T00:00:00Z
        let end = Date(timeIntervalSince1970: 2_556_143_999)  // 2050-12-31T23:59:59Z
        // Not the locale of the machine: the same input must give the same bytes everywhere.
        let locale = Locale(identifier: "en_US")
        func observance(at date: Date) -> Observance {
            let isDaylight = zone.isDaylightSavingTime(for: date)
            return Observance(
                offset: zone.secondsFromGMT(for: date),
                isDaylight: isDaylight,
                abbreviation: zone.localizedName(for: isDaylight ? .shortDaylightSaving : .shortStandard, locale: locale) ?? ""
            )
        }

        var transitions: [Transition] = []
        var date = start
        while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date, next <= end {
            transitions.append(Transition(at: Instant(seconds: Int64(next.timeIntervalSince1970)), observance: observance(at: next)))
            date = next
        }
        self.init(identifier: identifier, initial: observance(at: start), transitions: transitions)
    }
}
