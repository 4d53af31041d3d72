import Tenancy
import Templating
import Testing

@testable import SiteBuilder

@Suite("Languages")
struct TranslationTests {
    private static let files = [
        "site.yaml": TestSite.bilingual, "index.md": "# Home\n\nHello\n", "index.es.md": "# Inicio\n\nHola\n",
        "about.md": "# About\n\nEnglish words\n", "about.es.md": "# Acerca\n\nPalabras\n",
        "rules.md": "# Rules\n\nOnly English, see [about](about.md)\n", "solo.es.md": "# Solo\n\nSolo palabras\n",
        "news/2026-09-02-a.md": "# Post\n\nx\n", "news/2026-09-02-a.es.md": "# Entrada\n\ny\n",
        "news/2026-09-03-b.md": "# Second\n\nx\n",
    ]

    private let strings = Result { try TestSite.environment().strings }

    @Test("A translation stands below its language, and each page names all languages")
    func hreflang() throws {
        let site = try TestSite(Self.files)
        try site.build()
        for (page, lang, words) in [("about/", "en", "English words"), ("es/about/", "es", "Palabras")] {
            let html = try #require(site.page(page))
            #expect(html.contains("<html lang=\"\(lang)\"") && html.contains(words))
            #expect(html.contains("hreflang=\"en\" href=\"https://school.sites.localhost/about/\""))
            #expect(html.contains("hreflang=\"es\" href=\"https://school.sites.localhost/es/about/\""))
            #expect(html.contains("hreflang=\"x-default\" href=\"https://school.sites.localhost/about/\""))
            #expect(html.contains("<link rel=\"canonical\" href=\"https://school.sites.localhost/\(page)\">"))
        }
    }

    @Test("A page without a translation says so, in the reader's language, and offers the original")
    func fallback() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let es = try strings.get()[try #require(Language(code: "es"))]
        let page = try #require(site.page("es/rules/"))
        #expect(page.contains("<html lang=\"es\""))
        #expect(page.contains(es("fallback_notice").escapedForHTML))
        #expect(page.contains("lang=\"en\" dir=\"ltr\"") && page.contains("Only English"))
        #expect(page.contains("href=\"/rules/\""))
        #expect(page.contains("<meta name=\"robots\" content=\"noindex\">"))
        #expect(page.contains("<link rel=\"canonical\" href=\"https://school.sites.localhost/rules/\">"))
        #expect(!page.contains("<link rel=\"alternate\" hreflang"))
        // Its links stay in the reader's language.
        #expect(page.contains("<a href=\"/es/about/\">about</a>"))
    }

    @Test("A page that is only in the second language is the original there")
    func onlySecond() throws {
        let site = try TestSite(Self.files)
        try site.build()
        #expect(site.page("es/solo/")?.contains("noindex") == false)
        let fallback = try #require(site.page("solo/"))
        #expect(fallback.contains("noindex") && fallback.contains("Solo palabras") && fallback.contains("href=\"/es/solo/\""))
    }

    @Test("A language that the site doesn't have makes a page of its own")
    func unknownLanguage() throws {
        let site = try TestSite(["about.md": "# About\n", "about.fr.md": "# A propos\n"])
        try site.build()
        #expect(site.has("about/") && site.has("about.fr/"))
    }

    static let outdated: [(original: String, translation: String, isOutdated: Bool)] = [
        ("updated: 2026-10-02", "updated: 2026-10-01", true), ("updated: 2026-10-02", "updated: 2026-10-02", false),
        ("updated: 2026-10-02", "date: 2026-10-03", false),
        ("updated: 2026-10-02", "title: x", true), ("title: x", "title: y", false), ("title: x", "updated: 2026-10-02", false),
        ("updated: 2026-10-02", "translation_of: 2026-10-01", true), ("updated: 2026-10-02", "translation_of: 2026-10-02", false),
        ("date: 2026-10-02", "translation_of: 2026-10-01", true),
        ("title: x", "translation_of: 2026-10-01", false), ("title: x", "translation_of: 0123456789", true),
        ("lastmod: 2026-10-02", "lastmod: 2026-10-01", true),
    ]

