import Foundation
import Testing

@testable import SignupServer
@testable import SiteBuilder
@testable import Tenancy

@Suite("What the checklist counts as done")
struct SetupChecklistTests {
    /// The starter as a sign-up leaves it.
    private static func starter() throws -> SetupFacts {
        let folder = repository + "Content/_starter"
        let files = try Starter(folder: folder).files(
            for: Starter.Facts(name: "A PTA", school: "A School", email: nil, state: "OR", kind: "PTA", timeZone: "America/Los_Angeles"),
            on: try #require(CivilDate(year: 2027, month: 1, day: 15)))
        let settings = try #require(TenantLoader.settings(from: files["site.yaml"] ?? []).0)
        var board = Board()
        board.officers = [Board.Officer(role: "President", name: nil, email: nil, note: nil, term: nil, isVacant: true)]
        return SetupFacts(settings: settings, board: board)
    }

    @Test("a site that was just made has everything to do")
    func nothing() throws {
        #expect(SetupChecklist(try Self.starter()).done.isEmpty)
    }

    typealias Change = @Sendable (inout SetupFacts) -> Void

    private static let cases: [(String, Set<SetupChecklist.Item>, Change)] = [
        (
            "unit and school", [.name],
            {
                ($0.settings.unit.number, $0.settings.school.address) = ("2.6.45", "1 Oak Street")
            }
        ),
        ("a council counts as a number", [.name], { ($0.settings.unit.council, $0.settings.school.address) = ("Cedar", "1 Oak Street") }),
        ("a number alone is not enough", [], { $0.settings.unit.number = "2.6.45" }),
        ("without a state", [], { ($0.settings.unit.number, $0.settings.school.address, $0.settings.unit.state) = ("1", "1 Oak Street", nil) }),
        ("another color", [.colors], { $0.settings.colors.primary = .black }),
        ("the starter's colors, looked at", [.colors], { $0.savedSteps = [.colors] }),
        ("a logo", [.picture], { $0.settings.logo = Settings.Picture(path: "media/logo.svg", alternative: nil, line: 1, column: 1) }),
        ("another picture", [.picture], { $0.settings.hero?.image?.path = "media/us.jpg" }),
        ("no picture at all", [], { $0.settings.hero = nil }),
        ("the time looked at", [.time], { $0.savedSteps = [.time] }),
        ("a second language", [.time], { $0.settings.languages = [.english, Language(code: "es") ?? .english] }),
        (
            "an officer", [.officers],
            {
                $0.board.officers[0].name = "Ana R."; $0.board.officers[0].isVacant = false
            }
        ),
        ("a name on a vacant seat", [], { $0.board.officers[0].name = "Ana R." }),
        ("an event", [.meetings], { $0.upcomingEvents = 1 }),
        ("an address", [.contact], { $0.settings.contact.email = "hello@oak.example" }),
        ("a post", [.news], { $0.ownPosts = 1 }),
        (
            "an announcement", [.news],
            { $0.settings.announcement = Settings.Announcement(text: LocalizedText("Hi"), url: nil, linkText: nil, level: "info", until: nil) }
        ),
        ("a second person", [.people], { $0.people = 2 }), ("an invitation", [.people], { $0.openInvitations = 1 }),
        ("sections", [.home], { $0.settings.home = [.hero, .news] }), ("the usual sections, looked at", [.home], { $0.savedSteps = [.home] }),
        ("steps that say nothing", [], { $0.savedSteps = [.name, .officers, .meetings, .invite] }),
    ]

    @Test("each item follows from its facts, and from no others", arguments: cases.indices)
    func items(index: Int) throws {
        let (name, expected, change) = Self.cases[index]
        var facts = try Self.starter()
        change(&facts)
        #expect(SetupChecklist(facts).done == expected, "\(name)")
    }

    @Test("with all of it, it is finished")
    func finished() throws {
        var facts = try Self.starter()
        for (_, expected, change) in Self.cases where !expected.isEmpty { change(&facts) }
        facts.savedSteps = Set(SetupStep.allCases)
        #expect(SetupChecklist(facts).isFinished)
    }
}
