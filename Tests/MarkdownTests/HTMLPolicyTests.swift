import Markdown
import Testing

@Suite("HTML policy")
struct HTMLPolicyTests {
    private func clean(_ html: String, _ profile: HTMLPolicy.Profile = .page) -> String {
        String(decoding: HTMLPolicy(profile: profile).clean(fragment: html).html, as: UTF8.self)
    }

    private func findings(_ html: String) -> [HTMLFinding.What] {
        HTMLPolicy().clean(fragment: html).findings.map(\.what)
    }

    // MARK: What stays

    @Test(
        "what the pipeline and careful editors write stays as it is, byte for byte",
        arguments: [
            "",
            "plain text, é, 你好, &amp; &lt; &nbsp; &hellip;",
            "<h2 id=\"2026-budget\">2026 budget</h2>\n<p>One <em>two</em> <strong>three</strong><br>\nfour</p>\n",
            "<h2 id=\"новости\">Новости</h2>",
            "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n<ol start=\"3\"><li value=\"4\">c</li></ol>",
            "<ul>\n<li><input type=\"checkbox\" disabled> open</li>\n<li><input type=\"checkbox\" checked disabled> done</li>\n</ul>",
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Dues\"><table>\n<thead>\n<tr>\n<th"
                + " align=\"right\" scope=\"col\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td colspan=\"2\">b</td>\n</tr>\n</tbody>\n"
                + "</table></div>",
            "<picture><source srcset=\"/m/a-480.webp 480w, /m/a-960.webp 960w\" type=\"image/webp\" sizes=\"(max-width: 40rem)"
                + " 100vw, 40rem\"><img src=\"/m/a.jpg\" alt=\"\" width=\"960\" height=\"640\" loading=\"lazy\" decoding=\"async\">"
                + "</picture>",
            "<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" data-footnote-ref>1</a></sup>",
            "<section class=\"footnotes\" data-footnotes>\n<ol>\n<li id=\"fn-1\">\n<p>x <a href=\"#fnref-1\""
                + " class=\"footnote-backref\" data-footnote-backref data-footnote-backref-idx=\"1\" aria-label=\"Back to reference"
                + " 1\">↩</a></p>\n</li>\n</ol>\n</section>",
            "<pre><code class=\"language-swift\">\n\nlet a = &quot;b&quot;\n</code></pre>",
            "<details open>\n<summary>More</summary>\n<p>text</p>\n</details>",
            "<dl>\n<div><dt>a</dt><dd>b</dd></div>\n<div><dt>c</dt><dd>d</dd></div>\n</dl>",
            "<figure><img src=\"media/a.png\" alt=\"A\"><figcaption>A</figcaption></figure>",
            "<p><time datetime=\"2026-09-02\">2 Sept</time> <abbr title=\"Parent Teacher Association\">PTA</abbr> <kbd>Esc</kbd> "
                + "<mark>x</mark> H<sub>2</sub>O</p>",
            "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> <bdo dir=\"rtl\" lang=\"ar\">نص</bdo></p>",
            "<p><a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener\">out</a> <a"
                + " href=\"mailto:president@example.org\">mail</a></p>",
            "<blockquote cite=\"https://example.org/\">\n<p>quoted</p>\n</blockquote>\n<hr>\n",
            "<p><progress value=\"30\" max=\"100\"></progress></p>",
        ])
    func stays(_ html: String) {
        #expect(clean(html) == html)
        #expect(findings(html) == [])
    }

