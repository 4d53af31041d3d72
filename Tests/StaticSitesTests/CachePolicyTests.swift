import StaticSites
import TestSupport
import Testing

@Suite("How long answers are kept, and what they are")
struct CachePolicyTests {
    private static let immutable = "public, max-age=31536000, immutable"
    private static let revalidate = "public, max-age=0, must-revalidate"

    @Test(
        "Cache-Control",
        arguments: [
            ("assets/site.3f9a1c07.css", "/assets/site.3f9a1c07.css", immutable),
            ("media/a/photo-640.0123456789abcdef.webp", "/media/a/photo-640.0123456789abcdef.webp", immutable),
            ("assets/site.css", "/assets/site.css", revalidate), ("assets/site.min.css", "/assets/site.min.css", revalidate),
            ("assets/site.1234567.css", "/assets/site.1234567.css", revalidate), ("assets/3f9a1c07.css", "/assets/3f9a1c07.css", revalidate),
            ("assets/site.3f9a1c07", "/assets/site.3f9a1c07", revalidate), ("news/site.3f9a1c07.css", "/news/site.3f9a1c07.css", revalidate),
            ("es/assets/site.3f9a1c07.css", "/es/assets/site.3f9a1c07.css", revalidate), ("index.html", "/", revalidate),
        ])
    func cacheControl(file: String, target: String, expected: String) throws {
        let fixture = try SiteFixture.school([file: "x"])
        let answer = try fixture.responder().get(target)
        #expect(answer.value(of: "Cache-Control") == expected)
    }

    @Test(
        "Content-Type",
        arguments: [
            ("a.css", "text/css; charset=utf-8"), ("a.js", "text/javascript; charset=utf-8"), ("a.JPG", "image/jpeg"),
            ("a.webmanifest", "application/manifest+json; charset=utf-8"),
            ("a.ics", "text/calendar; charset=utf-8"), ("a.xml", "application/xml; charset=utf-8"), ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.pdf", "application/pdf"),
            ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), ("a.exe", "application/octet-stream"),
            ("html", "application/octet-stream"),
            ("x.html/y", "application/octet-stream"), ("a.b.c.png", "image/png"), ("a.", "application/octet-stream"),
            ("a.json", "application/json; charset=utf-8"),
        ])
    func contentType(name: String, expected: String) throws {
        let fixture = try SiteFixture.school([name: "x"])
        let answer = try fixture.responder().get("/" + name)
        #expect(answer.status == 200)
        #expect(answer.value(of: "Content-Type") == expected)
        #expect(answer.value(of: "X-Content-Type-Options") == "nosniff")
    }
}
