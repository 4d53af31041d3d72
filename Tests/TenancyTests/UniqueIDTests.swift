import Tenancy
import TestSupport
import Testing

@Suite("Unique IDs")
struct UniqueIDTests {
    /// Always the same.
    private struct Constant: RandomNumberGenerator {
        let value: UInt64
        func next() -> UInt64 { value }
    }

    @Test(
        "a new one is of version 7: the time in milliseconds, then random bits (RFC 9562, 5.7)",
        arguments: [
            // The moment of the RFC's example, A.6.
            (1_645_557_742, UInt64.min, "017f22e2-79b0-7000-8000-000000000000"), (1_645_557_742, .max, "017f22e2-79b0-7fff-bfff-ffffffffffff"),
            (0, .min, "00000000-0000-7000-8000-000000000000"), (-5, .max, "00000000-0000-7fff-bfff-ffffffffffff"),
            (.max, .min, "e677d21f-d818-7000-8000-000000000000"),
        ])
    func layout(seconds: Int64, random: UInt64, expected: String) throws {
        var generator = Constant(value: random)
        let id = UniqueID(at: Instant(seconds: seconds), using: &generator)
        #expect(id.description == expected)
        #expect(UniqueID(expected) == id)
    }

    @Test("no two of many are the same, and a later one is greater, as a text too")
    func order() {
        var random = SeededGenerator(seed: 1)
        let ids = (0..<1000).map { UniqueID(at: Instant(seconds: 1_800_000_000 + Int64($0)), using: &random) }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        let atOnce = (0..<10_000).map { _ in UniqueID(at: Instant(seconds: 1_800_000_000), using: &random) }
        #expect(Set(atOnce).count == atOnce.count)
    }

    @Test(
        "any UUID in lower case is read, and written the same",
        arguments: ["00000000-0000-0000-0000-000000000000", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"])
    func reading(text: String) throws {
        #expect(try #require(UniqueID(text)).description == text)
        #expect(try #require(OrganizationID(text)).description == text)
    }

    @Test(
        "nothing else is",
        arguments: [
            "", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae7dec11d0a76500a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ", "f81d4fae-7dec-11d0-a765-00a0c91e6bg6",
            "f81d4faeA7dec-11d0-a765-00a0c91e6bf6", "../d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf\0",
            "------------------------------------", "f81d4fae-7dec-11d0-a765-00a0c91e6bé",
        ])
    func refused(text: String) {
        #expect(UniqueID(text) == nil)
        #expect(OrganizationID(text) == nil)
    }

    @Test("a record's text carries its organization", arguments: ["/", "a/b", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"])
    func records(wrong: String) throws {
        let organization = try #require(OrganizationID("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"))
        let id = RecordID(try #require(UniqueID("017f22e2-7930-7000-8000-000000000000")), of: organization)
        #expect(id.description == "f81d4fae-7dec-11d0-a765-00a0c91e6bf6/017f22e2-7930-7000-8000-000000000000")
        #expect(RecordID(id.description) == id)
        #expect(RecordID(wrong) == nil)
        #expect(RecordID(id.description + "/") == nil)
    }
}
