import TestSupport
import Testing

@testable import SiteBuilder

@Suite("After any edits")
struct RandomEditTests {
    /// A small site and the edits that people make to one.
    private struct Editor {
        var random: SeededGenerator
        var files: [String: String]
        var counter = 0

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            files = [
                "site.yaml": TestSite.bilingual, "index.md": "# Home\n\nHello\n", "about.md": "# About\n\nWords\n",
                "about.es.md": "# Acerca\n\nPalabras\n",
                "news/2026-09-02-welcome.md": "---\ntitle: Welcome\ntags: [a]\n---\nx\n",
                "events/fair.md": "---\ntitle: Fair\nstart: 2026-12-04T17:00\n---\nx\n",
                "media/a.svg": Self.drawing(5),
            ]
        }

        static func drawing(_ width: Int) -> String {
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><rect width=\"\(width)\" height=\"9\"/></svg>"
        }

        mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

        mutating func words() -> String {
            counter += 1
            let extras = [
                "", "\n## Heading \(counter)\n\nmore\n", "\n| a | b |\n|---|---|\n| c | \(counter) |\n",
                "\n<details><summary>s</summary>t\(counter)</details>\n", "\n- [x] done\n", "\n![A tree](/media/a.svg)\n",
            ]
            return
                "Words number \(counter) \(pick(["garden", "música", "café", "学校"])).\n\(pick(files["media/a.svg"] == nil ? Array(extras.dropLast()) : extras))"
        }

        private var pages: [String] { files.keys.filter { $0.hasSuffix(".md") }.sorted() }

        /// One edit; what it was, for the message of a failure.
        mutating func edit() -> String {
            switch Int.random(in: 0..<14, using: &random) {
            case 0, 1, 2:
                let page = pick(pages)
                var lines = (files[page] ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                lines.append(words())
                files[page] = lines.joined(separator: "\n")
                return "text of \(page)"
            case 3:
                let page = "\(pick(["", "programs/", "programs/deep/", "families/"]))page-\(pick(["a", "b", "c", "Día"]))\(pick(["", ".es"])).md"
                files[page] = "---\ntitle: Title \(counter)\nweight: \(pick([1, 2]))\ntags: [\(pick(["a", "b"]))]\n---\n\(words())"
                return "page \(page)"
            case 4:
                // Every day has its own name: the posts of a year share their addresses.
                let (month, day) = (pick(["09", "10", "11"]), pick([1, 2, 3]))
                let page = "news/2026-\(month)-0\(day)-x\(month)\(day)\(pick(["", "", ".es"])).md"
                files[page] =
                    "---\ntitle: Post \(counter)\ntags: [\(pick(["a", "b", "c"]))]\n\(pick(["", "updated: 2026-11-2\(pick([1, 2]))\n", "author: Kim\n", "expire: 2026-12-01\n"]))---\n\(words())"
                return "post \(page)"
            case 5, 6:
                let page = "events/\(pick(["fair", "meeting", "walk"])).md"
                let rules = ["", "rrule: FREQ=WEEKLY;COUNT=5\n", "rrule: FREQ=MONTHLY;BYDAY=2TU\nexdate: 2027-01-12\n"]
                files[page] =
                    "---\ntitle: Event \(counter)\nstart: 202\(pick(["6-10", "6-12", "7-01"]))-0\(pick([5, 8]))T18:00\ncategory: \(pick(["meeting", "family"]))\n\(pick(rules))\(pick(["", "status: cancelled\n", "location: Gym\n"]))---\n\(words())"
                return "event \(page)"
            case 7:
                let removable = pages.filter { $0 != "index.md" && $0 != "about.md" }
                guard !removable.isEmpty else { return "nothing" }
                let page = pick(removable)
                files[page] = nil
                return "without \(page)"
            case 8:
                let movable = pages.filter { $0 != "index.md" && !$0.hasPrefix("about") && !$0.hasPrefix("events/") }
                guard !movable.isEmpty else { return "nothing" }
                let page = pick(movable)
                let text = files.removeValue(forKey: page)
                counter += 1
                let folder = page.hasPrefix("news/") ? "news/2026-08-0\(pick([1, 2]))-" : "moved/"
                files["\(folder)m\(counter).md"] = text
                return "moved \(page)"
            case 9:
                files["site.yaml"] =
                    pick([TestSite.bilingual, TestSite.settings])
                    + pick([
                        "", "tagline: Line \(counter)\n", "colors: {primary: \"#8c1515\"}\n", "announcement: {text: Snow, until: 2026-12-01}\n",
                        "navigation: [{title: About, page: about.md}]\n",
                        "home: [welcome, news, events, board]\n", "membership_year_starts: 08-01\n", "legal: {nonprofit: true}\n",
                        "social: {facebook: https://social.example/x}\n",
                    ])
                return "settings"
            case 10:
                let file = pick(["data/board.yaml", "data/sponsors.yaml", "data/committees.yaml"])
                if files[file] != nil, Bool.random(using: &random) {
                    files[file] = nil
                    return "without \(file)"
                }
                counter += 1
                files[file] =
                    file == "data/board.yaml"
                    ? "officers:\n  - {role: President, name: Name\(counter)}\n  - {role: Clerk}\n" : "- {name: Name\(counter)}\n"
                return file
            case 11:
                let isUsed = files.values.contains { $0.contains("/media/a.svg)") }
                files["media/a.svg"] = isUsed || Bool.random(using: &random) ? Self.drawing(pick([5, 6, 7])) : nil
                return "picture"
            case 12:
                let file = pick(["theme/style.css", "theme/footer.mustache", "theme/partials/news-card.mustache"])
                if files[file] != nil {
                    files[file] = nil
                    return "without \(file)"
                }
                files[file] =
                    file.hasSuffix("css")
                    ? ".a { color: #12345\(pick([1, 2])) }\n"
                    : file.contains("card") ? "<li>{{title}} {{date.text}}</li>\n" : "<footer>Ours {{site.name}}</footer>\n"
                return file
            default:
                let number = pick([1, 2, 3])
                if Bool.random(using: &random) {
                    files["static/file\(number).txt"] = "Static \(counter)\n"
                    return "static file \(number)"
                }
                files["documents/d\(number).txt"] = "Document \(counter)\n"
                let listed = (1...3).filter { files["documents/d\($0).txt"] != nil }
                files["documents/index.yaml"] = listed.map {
                    "- {file: d\($0).txt, title: Doc \($0), visibility: \(pick(["public", "public", "members"]))}\n"
                }.joined()
                return "document \(number)"
            }
        }
    }