    @Test(
        "other spellings become the plain one",
        arguments: [
            ("<BR/>a<Hr />", "<br>a<hr>"),
            ("<P CLASS='a  b' TITLE=x>t", "<p class=\"a b\" title=\"x\">t</p>"),
            ("<input type=\"checkbox\" checked=\"\" disabled=\"\" />", "<input type=\"checkbox\" checked disabled>"),
            ("a < b > c & d &unknown e &#38; &#x3c; &#146;", "a &lt; b &gt; c &amp; d &amp;unknown e &amp; &lt; ’"),
            ("<a href=' /x?a&b '>x</a>", "<a href=\"/x?a&amp;b\">x</a>"),
            ("<p>a\r\nb\u{0}\u{1}c</p>", "<p>a\nbc</p>"),
            ("<a href=/x target=_BLANK rel='opener nofollow'>x</a>", "<a href=\"/x\" target=\"_blank\" rel=\"nofollow noopener\">x</a>"),
            ("<!-- note --><p>a<!-- b -->c</p>", "<p>ac</p>"),
            ("<ol type=A><li>a</ol>", "<ol type=\"A\"><li>a</li></ol>"),
            ("<p id='a b' id=c>x</p>", "<p id=\"c\">x</p>"),
            ("<img src=/a.png alt>", "<img src=\"/a.png\" alt=\"\">"),
        ])
    func plain(_ html: String, _ expected: String) {
        #expect(clean(html) == expected)
    }

    // MARK: Nesting

