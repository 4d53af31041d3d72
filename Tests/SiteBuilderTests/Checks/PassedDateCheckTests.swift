import Testing

@testable import SiteBuilder

@Suite("Dates that have passed")
struct PassedDateCheckTests {
    @Test(
        "a date that has passed is found where the text speaks of it as coming",
        arguments: [
            "The book fair will be on September 10, 2026.",
            "Join us on Sept. 10, 2026 for the first meeting.",
            "Join us on **Thursday, September 10** in the library.",
            "Save the date: 2026-09-10.",
            "Don't miss the picnic on 9/10/2026!",
            "The next meeting is Thursday 9/10.",
            "Our next meeting: 10 September 2026.",
            "The festival runs September 10–12, 2026. We'll bring the September 10–12, 2026 shirts.",
            "Sign up by October 1st, 2026, and bring\na friend.",
            "The carnival takes place on May 30, 2026.",
            "Costumes will be judged in October 2026.",
            "| Next meeting | October 20, 2026 | library |",
            "- Mark your calendars! October 3, 2026: bike rodeo",
        ])
    func found(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.passedDate).count == 1, "\(text)")
    }

    @Test(
        "a date to come, a day in the past tense, a day of every year and a half are left alone",
        arguments: [
            "The book fair will be on December 10, 2026.",
            "The picnic was on September 10, 2026.",
            "We met on September 10, 2026 and decided that the shed will be purple.",
            "The meeting moved from September 10 to December 8, 2026, and will be in the gym.",
            "Membership runs from July 1, 2026 to June 30, 2027. You will get a card.",
            "Every year the deadline is October 1.",
            "The school opened on September 2, 1994.",
            "The bake sale on September 10, 2026 paid for the books.",
            "Last updated September 10, 2026. We will add more.",
            "You will need 1/2 cup of sugar and 9/10 of an hour.",
            "You may 10 times ask; we will answer.",
            "Write to Will S. before October 3, 2026.",
            "In room 12 we will meet at 10:30.",
            "The fair will be on ~~September 10, 2026~~ December 10, 2026.",
            "The form will be at [this page](https://example.org/2026-09-10/form).",
            "Our code will be `2026-09-10`.",
            "```\nwill be on September 10, 2026\n```",
            "<!-- The fair will be on September 10, 2026 -->",
            "We will be glad to see you. The bake sale of September 10, 2026 paid for the books.",
            "The fair will be today, November 24, 2026.",
        ])
    func leftAlone(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.passedDate) == [], "\(text)")
    }

    @Test(
        "every language of the sites is read",
        arguments: [
            ("es", "La feria será el 10 de septiembre de 2026."),
            ("es", "Los esperamos el jueves 10 de septiembre."),
            ("zh-Hans", "书展将于2026年9月10日举行。"),
            ("vi", "Hội chợ sách sẽ diễn ra ngày 10 tháng 9 năm 2026."),
            ("ko", "다음 모임은 2026년 9월 10일에 열립니다."),
            ("ru", "Ярмарка состоится 10 сентября 2026 года."),
            ("ar", "سيقام المعرض في 10 سبتمبر 2026."),
            ("fr", "La foire aura lieu le 10 septembre 2026."),
        ])
    func languages(code: String, text: String) throws {
        let settings = CheckedSite.settings + "languages: [\(code)]\n"
        #expect(try CheckedSite(page: text, settings: settings).findings(.passedDate).count == 1, "\(text)")
        let coming = text.replacing("2026", with: "2027").replacing("el jueves 10 de septiembre.", with: "el jueves 10 de diciembre.")
        #expect(try CheckedSite(page: coming, settings: settings).findings(.passedDate) == [], "\(coming)")
    }

    @Test(
        "the past in other languages is left alone",
        arguments: [
            ("es", "La feria fue el 10 de septiembre de 2026 y será recordada."), ("zh-Hans", "感谢大家参加2026年9月10日的书展，我们将继续。"),
            ("ko", "2026년 9월 10일에 열릴 예정이던 행사는 끝났습니다. 감사합니다"), ("ru", "Ярмарка была 10 сентября 2026 года, будет и ещё."),
            ("fr", "La foire a eu lieu le 10 septembre 2026, elle sera racontée."),
        ])
    func pastLanguages(code: String, text: String) throws {
        #expect(try CheckedSite(page: text, settings: CheckedSite.settings + "languages: [\(code)]\n").findings(.passedDate) == [])
    }

    @Test("the finding names the place, the date and what the text says")
    func place() throws {
        let text = "Welcome.\n\nOur **book fair**\nwill be on [September 10](/events/), see you!"
        let finding = try #require(try CheckedSite(page: text, frontMatter: "updated: 2026-08-20\n").findings(.passedDate).first)
        #expect(finding.line == 9 && finding.column == 13)
        #expect(finding.path == "about.md")
        #expect(finding.severity == .warning)
        #expect(finding.problem == "September 10 (2026-09-10) has passed, and the text says “will”")
    }

    @Test("a day without a year belongs to the time at which the page was written")
    func yearOfWriting() throws {
        let text = "The carnival will be on June 5."
        #expect(try CheckedSite(page: text, frontMatter: "updated: 2026-05-01\n").findings(.passedDate).count == 1)
        #expect(try CheckedSite(page: text, frontMatter: "updated: 2026-11-20\n").findings(.passedDate) == [])
        // Without any date the day may as well be next June's.
        #expect(try CheckedSite(page: text).findings(.passedDate) == [])
        #expect(try CheckedSite(page: "The picnic will be on October 5.").findings(.passedDate).count == 1)
        // June 5 was a Friday in 2026 and is a Saturday in 2027.
        #expect(try CheckedSite(page: "The carnival will be on Friday, June 5.").findings(.passedDate).count == 1)
        #expect(try CheckedSite(page: "The carnival will be on Saturday, June 5.").findings(.passedDate) == [])
    }

    @Test("a list under “Coming up” is of what comes")
    func comingHeading() throws {
        let list = "- September 10, 2026: book fair\n- December 10, 2026: concert\n- October 3, 2026: the rodeo was fun\n"
        #expect(try CheckedSite(page: "## Coming up\n\n" + list).findings(.passedDate).map(\.line) == [7])
        #expect(try CheckedSite(page: "## The year\n\n" + list).findings(.passedDate) == [])
    }

    @Test("title, description and the settings' texts are read as well, with their places")
    func frontMatterAndSettings() throws {
        let site = try CheckedSite([
            "join.md": "---\ntitle: Join\ndescription: \"The picnic will be on September 10, 2026.\"\n---\nText.\n",
            "site.yaml": CheckedSite.settings
                + "announcement: {text: \"Join us on October 3, 2026\", until: 2026-12-01}\njoin:\n  title: Join\n  text: >-\n    The drive will end\n    on October 15, 2026.\n",
            "data/committees.yaml": "- {name: Garden, description: The next work party is October 4, 2026.}\n",
        ])
        let places = try site.findings(.passedDate).map { "\($0.path):\($0.line):\($0.column)" }
        #expect(places == ["data/committees.yaml:1:54", "join.md:3:37", "site.yaml:4:34", "site.yaml:9:8"])
    }

    @Test("an announcement that is no longer shown is not read")
    func overAnnouncement() throws {
        let settings = CheckedSite.settings + "announcement: {text: \"Join us on October 3, 2026\", until: 2026-10-03}\n"
        #expect(try CheckedSite(["site.yaml": settings]).findings(.passedDate) == [])
    }

    @Test("posts and events that are over may speak of their own future; an event to come may not")
    func kinds() throws {
        let text = "Sign up by October 1.\n"
        func event(_ start: String) -> String { "---\ntitle: Fair\nstart: \(start)\nend: \(start)\nlocation: Gym\n---\n\(text)" }
        let site = try CheckedSite([
            "news/2026-09-02-fair.md": "---\ntitle: Fair\n---\n\(text)", "events/past.md": event("2026-10-10T18:00"),
            "events/coming.md": event("2026-12-10T18:00"),
            "events/later.md": event("2027-10-10T18:00"),
            "events/off.md": event("2026-12-11T18:00").replacing("location", with: "status: cancelled\nlocation"),
        ])
        #expect(try site.findings(.passedDate).map(\.path) == ["events/coming.md"])
    }

    @Test(
        "“this Friday” is found on a page that was written some time ago",
        arguments: [
            ("Come and see us this Friday.", "2026-10-01", 1), ("The next Tuesday is for painting.", "2026-10-01", 1),
            ("Join us this weekend!", "2026-10-01", 1),
            ("Come and see us this Friday.", "2026-11-20", 0), ("Come and see us this Friday.", "", 0),
            ("Never write “this Friday” on a page.", "2026-10-01", 0),
            ("Come this Friday, December 4, 2026.", "2026-10-01", 0), ("This school is open.", "2026-10-01", 0),
            ("Each pack is for the next Friday.", "2026-10-01", 0),
        ])
    func relative(text: String, updated: String, count: Int) throws {
        let site = try CheckedSite(page: text, frontMatter: updated.isEmpty ? "" : "updated: \(updated)\n")
        #expect(try site.findings(.relativeDate).count == count, "\(text)")
    }

    @Test("“this Friday” is found in Spanish and French")
    func relativeLanguages() throws {
        for (code, text) in [("es", "Los esperamos este viernes."), ("es", "Nos vemos el próximo lunes."), ("fr", "À vendredi prochain !")] {
            let site = try CheckedSite(page: text, frontMatter: "updated: 2026-10-01\n", settings: CheckedSite.settings + "languages: [\(code)]\n")
            #expect(try site.findings(.relativeDate).count == 1, "\(text)")
        }
    }
}
