import Tenancy

/// One event on one day of a calendar page.
struct CalendarDayEvent: Sendable {
    let entry: Int
    let occurrence: EventFacts.Occurrence
}

/// All occurrences by month and day, made in one pass over the events.
struct EventCalendar: Sendable {
    private(set) var months: [CivilDate: [CivilDate: [CalendarDayEvent]]] = [:]

    /// A longer event fills only this many days of the calendar.
    private static let maximumDays = 60

    init(site: Site) {
        for index in site.upcoming + site.past {
            guard let facts = site.entries[index].event else { continue }
            for occurrence in facts.occurrences {
                // Something that ends at midnight doesn't take place on the next day.
                let endsAtMidnight =
                    occurrence.end.secondOfDay == 0 && !facts.isAllDay && !facts.endsWithDay && occurrence.end.date > occurrence.start.date
                let last = endsAtMidnight ? occurrence.end.date.adding(days: -1) : occurrence.end.date
                var day = occurrence.start.date
                var count = 0
                while day <= last, count < Self.maximumDays {
                    months[day.firstOfMonth, default: [:]][day, default: []].append(CalendarDayEvent(entry: index, occurrence: occurrence))
                    day = day.adding(days: 1)
                    count += 1
                }
            }
        }
        for (month, days) in months {
            months[month] = days.mapValues { events in
                events.sorted {
                    $0.occurrence == $1.occurrence ? site.entries[$0.entry].stem < site.entries[$1.entry].stem : $0.occurrence < $1.occurrence
                }
            }
        }
    }

    func days(in month: CivilDate) -> [CivilDate: [CalendarDayEvent]] { months[month] ?? [:] }
}
