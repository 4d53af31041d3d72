import Testing

@testable import SiteBuilder

@Suite("Events")
struct EventCheckTests {
    @Test(
        "an event to come with a time needs a place and an end",
        arguments: [
            ("start: 2026-12-03T18:00", [CheckRule.eventEnd, .eventPlace]),
            ("start: 2026-12-03T18:00\nend: 2026-12-03T19:00\nlocation: \" \"", [.eventPlace]),
            ("start: 2026-12-03T18:00\nlocation: Gym", [.eventEnd]),
            ("start: 2026-12-03T18:00\nend: 2026-12-03T19:00\nlocation: Gym", []),
            ("start: 2026-12-03T18:00\nend: 2026-12-03T19:00\naddress: 100 School St", []),
            ("start: 2026-12-03", []),
            ("start: 2026-12-03T18:00\nall_day: true", []),
            ("start: 2026-10-03T18:00", []),
            ("start: 2026-12-03T18:00\nstatus: cancelled", []),
            ("start: 2026-09-03T18:00\nrrule: FREQ=MONTHLY", [.eventEnd, .eventPlace]),
        ])
    func placeAndEnd(fields: String, rules: [CheckRule]) throws {
        let site = try CheckedSite(["events/fair.md": "---\ntitle: Fair\ndescription: A fair.\n\(fields)\n---\nText.\n"])
        let findings = try site.findings(.eventPlace, .eventEnd)
        #expect(findings.map(\.rule) == rules.map(\.rawValue), "\(fields)")
        #expect(findings.allSatisfy { $0.line == 4 })
    }

    @Test("a translation has its place from the original")
    func translation() throws {
        let site = try CheckedSite([
            "site.yaml": CheckedSite.settings + "languages: [en, es]\n",
            "events/fair.md": "---\ntitle: Fair\nstart: 2026-12-03T18:00\nend: 2026-12-03T19:00\nlocation: Gym\n---\nText.\n",
            "events/fair.es.md": "---\ntitle: Feria\nstart: 2026-12-03T18:00\n---\nTexto.\n",
        ])
        #expect(try site.findings(.eventPlace, .eventEnd) == [])
    }
}
