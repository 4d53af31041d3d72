import Glibc
import Testing

@testable import Tenancy

@Suite("Palette")
struct PaletteTests {
    /// Corners, middles and near-extremes of sRGB, and colours that schools have.
    static let colors: [Color] =
        [0, 128, 255].flatMap { (red: UInt8) in
            [0, 128, 255].flatMap { (green: UInt8) in [0, 128, 255].map { (blue: UInt8) in Color(red: red, green: green, blue: blue) } }
        }
        + [
            "#010101", "#fefefe", "#777777", "#767676", "#757575", "#f5f5dc", "#fffff0", "#0a0a2a", "#39ff14", "#ff6ec7",
            "#0b5394", "#f1c232", "#ffcc00", "#8c1515", "#002147", "#006241", "#c8a951", "#4b2e83", "#b7a57a", "#ff6600",
            "#00aeef", "#ee3333", "#e53935", "#d9480f", "#5c4033", "#a0522d", "#c0c0c0", "#ffd1dc", "#e0ffff",
        ].compactMap { Color($0) }

    @Test("every promised pair has its contrast, whatever the two colours", arguments: colors)
    func contrast(primary: Color) {
        for accent in Self.colors {
            let palette = Palette(primary: primary, accent: accent)
            let schemes = [("light", palette.light), ("dark", palette.dark), ("print", palette.print)]
            for (name, scheme) in schemes {
                for pair in Palette.contrastPairs {
                    let contrast = scheme[pair.foreground].contrast(with: scheme[pair.background])
                    guard contrast < pair.ratio else { continue }
                    let names = "\(pair.foreground.rawValue) on \(pair.background.rawValue)"
                    Issue.record("\(name) \(names) is \(contrast) for \(primary.hex) and \(accent.hex)")
                }
            }
        }
    }

    @Test("the table of contrasts is walked for at least 3,000 pairs of colours")
    func gridSize() {
        #expect(Set(Self.colors).count * Set(Self.colors).count >= 3_000)
    }

    @Test("each role has a contrast to keep, except hairlines")
    func everyRoleIsPromised() {
        let promised = Set(Palette.contrastPairs.flatMap { [$0.foreground, $0.background] })
        #expect(Set(Palette.Role.allCases).subtracting(promised) == [.line])
    }

    @Test(
        "a school's primary colour is used exactly as fill and header",
        arguments: ["#0b5394", "#ffcc00", "#8c1515", "#002147", "#000000", "#39ff14", "#ff6600", "#006241"])
    func exactPrimary(hex: String) throws {
        let given = try #require(Color(hex))
        let light = Palette(primary: given, accent: .white).light
        #expect(light[.primary] == given)
        #expect(light[.header] == given)
    }

    @Test("yellow keeps dark text on a true yellow, in dark mode too")
    func yellow() throws {
        let yellow = try #require(Color("#ffcc00"))
        let palette = Palette(primary: yellow, accent: .black)
        for scheme in [palette.light, palette.dark] {
            #expect(scheme[.primary] == yellow)
            #expect(scheme[.onPrimary].luminance < 0.05)
        }
    }

    @Test("links keep the hue of the primary colour", arguments: ["#0b5394", "#ffcc00", "#8c1515", "#39ff14", "#ff6600", "#4b2e83"])
    func linkHue(hex: String) throws {
        let given = try #require(Color(hex))
        let palette = Palette(primary: given, accent: .black)
        for scheme in [palette.light, palette.dark] {
            // The cosine of the angle between the two hues: within 10 degrees.
            #expect(cos(OKLCH(scheme[.link]).hue - OKLCH(given).hue) > 0.985)
        }
    }

    @Test("a button is never the colour of the page", arguments: colors)
    func visibleButtons(primary: Color) {
        let palette = Palette(primary: primary, accent: primary)
        for scheme in [palette.light, palette.dark] {
            for fill in [Palette.Role.primary, .primaryStrong, .accent] {
                #expect(scheme[fill].contrast(with: scheme[.background]) >= 1.19)
            }
        }
    }

    @Test("a white primary colour leaves buttons and links to the accent, and the header white")
    func whitePrimary() throws {
        let navy = try #require(Color("#003366"))
        let palette = Palette(primary: .white, accent: navy)
        #expect(palette.light[.primary] == navy)
        #expect(palette.light[.link] == navy)
        #expect(palette.light[.header] == .white)
    }

    @Test("no adjustment is reported for colours that can be read as they are")
    func noAdjustments() throws {
        let palette = Palette(primary: try #require(Color("#0b5394")), accent: try #require(Color("#f1c232")))
        #expect(palette.adjustments.isEmpty)
    }

    @Test("a yellow link is reported with the colour used instead")
    func yellowAdjustment() throws {
        let yellow = try #require(Color("#ffcc00"))
        let palette = Palette(primary: yellow, accent: .black)
        let adjustment = try #require(palette.adjustments.first)
        #expect(palette.adjustments.count == 1)
        #expect(adjustment.setting == .primary)
        #expect(adjustment.role == .link)
        #expect(adjustment.given == yellow)
        #expect(adjustment.used == palette.light[.link])
        #expect(adjustment.contrast < 1.5)
        #expect(adjustment.message.hasPrefix("The primary colour #ffcc00 is too light to read as text on the page (1.2:1, at least 4.5:1 is needed)"))
    }

    @Test("a white accent is reported as invisible, and a tint of the primary colour stands in")
    func whiteAccent() throws {
        let palette = Palette(primary: try #require(Color("#002147")), accent: .white)
        let adjustment = try #require(palette.adjustments.first)
        #expect(adjustment.setting == .accent)
        #expect(adjustment.message.contains("cannot be told apart from the page"))
        #expect(OKLCH(palette.light[.accent]).chroma > 0.03)
        #expect(palette.dark[.accent] == .white)
    }

    @Test("the CSS holds every role for light, the dark scheme for screens and white paper for print")
    func css() throws {
        let palette = Palette(primary: try #require(Color("#0b5394")), accent: try #require(Color("#f1c232")))
        let css = palette.css()
        let light = try #require(css.split(separator: "}").first)
        #expect(light.hasPrefix(":root{color-scheme:light dark;--bg:#"))
        for role in Palette.Role.allCases {
            #expect(light.contains("--\(role.rawValue):\(palette.light[role].shortHex)"))
        }
        #expect(css.contains("}@media screen and (prefers-color-scheme:dark){:root{--bg:#"))
        #expect(css.contains("}@media print{:root{color-scheme:light;--bg:#fff;"))
        #expect(!css.contains(" --"))
        #expect(css == Palette(primary: try #require(Color("#0b5394")), accent: try #require(Color("#f1c232"))).css())
    }
}
