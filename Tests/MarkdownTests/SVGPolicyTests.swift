import Markdown
import TestSupport
import Testing

@Suite("SVG files")
struct SVGPolicyTests {
    private let namespace = "xmlns=\"http://www.w3.org/2000/svg\""

    private func clean(_ svg: String) throws -> String {
        String(decoding: try SVGPolicy.clean(Array(svg.utf8)).svg, as: UTF8.self)
    }

    @Test("a drawing stays as it is")
    func drawing() throws {
        let svg = """
            <svg \(namespace) width="64" height="64" viewBox="0 0 64 64" role="img" aria-label="A lion &amp; friends">
              <title>Lion</title>
              <defs><linearGradient id="sun" gradientTransform="rotate(90)"><stop offset="0" stop-color="#fc0"/></linearGradient></defs>
              <style>.a{fill:url(#sun);stroke:#000}</style>
              <g class="a" style="opacity:.5" transform="translate(1 2)"><path d="M0 0h10v10z" fill="url(#sun)"/></g>
              <use href="#sun" x="3"/><text x="1" y="2">Go <tspan font-weight="700">Lions</tspan></text>
            </svg>
            """
        let result = try SVGPolicy.clean(Array(svg.utf8))
        #expect(String(decoding: result.svg, as: UTF8.self) == svg)
        #expect(result.findings == [])
    }

    @Test(
        "what could run, load or lead away is left out",
        arguments: [
            ("<svg onload=\"x\"><rect/></svg>", "<rect/>"),
            ("<svg><script>alert(1)</script><rect/></svg>", "<rect/>"),
            ("<svg><x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script><rect/></svg>", "<rect/>"),
            ("<svg><h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script></svg>", ""),
            ("<svg><h:rect xmlns:h=\"http://www.w3.org/1999/xhtml\"/></svg>", ""),
            ("<svg><foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject><rect/></svg>", "<rect/>"),
            ("<svg><a href=\"javascript:x\"><rect/></a></svg>", "<rect/>"),
            ("<svg xmlns:l=\"http://www.w3.org/1999/xlink\"><use l:href=\"#a\"/><use l:href=\"//e/x.svg#a\"/></svg>", "<use href=\"#a\"/><use/>"),
            ("<svg><use href=\"data:image/svg+xml,x#a\"/><use href=\"x.svg#a\"/></svg>", "<use/><use/>"),
            ("<svg><image href=\"https://e/x.png\"/><image href=\"data:image/png;base64,x\"/><feImage href=\"#a\"/></svg>", ""),
            (
                "<svg><rect><animate attributeName=\"href\" values=\"javascript:x\"/><set attributeName=\"onclick\" to=\"x\"/></rect></svg>",
                "<rect></rect>"
            ),
            ("<svg><rect fill=\"url(https://e/x#a)\" onclick=\"x\" style=\"fill:url(//e/x)\"/></svg>", "<rect/>"),
            ("<svg><rect fill=\"u\\72l(//e)\" filter=\"url('//e')\" mask=\"url(#a)\"/></svg>", "<rect mask=\"url(#a)\"/>"),
            ("<svg><style>@import '//e/x.css';</style><style>a{b:url(//e)}</style><rect/></svg>", "<rect/>"),
            ("<svg><style>&lt;/style>&lt;script>x</style><style><![CDATA[</style><script>x</script>]]></style><rect/></svg>", "<rect/>"),
            ("<svg><style>.a&gt;.b{c:d}</style></svg>", "<style>.a&gt;.b{c:d}</style>"),
            (
                "<svg><text>&lt;script&gt;x</text><title><![CDATA[<script>]]></title></svg>",
                "<text>&lt;script&gt;x</text><title>&lt;script&gt;</title>"
            ),
            ("<svg><!-- <script>x</script> --><?xml-stylesheet href=\"//e\"?><rect/></svg>", "<rect/>"),
            ("<svg xml:base=\"//e\" xmlns:i=\"urn:i\" i:x=\"y\"><metadata>x</metadata><i:view/><rect id='a\"b'/></svg>", "<rect/>"),
            ("<svg><iframe/><handler/><listener/><audio/><video/><object/><embed/><rect/></svg>", "<rect/>"),
            ("<svg>text that draws nothing<g>more</g></svg>", "<g></g>"),
        ])
    func leftOut(_ svg: String, _ inside: String) throws {
        let cleaned = try clean(svg)
        #expect(cleaned == "<svg \(namespace)>\(inside)</svg>")
        #expect(try clean(cleaned) == cleaned)
    }

