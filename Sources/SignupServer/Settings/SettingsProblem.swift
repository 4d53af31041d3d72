/// What an operator has to mend before the server starts.
struct SettingsProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting and where its value came from, as the operator knows it: `MARQUEE_PORT`, `marquee.yaml:3: port`, `--port`.
    let place: String
    /// Nil if the value is secret, or if there is none.
    let value: String?
    /// What is wrong, and what is right.
    let advice: String

    var description: String {
        value.map { "\(place) is `\(Self.shortened($0))`: \(advice)" } ?? "\(place): \(advice)"
    }

    private static func shortened(_ value: String) -> String {
        let line = String(value.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
        return line.count <= 80 ? line : line.prefix(80) + "…"
    }
}

/// All of them at once.
struct SettingsError: Error, CustomStringConvertible {
    let problems: [SettingsProblem]

    var description: String { problems.map(\.description).joined(separator: "\n") }
}
