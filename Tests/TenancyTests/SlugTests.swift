import Tenancy
import Testing

@Suite("Slugs")
struct SlugTests {
    @Test(
        "names that follow the grammar",
        arguments: [
            "foo", "lincoln", "lincoln-elementary", "a1b", "ps-118", "abc", "a-b-c-d", "www", "help", String(repeating: "a", count: 40),
        ])
    func accepted(text: String) throws {
        #expect(try Slug(text).text == text)
    }

    @Test(
        "names that do not",
        arguments: [
            ("", SlugError.empty), ("fo", .tooShort), ("a", .tooShort), (String(repeating: "a", count: 41), .tooLong),
            (String(repeating: "a", count: 63), .tooLong),
            (String(repeating: "a", count: 64), .tooLong), ("foo hello", .badCharacter), ("-foo", .badStart), ("foo-", .hyphenAtEnd),
            ("12345678", .badStart),
            ("1foo", .badStart), ("FooHello", .badStart), ("fooHello", .badCharacter), ("foo.", .badCharacter), ("foo.git", .badCharacter),
            ("foo.atom", .badCharacter),
            ("robots.txt", .badCharacter), ("favicon.ico", .badCharacter), (".well-known", .badStart), ("404.html", .badStart),
            ("health_check", .badCharacter),
            ("foo/bar", .badCharacter), ("foo'bar", .badCharacter), ("foo\"bar", .badCharacter), ("foo`bar", .badCharacter),
            ("foo\\bar", .badCharacter), ("../etc", .badStart),
            ("xn--anything", .doubleHyphen), ("school--10", .doubleHyphen), ("écoles", .badStart), ("caf\u{E9}s", .badCharacter),
            ("foo\u{0}bar", .badCharacter),
            ("foo\n", .badCharacter), ("fooİ", .badCharacter), ("ſchool", .badStart),
        ])
    func refused(text: String, error: SlugError) {
        #expect(throws: error) { try Slug(text) }
        #expect(throws: error) { try Slug(claiming: text) }
    }

    @Test(
        "reserved words are names, but nobody can claim them",
        arguments: [
            "admin", "api", "assets", "dashboard", "explore", "files", "groups", "help", "import", "invites", "jwt", "login", "oauth", "profile",
            "projects", "public",
            "search", "unsubscribes", "uploads", "users", "support", "root", "webmaster", "administrator", "mod", "moderator", "www", "mail",
            "postmaster", "hostmaster",
            "autodiscover", "wpad", "mta-sts", "ns1", "official", "billing", "district", "marquee",
        ])
    func reserved(word: String) throws {
        #expect(try Slug(word).isReserved)
        #expect(throws: SlugError.reserved) { try Slug(claiming: word) }
    }

    @Test("names of one letter, reserved elsewhere, are too short here", arguments: ["s", "u"])
    func oneLetter(word: String) {
        #expect(throws: SlugError.tooShort) { try Slug(claiming: word) }
    }

    @Test("a name that only contains a reserved word is free", arguments: ["adminville", "help-lincoln", "www-school"])
    func containsReserved(text: String) throws {
        #expect(try Slug(claiming: text).text == text)
    }

    @Test("every reserved word could be a slug, so none stands in the list for nothing", arguments: ReservedSlugs.words.sorted())
    func reservedFollowGrammar(word: String) throws {
        #expect(try Slug(word).text == word)
    }

    @Test(
        "every error tells what to do",
        arguments: [
            SlugError.empty, .tooShort, .tooLong, .badStart, .badCharacter, .doubleHyphen, .hyphenAtEnd, .reserved,
        ])
    func messages(error: SlugError) {
        #expect(error.description.hasSuffix(".") && error.description.count > 30)
    }

    // Rows that are not about the name itself: an empty site title, and a slug equal to a user's login, belong to sign-up; "checked by a
    // browser-side pattern only" is answered by this type being the only way to a slug.
}