    @Test(
        "elements are closed where a browser closes them, and none reaches around the text",
        arguments: [
            ("<div><p>open", "<div><p>open</p></div>"),
            ("a</div></main>b", "ab"),
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<p><b>a<div>b</div>c", "<p><b>a</b></p><div>b</div>c"),
            ("<ul><li><div><li>a</ul>", "<ul><li><div></div></li><li>a</li></ul>"),
            ("<dl><dd><div><dd>a</dl>", "<dl><dd><div></div></dd><dd>a</dd></dl>"),
            ("<li>a</li>", "a"),
            ("<table><div><table></table></div></table>", "<table><tr><td><div><table></table></div></td></tr></table>"),
            ("<table>x<td>a<td>b<tr><td>c</table>", "<table><tr><td>x</td><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
            ("<td>a</td>", "a"),
            ("<div><table><tr><td>a</div>b", "<div><table><tr><td>ab</td></tr></table></div>"),
            ("<b><div>a</b>b</div>c", "<b><div>ab</div></b>c"),
            ("<a href=/x>a<a href=/y>b</a>", "<a href=\"/x\">a</a><a href=\"/y\">b</a>"),
            ("<a href=/x><div>a<a href=/y>b</a></div>", "<a href=\"/x\"><div>ab</div></a>"),
            ("<h2>a<h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
            ("<ruby>a<rp>(<rt>b", "<ruby>a<rp>(</rp><rt>b</rt></ruby>"),
            ("<source srcset=/a><picture><b>a</b></picture>", "<picture></picture><b>a</b>"),
            ("<dl><dt>a<dd>b<dt>c", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ])
    func nesting(_ html: String, _ expected: String) {
        #expect(clean(html) == expected)
        #expect(clean(expected) == expected)
    }

    @Test("elements deeper than the limit are left out, their text is kept")
    func depth() {
        let html = String(repeating: "<div>", count: 5_000) + "x"
        let result = HTMLPolicy().clean(fragment: html)
        let divs = String(repeating: "<div>", count: HTMLPolicy.maximumDepth) + "x" + String(repeating: "</div>", count: HTMLPolicy.maximumDepth)
        #expect(String(decoding: result.html, as: UTF8.self) == divs)
        #expect(result.findings.map(\.what) == [.tooDeep])
    }

    @Test("more HTML than a page can have is not read")
    func size() {
        let result = HTMLPolicy().clean(fragment: [UInt8](repeating: 0x61, count: HTMLPolicy.maximumSize + 1))
        #expect(result.html == [] && result.findings.map(\.what) == [.tooLarge])
    }

    @Test(
        "hostile input takes linear time",
        arguments: [
            "<b>", "</b>", "<a ", "<a b=", "<!--", "<script>", "<svg>", "<p><b>", "<table><td>", "<li>", "&", "&#x", "<a href=/x>", "<ul><li><div>",
            "<",
            "</", "<iframe>", "<i></b>", "a=\"", "<x y>", "<img srcset=\"a,", ",",
        ])
    func linear(_ piece: String) {
        let half = Array(String(repeating: piece, count: 100_000 / piece.utf8.count).utf8)
        let policy = HTMLPolicy()
        let clock = ContinuousClock()
        let time = clock.measure { _ = policy.clean(fragment: half + half + half + half) }
        #expect(time < .seconds(10), "a quadratic run takes minutes")
    }

    @Test("a tag with very many attributes takes linear time")
    func attributes() {
        let html = "<p " + (0..<100_000).map { "a\($0) " }.joined() + ">x"
        let clock = ContinuousClock()
        let time = clock.measure { #expect(clean(html) == "<p>x</p>") }
        #expect(time < .seconds(10))
    }

    // MARK: Frames

    @Test("a frame of a listed provider becomes a link to click")
    func embed() {
        let html = "<iframe width=560 src=\"//www.youtube.com/embed/abc?rel=0&start=3\" title=\"Our fair\" allowfullscreen></iframe>"
        let address = "https://www.youtube-nocookie.com/embed/abc?rel=0&amp;start=3"
        #expect(
            clean(html) == "<div class=\"embed\" data-embed-src=\"\(address)\" data-embed-title=\"Our fair\">"
                + "<a class=\"embed-link\" href=\"\(address)\" rel=\"noopener\">Watch the video “Our fair” on YouTube</a></div>")
        #expect(findings(html) == [])
        #expect(clean(clean(html)) == clean(html))
    }

    @Test("the words on a frame's link can be another language's")
    func embedText() {
        let policy = HTMLPolicy { provider, title in "Ver \(title ?? "") en \(provider.label) <&>" }
        let html = String(decoding: policy.clean(fragment: "<iframe src=https://player.vimeo.com/video/1></iframe>").html, as: UTF8.self)
        #expect(html.contains(">Ver  en Vimeo &lt;&amp;&gt;</a>"))
    }

    @Test(
        "these frames are offered",
        arguments: [
            "https://www.youtube.com/embed/x", "https://www.youtube-nocookie.com/embed/x?list=1", "https://player.vimeo.com/video/1?h=2",
            "https://www.google.com/maps/embed?pb=!1m18", "https://maps.google.com/maps?q=x&output=embed",
            "https://www.google.com/maps/d/u/0/embed?mid=1", "https://calendar.google.com/calendar/embed?src=x&ctz=America/Los_Angeles",
            "https://docs.google.com/forms/d/e/1/viewform?embedded=true", "https://www.openstreetmap.org/export/embed.html?bbox=1",
            "https://forms.office.com/Pages/ResponsePage.aspx?id=1", "https://form.jotform.com/123", "https://airtable.com/embed/x",
            "https://www.signupgenius.com/go/x", "https://www.zeffy.com/embed/donation-form/x", "https://givebutter.com/embed/c/x",
            "HTTPS://WWW.YOUTUBE.COM/embed/x",
        ])
    func offered(_ address: String) {
        #expect(clean("<iframe src=\"\(address)\"></iframe>").contains("data-embed-src=\"https://"))
        #expect(findings("<iframe src=\"\(address)\"></iframe>") == [])
    }

    @Test(
        "other frames become a plain link and are reported",
        arguments: [
            "http://www.youtube.com/embed/x", "https://www.youtube.com/watch?v=x", "https://evil.example/", "https://www.youtube.com:443/embed/x",
            "https://www.youtube.com@evil.example/embed/x", "https://www.google.com/maps/embed/../url", "https://www.google.com/mapsearch",
            "https://www.google.com/url?q=/maps/embed", "/local/",
        ])
    func otherFrames(_ address: String) {
        let html = "<iframe src=\"\(address)\" title=\"T\"></iframe>"
        #expect(clean(html) == "<a class=\"embed-link\" href=\"\(address)\" rel=\"noopener\">T</a>")
        #expect(findings(html) == [.embedRefused(address: address)])
    }

    @Test("a written embed is held to the same list", arguments: ["https://evil.example/", "javascript:x", "http://www.youtube.com/embed/x"])
    func writtenEmbed(_ address: String) {
        #expect(clean("<div data-embed-src=\"\(address)\">x</div>") == "<div>x</div>")
    }

    // MARK: What editors are told

    @Test(
        "what is left out is reported",
        arguments: [
            ("<script>x</script>", HTMLFinding.What.elementRemoved),
            ("<font>x</font>", .elementIgnored),
            ("<p onclick=x>x</p>", .attributeRemoved(name: "onclick")),
            ("<p style=x>x</p>", .attributeRemoved(name: "style")),
            ("<a href=javascript:x>x</a>", .linkRefused(address: "javascript:x")),
            ("<img src=https://a.example/b.png>", .pictureRefused(address: "https://a.example/b.png")),
            ("<img src=/a srcset='//a.example/b 2x'>", .pictureRefused(address: "//a.example/b")),
            ("<p>x <a href=\"", .unfinished),
            ("<input name=x>", .elementIgnored),
        ])
    func reported(_ html: String, _ what: HTMLFinding.What) {
        let result = HTMLPolicy().clean(fragment: html)
        #expect(result.findings.map(\.what) == [what])
        #expect(result.findings.allSatisfy { !$0.message.isEmpty && !$0.advice.isEmpty && html.contains($0.source) })
    }

    @Test("one mistake is reported once, and many mistakes are not reported without end")
    func manyFindings() {
        #expect(findings("<font>a</font><font>b</font>").count == 1)
        #expect(findings((0..<1_000).map { "<x\($0)>" }.joined()).count == HTMLPolicy.maximumFindings)
    }

    @Test("a finding shows no control characters")
    func printable() {
        let result = HTMLPolicy().clean(fragment: "<p \u{1B}[31m=x>y")
        #expect(result.findings.allSatisfy { !$0.source.utf8.contains { $0 < 0x20 } && !$0.message.utf8.contains { $0 < 0x20 } })
        #expect(result.findings.count == 1)
    }

    // MARK: Themes

    @Test(
        "a theme may have regions, forms that are sent by GET, and data for its own use",
        arguments: [
            "<header class=\"site\"><nav aria-label=\"Main\"><ul><li><a href=\"/\" aria-current=\"page\">Home</a></li></ul></nav></header>",
            "<form action=\"/search/\" method=\"get\" role=\"search\"><label for=\"q\">Search</label><input type=\"search\""
                + " id=\"q\" name=\"q\" required><button type=\"submit\">Go</button></form>",
            "<form action=\"https://app.example.org/join\"><input name=\"email\" type=\"email\" autocomplete=\"email\"></form>",
            "<aside data-count=\"3\"><article>x</article></aside><footer>y</footer>",
        ])
    func theme(_ html: String) {
        #expect(clean(html, .theme(formOrigins: ["https://app.example.org"])) == html)
    }

    @Test(
        "a theme may not send forms elsewhere, nor have script or main",
        arguments: [
            ("<form action=\"https://evil.example/\" method=post></form>", "<form></form>"),
            ("<form action=\"https://app.example.org.evil.example/\"></form>", "<form></form>"),
            ("<form action=javascript:x></form>", "<form></form>"),
            ("<button formaction=https://evil.example onclick=x>a</button>", "<button>a</button>"),
            ("<input type=password><input type=file>", "<input><input>"),
            ("<main>a</main><script>b</script>", "a"),
            ("<form><form action=/x>", "<form></form><form action=\"/x\"></form>"),
            ("<div data-embed-src=https://evil.example data-embed-x=y data-a=b DATA-A=c>a</div>", "<div data-a=\"b\">a</div>"),
            ("<p data-a\"b=c>d</p>", "<p>d</p>"),
        ])
    func themeLimits(_ html: String, _ expected: String) {
        #expect(clean(html, .theme(formOrigins: ["https://app.example.org"])) == expected)
    }

    @Test("a page has none of what only themes may have")
    func pageProfile() {
        #expect(clean("<header><form action=/x><button>a</button></form></header><p data-x=y>b</p>") == "a<p>b</p>")
    }

    @Test("a tenant's template is cleaned as a theme")
    func template() {
        let policy = TemplatePolicy(formOrigins: ["https://app.example.org"])
        let html = "<nav><script>x</script><form action=\"https://app.example.org/\"></form></nav>"
        #expect(String(decoding: policy.clean(rendered: Array(html.utf8)).html, as: UTF8.self) == html.replacing("<script>x</script>", with: ""))
    }
}
