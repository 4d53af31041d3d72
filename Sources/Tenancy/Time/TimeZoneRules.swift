/// What the clocks of one place show: its offset from UTC and the moments when that changes.
///
/// Before the first transition the initial offset holds, after the last one the last offset: a value is right for the years it was made for.
package struct TimeZoneRules: Sendable, Hashable {
    /// The name in the IANA database, such as `America/Los_Angeles`.
    package let identifier: String
    package let initial: Observance
    /// Sorted by time.
    package let transitions: [Transition]

    /// What holds between two transitions.
    package struct Observance: Sendable, Hashable {
        /// Seconds east of UTC.
        package let offset: Int
        package let isDaylight: Bool
        /// Such as `PDT`; for display, never to tell zones apart.
        package let abbreviation: String

        /// An offset beyond 24 hours becomes 24 hours, so that no arithmetic on it can overflow.
        package init(offset: Int, isDaylight: Bool, abbreviation: String) {
            self.offset = min(max(offset, -86_400), 86_400)
            self.isDaylight = isDaylight
            self.abbreviation = abbreviation
        }
    }

    package struct Transition: Sendable, Hashable {
        /// The first moment of what holds from now on.
        package let at: Instant
        package let observance: Observance

        package init(at: Instant, observance: Observance) {
            self.at = at
            self.observance = observance
        }
    }

    package init(identifier: String, initial: Observance, transitions: [Transition] = []) {
        self.identifier = identifier
        self.initial = initial
        self.transitions = transitions.sorted { $0.at < $1.at }
    }

    package static let utc = TimeZoneRules(identifier: "UTC", initial: Observance(offset: 0, isDaylight: false, abbreviation: "UTC"))

    package func observance(at instant: Instant) -> Observance {
        observance(after: firstTransition { $0 > instant })
    }

    /// Seconds east of UTC.
    package func offset(at instant: Instant) -> Int {
        observance(at: instant).offset
    }

    package func abbreviation(at instant: Instant) -> String {
        observance(at: instant).abbreviation
    }

    package func local(_ instant: Instant) -> CivilDateTime {
        instant.local(offset: offset(at: instant))
    }

    /// The moment when the clocks here show `local`.
    ///
    /// As in RFC 5545, section 3.3.5: a time that is skipped is read with the offset before the gap, so it moves forward by the gap; of a time
    /// that comes twice, the first is meant. In both cases the old offset holds until the later of the two local times of the transition.
    package func instant(of local: CivilDateTime) -> Instant {
        let clock = Int64(local.clockSeconds)
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            let later = max(observance(after: middle).offset, transitions[middle].observance.offset)
            if transitions[middle].at.seconds + Int64(later) <= clock { low = middle + 1 } else { high = middle }
        }
        return Instant(local, offset: observance(after: low).offset)
    }

    /// The moment when the next day starts here. It is later than `instant`, unless that is at the end of the range of `Instant`.
    package func nextMidnight(after instant: Instant) -> Instant {
        let midnight = CivilDateTime(date: local(instant).date.adding(days: 1))
        let next = self.instant(of: midnight)
        // Where clocks go back across midnight, the first of the two midnights can already be past.
        return next > instant ? next : Instant(midnight, offset: offset(at: instant))
    }

    /// What holds after the first `count` transitions.
    private func observance(after count: Int) -> Observance {
        count > 0 ? transitions[count - 1].observance : initial
    }

    /// The index of the first transition at a time that `isLater`, by bisection.
    private func firstTransition(where isLater: (Instant) -> Bool) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if isLater(transitions[middle].at) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