    @Test("An original that changed since its translation is noticed", arguments: outdated)
    func notice(_ test: (original: String, translation: String, isOutdated: Bool)) throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual, "about.md": "---\n\(test.original)\n---\nx\n", "about.es.md": "---\n\(test.translation)\n---\ny\n",
        ])
        try site.build()
        let notice = try strings.get()[try #require(Language(code: "es"))]("outdated_notice").escapedForHTML
        #expect(site.page("es/about/")?.contains(notice) == test.isOutdated)
        #expect(site.page("about/")?.contains(try strings.get()[.english]("outdated_notice")) == false)
    }

    @Test("A translation that carries the original's fingerprint is right until the original changes")
    func fingerprint() throws {
        let original = "# About\n\nEnglish\n"
        let mark = Fingerprint(of: original).description.prefix(12)
        let site = try TestSite(["site.yaml": TestSite.bilingual, "about.md": original, "about.es.md": "---\ntranslation_of: \"\(mark)\"\n---\ny\n"])
        let notice = try strings.get()[try #require(Language(code: "es"))]("outdated_notice").escapedForHTML
        try site.build()
        #expect(site.page("es/about/")?.contains(notice) == false)
        try site.write("about.md", original + "More\n")
        try site.build()
        #expect(site.page("es/about/")?.contains(notice) == true)
    }

    @Test("Every page exists in every language, and the language switch leads to it")
    func editions() throws {
        let site = try TestSite(Self.files)
        try site.build()
        let pages = Set(site.files().keys.filter { $0.hasSuffix("index.html") && !$0.hasPrefix("tags") })
        let english = pages.filter { !$0.hasPrefix("es/") }
        #expect(Set(english.map { "es/" + $0 }) == pages.subtracting(english))
        #expect(site.page("es/rules/")?.contains("href=\"/rules/\" lang=\"en\" hreflang=\"en\"") == true)
        #expect(site.has("es/404.html") && site.has("es/news/feed.xml") && site.has("search/es/index.json"))
    }

    @Test("Arabic pages are written from right to left")
    func rightToLeft() throws {
        let site = try TestSite(["site.yaml": "name: X\nlanguages: [ar, en]\n", "about.md": "# x\n\nنص\n", "about.en.md": "# y\n"])
        try site.build()
        #expect(site.page("about/")?.contains("<html lang=\"ar\" dir=\"rtl\"") == true)
        #expect(site.page("en/about/")?.contains("<html lang=\"en\" dir=\"ltr\"") == true)
    }

    @Test(
        "Data files and settings speak each language",
        arguments: [("board/", "President", "Presidenta"), ("sponsors/", "Thank you", "Gracias"), ("documents/", "Rules", "Reglas")])
    func data(_ test: (page: String, english: String, spanish: String)) throws {
        let site = try TestSite([
            "site.yaml": "name: {en: Oak School, es: Escuela Roble}\nlanguages: [en, es]\n",
            "data/board.yaml": "officers: [{role: President, name: A}]\n",
            "data/board.es.yaml": "officers: [{role: Presidenta, name: A}]\n", "data/sponsors.yaml": "- {name: A, note: Thank you}\n",
            "data/sponsors.es.yaml": "- {name: A, note: Gracias}\n",
            "documents/index.yaml": "- {file: a.txt, title: Rules, visibility: public}\n",
            "documents/index.es.yaml": "- {file: a.txt, title: Reglas, visibility: public}\n", "documents/a.txt": "x\n",
        ])
        try site.build()
        #expect(site.page(test.page)?.contains(test.english) == true && site.page(test.page)?.contains("Oak School") == true)
        #expect(site.page("es/" + test.page)?.contains(test.spanish) == true && site.page("es/" + test.page)?.contains("Escuela Roble") == true)
    }

    @Test("A document that one language offers and another keeps for members is kept")
    func memberDocument() throws {
        let site = try TestSite([
            "site.yaml": TestSite.bilingual, "documents/index.yaml": "- {file: a.txt, title: A, visibility: members}\n",
            "documents/index.es.yaml": "- {file: a.txt, title: A, visibility: public}\n",
            "documents/a.txt": "Membertext\n", "about.md": "x\n",
        ])
        try site.build()
        #expect(site.filesHolding("Membertext") == [])
    }
}
