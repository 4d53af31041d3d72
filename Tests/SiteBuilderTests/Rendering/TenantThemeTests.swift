import Foundation
import Templating
import Testing

@testable import SiteBuilder

@Suite("Templates of a tenant's own")
struct TenantThemeTests {
    static let removals: [(template: String, finding: String)] = [
        ("<p>Hi</p>\n<b>x</b> <script src=\"/x.js\"></script>\n", "2:10: <script> is not allowed, it was left out with all that is in it"),
        ("<p onclick=\"go({{page.title}})\">x</p>", "1:4: onclick on <p> is not allowed, it was left out"),
        ("{{#page}}\n<p\n  style=\"color:{{x}}\">x</p>\n{{/page}}", "3:3: style on <p> is not allowed, it was left out"),
        ("<p>é</p><a href=\"javascript:{{page.url}}\">x</a>", "1:12: a link to “javascript:{{page.url}}” is not allowed"),
        ("<img src=\"https://t.example/{{page.url}}\" alt=\"\">", "1:6: a picture from “https://t.example/{{page.url}}” is not allowed"),
        ("{{! <script> }}<marquee>x</marquee>", "1:16: <marquee> is not allowed, only the text in it was kept"),
        ("<p>x</p>{{#page}}<p class=\"x{{/page}}", "1:18: <p is never closed, what follows it was left out"),
    ]

    @Test("What the HTML policy takes out of a template is a warning at its place, in the words for Markdown", arguments: removals)
    func removed(_ test: (template: String, finding: String)) throws {
        let site = try TestSite(["about.md": "x\n", "theme/footer.mustache": test.template])
        for report in [try site.build(), try site.build()] {
            #expect(report.errors.isEmpty)
            let texts = report.warnings.filter { $0.rule == "html" }.map { "\($0.line):\($0.column): \($0.problem)" }
            #expect(texts == [test.finding])
        }
    }

    @Test(
        "What a value decides is not reported",
        arguments: [
            "<a href=\"{{url}}\" class=\"a{{#b}} c{{/b}}\">x</a>", "<p{{#l}} lang=\"{{l}}\" dir=\"{{d}}\"{{/l}} id=\"x {{ id }}\">x</p>",
            "<p {{attributes}} {{{ more }}}>x</p>", "<img src=\"{{src}}\" width=\"{{w}}\" alt=\"{{>a}}\">", "<h{{n}}>x</h{{n}}>",
            "<p dir=\"{{#r}}rtl{{/r}}{{^r}}ltr{{/r}}\">x</p>", "{{! <script> }}", "<iframe src=\"{{src}}\"></iframe>",
        ])
    func values(_ template: String) throws {
        let site = try TestSite(["about.md": "x\n", "theme/footer.mustache": template])
        #expect(try site.build().findings.isEmpty)
    }

    @Test("Nothing is taken out of the theme's own templates")
    func ownTemplates() throws {
        let files = Theme.templateFiles(in: "\(TestSite.templates)/site").filter { TenantTheme.isReplaceable($0.name) }
        #expect(files.count > 40)
        let site = try TestSite(["about.md": "x\n"])
        for file in files {
            let path = file.path.dropFirst("\(TestSite.templates)/site/".count)
            try site.write("theme/\(path)", try String(contentsOfFile: file.path, encoding: .utf8))
        }
        #expect(try site.build().findings.map(\.description) == [])
    }
}
