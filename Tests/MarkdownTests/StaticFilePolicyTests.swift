import Markdown
import Testing

@Suite("Files that are copied")
struct StaticFilePolicyTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]

    @Test(
        "files that are what their names say are published",
        arguments: [
            ("logo.png", png), ("Photos/Été.JPG", [0xFF, 0xD8, 0xFF, 0xE0]), ("favicon.ico", [0, 0, 1, 0, 1]),
            ("bylaws.pdf", Array("%PDF-1.7".utf8)),
            ("form.docx", [0x50, 0x4B, 0x03, 0x04]), ("robots.txt", Array("User-agent: *\n".utf8)), ("calendar.ics", Array("BEGIN:VCALENDAR".utf8)),
            ("google1234.html", Array("google-site-verification: google1234.html\r\n".utf8)),
            ("BingSiteAuth.xml", Array("<?xml version=\"1.0\"?>\n<users><user>1</user></users>".utf8)),
            (".well-known/security.txt", Array("Contact: mailto:a@example.org".utf8)), (".well-known/apple-app-site-association", Array("{}".utf8)),
            ("site.webmanifest", Array(" {\"name\":\"x\"}".utf8)), ("fonts/school.woff2", Array("wOF2".utf8)),
            ("theme.css", Array("a{color:red}".utf8)),
            ("v1.2/report.final.pdf", Array("%PDF-1.4".utf8)),
        ])
    func published(_ path: String, _ contents: [UInt8]) throws {
        #expect(try StaticFilePolicy.publication(of: path, contents: contents) == .unchanged)
    }

    @Test("an SVG file is published without its scripts")
    func svg() throws {
        let result = try StaticFilePolicy.publication(of: "logo.svg", contents: Array("<svg><script>x</script></svg>".utf8))
        #expect(result == .replaced(Array("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".utf8)))
    }

    @Test(
        "what could run in a browser or on a server is not published",
        arguments: [
            "app.js", "app.mjs", "x.php", "x.php.txt", "x.PHP5", "x.cgi", "x.shtml", "page.xhtml", "page.xht", "feed.xsl", "x.swf", "x.jar", "x.exe",
            "x.hta", "x.svgz",
            "macros.docm", "noextension", "CNAME", "trailing.", "x.unknown",
        ])
    func notPublished(_ path: String) {
        #expect(throws: StaticFileError.self) { try StaticFilePolicy.publication(of: path, contents: Array("x".utf8)) }
    }

    @Test(
        "hidden files and paths that lead elsewhere are not published",
        arguments: [
            ".env.txt", ".htaccess", ".git/config.txt", "a/.hidden/b.txt", ".well-known/.secret.txt", "a/.well-known/b.txt", "../a.txt", "a/../b.txt",
            "/a.txt",
            "a//b.txt", "./a.txt", "a\\b.txt", "a\nb.txt", "a\u{0}.txt", "", ".\u{301}env.txt", "a/\u{301}/../b.txt",
            "\(String(repeating: "a", count: 300)).txt",
        ])
    func paths(_ path: String) {
        #expect(throws: StaticFileError.self) { try StaticFilePolicy.publication(of: path, contents: Array("x".utf8)) }
    }

    @Test(
        "files that are not what their names say are not published",
        arguments: [
            ("a.png", "<script>alert(1)</script>"), ("a.pdf", "<html>"), ("a.jpg", ""), ("a.json", "alert(1)"), ("a.txt", "\u{0}"), ("a.docx", "PK"),
            ("a.css", "@import 'x';"), ("a.html", "<script>alert(1)</script>"), ("a.html", "<p onclick=x>a</p>"),
            ("a.html", "<!doctype html><title>x</title>"),
            ("a.html", "<p>open"), ("a.xml", "<?xml version=\"1.0\"?><?xml-stylesheet href=\"x\"?><a/>"), ("a.xml", "<!DOCTYPE a><a/>"),
            ("a.xml", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>"), ("a.xml", "<!\u{301}DOCTYPE a><a/>"), ("a.svg", "<svg>"), ("a.vtt", "x"),
        ])
    func contents(_ path: String, _ contents: String) throws {
        let error = #expect(throws: StaticFileError.self) { try StaticFilePolicy.publication(of: path, contents: Array(contents.utf8)) }
        #expect(try #require(error).message.isEmpty == false && #require(error).advice.isEmpty == false)
    }

    @Test("text that is not UTF-8 is not published")
    func encoding() {
        #expect(throws: StaticFileError.self) { try StaticFilePolicy.publication(of: "a.txt", contents: [0x63, 0x61, 0x66, 0xE9]) }
    }
}
