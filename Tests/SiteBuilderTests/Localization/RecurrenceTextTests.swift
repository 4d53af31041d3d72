import Tenancy
import Testing

@testable import SiteBuilder

@Suite("How often an event repeats, in words")
struct RecurrenceTextTests {
    static let cases: [(language: String, rule: String, text: String)] = [
        ("en", "FREQ=WEEKLY;BYDAY=TU", "Every week on Tuesday"),
        ("en", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "Every 2 weeks on Monday, Wednesday and Friday"),
        ("en", "FREQ=DAILY", "Every day"), ("en", "FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("en", "FREQ=MONTHLY;BYDAY=3TU", "The third Tuesday of every month"), ("en", "FREQ=MONTHLY;BYDAY=-1FR", "The last Friday of every month"),
        ("en", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", "Every 2 months on the last Friday"),
        ("en", "FREQ=MONTHLY;BYMONTHDAY=15", "The 15th of every month"), ("en", "FREQ=MONTHLY;BYMONTHDAY=1,22", "The 1st and 22nd of every month"),
        ("en", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=3", "Every 3 months on the 3rd"),
        ("en", "FREQ=MONTHLY;BYMONTHDAY=-1", "The last day of every month"),
        ("en", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "Every 2 months on the last day"),
        ("en", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "The last weekday (Monday to Friday) of every month"),
        ("en", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "The first and last weekday (Monday to Friday) of every month"),
        ("en", "FREQ=MONTHLY;BYDAY=-2FR", "Repeats"), ("en", "FREQ=MONTHLY;BYMONTHDAY=15,-1", "Repeats"),
        ("en", "FREQ=YEARLY;BYMONTH=5;BYDAY=-2FR", "Repeats"),
        ("en", "FREQ=MONTHLY;BYDAY=3WE,1MO", "Every month on the first Monday and the third Wednesday"),
        ("en", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1MO", "Every 2 months on the first Monday and the last Friday"),
        ("en", "FREQ=MONTHLY;BYDAY=1MO,-2WE", "Repeats"), ("en", "FREQ=MONTHLY;BYDAY=1MO,WE", "Repeats"),
        ("en", "FREQ=YEARLY;INTERVAL=2", "Every 2 years on Sep 8"),
        ("en", "FREQ=YEARLY;INTERVAL=3;BYMONTH=11;BYDAY=4TH", "Every 3 years on the fourth Thursday of November"),
        ("es", "FREQ=MONTHLY;BYDAY=1MO,3WE", "Todos los meses, el primer lunes y el tercer miércoles"),
        ("es", "FREQ=YEARLY;INTERVAL=2", "Cada 2 años: "),
        ("fr", "FREQ=MONTHLY;BYDAY=1MO,3WE", "Tous les mois, le premier lundi et le troisième mercredi"),
        ("fr", "FREQ=YEARLY;INTERVAL=2", "Tous les 2 ans, le 8 sept."), ("ru", "FREQ=YEARLY;INTERVAL=2", "Каждые 2 года 8 сент"),
        ("ru", "FREQ=MONTHLY;BYDAY=1MO,3WE", "Каждый месяц: понедельник (первый такой день месяца) и среда (третий такой день месяца)"),
        ("ar", "FREQ=MONTHLY;BYDAY=1MO,3WE", "كل شهر، يوم الاثنين الأول ويوم الأربعاء الثالث"), ("ar", "FREQ=YEARLY;INTERVAL=2", "كل عامين في"),
        ("ko", "FREQ=MONTHLY;BYDAY=1MO,3WE", "매월 첫째 월요일, 셋째 수요일"), ("ko", "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=4TH", "2년마다 11월 넷째 목요일"),
        ("vi", "FREQ=MONTHLY;BYDAY=1MO,3WE", "Hằng tháng vào thứ Hai đầu tiên và thứ Tư thứ ba của tháng"),
        ("zh-Hans", "FREQ=MONTHLY;BYDAY=1MO,3WE", "每月第一个星期一和第三个星期三"), ("zh-Hans", "FREQ=YEARLY;INTERVAL=2", "每2年的9月8日"),
        ("es", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "Cada 2 meses, el último día del mes"),
        ("es", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "El primer día hábil (de lunes a viernes) de cada mes"),
        ("fr", "FREQ=MONTHLY;BYMONTHDAY=1,15", "Tous les mois, le 1er et 15"),
        ("fr", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "Le dernier jour ouvré (du lundi au vendredi) de chaque mois"),
        ("zh-Hans", "FREQ=MONTHLY;BYMONTHDAY=1,15", "每月1日和15日"), ("zh-Hans", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "每2个月的最后一天"),
        ("ko", "FREQ=MONTHLY;BYMONTHDAY=15", "매월 15일"), ("ko", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "2개월마다 마지막 날"),
        ("ru", "FREQ=MONTHLY;BYMONTHDAY=1,15", "Каждый месяц, 1-го и 15-го числа"),
        ("ru", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "Каждые 2 месяца, в последний день"),
        ("ar", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "كل شهرين، في اليوم الأخير"),
        ("ar", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "يوم العمل الأخير (من الاثنين إلى الجمعة) من كل شهر"),
        ("vi", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "3 tháng một lần, vào ngày cuối cùng của tháng"), ("en", "FREQ=YEARLY", "Sep 8"),
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
            "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;INTERVAL=4;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-2FR",
            "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1SU", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "FREQ=MONTHLY;BYDAY=1MO,3WE", "FREQ=MONTHLY;INTERVAL=5;BYDAY=1MO,3WE", "FREQ=YEARLY;INTERVAL=2",
            "FREQ=YEARLY;INTERVAL=5;BYMONTH=5;BYDAY=-1SU",
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

    @Test("Every day of a month has its words", arguments: Language.all)
    func monthDays(_ language: Language) throws {
        let days = try TestSite.environment().strings[language]("month_days").split(separator: " ").map { $0.prefix { $0.isNumber } }
        #expect(days == (1...31).map { Substring(String($0)) })
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