    @Test("a document type may be named, as drawing programs do")
    func documentType() throws {
        let svg = """
            <?xml version="1.0" encoding="utf-8"?>
            <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
            <svg \(namespace)/>
            """
        #expect(try clean(svg) == "<svg \(namespace)/>")
    }

    /// Thirty groups, each of which draws the next one twice.
    private static let bomb =
        "<svg>" + (0..<30).map { "<g id='a\($0)'><use href='#a\($0 + 1)'/><use href='#a\($0 + 1)'/></g>" }.joined() + "<g id='a30'><rect/></g></svg>"

    @Test(
        "a file that cannot be published says where and why",
        arguments: [
            ("", 1, "notWellFormed"), ("no picture", 1, "notWellFormed"), ("<svg>\n<g>\n</svg>", 3, "notWellFormed"),
            ("<svg/>\n<svg/>", 2, "notWellFormed"), ("<svg>\n&bomb;</svg>", 2, "notWellFormed"), ("<svg a='1' a='2'/>", 1, "notWellFormed"),
            ("<html><svg/></html>", 1, "notSVG"), ("<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>", 1, "notSVG"),
            ("\n<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", 2, "documentType"),
            ("<!DOCTYPE svg SYSTEM \"x\" [ ]><svg/>", 1, "documentType"),
            ("<!DOCTYPE svg PUBLIC '>' 'x' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>", 1, "documentType"),
            ("<svg>\(String(repeating: "<g>", count: 100))", 1, "tooDeep"),
            ("<svg>\(String(repeating: "<g/>", count: SVGPolicy.maximumElements))</svg>", 1, "tooManyElements"),
            ("<svg \((0...SVGPolicy.maximumAttributes).map { "a\($0)='' " }.joined())/>", 1, "tooManyAttributes"),
            ("<svg><g id='a'><use href='#a'/></g></svg>", 1, "tooManyCopies"),
            ("<svg><g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>", 1, "tooManyCopies"),
            (bomb, 1, "tooManyCopies"),
        ])
    func refused(_ svg: String, _ line: Int, _ problem: String) throws {
        let error = #expect(throws: SVGError.self) { try SVGPolicy.clean(Array(svg.utf8)) }
        #expect(error?.line == line)
        #expect("\(try #require(error).problem)".hasPrefix(problem))
        #expect(error?.advice.isEmpty == false)
    }

    @Test("bytes that are not UTF-8 text are refused", arguments: [[0xFF, 0xFE, 0x3C, 0x00], [0x1F, 0x8B, 0x08], [0x3C, 0x00]] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) {
        let error = #expect(throws: SVGError.self) { try SVGPolicy.clean(bytes) }
        #expect(error?.problem == .notUTF8)
    }

    @Test("a file that is too large is refused before it is read")
    func size() {
        let error = #expect(throws: SVGError.self) { try SVGPolicy.clean([UInt8](repeating: 0x20, count: SVGPolicy.maximumSize + 1)) }
        #expect(error?.problem == .tooLarge)
    }

    @Test("what is left out is reported once with its line")
    func findings() throws {
        let result = try SVGPolicy.clean(Array("<svg>\n<script/>\n<rect onclick='x'/><rect onclick='y'/></svg>".utf8))
        #expect(result.findings.map(\.line) == [2, 3])
        #expect(result.findings.map(\.what) == ["<script>", "onclick on <rect>"])
    }

    @Test("damaged files are refused or cleaned, and never more than that")
    func damaged() {
        var random = SeededGenerator(seed: 7)
        let drawing = "<style>a{b:c}</style><g id='a'><a href='#'><path d='M0 0'/></a></g><use href='#a'/><![CDATA[x]]>"
        let seed = Array("<svg \(namespace) viewBox='0 0 9 9'>\(drawing)</svg>".utf8)
        for _ in 0..<3_000 {
            var file = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                file[Int.random(in: 0..<file.count, using: &random)] = Array("<>&'\"/=! ax:\u{0}".utf8).randomElement(using: &random) ?? 0xFF
            }
            guard let once = try? SVGPolicy.clean(file).svg else { continue }
            #expect((try? SVGPolicy.clean(once).svg) == once)
        }
    }
}
