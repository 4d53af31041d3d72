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
        let png = try #require(IconStencil(svg: icon.stencil(isMaskable: false), size: size)).png(ground: icon.ground, ink: icon.ink)
        #expect(PictureFormat(start: png) == .png)
        // Width and height are the first two numbers of the IHDR chunk.
        #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == size)
        #expect(png[20..<24].reduce(0) { $0 << 8 | Int($1) } == size)
        #expect(try #require(IconStencil(svg: icon.stencil(isMaskable: false), size: size)).png(ground: icon.ground, ink: icon.ink) == png)
    }

    @Test("a PNG shows the colours of the SVG, round corners included, as another decoder reads them")
    func colouredPixels() throws {
        let folder = try TestFolder()
        let icon = SiteIcon(initials: "LE", palette: palette)
        let drawn = Raster(svg: icon.svg(), width: 192)?.pixels ?? []
        let stencil = try #require(IconStencil(svg: icon.stencil(isMaskable: false), size: 192))
        let path = folder.add("icon.png", stencil.png(ground: icon.ground, ink: icon.ink))
        let decoded = Raster(path: path, width: 192)?.pixels ?? []
        #expect(drawn.count == 192 * 192 * 4)
        #expect(decoded.count == drawn.count)
        // As they look on white: a transparent pixel's colour says nothing.
        func shown(_ pixels: [UInt8]) -> [Int] {
            pixels.indices.map { index in
                let alpha = Int(pixels[index | 3])
                return index & 3 == 3 ? alpha : (Int(pixels[index]) * alpha + 255 * (255 - alpha)) / 255
            }
        }
        let largest = zip(shown(drawn), shown(decoded)).map { abs($0 - $1) }.max() ?? 255
        #expect(largest <= 8)
    }

    @Test("a stencil comes back from its file, and a damaged file is drawn again")
    func stored() throws {
        let icon = SiteIcon(initials: "LE", palette: palette)
        let stencil = try #require(IconStencil(svg: icon.stencil(isMaskable: true), size: 180))
        let read = try #require(IconStencil(stored: stencil.stored, size: 180))
        #expect(read.png(ground: .black, ink: .white) == stencil.png(ground: .black, ink: .white))
        var damaged = stencil.stored
        damaged[damaged.count - 1] ^= 1
        #expect(IconStencil(stored: damaged, size: 180) == nil)
        #expect(IconStencil(stored: Array(repeating: 0, count: 500), size: 180) == nil)
        #expect(IconStencil(stored: [], size: 180) == nil)
    }
}
