import Testing

@testable import SiteBuilder

@Suite("QR code")
struct QRCodeTests {
    @Test("three corners have the finder pattern, with its light border", arguments: ["A", "https://lincoln.sites.example/events/fair/"])
    func finders(text: String) throws {
        let code = try QRCode(text)
        #expect((code.size - 17) % 4 == 0)
        for (top, left) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
            for row in -1...7 {
                for column in -1...7 where code.contains(row: top + row, column: left + column) {
                    // Rings around the centre: 0 and 1 are dark, 2 is light, 3 is dark, 4 is the border.
                    let ring = max(abs(row - 3), abs(column - 3))
                    #expect(code.isDark(row: top + row, column: left + column) == (ring < 2 || ring == 3))
                }
            }
        }
    }

    @Test("the timing patterns alternate")
    func timing() throws {
        let code = try QRCode("https://lincoln.sites.example/")
        for index in 8..<code.size - 8 {
            #expect(code.isDark(row: 6, column: index) == index.isMultiple(of: 2))
            #expect(code.isDark(row: index, column: 6) == index.isMultiple(of: 2))
        }
    }

    @Test("the format says error correction level M, in both places")
    func level() throws {
        let code = try QRCode("https://lincoln.sites.example/")
        // The two highest bits of the format, which are 00 for M, are masked with 10 (ISO/IEC 18004, 7.9).
        #expect(code.isDark(row: 8, column: 0))
        #expect(!code.isDark(row: 8, column: 1))
        #expect(code.isDark(row: code.size - 1, column: 8))
        #expect(!code.isDark(row: code.size - 2, column: 8))
    }

    @Test("the strokes of the SVG are the dark modules, inside a quiet zone of four", arguments: ["A", "https://lincoln.sites.example/é?q=1"])
    func strokes(text: String) throws {
        let code = try QRCode(text)
        let svg = code.svg(title: "Fair")
        #expect(svg.contains("viewBox=\"0 0 \(code.size + 8) \(code.size + 8)\""))
        #expect(svg.contains("shape-rendering=\"crispEdges\""))
        #expect(svg.contains("stroke=\"currentColor\""))

        let path = try #require(svg.split(separator: " d=\"").last?.split(separator: "\"").first)
        let drawn = try modules(drawnBy: path)
        let expected = (0..<code.size).flatMap { row in
            (0..<code.size).filter { code.isDark(row: row, column: $0) }.map { [row + 4, $0 + 4] }
        }
        #expect(drawn == Set(expected))
    }

    @Test("the title is text, not markup")
    func title() throws {
        let svg = try QRCode("x").svg(title: "</title><script>\"&'")
        #expect(svg.contains("<title>&lt;/title&gt;&lt;script&gt;"))
        #expect(!svg.contains("<script"))
    }

    @Test("the longest text that fits is accepted, one byte more is refused")
    func longest() throws {
        #expect(try QRCode(String(repeating: "a", count: 2331)).size == 177)
        #expect(throws: QRCodeError.tooLong(2332)) { try QRCode(String(repeating: "a", count: 2332)) }
        #expect(throws: QRCodeError.empty) { try QRCode("") }
    }

    @Test("the same text gives the same code, another text another one")
    func deterministic() throws {
        #expect(try QRCode("a") == QRCode("a"))
        #expect(try QRCode("a") != QRCode("b"))
        #expect(try QRCode("a\0b") != QRCode("a"))
    }

    /// Row and column of each unit square that the path covers. Reads only the commands that we write: M x y.5, m dx 0, h length.
    private func modules(drawnBy path: Substring) throws -> Set<[Int]> {
        var drawn: Set<[Int]> = []
        var (row, column) = (0, 0)
        var rest = path
        while let command = rest.popFirst() {
            let text = rest.prefix { !$0.isLetter }
            rest = rest.dropFirst(text.count)
            let numbers = text.split(separator: " ")
            switch command {
            case "M":
                column = try #require(Int(numbers[0]))
                #expect(numbers[1].hasSuffix(".5"))
                row = try #require(Int(numbers[1].dropLast(2)))
            case "m":
                column += try #require(Int(numbers[0]))
                #expect(numbers[1] == "0")
            case "h":
                let length = try #require(Int(numbers[0]))
                for offset in 0..<length { drawn.insert([row, column + offset]) }
                column += length
            default:
                Issue.record("unexpected command \(command)")
            }
        }
        return drawn
    }
}

extension QRCode {
    fileprivate func contains(row: Int, column: Int) -> Bool {
        (0..<size).contains(row) && (0..<size).contains(column)
    }

    fileprivate func isDark(row: Int, column: Int) -> Bool {
        modules[row * size + column] == Self.dark
    }
}
