import TestSupport
import Testing

@testable import struct StaticSites.ContentType
@testable import struct StaticSites.LinkRewriter

@Suite("Links of a site that is served below a path")
struct LinkRewriterTests {
    private func rewrite(_ text: String, _ links: ContentType.Links) -> String {
        String(decoding: LinkRewriter.rewrite(Array(text.utf8), links: links, base: Array("/org/foo".utf8)), as: UTF8.self)
    }

    @Test(
        "HTML",
        arguments: [
            ("<a href=\"/news/\">", "<a href=\"/org/foo/news/\">"),
            ("<a href='/news/'>", "<a href='/org/foo/news/'>"),
            ("<a href=/news/>", "<a href=/org/foo/news/>"),
            ("<a class=x href = \"/\">", "<a class=x href = \"/org/foo/\">"),
            ("<A HREF=\"/x\">", "<A HREF=\"/org/foo/x\">"),
            ("<a href=\" /x\">", "<a href=\" /org/foo/x\">"),
            ("<img src=\"/m/a.png\" alt=\"/not/a/link\">", "<img src=\"/org/foo/m/a.png\" alt=\"/not/a/link\">"),
            ("<img srcset=\"/a.webp 1x, /b.webp 2x\">", "<img srcset=\"/org/foo/a.webp 1x, /org/foo/b.webp 2x\">"),
            ("<img srcset=\"/a,b.webp 480w,/c.webp\">", "<img srcset=\"/org/foo/a,b.webp 480w,/org/foo/c.webp\">"),
            ("<img srcset=\"data:image/png;base64,/9j/4A 1x, /b 2x\">", "<img srcset=\"data:image/png;base64,/9j/4A 1x, /org/foo/b 2x\">"),
            ("<link rel=preload imagesrcset=\"/a 1x\">", "<link rel=preload imagesrcset=\"/org/foo/a 1x\">"),
            ("<form action=\"/search/\"><button formaction=/s>", "<form action=\"/org/foo/search/\"><button formaction=/org/foo/s>"),
            ("<meta http-equiv=refresh content=\"0; url=/new/\">", "<meta http-equiv=refresh content=\"0; url=/org/foo/new/\">"),
            ("<meta property=og:image content=\"/a.png\">", "<meta property=og:image content=\"/org/foo/a.png\">"),
            ("<div data-index=\"/search/en/\">", "<div data-index=\"/org/foo/search/en/\">"),
            ("<style>a{background:url(/x.png)}</style>", "<style>a{background:url(/org/foo/x.png)}</style>"),
            ("<br/><a href=/x/>", "<br/><a href=/org/foo/x/>"),
        ])
    func html(before: String, after: String) {
        #expect(rewrite(before, .html) == after)
    }

    @Test(
        "HTML that stays as it is",
        arguments: [
            "<a href=\"//evil.com/\">", "<a href=\"/\\evil.com\">", "<a href=\"https://example.org/\">", "<a href=\"news/\">", "<a href=\"#top\">",
            "<a href>",
            "<!-- <a href=\"/x\"> -->", "<script>let a = '<a href=\"/x\">'</script>", "<textarea><a href=\"/x\"></textarea>",
            "<title><a href=\"/x\"></title>",
            "a < b href=\"/x\"", "</a href=\"/x\">", "href=\"/x\"", "<p title=\"<a href='/x'>\">", "<", "<a", "<a href", "<a href=", "<!--",
            "<script>", "",
        ])
    func unchangedHTML(text: String) {
        #expect(rewrite(text, .html) == text)
    }

    @Test("a value that is not closed is the last thing in the page")
    func unclosed() {
        #expect(rewrite("<a href=\"/x", .html) == "<a href=\"/org/foo/x")
    }

    @Test(
        "CSS",
        arguments: [
            ("a{background:url(/x.png)}", "a{background:url(/org/foo/x.png)}"),
            ("a{background:URL( \"/x.png\" )}", "a{background:URL( \"/org/foo/x.png\" )}"),
            ("@import '/a.css';", "@import '/org/foo/a.css';"),
            ("@import url(/a.css);", "@import url(/org/foo/a.css);"),
            ("/* url(/x) */ a{}", "/* url(/x) */ a{}"),
            ("a{background:url(//evil.com/x)}", "a{background:url(//evil.com/x)}"),
            ("a{background:url(x.png)} /*", "a{background:url(x.png)} /*"),
            ("url(", "url("),
        ])
    func css(before: String, after: String) {
        #expect(rewrite(before, .css) == after)
    }

    @Test(
        "JSON",
        arguments: [
            (#"{"start_url":"/","icons":[{"src":"/i.png"}]}"#, #"{"start_url":"/org/foo/","icons":[{"src":"/org/foo/i.png"}]}"#),
            (#"{"a":"b \"/c\" d","e":"https://x/"}"#, #"{"a":"b \"/c\" d","e":"https://x/"}"#),
            (#"["//evil.com"]"#, #"["//evil.com"]"#),
            (#"["\"#, #"["\"#),
            ("\"", "\""),
        ])
    func json(before: String, after: String) {
        #expect(rewrite(before, .json) == after)
    }

    @Test(
        "time grows with the size only",
        arguments: ["<", "<!--", "<a ", "<a href=\"", "<script>", "<meta content=\"/", "<img srcset=\"/, ", "url(/", "<a b=\"'"])
    func linear(piece: String) {
        let text = String(repeating: piece, count: 200_000)
        let time = ContinuousClock().measure { _ = rewrite(text, .html) }
        #expect(time < .seconds(10))
    }
}
