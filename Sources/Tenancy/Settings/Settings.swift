/// What `site.yaml` holds: everything that a site says about itself.
package struct Settings: Hashable, Sendable {
    package struct Unit: Hashable, Sendable {
        package var kind: String?
        package var number: String?
        package var state: String?
        package var council: String?
        package var district: String?
    }

    package struct School: Hashable, Sendable {
        package var name: LocalizedText?
        package var address: String?
        package var mascot: LocalizedText?
    }

    package struct Contact: Hashable, Sendable {
        package var email: String?
        package var address: String?
    }

    /// The school's two colours; a calm blue and a warm yellow where it has chosen none.
    package struct Colors: Hashable, Sendable {
        package var primary: Color
        package var accent: Color

        init(primary: Color? = nil, accent: Color? = nil) {
            self.primary = primary ?? Color(red: 0x1F, green: 0x4E, blue: 0x79)
            self.accent = accent ?? Color(red: 0xF2, green: 0xB1, blue: 0x34)
        }
    }

    package struct NavigationItem: Hashable, Sendable {
        package var title: LocalizedText?
        package var target: Target?
        package var children: [NavigationItem]
    }

    /// Where a button or navigation item leads: a page of the site by its file, or an address.
    package enum Target: Hashable, Sendable {
        case page(String, line: Int, column: Int)
        case url(String)
    }

    package struct Button: Hashable, Sendable {
        package var title: LocalizedText
        package var target: Target
    }

    package struct Hero: Hashable, Sendable {
        package var title: LocalizedText?
        package var text: LocalizedText?
        package var image: Picture?
        package var buttons: [Button]
    }

    /// A picture in the tenant's folder.
    package struct Picture: Hashable, Sendable {
        package var path: String
        package var alternative: LocalizedText?
        package var line: Int
        package var column: Int

        package init(path: String, alternative: LocalizedText?, line: Int, column: Int) {
            self.path = path
            self.alternative = alternative
            self.line = line
            self.column = column
        }
    }

    /// The join, donate and volunteer blocks.
    package struct Block: Hashable, Sendable {
        package var title: LocalizedText?
        package var text: LocalizedText?
        package var url: String?
        package var button: LocalizedText?
        package var note: LocalizedText?
        package var dues: [Dues]
    }

    package struct Dues: Hashable, Sendable {
        package var name: LocalizedText
        package var price: String
    }

    package struct SocialLink: Hashable, Sendable {
        package var network: String
        package var url: String
    }

    package struct Legal: Hashable, Sendable {
        package var name: String?
        package var ein: String?
        package var isNonprofit: Bool
    }

    package struct Announcement: Hashable, Sendable {
        package var text: LocalizedText
        package var url: String?
        package var linkText: LocalizedText?
        package var level: String
        package var until: WrittenDate?
    }

    package enum HomeSection: String, Hashable, Sendable, CaseIterable {
        case hero, nextMeeting = "next-meeting", welcome, news, events, join, donate, volunteer, board, documents, sponsors, contact
    }

    package struct Theme: Hashable, Sendable {
        package var header: String
        package var fonts: String
        package var corners: String
        package var density: String

        package static let headers = ["bar", "banner", "centered"]
        package static let fontPairings = ["classic", "modern", "friendly", "bookish"]
        package static let cornerStyles = ["round", "soft", "square"]
        package static let densities = ["airy", "compact"]
    }

    package var name: LocalizedText
    package var shortName: LocalizedText?
    package var tagline: LocalizedText?
    package var description: LocalizedText?
    package var unit: Unit
    package var school: School
    /// IANA name.
    package var timeZone: String
    /// Never empty; the first is the default.
    package var languages: [Language]
    package var colors: Colors
    package var logo: Picture?
    package var navigation: [NavigationItem]
    package var home: [HomeSection]
    package var hero: Hero?
    package var join: Block?
    package var donate: Block?
    package var volunteer: Block?
    package var contact: Contact
    package var social: [SocialLink]
    /// The month and day on which the school year turns.
    package var yearStart: YearStart
    package var legal: Legal
    package var announcement: Announcement?
    package var theme: Theme
    /// The address that readers should see and keep, where it is not `<slug>.<sites domain>`: `https://www.lincolnptsa.example`.
    package var canonicalOrigin: String?

    package var defaultLanguage: Language { languages.first ?? .english }
}

/// The day on which a new school and membership year begins.
package struct YearStart: Hashable, Sendable {
    /// 1…12
    package var month: Int
    /// 1…31
    package var day: Int

    package static let firstOfJuly = YearStart(month: 7, day: 1)

    package init(month: Int, day: Int) {
        self.month = month
        self.day = day
    }

    /// The year in which the school year of `date` began.
    package func schoolYear(of date: CivilDate) -> SchoolYear {
        SchoolYear(firstYear: (date.month, date.day) < (month, day) ? date.year - 1 : date.year)
    }

    package func firstDay(of year: SchoolYear) -> CivilDate {
        let first = CivilDate(year: year.firstYear, month: month, day: 1) ?? .first
        return CivilDate(year: year.firstYear, month: month, day: day) ?? first.lastOfMonth
    }
}

package struct SchoolYear: Hashable, Sendable, Comparable {
    package var firstYear: Int

    package init(firstYear: Int) { self.firstYear = firstYear }

    /// `2026–27`, with an en dash, as schools write it.
    package var text: String { "\(firstYear)–\(Self.twoDigits(firstYear &+ 1))" }
    /// `2026-27`, for addresses.
    package var path: String { "\(firstYear)-\(Self.twoDigits(firstYear &+ 1))" }

    package static func < (left: SchoolYear, right: SchoolYear) -> Bool { left.firstYear < right.firstYear }

    private static func twoDigits(_ year: Int) -> String {
        let rest = year % 100
        return rest < 10 ? "0\(rest)" : "\(rest)"
    }
}