    /// Brings the folder to what the editor has, touching only what differs.
    private static func save(_ files: [String: String], over old: [String: String], in site: TestSite) throws {
        for path in old.keys where files[path] == nil { try site.remove(path) }
        for (path, text) in files where old[path] != text { try site.write(path, text) }
    }

    @Test("30 builds, one after each edit, give the site that a build from nothing gives", arguments: [1, 2, 3] as [UInt64])
    func incremental(seed: UInt64) throws {
        var editor = Editor(seed: seed)
        let site = try TestSite(editor.files)
        try site.build()
        var history: [String] = []
        var releases = 0
        for step in 0..<30 {
            let old = editor.files
            history.append(editor.edit())
            try Self.save(editor.files, over: old, in: site)
            // Time goes on too.
            let now = step < 15 ? "2026-11-23T20:00:00Z" : step < 25 ? "2026-12-06T08:00:00Z" : "2027-01-20T23:00:00Z"
            let report = try site.build(now: now, jobs: step % 2 + 1)
            #expect(report.failure == nil)
            #expect(report.errors.isEmpty, "\(report.errors) after \(history.suffix(3))")
            if report.isBuilt { releases += 1 }
            let clean = try site.cleanBuild(now: now, jobs: 2 - step % 2)
            let files = site.files()
            guard files == clean else {
                let differing = Set(files.keys).union(clean.keys).filter { files[$0] != clean[$0] }.sorted()
                Issue.record("step \(step), \(history.suffix(4)): \(differing.prefix(10))")
                return
            }
        }
        #expect(releases > 15)
    }
}
