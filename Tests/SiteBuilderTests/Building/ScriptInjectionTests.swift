import Testing

@testable import SiteBuilder

@Suite("Script never reaches a site")
struct ScriptInjectionTests {
    private static let attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"

    private static var everywhere: [String: String] {
        let quoted = "'" + attack.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        return [
            "site.yaml": """
            name: \(quoted)
            short_name: \(quoted)
            tagline: \(quoted)
            description: \(quoted)
            languages: [en, es]
            unit: {kind: \(quoted), number: \(quoted), council: \(quoted)}
            school: {name: \(quoted), address: \(quoted), mascot: \(quoted)}
            contact: {email: \(quoted), address: \(quoted)}
            legal: {name: \(quoted), ein: \(quoted), nonprofit: true}
            navigation: [{title: \(quoted), url: /}]
            hero: {title: \(quoted), text: \(quoted), buttons: [{title: \(quoted), url: /}]}
            join: {title: \(quoted), text: \(quoted), url: /, button: \(quoted), note: \(quoted), dues: [{name: \(quoted), price: \(quoted)}]}
            announcement: {text: \(quoted), link: /, link_text: \(quoted)}
            home: [hero, next-meeting, welcome, news, events, join, board, documents, sponsors, contact]
            """,
            "index.md": "---\ntitle: \(quoted)\ndescription: \(quoted)\n---\n\(attack)\n",
            "about.md":
                "---\ntitle: \(quoted)\ndescription: \(quoted)\ntags: [\(quoted)]\nauthor: \(quoted)\n---\n# \(attack)\n\n## \(attack)\n\n[\(attack)](/ \"\(attack)\")\n\n```\(attack)\n\(attack)\n```\n",
            "news/2026-09-02-x.md": "---\ntitle: \(quoted)\ndescription: \(quoted)\nauthor: \(quoted)\ntags: [\(quoted)]\n---\n\(attack)\n",
            "events/x.md":
                "---\ntitle: \(quoted)\nstart: 2026-12-01T18:00\nlocation: \(quoted)\naddress: \(quoted)\ncategory: \(quoted)\n---\n\(attack)\n",
            "events/y.md": "---\ntitle: \(quoted)\nstart: 2026-12-01T18:00\ncategory: meeting\nstatus: cancelled\n---\n\(attack)\n",
            "data/board.yaml":
                "term: \(quoted)\nofficers:\n  - {role: \(quoted), name: \(quoted), email: \(quoted), note: \(quoted), term: \(quoted)}\n",
            "data/committees.yaml": "- {name: \(quoted), description: \(quoted), chairs: [\(quoted)], email: \(quoted)}\n",
            "data/sponsors.yaml": "- {name: \(quoted), note: \(quoted), level: \(quoted), url: https://example.org/}\n",
            "documents/index.yaml":
                "- {file: a.txt, title: \(quoted), description: \(quoted), category: \(quoted), year: \(quoted), visibility: public}\n",
            "documents/a.txt": "x\n",
            "<img src=x onerror=alert(1)>.md": "# x\n",
            "theme/footer.mustache": "<footer><script>alert(1)</script><p onclick=\"alert(1)\">{{{site.name}}}</p></footer>",
        ]
    }

    @Test("from settings, front matter, texts, data, file names or a tenant's templates")
    func everyField() throws {
        let site = try TestSite(Self.everywhere)
        let report = try site.build()
        #expect(report.isBuilt)
        let pages = site.files().filter { $0.key.hasSuffix(".html") }
        #expect(pages.count > 30)
        for (path, bytes) in pages {
            let html = String(decoding: bytes, as: UTF8.self)
            #expect(!html.contains("<script>alert"), "\(path)")
            for tag in html.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
                #expect(
                    !tag.lowercased().hasPrefix("script") || tag.contains("src=\"/assets/") || tag.contains("application/ld+json"), "\(path): \(tag)")
                #expect(!Self.hasHandler(tag), "\(path): \(tag)")
            }
            #expect(!html.contains(where: { $0.unicodeScalars.contains { $0.value < 9 } }), "\(path)")
        }
    }

    /// Whether an attribute of a tag is a handler; quoted values don't count.
    private static func hasHandler(_ tag: Substring) -> Bool {
        let outside = tag.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        return outside.contains { $0.lowercased().contains(" on") && $0.contains("=") }
    }

    static let texts = [
        "<script>alert(1)</script>", "<p onclick=\"alert(1)\">x</p>", "[a](javascript:alert(1))", "![a](javascript:alert(1))",
        "<a href=\"javascript:alert(1)\">x</a>", "<svg onload=alert(1)>",
        "```&#1;o0&#1;\nx\n```\n\n[a](/?x=%20onmouseover=alert(1)%20 \"b\")", "&#1;o0&#1; [a](/ \"x\")",
        "<iframe src=\"https://evil.example/\"></iframe>", "<style>@import 'x'</style>",
        "<p style=\"background:url(//evil.example/x)\">x</p>", "[a](&#106;avascript:alert(1))", "<img src=x onerror=alert(1)>",
        "<form action=\"https://evil.example/\"><input></form>",
        "<base href=\"https://evil.example/\">", "<meta http-equiv=\"refresh\" content=\"0;url=//evil.example\">",
        "<link rel=\"stylesheet\" href=\"//evil.example/x.css\">",
    ]

    @Test("from Markdown and the HTML in it", arguments: texts)
    func text(_ text: String) throws {
        let site = try TestSite(["about.md": "Before\n\n\(text)\n\nAfter\n"])
        try site.build()
        let html = site.page("about/") ?? ""
        let main = html.split(separator: "<main", maxSplits: 1).last.map(String.init) ?? ""
        let body = main.split(separator: "</main>", maxSplits: 1).first.map(String.init) ?? ""
        for word in ["<script", "javascript:", "<iframe", "<style", "<form", "<base", "<meta", "<link", "style=\"background", "\u{1}"] {
            #expect(!body.contains(word), "\(word)")
        }
        for tag in body.split(separator: "<").map({ $0.prefix { $0 != ">" } }) { #expect(!Self.hasHandler(tag), "\(tag)") }
    }
}
