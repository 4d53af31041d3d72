import Tenancy
import Testing

@testable import SiteBuilder

@Suite("The content a new organization begins with")
struct StarterTests {
    private static let folder = TestSite.templates + "/../Content/_starter"
    private static let day = CivilDate(year: 2027, month: 1, day: 14)

    private static func facts(_ name: String = "Lincoln Elementary PTSA", school: String = "Lincoln Elementary School", email: String? = nil)
        -> Starter.Facts
    {
        Starter.Facts(
            name: name, school: school, email: email, state: "WA", kind: "PTSA", timeZone: "America/Los_Angeles",
            colors: Color("#123456").flatMap { primary in Color("#fedcba").map { (primary, $0) } })
    }

    private static func english(_ text: LocalizedText) -> String { text[.english] }

    @Test("settings say what the sign-up said")
    func settings() throws {
        let files = try Starter(folder: Self.folder).files(for: Self.facts(email: "board@lincoln.example"), on: try #require(Self.day))
        let (settings, findings) = TenantLoader.settings(from: try #require(files["site.yaml"]))
        #expect(findings.isEmpty)
        #expect((settings?.name).map(Self.english) == "Lincoln Elementary PTSA")
        #expect(settings?.unit.kind == "PTSA")
        #expect(settings?.unit.state == "WA")
        #expect(settings?.timeZone == "America/Los_Angeles")
        #expect(settings?.contact.email == "board@lincoln.example")
        #expect(settings?.colors.primary.hex == "#123456")
        #expect(settings?.colors.accent.hex == "#fedcba")
        #expect(files["README.md"] == nil)
        #expect(files["news/2027-01-14-welcome.md"] != nil)
    }

    @Test(
        "whatever the names are, the site builds without errors and shows them as they were typed",
        arguments: [
            "Lincoln PTSA", #"O'Hara "Big" PTA"#, #"a\b: {c} [d](javascript:e) <script>f</script> & *g* _h_ `i`"#, "{{school}} {{name}}",
            "学校 مدرسة", "---", "# no", "- x\u{2028}y",
        ])
    func hostileNames(name: String) throws {
        let files = try Starter(folder: Self.folder).files(for: Self.facts(name, school: name), on: try #require(Self.day))
        let site = try TestSite()
        for (path, bytes) in files { try site.write(path, bytes) }
        let report = try site.build()
        #expect(report.findings.filter { $0.severity == .error }.map(\.description) == [])
        #expect(TenantLoader.settings(from: try #require(files["site.yaml"])).0.map { Self.english($0.name) } == name)
        let page = try #require(site.page("index.html"))
        let shown = name.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
        #expect(
            page.contains("This is the new home of \(shown)") || page.contains("This is the new home of \(shown.replacing("&quot;", with: "\""))"))
        #expect(!page.contains("<script>f"))
    }

    @Test("without a public address none is shown; with one, it is a link")
    func contact() throws {
        let starter = try Starter(folder: Self.folder)
        let day = try #require(Self.day)
        let without = starter.files(for: Self.facts(), on: day)
        #expect(without.values.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("{{") })
        #expect(without.values.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("mailto:") })
        let with = String(decoding: starter.files(for: Self.facts(email: "a_b&c@x.example"), on: day)["contact.md"] ?? [], as: UTF8.self)
        #expect(with.contains(#"Write to us at [a\_b\&c@x.example](mailto:a_b%26c@x.example)."#))
    }
}
