extension Weekday {
    /// The two letters of RFC 5545: `MO`…`SU`.
    package var code: String { Weekday.codes[rawValue - 1] }

    /// Nil if there is no such code. Capitals only.
    package init?(code: some StringProtocol) {
        guard let index = Weekday.codes.firstIndex(where: { $0 == code }) else { return nil }
        self = Weekday.allCases[index]
    }

    private static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
}
