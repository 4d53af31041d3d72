import Testing

@testable import SiteBuilder

@Suite("What should not be public about a person")
struct PrivacyCheckTests {
    @Test(
        "a phone number is found",
        arguments: [
            "Call Maria at (206) 555-0123.", "Text 206-555-0123 before noon.", "206.555.0123", "Call +1 206 555 0123.", "Call 1-206-555-0123",
            "| Maria | **206 555-0123** |",
            "[Call Ann](tel:+12065550123)", "[206-555-0123](tel:+12065550123)",
        ])
    func phone(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.phoneNumber).count == 1, "\(text)")
    }

    @Test(
        "an office's number, a free number and other numbers are left alone",
        arguments: [
            "The school office answers at (206) 555-0123.", "Crisis line: 206-555-0123", "Call 1-800-555-0123.", "Our EIN is 12-3456789.",
            "Form 206-555-0123-77", "Invoice 2065550123",
            "See https://example.org/206-555-0123", "Call 911 or 988.", "ZIP 98000-1234, box 206, 555 copies", "Scores 206, 555, 0123",
            "On 2026-11-24", "La oficina: (206) 555-0123",
        ])
    func noPhone(text: String) throws {
        let settings = CheckedSite.settings + (text.hasPrefix("La") ? "languages: [es]\n" : "")
        #expect(try CheckedSite(page: text, settings: settings).findings(.phoneNumber) == [], "\(text)")
    }

    @Test(
        "a private mailbox is found",
        arguments: [
            "Write to maria.lopez@gmail.com.", "Write to <maria@yahoo.com>", "[Write to Maria](mailto:maria@hotmail.com?subject=Fair)",
            "[maria@icloud.com](mailto:maria@icloud.com)",
            "maria@outlook.es", "MARIA@AOL.COM", "maria@comcast.net",
        ])
    func email(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.privateEmail).count == 1, "\(text)")
    }

    @Test(
        "an address of the association or a school is left alone",
        arguments: [
            "president@lincolnptsa.example", "lincolnptsa@gmail.com", "our.pta.treasurer@gmail.com", "lincoln.news@gmail.com",
            "ann@springfield.k12.example", "gmail.com is a mail service",
            "@gmail.com", "ann@gmailer.example", "ann@live.theater.example.org",
        ])
    func noEmail(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.privateEmail) == [], "\(text)")
    }

    @Test("the board's and the settings' addresses are read at their place")
    func emailInData() throws {
        let site = try CheckedSite([
            "site.yaml": CheckedSite.settings + "contact: {email: ann.b@gmail.com}\n",
            "data/board.yaml": "officers:\n  - {role: President, name: Ann B., email: ann.b@gmail.com, note: \"Or call 206-555-0123.\"}\n",
        ])
        let found = try site.findings(.privateEmail, .phoneNumber).map { "\($0.path):\($0.line):\($0.column) \($0.rule)" }
        #expect(found == ["data/board.yaml:2:44 private-email", "data/board.yaml:2:76 phone-number", "site.yaml:4:18 private-email"])
    }

    @Test(
        "somebody's home is found with street and number",
        arguments: [
            "The party is at the home of Maria Lopez, 12 Oak Street.", "Meet at our house, 1200 NE 45th St, at six.",
            "The Garcia family home is at 7 Elm Ave.",
            "Come to the home of the Garcia family, 7 Elm Avenue.", "We bake at Ann's house (12 Old Mill Rd).",
            "Drop it at the Lopez home, 12 Oak Street.",
        ])
    func home(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.homeAddress).count == 1, "\(text)")
    }

    @Test(
        "a school's or a shop's address, and a home without one, are left alone",
        arguments: [
            "Lincoln Elementary, home of the Lions, 100 School St.", "Open house at 100 School Street.", "The party is at the home of Maria Lopez.",
            "Meet at the library, 12 Oak Street.",
            "Bring 12 cookies from your home.", "Our house rules: 3 Big Ones.", "Take it home. The shop is at 12 Oak Street.",
        ])
    func noHome(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.homeAddress) == [], "\(text)")
    }

    @Test("an event at somebody's home is found by its location and address together")
    func eventHome() throws {
        func event(_ fields: String) -> [String: String] {
            ["events/party.md": "---\ntitle: Party\nstart: 2026-12-03T18:00\nend: 2026-12-03T19:00\n\(fields)\n---\nText.\n"]
        }
        #expect(try CheckedSite(event("location: Garcia family home\naddress: 12 Oak Street")).findings(.homeAddress).map(\.line) == [6])
        #expect(try CheckedSite(event("location: \"Ann's house, 12 Oak Street\"")).findings(.homeAddress).map(\.line) == [5])
        #expect(try CheckedSite(event("location: Garcia family home")).findings(.homeAddress) == [])
        #expect(try CheckedSite(event("location: Library\naddress: 12 Oak Street")).findings(.homeAddress) == [])
    }

    @Test("homes are found in Spanish and French as well")
    func homeLanguages() throws {
        for (code, text) in [("es", "La reunión es en casa de Ana, 12 Calle Luna."), ("fr", "La fête est chez nous, 12 rue des Lilas.")] {
            #expect(
                try CheckedSite(page: text, settings: CheckedSite.settings + "languages: [\(code)]\n").findings(.homeAddress).count == 1, "\(text)")
        }
    }

    @Test(
        "a child's full name beside a grade is found",
        arguments: [
            "First place: Maria Lopez, grade 3", "Maria Lopez (3rd grade) won.", "Maria Lopez-Garcia, a third grader, won.",
            "The poem is by third grader Maria Lopez.",
            "3rd-grader Maria Ana Lopez sang.", "Kindergartner Maria Lopez drew it.", "Maria Lopez, from fourth grade, and others",
            "- Maria Lopez, Grade K",
            "María López, de tercer grado", "María López, alumna de 3.º grado", "![Maria Lopez, grade 3, with her painting](/media/a.svg)",
            "Sean O'Brien, grade 5", "Maria A. Lopez, grade 3",
            "Congratulations Maria Lopez, grade 3!", "Maria Lopez, a sophomore, spoke.", "## Winners\n\n- Maria Lopez, grade 3",
        ])
    func student(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.studentName).count == 1, "\(text)")
    }

    @Test(
        "teachers, initials, programs and places are left alone",
        arguments: [
            "Ms. Maria Lopez, grade 3", "Maria Lopez, 3rd grade teacher", "Maria Lopez, third-grade room parent", "Maria L., grade 3",
            "A third grader won.", "Maria Lopez, treasurer",
            "Book Fair, grade 3", "Art Docents (3rd grade)", "Lincoln Elementary, grades 3–5", "Science Night: 3rd grade",
            "Our third grade choir sang at Lincoln Hall.",
            "Principal Maria Lopez, first grade fan", "Visual Arts, Grade 3", "Field Trip, 4th grade", "The Maria Lopez Library",
            "Maria Lopez, our second vice president",
            "## Teachers\n\n- Maria Lopez, grade 3", "## Room parents\n\n- Maria Lopez (3rd grade)", "Maria Lopez and a third grader won.",
        ])
    func noStudent(text: String) throws {
        #expect(try CheckedSite(page: text).findings(.studentName) == [], "\(text)")
    }

    @Test("a page about teachers may name them with their grades")
    func teachersPage() throws {
        let text = "- Maria Lopez, grade 3\n"
        #expect(try CheckedSite(["staff.md": "---\ntitle: Our teachers and staff\n---\n" + text]).findings(.studentName) == [])
        #expect(try CheckedSite(["art.md": "---\ntitle: Our artists\n---\n" + text]).findings(.studentName).count == 1)
    }

    @Test("posts and events that are over are read for privacy, too; members' pages are not public")
    func kinds() throws {
        let site = try CheckedSite([
            "news/2020-01-02-old.md": "Call 206-555-0123.", "events/old.md": "---\nstart: 2020-01-01\n---\nCall 206-555-0123.",
            "members.md": "---\nvisibility: members\n---\nCall 206-555-0123.",
        ])
        #expect(try site.findings(.phoneNumber).map(\.path) == ["events/old.md", "news/2020-01-02-old.md"])
    }
}
