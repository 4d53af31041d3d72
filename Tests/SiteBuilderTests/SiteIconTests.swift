import Tenancy
import Testing

@testable import SiteBuilder

@Suite("Site icon")
struct SiteIconTests {
    let palette = Palette(primary: Color(red: 11, green: 83, blue: 148), accent: Color(red: 241, green: 194, blue: 50))

    @Test("every letter and digit has strokes of its own")
    func glyphs() {
        let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        let drawings = Set(signs.map { SiteIcon(initials: String($0), palette: palette).svg() })
        #expect(drawings.count == 36)
        #expect(!drawings.contains(SiteIcon(initials: "", palette: palette).svg()))
    }

    @Test("small letters are drawn as capitals")
    func smallLetters() {
        #expect(SiteIcon(initials: "le", palette: palette).svg() == SiteIcon(initials: "LE", palette: palette).svg())
    }

    @Test(
        "anything but one or two letters or digits gives the pennant",
        arguments: ["學", "É", "L學", "ABC", "A ", "<", "ß", "\0", "👩‍🏫"])
    func pennant(initials: String) {
        #expect(SiteIcon(initials: initials, palette: palette).svg() == SiteIcon(initials: "", palette: palette).svg())
    }

    @Test("the icon has the colours of the school and no text element")
    func colors() {
        let svg = SiteIcon(initials: "LE", palette: palette).svg()
        #expect(svg.contains("fill=\"#0b5394\""))
        #expect(svg.contains("stroke=\"#fff\""))
        #expect(!svg.contains("<text"))
    }

    @Test("a maskable icon has no rounded corners and a smaller motif")
    func maskable() {
        let icon = SiteIcon(initials: "LE", palette: palette)
        #expect(icon.svg().contains(" rx="))
        #expect(!icon.maskableSVG().contains(" rx="))
        #expect(icon.maskableSVG() != icon.svg())
    }

    @Test("the PNG is a square of the wanted size, and always the same", arguments: [32, 180, 192, 512])
    func png(size: Int) throws {
        let icon = SiteIcon(initials: "LE", palette: palette)
        let png = try #require(icon.png(size: size))
        #expect(PictureFormat(start: png) == .png)
        // Width and height are the first two numbers of the IHDR chunk.
        #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == size)
        #expect(png[20..<24].reduce(0) { $0 << 8 | Int($1) } == size)
        #expect(icon.png(size: size) == png)
        #expect(try #require(icon.maskablePNG(size: size)) != png)
    }
}
