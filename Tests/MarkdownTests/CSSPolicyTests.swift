import Markdown
import TestSupport
import Testing

@Suite("Style sheets")
struct CSSPolicyTests {
    private func messages(_ css: String, _ context: CSSPolicy.Context = .styleSheet) -> [String] {
        CSSPolicy.check(Array(css.utf8), in: context).map { "\($0.line):\($0.column): \($0.message)" }
    }

    @Test(
        "a careful style sheet has no findings",
        arguments: [
            "", "\u{FEFF}a { color: red }", "@charset \"utf-8\"; a{}",
            ":root { --brand: #0b5394; } .card > a:hover, a::before { color: var(--brand); content: \"\\201C\" }",
            "@media (width < 40rem) and (prefers-color-scheme: dark) { main { padding: calc(1rem + 2px) } }",
            ".hero { background: url(/media/paper.png) no-repeat, url(\"media/a b.jpg\"), URL( 'x.webp' ) }",
            "a { background: url(data:image/png;base64,iVBORw0KGgo=), url(\"data:image/webp,x\") }",
            "@font-face { font-family: \"School\"; src: url(fonts/school.woff2) format(\"woff2\") }",
            "a { background: image-set(\"/a.png\" type(\"image/png\") 1x, \"/a-2.png\" 2x); clip-path: url(#leaf) }",
            "a { scroll-behavior: smooth; overscroll-behavior: none } /* @import is only mentioned: javascript: */",
            "a::after { content: \"Note: see //shelf\" } .\\31 0 { width: 10px } #fff { margin: -1.5e3px }",
            "@layer base { @supports (display: grid) { a { display: grid } } } @keyframes x { from { opacity: 0 } }",
        ])
    func allowed(_ css: String) {
        #expect(messages(css) == [])
    }

    @Test(
        "what loads from elsewhere or runs is found, however it is written",
        arguments: [
            "@import url(x.css);", "@import 'x.css';", "@IMPORT 'x.css';", "@\\69mport 'x.css';", "@i\\6d port 'x.css';", "@\\000069 mport 'x';",
            "/**/@import/**/'x';", "a{} @charset \"utf-8\";", "@charset \"utf-7\";", "@namespace url(http://x);", "@-moz-document url-prefix() {}",
            "a{background:url(https://evil.example/x)}", "a{background:url(//evil.example/x)}", "a{background:url(\"//evil.example/x\")}",
            "a{background:url(\\2f\\2f evil.example)}", "a{background:u\\72l(//evil.example)}", "a{background:\\75 rl('//evil.example')}",
            "a{background:url(/\\2f evil.example)}", "a{background:url(\\68ttps://evil.example)}", "a{background:url( //evil.example )}",
            "a{background:url(../../other/x.png)}", "a{background:url(/a/%2e%2E/x.png)}", "a{background:url(/\\\\evil.example)}",
            "a{background:url(data:image/svg+xml,x)}", "a{background:url(data:text/html,x)}", "a{background:url(data:image/pngx,y)}",
            "a{background:url(javascript:x)}", "a{background:url('java\\73 cript:x')}", "a{background:image-set('https://evil.example/x' 1x)}",
            "a{background:-webkit-image-set(url(//evil.example) 1x)}", "a{--x:'//evil.example';background:image-set(var(--x) 1x)}",
            "a{background:src(var(--x))}", "a{background:image('//evil.example')}", "a{background:cross-fade('//e', '/a', 50%)}",
            "a{background:image-set(('//evil.example') 1x)}", "@property --x{syntax:'<url>';inherits:true;initial-value:url(//evil.example)}",
            "a{width:expression(alert(1))}", "a{width:ex\\70ression(alert(1))}", "a{width:exp/**/ression (1); width:EXPRESSION(1)}",
            "a{behavior:url(x.htc)}", "a{be\\68 avior : url(x.htc)}", "a{behavior/**/:url(x.htc)}", "a{-moz-binding:url(/x.xml#y)}",
            "a{filter:progid:DXImageTransform.Microsoft.x()}", "a{content:'javascript:x'}", "a{content:'java script:x'}",
            "</style><script>", "a{content:'</style>'}", "/* </style> */", "<!-- a{} -->", "a{b:'x\n}", "a{b:url(x y)}", "a{b:url(x'y)}",
            "/* never closed", "a{", "a}", "a{b:(}", "a{b:[)}", "a{b:'never closed", "a{b:url(never closed",
        ])
    func found(_ css: String) {
        #expect(messages(css) != [])
    }

    @Test("a finding names line, column and what to do")
    func position() {
        let findings = CSSPolicy.check(Array("a { color: red }\n/* é */ @import 'x';\n".utf8))
        #expect(findings.map(\.line) == [2] && findings.map(\.column) == [9])
        #expect(findings.first?.message == "@import is not allowed" && findings.first?.advice == "copy the rules into this file")
    }

    @Test("bytes that are not UTF-8, and sheets that are too large or too deep, are refused")
    func limits() {
        #expect(CSSPolicy.check([0x61, 0xFF]).count == 1)
        #expect(CSSPolicy.check([UInt8](repeating: 0x20, count: CSSPolicy.maximumSize + 1)).count == 1)
        #expect(messages(String(repeating: "(", count: 100)).contains { $0.contains("deep") })
    }

    @Test("inside an SVG file only places in that file may be named")
    func svg() {
        #expect(messages(".a { fill: url(#b) }", .svg) == [])
        #expect(messages(".a { fill: url(/b.png) }", .svg) != [])
        #expect(messages("@font-face { src: url(#b) }", .svg) != [])
    }

    @Test("a hostile sheet takes linear time", arguments: ["(", "a{", "var(", "image-set(", "\\", "'", "url(", "/*", "@", "</", "a:", "}"])
    func linear(_ piece: String) {
        let css = Array(String(repeating: piece, count: CSSPolicy.maximumSize / piece.utf8.count).utf8)
        let clock = ContinuousClock()
        #expect(clock.measure { _ = CSSPolicy.check(css) } < .seconds(10))
    }

    @Test("any bytes are accepted")
    func bytes() {
        var random = SeededGenerator(seed: 5)
        let pieces = [
            "url(", "'", "\"", "\\", "\\2f", "@import", "/*", "*/", "{", "}", "(", ")", "\n", "a", ":", "\u{FF}", "-", "--", "#", "1e", "\r\n",
        ]
        for _ in 0..<5_000 {
            let css = (0..<Int.random(in: 0...20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let cut = Array(css.utf8.prefix(Int.random(in: 0...css.utf8.count, using: &random)))
            let findings = CSSPolicy.check(cut)
            #expect(findings.count <= CSSPolicy.maximumFindings + 1 && findings.allSatisfy { $0.line > 0 && $0.column > 0 })
        }
    }
}
