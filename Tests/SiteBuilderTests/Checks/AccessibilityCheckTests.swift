import Testing

@testable import SiteBuilder

@Suite("Pictures' words, headings, links")
struct AccessibilityCheckTests {
    @Test(
        "a picture's text has to say what it shows",
        arguments: [
            ("![](/media/a.svg)", [CheckRule.missingAlternative]), ("![ ](/media/a.svg)", [.missingAlternative]),
            ("![image](/media/a.svg)", [.uselessAlternative]),
            ("![Picture.](/media/a.svg)", [.uselessAlternative]), ("![IMG_2034.jpg](/media/a.svg)", [.uselessAlternative]),
            ("![IMG_2034](/media/a.svg)", [.uselessAlternative]),
            ("![photo 3](/media/a.svg)", [.uselessAlternative]), ("![fair-2026](/media/fair-2026.svg)", [.uselessAlternative]),
            ("![Foto](/media/a.svg)", [.uselessAlternative]),
            ("![Children planting beans](/media/a.svg)", []), ("![Garden](/media/garden.svg)", []), ("Text ![](/media/star.svg) with a star", []),
            ("![Photo of the new beds in April](/media/a.svg)", []), ("![Image of a lion with 3 cubs](/media/a.svg)", []),
            ("![Класс у доски](/media/a.svg)", []),
            ("`![](/media/a.svg)`", []),
        ])
    func alternative(text: String, rules: [CheckRule]) throws {
        let findings = try CheckedSite(page: text).findings(.missingAlternative, .uselessAlternative)
        #expect(findings.map(\.rule) == rules.map(\.rawValue), "\(text)")
        #expect(findings.allSatisfy { $0.line == 5 && $0.column == 1 })
    }

    @Test("a picture of the front matter, of a page's hero and of the settings needs its text as well")
    func frontMatterPictures() throws {
        let site = try CheckedSite([
            "site.yaml": CheckedSite.settings + "hero:\n  title: Hello\n  image: media/hero.svg\n",
            "a.md": "---\nimage: /media/a.svg\n---\nText.\n", "b.md": "---\nimage: /media/a.svg\nimage_alt: photo\n---\nText.\n",
            "c.md": "---\nimage: /media/a.svg\nimage_alt: Four lions around a table\n---\nText.\n",
            "index.md": "---\nhero:\n  image: /media/a.svg\n---\nText.\n",
            "d.md": "---\nimage: /media/a.svg\nimage_alt: \"\"\n---\nText.\n",
        ])
        let found = try site.findings(.missingAlternative, .uselessAlternative).map { "\($0.path):\($0.line) \($0.rule)" }
        #expect(
            found == [
                "a.md:2 missing-alternative-text", "b.md:3 useless-alternative-text", "d.md:3 useless-alternative-text",
                "index.md:3 missing-alternative-text", "site.yaml:6 missing-alternative-text",
            ])
    }

    @Test(
        "headings go down one level at a time, and the first level is the title's",
        arguments: [
            ("## A\n\n### B\n\n#### C\n\n## D", []), ("### A", ["5 heading-order"]), ("## A\n\n#### B\n\n#### C", ["7 heading-order"]),
            ("Text.\n\n# A\n\n## B", ["7 heading-level-one"]),
            ("## A\n\n### B\n\n## C\n\n### D", []), ("```\n# not a heading\n```", []), ("# About us\n\n## A", []),
        ])
    func headings(text: String, expected: [String]) throws {
        let findings = try CheckedSite(page: text).findings(.headingOrder, .headingLevelOne)
        #expect(findings.map { "\($0.line) \($0.rule)" } == expected, "\(text)")
    }

    @Test(
        "a link's text that says nothing is found in every language",
        arguments: [
            "click here", "Here", "here!", "Read more →", "this link", "aquí", "Haz clic aquí", "Más información", "点击这里", "更多", "tại đây",
            "Xem thêm", "여기를 클릭하세요", "더 보기", "здесь", "Подробнее",
            "هنا", "اقرأ المزيد", "cliquez ici", "En savoir plus",
        ])
    func vagueLinks(words: String) throws {
        let findings = try CheckedSite(page: "Sign up [\(words)](https://example.org/form) today.").findings(.vagueLink)
        #expect(findings.map(\.column) == [9], "\(words)")
    }

    @Test(
        "a link's text that names its target is left alone",
        arguments: [
            "the sign-up sheet", "Read more about the garden", "Here is how it works", "join.example.org", "president@pta.example",
            "más información sobre la feria",
        ])
    func goodLinks(words: String) throws {
        #expect(try CheckedSite(page: "See [\(words)](https://example.org/form).").findings(.vagueLink, .bareAddress) == [])
    }

    @Test(
        "an address as a link's text is found",
        arguments: [
            ("See https://example.org/forms/a?b=1 for more.", 1), ("See <https://example.org/form>.", 1),
            ("See [https://example.org](https://example.org).", 1),
            ("See [example.org](https://example.org).", 0), ("See [the form](https://example.org).", 0), ("Write `https://example.org`.", 0),
        ])
    func bareAddresses(text: String, count: Int) throws {
        #expect(try CheckedSite(page: text).findings(.bareAddress).count == count, "\(text)")
    }

    @Test(
        "two links with the same words and other targets are found, once",
        arguments: [
            ("[Sign up](https://a.example)\n\n[Sign up](https://b.example)\n\n[sign up](https://c.example)", 1),
            ("[Join](join.md) and [join](/join/)", 0),
            ("[Join](join.md) and [Join](/join/#dues)", 0), ("[Top](#a) and [Top](#b)", 1), ("[Join](join.md) and [Help](join.md)", 0),
        ])
    func sameText(text: String, count: Int) throws {
        let site = try CheckedSite(["about.md": text, "join.md": "Join us."])
        #expect(try site.findings(.sameLinkText).count == count, "\(text)")
    }
}
