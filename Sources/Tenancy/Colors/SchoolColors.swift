/// The two colours a school gave, and which of them can lend a hue to the rest.
struct SchoolColors {
    let primary: Color
    let accent: Color

    /// Below this chroma a colour has no hue worth keeping: black, white, greys.
    private static let leastChroma = 0.03

    static func hasHue(_ color: Color) -> Bool {
        OKLCH(color).chroma >= leastChroma
    }

    /// The colour of links and of the breath of colour in the greys: the primary one, or the accent where only that has a hue.
    var leading: Color {
        Self.hasHue(primary) || !Self.hasHue(accent) ? primary : accent
    }

    /// The other way round, for what is drawn in the accent colour.
    var following: Color {
        Self.hasHue(accent) || !Self.hasHue(primary) ? accent : primary
    }
}
