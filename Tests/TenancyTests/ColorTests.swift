import Testing

@testable import Tenancy

@Suite("Color")
struct ColorTests {
    @Test(
        "colours are read in every accepted form",
        arguments: [
            ("#0b5394", "#0b5394"), ("#0B5394", "#0b5394"), ("#fc0", "#ffcc00"), ("  #fc0\t", "#ffcc00"), ("white", "#ffffff"),
            ("Navy", "#000080"), ("GOLD", "#ffd700"), ("rgb(11, 83, 148)", "#0b5394"), ("rgb(11 83 148)", "#0b5394"), ("RGB( 0,0,255 )", "#0000ff"),
        ])
    func reading(text: String, hex: String) {
        #expect(Color(text)?.hex == hex)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", " ", "#", "#ff", "#ffff", "#fffff", "#fffffff", "#ffffffff", "0b5394", "#0b539g", "# fc0", "#fc0;", "#é00", "blau", "transparent",
            "rgb()", "rgb(1,2)", "rgb(1,2,3,4)", "rgb(256,0,0)", "rgb(-1,0,0)", "rgb(+1,0,0)", "rgb(1,,2,3)", "rgb(1, 2 3)", "rgb(1.0,2,3)",
            "rgb(1%,2%,3%)", "rgb(0001,2,3)", "rgb(1,2,3", "rgba(1,2,3,1)", "rgb(1 2 3 / 1)", "#fff}body{display:none", "url(x)", "#fff\n", "\0#fff",
        ])
    func refusing(text: String) {
        #expect(Color(text) == nil)
    }

    @Test("contrast follows WCAG")
    func contrast() {
        #expect(Color.white.contrast(with: .black) == 21)
        #expect(Color.white.contrast(with: .white) == 1)
        // The lightest grey that is readable on white and the first that is not.
        #expect(Color(red: 118, green: 118, blue: 118).contrast(with: .white) >= 4.5)
        #expect(Color(red: 119, green: 119, blue: 119).contrast(with: .white) < 4.5)
    }

    @Test("the short form is used only where it says the same", arguments: [("#ffcc00", "#fc0"), ("#ffcc01", "#ffcc01"), ("black", "#000")])
    func shortHex(text: String, short: String) {
        #expect(Color(text)?.shortHex == short)
    }

    @Test("every colour survives the way to OKLCH and back", arguments: UInt8(0)...15)
    func roundTrip(red: UInt8) {
        for green in UInt8(0)...15 {
            for blue in UInt8(0)...15 {
                let color = Color(red: red * 17, green: green * 17, blue: blue * 17)
                #expect(OKLCH(color).color == color)
            }
        }
    }

    @Test("a chroma that sRGB does not have is lowered, the lightness stays")
    func gamut() {
        let impossible = OKLCH(lightness: 0.5, chroma: 0.4, hue: 1.9)
        let shown = OKLCH(impossible.color)
        #expect(abs(shown.lightness - 0.5) < 0.005)
        #expect(shown.chroma < 0.4)
        #expect(shown.chroma > 0.1)
    }
}
