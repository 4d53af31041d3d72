import Testing

@testable import Tenancy

@Suite("E-mail addresses")
struct EmailAddressTests {
    @Test(
        "addresses are taken as browsers take them, and their domain is normalised",
        arguments: [
            ("president@lincolnptsa.example", "president@lincolnptsa.example"),
            ("  treasurer@lincolnptsa.example\n", "treasurer@lincolnptsa.example"),
            ("First.Last+pta@Mail.EXAMPLE", "First.Last+pta@mail.example"),
            ("o'hara!#$%&*/=?^_`{|}~-@a.example", "o'hara!#$%&*/=?^_`{|}~-@a.example"),
            ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
            ("\(String(repeating: "a", count: 64))@a.example", "\(String(repeating: "a", count: 64))@a.example"),
        ])
    func accepted(text: String, normal: String) throws {
        #expect(try EmailAddress(text).text == normal)
    }

    @Test(
        "what mail can't be sent to is refused with the reason",
        arguments: [
            ("", EmailAddressError.empty), ("  \t\n", .empty), ("president", .noAt), ("@lincolnptsa.example", .noName),
            ("a b@a.example", .badCharacter), ("a@b@a.example", .badCharacter), ("\"a\"@a.example", .badCharacter), ("a,b@a.example", .badCharacter),
            ("a\r\nBcc: x@y.example", .badCharacter), ("a\0@a.example", .badCharacter), ("jürgen@a.example", .notASCII),
            ("a@localhost", .badDomain), ("a@", .badDomain), ("a@a..example", .badDomain), ("a@-a.example", .badDomain),
            ("a@[127.0.0.1]", .badDomain),
            ("a@127.0.0.1", .badDomain), ("a@bücher.example", .badDomain), ("a@a.example.", .badDomain), ("a@a.example\r\nX: y", .badDomain),
            ("\(String(repeating: "a", count: 65))@a.example", .tooLong), ("a@\(String(repeating: "a.", count: 130))example", .tooLong),
        ])
    func refused(text: String, error: EmailAddressError) {
        #expect(throws: error) { try EmailAddress(text) }
    }

    @Test("upper and lower case are the same address")
    func isCaseInsensitive() throws {
        #expect(try EmailAddress("Ana@A.example") == EmailAddress("ana@a.EXAMPLE"))
        #expect(try Set([EmailAddress("Ana@A.example"), EmailAddress("ana@a.example")]).count == 1)
        #expect(try EmailAddress("Ana@A.example").key == "ana@a.example")
    }

    // Area `email` of the tenant cases: banned domains.
    @Test(
        "a domain is meant with those below it, by whole labels, in any case",
        arguments: [
            ("bar.com", "test@foo-bar.com", false), ("bar.com", "test@foobar.com", false), ("foo.co", "test@subdomain.foo.com", false),
            ("baR.com", "test@Bar.com", true), ("bar.com", "test@mail.bar.com", true), ("mail.bar.com", "test@bar.com", false),
        ])
    func isAt(domain: String, address: String, isAt: Bool) throws {
        #expect(try EmailAddress(address).isAt(Hostname(domain)) == isAt)
    }
}
