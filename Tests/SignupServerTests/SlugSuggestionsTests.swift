import Tenancy
import Testing

@testable import SignupServer

@Suite("Suggestions for the short name")
struct SlugSuggestionsTests {
    @Test(
        "the school's own name comes first, then longer ones",
        arguments: [
            ("Lincoln Elementary PTSA", "Lincoln Elementary School", "PTSA", "WA", ["lincoln", "lincoln-elementary", "lincoln-ptsa", "lincoln-wa"]),
            ("", "José Martí K-8 School", "PTA", "FL", ["jose-marti-k-8", "jose-marti-k-8-pta", "jose-marti-k-8-fl", "jose-marti-k-8-pta-fl"]),
            ("Boosters", "", "PTO", "OH", ["boosters", "boosters-pto", "boosters-oh", "boosters-pto-oh"]),
            ("", "St. Mary's High School", "PTO", "OH", ["st-marys", "st-marys-high", "st-marys-pto", "st-marys-oh"]),
            ("", "School", "PTA", "WA", ["school-pta", "school-wa", "school-pta-wa", "school-pta-2"]),
        ])
    func suggestions(name: String, school: String, kind: String, state: String, expected: [String]) {
        #expect(SlugSuggestions.all(name: name, school: school, kind: kind, state: state).prefix(4).map(\.text) == expected)
    }

    @Test("names that leave nothing for a slug have no suggestions, and none is ever wrong", arguments: ["学校", "", "!!!", "12345", "--", "a"])
    func nothing(name: String) {
        for slug in SlugSuggestions.all(name: name, school: name, kind: "PTA", state: "WA") {
            #expect((try? Slug(claiming: slug.text)) != nil)
        }
    }

    @Test(
        "what was typed becomes a slug where it can",
        arguments: [
            ("Lincoln PTSA!", "lincoln-ptsa"), ("  lincoln  ", "lincoln"), ("LINCOLN", "lincoln"), ("lincoln_ptsa.org", "lincoln-ptsa-org"),
            ("a--b-c", "a-b-c"), ("www", nil), ("12345", nil),
        ] as [(String, String?)])
    func repaired(text: String, expected: String?) {
        #expect(SlugSuggestions.repaired(text)?.text == expected)
    }
}
