import Markdown
import Testing

@Suite("HTML from strangers")
struct HTMLAttackTests {
    private let policy = HTMLPolicy()

    @Test("an attack leaves only harmless elements, attributes and addresses", arguments: HTMLAttacks.all)
    func attack(_ input: String) {
        let clean = policy.clean(fragment: input)
        #expect(HTMLJudge.violations(in: clean.html) == [], "\(String(decoding: clean.html, as: UTF8.self))")
        #expect(policy.clean(fragment: clean.html).html == clean.html)
    }

    @Test("an attack inside other elements is as harmless", arguments: HTMLAttacks.all)
    func attackInside(_ input: String) {
        for (before, after) in [("<table><tr>", "</table>"), ("<p title=\"", "\">"), ("<svg>", "</svg>"), ("<ul><li>", "</ul>"), ("<!--", "-->")] {
            let clean = policy.clean(fragment: before + input + after)
            #expect(HTMLJudge.violations(in: clean.html) == [], "\(before): \(String(decoding: clean.html, as: UTF8.self))")
        }
    }

    @Test("what an attack wanted to run is nowhere in the tags", arguments: HTMLAttacks.scripts + HTMLAttacks.elements)
    func noScriptText(_ input: String) {
        let html = String(decoding: policy.clean(fragment: input).html, as: UTF8.self)
        #expect(!html.lowercased().contains("<script") && !html.lowercased().contains("<iframe"))
    }

    @Test("there are many attacks, each once")
    func count() {
        #expect(HTMLAttacks.all.count >= 200)
        #expect(Set(HTMLAttacks.all.map { Array($0.utf8) }).count == HTMLAttacks.all.count)
    }

    @Test(
        "the judge finds what is wrong in HTML that was not cleaned",
        arguments: [
            "<script>x</script>", "<b onclick=\"x\">x</b>", "<a href=\"javascript:x\">x</a>", "<a href=\"java\nscript:x\">x</a>",
            "<img src=\"https://evil.example/x\">", "<img src=\"//evil.example/x\">", "<svg></svg>", "<p style=\"x\">x</p>", "</div>", "<div>",
            "<a href=\"/x\" target=\"_blank\">x</a>", "<input type=\"text\">", "<div data-embed-src=\"https://evil.example\">x</div>", "<!-- x -->",
            "<img src=\"/a\" srcset=\"/a 1x, https://evil.example 2x\">", "<iframe></iframe>", "<b><i>x</b></i>", "a > b",
        ])
    func judge(_ html: String) {
        #expect(HTMLJudge.violations(in: Array(html.utf8) + Array("<br>".utf8)) != [])
    }
}
