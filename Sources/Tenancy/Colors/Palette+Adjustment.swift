extension Palette {
    /// A colour of the school that could not be used as it is.
    package struct Adjustment: Sendable, Hashable {
        package enum Setting: String, Sendable, Hashable {
            case primary, accent
        }

        /// Which of the two colours of the settings.
        package let setting: Setting
        package let role: Role
        package let given: Color
        package let used: Color
        /// The contrast the given colour would have had.
        package let contrast: Double

        /// One sentence for the person who chose the colours.
        package var message: String {
            let needed = "\(Self.ratio(contrast)), at least \(Self.ratio(textRatio)) is needed"
            let problem =
                switch role {
                case .link: "is too light to read as text on the page (\(needed)); links use"
                case _ where contrast < Recipe.light.leastVisible: "cannot be told apart from the page; buttons and badges use"
                default: "is too light for white text and too dark for black text (\(needed)); buttons and badges use"
                }
            return "The \(setting.rawValue) colour \(given.hex) \(problem) \(used.hex) instead."
        }

        /// Cut, not rounded, so that a failing 4.49 never reads as 4.5.
        private static func ratio(_ value: Double) -> String {
            let tenths = Int(value * 10)
            return "\(tenths / 10).\(tenths % 10):1"
        }

        static func all(of source: SchoolColors, in light: Scheme) -> [Adjustment] {
            fills(of: source, in: light) + links(of: source, in: light)
        }

        private static func fills(of source: SchoolColors, in light: Scheme) -> [Adjustment] {
            let uses: [(Setting, Color, Role, Role)] = [
                (.primary, source.primary, .primary, .onPrimary), (.accent, source.accent, .accent, .onAccent),
            ]
            return uses.compactMap { setting, given, fill, label in
                guard light[fill] != given else { return nil }
                let visibility = given.contrast(with: light[.background])
                let contrast = visibility < Recipe.light.leastVisible ? visibility : given.contrast(with: light[label])
                return Adjustment(setting: setting, role: fill, given: given, used: light[fill], contrast: contrast)
            }
        }

        private static func links(of source: SchoolColors, in light: Scheme) -> [Adjustment] {
            let given = source.leading
            guard light[.link] != given else { return [] }
            let contrast = grounds.map { given.contrast(with: light[$0]) }.min() ?? 1
            let setting = given == source.primary ? Setting.primary : .accent
            return [Adjustment(setting: setting, role: .link, given: given, used: light[.link], contrast: contrast)]
        }
    }
}
