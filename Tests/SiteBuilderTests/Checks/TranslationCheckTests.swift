import Testing

@testable import SiteBuilder

@Suite("Translations")
struct TranslationCheckTests {
    private let settings = CheckedSite.settings + "languages: [en, es]\n"

    @Test("pages, coming events and recent posts without a translation are found")
    func missing() throws {
        let site = try CheckedSite([
            "site.yaml": settings, "index.md": "Hi.", "index.es.md": "Hola.", "about.md": "About.", "news/index.md": "News.",
            "news/2026-11-01-new.md": "New.", "news/2026-01-01-old.md": "Old.",
            "events/coming.md": "---\nstart: 2026-12-01\n---\n", "events/past.md": "---\nstart: 2026-10-01\n---\n", "solo.es.md": "Solo.",
        ])
        let found = try site.findings(.translationMissing)
        #expect(found.map(\.path) == ["about.md", "events/coming.md", "news/2026-11-01-new.md", "solo.es.md"])
        #expect(found.first?.advice.contains("about.es.md") == true)
        #expect(found.last?.advice.contains("write solo.md") == true)
    }

    @Test("a language without any page is one finding")
    func newLanguage() throws {
        let site = try CheckedSite(["site.yaml": settings, "index.md": "Hi.", "about.md": "About."])
        let found = try site.findings(.translationMissing)
        #expect(found.map { "\($0.path):\($0.line):\($0.column)" } == ["site.yaml:4:12"])
    }

    @Test("a site in one language misses nothing")
    func oneLanguage() throws {
        #expect(try CheckedSite(["about.md": "About."]).findings(.translationMissing, .translationOutdated) == [])
    }

    @Test("a text of the settings that lacks one of the languages is found")
    func settingsTexts() throws {
        let site = try CheckedSite([
            "site.yaml": settings + "tagline: {en: Small school}\nhero:\n  title: {en: Hello, es: Hola}\n  text: One for all\n",
            "index.es.md": "Hola.", "index.md": "Hi.",
        ])
        #expect(try site.findings(.translationMissing).map { "\($0.path):\($0.line):\($0.column)" } == ["site.yaml:5:10"])
    }

    @Test(
        "a translation older than its original's last change is found",
        arguments: [
            ("updated: 2026-10-01", "updated: 2026-09-01", 1), ("updated: 2026-10-01", "updated: 2026-10-01", 0), ("weight: 1", "weight: 1", 0),
            ("weight: 1", "translation_of: 0123456789", 1),
        ])
    func outdated(original: String, translation: String, count: Int) throws {
        let site = try CheckedSite([
            "site.yaml": settings, "about.md": "---\n\(original)\n---\nA.\n", "about.es.md": "---\n\(translation)\n---\nA.\n",
        ])
        let findings = try site.findings(.translationOutdated)
        #expect(findings.map(\.path) == (count == 1 ? ["about.es.md"] : []))
        #expect(findings.allSatisfy { $0.line == 2 })
    }
}
