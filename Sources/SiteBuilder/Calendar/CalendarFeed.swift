package import Tenancy

/// A calendar to subscribe to, or a file with one event. `write()` makes an iCalendar file of it.
package struct CalendarFeed: Sendable, Hashable {
    /// What the calendar is called in the reader's calendar program; nil in a file with one event.
    package var name: String?
    /// The language of all texts, as in HTML: `en`, `zh-Hans`.
    package var language: String?
    package var timeZone: TimeZoneRules
    /// Where the feed is; nil in a file that is not for subscription.
    package var url: String?
    package var entries: [CalendarEntry]

    package init(name: String? = nil, language: String? = nil, timeZone: TimeZoneRules, url: String? = nil, entries: [CalendarEntry]) {
        self.name = name
        self.language = language
        self.timeZone = timeZone
        self.url = url
        self.entries = entries
    }
}
