import Tenancy
import Testing

@testable import SiteBuilder

@Suite("How often an event repeats, in words")
struct RecurrenceTextTests {
    static let cases: [(language: String, rule: String, text: String)] = [
        ("en", "FREQ=WEEKLY;BYDAY=TU", "Every week on Tuesday"),
        ("en", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "Every 2 weeks on Monday, Wednesday and Friday"),
        ("en", "FREQ=DAILY", "Every day"), ("en", "FREQ=DAILY;INTERVAL=3", "Every 3 days"), ("en", "FREQ=MONTHLY;BYDAY=3TU", "third Tuesday"),
        ("en", "FREQ=MONTHLY;BYDAY=-1FR", "last Friday"), ("en", "FREQ=MONTHLY;BYMONTHDAY=15", "15"), ("en", "FREQ=YEARLY", "Sep 8"),
        ("es", "FREQ=WEEKLY;BYDAY=TU", "Todas las semanas: martes"), ("es", "FREQ=MONTHLY;BYDAY=2TU", "El segundo martes de cada mes"),
        ("es", "FREQ=WEEKLY;BYDAY=MO,TH", "lunes y jueves"),
        ("fr", "FREQ=WEEKLY;INTERVAL=2", "Toutes les 2 semaines : mardi"), ("ru", "FREQ=DAILY;INTERVAL=2", "Каждые 2 дня"),
        ("ru", "FREQ=DAILY;INTERVAL=5", "Каждые 5 дней"),
        ("ru", "FREQ=DAILY;INTERVAL=21", "Каждый 21 день"), ("ru", "FREQ=DAILY", "Каждый день"), ("zh-Hans", "FREQ=MONTHLY;BYDAY=1MO", "每月第一个星期一"),
        ("zh-Hans", "FREQ=DAILY;INTERVAL=2", "每2天一次"),
        ("ar", "FREQ=DAILY;INTERVAL=2", "كل يومين"), ("ko", "FREQ=DAILY", "매일"), ("vi", "FREQ=DAILY", "Hằng ngày"),
    ]

    /// From Tuesday, 8 September 2026.
    private func text(_ language: String, _ rule: String) throws -> String {
        let language = try #require(Language(code: language))
        let text = RecurrenceText(strings: try TestSite.environment().strings[language], dates: DateText.text(for: language))
        let sentence = text.text(try Recurrence(parsing: rule).summary(from: try #require(CivilDate(year: 2026, month: 9, day: 8))))
        // Spaces of other widths are spaces here.
        return String(sentence.map { $0.isWhitespace ? " " : $0 })
    }

    @Test("in its language", arguments: cases)
    func text(_ test: (language: String, rule: String, text: String)) throws {
        let text = try text(test.language, test.rule)
        #expect(text.lowercased().contains(test.text.lowercased()), "\(text)")
    }

    @Test("No rule leaves a name in braces behind, in any language", arguments: Language.all)
    func filled(_ language: Language) throws {
        for rule in [
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TU,WE", "FREQ=WEEKLY;INTERVAL=3", "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1SU", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYWEEKNO=20",
        ] {
            let text = try text(language.code, rule)
            #expect(!text.isEmpty && !text.contains("{") && !text.contains("repeat_") && !text.contains("ordinal_"), "\(rule): \(text)")
        }
    }

    @Test("Every second year is not every year", arguments: ["FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=4TH"])
    func everySecondYear(_ rule: String) throws {
        let yearly = rule.split(separator: ";INTERVAL=2").joined()
        #expect(try text("en", rule) != text("en", yearly))
    }

    @Test("A list of days is joined as the language does it")
    func joined() throws {
        func joined(_ language: String, _ parts: [String]) throws -> String {
            let language = try #require(Language(code: language))
            return RecurrenceText(strings: try TestSite.environment().strings[language], dates: DateText.text(for: language)).joined(parts)
        }
        #expect(try joined("en", ["a", "b", "c"]) == "a, b and c")
        #expect(try joined("es", ["a", "b"]) == "a y b")
        #expect(try joined("zh-Hans", ["a", "b", "c"]) == "a、b和c")
        #expect(try joined("en", ["a"]) == "a" && joined("en", []) == "")
    }
}
