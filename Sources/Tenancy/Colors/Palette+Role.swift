extension Palette {
    /// What a colour is for. The raw value is the name of its CSS custom property, without the dashes.
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// The page.
        case background = "bg"
        /// Cards.
        case surface
        /// Subtle bands.
        case sunken
        case text
        case muted
        /// Hairlines, decorative.
        case line
        /// Borders of controls.
        case edge
        case primary
        case onPrimary = "on-primary"
        /// Hover and deeper bands of the primary fill.
        case primaryStrong = "primary-strong"
        case link
        case primarySoft = "primary-soft"
        case onPrimarySoft = "on-primary-soft"
        case accent
        case onAccent = "on-accent"
        case accentSoft = "accent-soft"
        case onAccentSoft = "on-accent-soft"
        case header = "header-bg"
        case onHeader = "on-header"
        case focus
        case dangerSoft = "danger-soft"
        case onDangerSoft = "on-danger-soft"
        case warnSoft = "warn-soft"
        case onWarnSoft = "on-warn-soft"
        case okSoft = "ok-soft"
        case onOkSoft = "on-ok-soft"
    }

    /// A colour that must stand out from another one.
    package struct ContrastPair: Sendable, Hashable {
        package let foreground: Role
        package let background: Role
        /// The least contrast ratio allowed.
        package let ratio: Double
    }

    /// The contrast that text needs (WCAG 2.2, 1.4.3) and that borders of controls and focus rings need (1.4.11).
    package static let textRatio = 4.5
    package static let controlRatio = 3.0

    /// The backgrounds on which any text, link or control may stand.
    package static let grounds: [Role] = [.background, .surface, .sunken, .primarySoft, .accentSoft]

    /// What the palette promises.
    package static let contrastPairs: [ContrastPair] =
        [Role.text, .muted, .link].flatMap { foreground in
            grounds.map { ContrastPair(foreground: foreground, background: $0, ratio: textRatio) }
        }
        + [Role.edge, .focus].flatMap { foreground in
            grounds.map { ContrastPair(foreground: foreground, background: $0, ratio: controlRatio) }
        }
        + [
            ContrastPair(foreground: .onPrimary, background: .primary, ratio: textRatio),
            ContrastPair(foreground: .onPrimary, background: .primaryStrong, ratio: textRatio),
            ContrastPair(foreground: .onPrimarySoft, background: .primarySoft, ratio: textRatio),
            ContrastPair(foreground: .onAccent, background: .accent, ratio: textRatio),
            ContrastPair(foreground: .onAccentSoft, background: .accentSoft, ratio: textRatio),
            ContrastPair(foreground: .onHeader, background: .header, ratio: textRatio),
            ContrastPair(foreground: .onDangerSoft, background: .dangerSoft, ratio: textRatio),
            ContrastPair(foreground: .onWarnSoft, background: .warnSoft, ratio: textRatio),
            ContrastPair(foreground: .onOkSoft, background: .okSoft, ratio: textRatio),
        ]
}
