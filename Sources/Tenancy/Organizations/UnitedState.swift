/// A state of the United States, the District of Columbia or a territory: where a school is.
package struct UnitedState: Sendable, Hashable {
    /// Two letters (ISO 3166-2:US, without the country).
    package let code: String
    package let name: String
    /// Where most of its people live, as the IANA database names it; a settings form can say otherwise.
    package let timeZone: String

    /// Nil for anything but one of `all`, in upper case.
    package init?(code: String) {
        guard let known = Self.byCode[code] else { return nil }
        self = known
    }

    private init(_ code: String, _ name: String, _ timeZone: String) {
        self.code = code
        self.name = name
        self.timeZone = timeZone
    }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    /// By name.
    package static let all: [UnitedState] = [
        UnitedState("AL", "Alabama", "America/Chicago"), UnitedState("AK", "Alaska", "America/Anchorage"),
        UnitedState("AS", "American Samoa", "Pacific/Pago_Pago"), UnitedState("AZ", "Arizona", "America/Phoenix"),
        UnitedState("AR", "Arkansas", "America/Chicago"), UnitedState("CA", "California", "America/Los_Angeles"),
        UnitedState("CO", "Colorado", "America/Denver"), UnitedState("CT", "Connecticut", "America/New_York"),
        UnitedState("DE", "Delaware", "America/New_York"), UnitedState("DC", "District of Columbia", "America/New_York"),
        UnitedState("FL", "Florida", "America/New_York"), UnitedState("GA", "Georgia", "America/New_York"),
        UnitedState("GU", "Guam", "Pacific/Guam"), UnitedState("HI", "Hawaii", "Pacific/Honolulu"),
        UnitedState("ID", "Idaho", "America/Boise"), UnitedState("IL", "Illinois", "America/Chicago"),
        UnitedState("IN", "Indiana", "America/Indiana/Indianapolis"), UnitedState("IA", "Iowa", "America/Chicago"),
        UnitedState("KS", "Kansas", "America/Chicago"), UnitedState("KY", "Kentucky", "America/New_York"),
        UnitedState("LA", "Louisiana", "America/Chicago"), UnitedState("ME", "Maine", "America/New_York"),
        UnitedState("MD", "Maryland", "America/New_York"), UnitedState("MA", "Massachusetts", "America/New_York"),
        UnitedState("MI", "Michigan", "America/Detroit"), UnitedState("MN", "Minnesota", "America/Chicago"),
        UnitedState("MS", "Mississippi", "America/Chicago"), UnitedState("MO", "Missouri", "America/Chicago"),
        UnitedState("MT", "Montana", "America/Denver"), UnitedState("NE", "Nebraska", "America/Chicago"),
        UnitedState("NV", "Nevada", "America/Los_Angeles"), UnitedState("NH", "New Hampshire", "America/New_York"),
        UnitedState("NJ", "New Jersey", "America/New_York"), UnitedState("NM", "New Mexico", "America/Denver"),
        UnitedState("NY", "New York", "America/New_York"), UnitedState("NC", "North Carolina", "America/New_York"),
        UnitedState("ND", "North Dakota", "America/Chicago"), UnitedState("MP", "Northern Mariana Islands", "Pacific/Guam"),
        UnitedState("OH", "Ohio", "America/New_York"), UnitedState("OK", "Oklahoma", "America/Chicago"),
        UnitedState("OR", "Oregon", "America/Los_Angeles"), UnitedState("PA", "Pennsylvania", "America/New_York"),
        UnitedState("PR", "Puerto Rico", "America/Puerto_Rico"), UnitedState("RI", "Rhode Island", "America/New_York"),
        UnitedState("SC", "South Carolina", "America/New_York"), UnitedState("SD", "South Dakota", "America/Chicago"),
        UnitedState("TN", "Tennessee", "America/Chicago"), UnitedState("TX", "Texas", "America/Chicago"),
        UnitedState("UT", "Utah", "America/Denver"), UnitedState("VT", "Vermont", "America/New_York"),
        UnitedState("VI", "Virgin Islands", "America/Puerto_Rico"), UnitedState("VA", "Virginia", "America/New_York"),
        UnitedState("WA", "Washington", "America/Los_Angeles"), UnitedState("WV", "West Virginia", "America/New_York"),
        UnitedState("WI", "Wisconsin", "America/Chicago"), UnitedState("WY", "Wyoming", "America/Denver"),
    ]
}
