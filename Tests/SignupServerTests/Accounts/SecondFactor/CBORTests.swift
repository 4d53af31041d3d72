import TestSupport
import Testing

@testable import SignupServer

@Suite("CBOR of authenticators")
struct CBORTests {
    /// RFC 8949, appendix A.
    private static let examples: [(bytes: [UInt8], value: CBORValue)] = [
        ([0x00], .unsigned(0)), ([0x17], .unsigned(23)), ([0x18, 0x18], .unsigned(24)), ([0x19, 0x03, 0xE8], .unsigned(1000)),
        ([0x1A, 0x00, 0x0F, 0x42, 0x40], .unsigned(1_000_000)), ([0x1B] + [UInt8](repeating: 0xFF, count: 8), .unsigned(.max)),
        ([0x20], .number(-1)), ([0x38, 0x63], .number(-100)), ([0x3B] + [UInt8](repeating: 0xFF, count: 8), .negative(.max)),
        ([0xF4], .bool(false)), ([0xF5], .bool(true)), ([0xF6], .null),
        ([0x40], .bytes([])), ([0x44, 1, 2, 3, 4], .bytes([1, 2, 3, 4])), ([0x60], .text("")), ([0x64, 0x49, 0x45, 0x54, 0x46], .text("IETF")),
        ([0x62, 0xC3, 0xBC], .text("ü")), ([0x80], .list([])), ([0x83, 1, 2, 3], .list([.unsigned(1), .unsigned(2), .unsigned(3)])),
        ([0xA0], .map([:])), ([0xA2, 1, 2, 3, 4], .map([.unsigned(1): .unsigned(2), .unsigned(3): .unsigned(4)])),
        ([0xA1, 0x61, 0x62, 0x82, 2, 3], .map([.text("b"): .list([.unsigned(2), .unsigned(3)])])),
    ]

    @Test("values are read as the RFC writes them", arguments: examples)
    func values(bytes: [UInt8], value: CBORValue) throws {
        #expect(try CBORReader.value(of: bytes) == value)
        #expect(try CBORReader.value(of: value.encoded) == value)
        // Cut off, it is nothing; nor is it with something after it.
        for count in 0..<bytes.count { #expect(throws: CBORReader.Failure.self) { try CBORReader.value(of: Array(bytes[..<count])) } }
        #expect(throws: CBORReader.Failure.notOurs) { try CBORReader.value(of: bytes + [0]) }
    }

    private static let refused: [([UInt8], CBORReader.Failure)] = [
        ([], .short), ([0x5F, 0x41, 1, 0xFF], .notOurs), ([0x9F, 0xFF], .notOurs), ([0xBF, 0xFF], .notOurs), ([0xC0, 0x60], .notOurs),
        ([0xF7], .notOurs), ([0xF9, 0x3C, 0x00], .notOurs), ([0xFB] + [UInt8](repeating: 0, count: 8), .notOurs), ([0xFF], .notOurs),
        ([0x1C], .notOurs), ([0x1F], .notOurs), ([0x61, 0xFF], .notOurs), ([0xA2, 1, 2, 1, 3], .notOurs), ([0xA1, 0x80, 0], .notOurs),
        ([0xA1, 0xA0, 0], .notOurs),
        // More than there is, or than fits into memory.
        ([0x5B] + [UInt8](repeating: 0xFF, count: 8), .short), ([0x9B] + [UInt8](repeating: 0xFF, count: 8), .short),
        ([0xBB] + [UInt8](repeating: 0xFF, count: 8), .short), ([0x9A, 0x7F, 0xFF, 0xFF, 0xFF, 0], .short),
        ([0x5B, 0x7F] + [UInt8](repeating: 0xFF, count: 7), .short),
        ([0xA2, 1, 2, 3], .short), ([UInt8](repeating: 0x81, count: 100_000) + [0], .tooDeep),
        ([UInt8](repeating: 0xA1, count: 9) + [UInt8](repeating: 0, count: 20), .tooDeep),
    ]

    @Test("what authenticators don't write is refused", arguments: refused)
    func refusals(bytes: [UInt8], failure: CBORReader.Failure) {
        #expect(throws: failure) { try CBORReader.value(of: bytes) }
    }

    @Test("eight values in one another are read, nine are not")
    func depth() throws {
        #expect(throws: Never.self) { try CBORReader.value(of: [UInt8](repeating: 0x81, count: 7) + [0]) }
        #expect(throws: CBORReader.Failure.tooDeep) { try CBORReader.value(of: [UInt8](repeating: 0x81, count: 8) + [0]) }
    }

    @Test("random and mutated bytes are read or refused, and what is read can be written and read again", arguments: [1, 2, 3, 4] as [UInt64])
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let device = TestAuthenticator(rpID: "localhost", origin: "http://localhost")
        let seeds = Self.examples.map(\.bytes) + [device.attestation(), device.authenticatorData(flags: 0x45, count: 1, withCredential: true)]
        var read = 0
        for _ in 0..<20_000 {
            var bytes: [UInt8]
            if Bool.random(using: &random) {
                bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            } else {
                bytes = seeds.randomElement(using: &random) ?? []
                for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: index)
                    default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                    }
                }
            }
            if let value = try? CBORReader.value(of: bytes) {
                read += 1
                #expect(try CBORReader.value(of: value.encoded) == value)
                _ = PasskeyKey(value)
            }
            _ = AuthenticatorData(bytes)
            let party = RelyingParty(id: "localhost", origin: "http://localhost")
            _ = party.newCredential(bytes)
            #expect(party.challenge(in: bytes, of: .registration) == nil)
        }
        #expect(read > 500)
    }
}

extension CBORValue {
    /// As an authenticator writes it, but for the order of a map's keys.
    var encoded: [UInt8] {
        switch self {
        case .unsigned(let number): Self.head(0, number)
        case .negative(let number): Self.head(1, number)
        case .bytes(let bytes): Self.head(2, UInt64(bytes.count)) + bytes
        case .text(let text): Self.head(3, UInt64(text.utf8.count)) + text.utf8
        case .list(let items): Self.head(4, UInt64(items.count)) + items.flatMap(\.encoded)
        case .map(let members):
            Self.head(5, UInt64(members.count))
                + members.map { ($0.key.encoded, $0.value.encoded) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }.flatMap { $0.0 + $0.1 }
        case .bool(let value): [value ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    private static func head(_ kind: UInt8, _ number: UInt64) -> [UInt8] {
        let kind = kind << 5
        switch number {
        case 0..<24: return [kind | UInt8(number)]
        case 0..<256: return [kind | 24, UInt8(number)]
        case 0..<65_536: return [kind | 25] + (0..<2).map { UInt8(truncatingIfNeeded: number >> (8 - 8 * $0)) }
        case 0..<4_294_967_296: return [kind | 26] + (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        default: return [kind | 27] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        }
    }
}
