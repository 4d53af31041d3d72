/// All colours of a site, derived from the two colours of its school.
///
/// Every text and background pair of `contrastPairs` passes WCAG 2.2 AA in every scheme, whatever the two colours are.
/// The same two colours always give the same palette.
package struct Palette: Sendable, Hashable {
    package let light: Scheme
    package let dark: Scheme
    /// The light scheme on white paper.
    package let print: Scheme
    /// Where a given colour could not be used as it is in the light scheme. The dark scheme always adapts colours; that is no news for anyone.
    package let adjustments: [Adjustment]

    package init(primary: Color, accent: Color) {
        let source = SchoolColors(primary: primary, accent: accent)
        light = Recipe.light.scheme(of: source)
        dark = Recipe.dark.scheme(of: source)
        print = light.onPaper
        adjustments = Adjustment.all(of: source, in: light)
    }

    /// A colour for each role.
    package struct Scheme: Sendable, Hashable {
        private var colors: [Role: Color] = [:]

        package internal(set) subscript(role: Role) -> Color {
            get { colors[role, default: .black] }
            set { colors[role] = newValue }
        }

        /// Whites for the large areas, so that no ink is spent on tints.
        fileprivate var onPaper: Scheme {
            var paper = self
            for role in [Role.background, .surface, .sunken, .header] {
                paper[role] = .white
            }
            paper[.onHeader] = self[.text]
            return paper
        }
    }
}
