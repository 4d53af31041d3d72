import Tenancy
import Testing

@testable import SignupServer

@Suite("Codes of apps, and recovery codes")
struct OneTimeCodeTests {
    private static let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B, the last six of the eight digits.
    private static let vectors: [(seconds: Int64, code: String)] = [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ]

    @Test("the codes are those of RFC 6238", arguments: vectors)
    func codes(seconds: Int64, code: String) {
        #expect(OneTimeCode.code(Self.secret, step: OneTimeCode.step(at: Instant(seconds: seconds))) == code)
    }

    @Test(
        "a code counts in its half minute and in the ones beside it",
        arguments: [(-61, false), (-60, false), (-31, false), (-30, true), (-1, true), (0, true), (29, true), (59, true), (60, false), (90, false)]
            as [(Int64, Bool)])
    func window(seconds: Int64, isAccepted: Bool) {
        let made = Instant(seconds: 1_800_000_000)
        let code = OneTimeCode.code(Self.secret, step: OneTimeCode.step(at: made))
        let step = OneTimeCode.step(of: code, Self.secret, at: made.adding(seconds: seconds), after: -1)
        #expect(step == (isAccepted ? 60_000_000 : nil))
    }

    @Test("no step counts twice, nor one before it")
    func replays() {
        let now = Instant(seconds: 1_800_000_000)
        let current = OneTimeCode.step(at: now)
        for last in current - 2...current + 1 {
            for step in current - 1...current + 1 {
                let found = OneTimeCode.step(of: OneTimeCode.code(Self.secret, step: step), Self.secret, at: now, after: last)
                #expect(found == (step > last ? step : nil), "\(step - current) after \(last - current)")
            }
        }
    }

    @Test("a clock that was a year ahead, and is right again, locks nobody out")
    func clockSetBack() {
        let now = Instant(seconds: 1_800_000_000)
        let current = OneTimeCode.step(at: now)
        #expect(OneTimeCode.step(of: OneTimeCode.code(Self.secret, step: current), Self.secret, at: now, after: current + 1_051_200) == current)
    }

    @Test("what is no code is none, and no moment traps", arguments: ["", "28708", "2870822", "28708a", "２８７０８２", "٢٨٧٠٨٢"])
    func noCodes(text: String) {
        #expect(!OneTimeCode.isCode(text))
        for seconds in [Int64.min, -1, 0, 1, 29, .max] {
            #expect(OneTimeCode.step(of: text, Self.secret, at: Instant(seconds: seconds), after: -1) == nil)
        }
    }

    @Test(
        "base 32 is that of RFC 4648",
        arguments: [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")])
    func base32(text: String, encoded: String) {
        #expect(Base32.text(Array(text.utf8)) == encoded)
        #expect(Base32.bytes(encoded) == Array(text.utf8))
    }

    @Test("base 64 for addresses is read in its one form", arguments: ["", "AA", "AAA", "AAAA", "_-8", "Zm9vYmFy"])
    func base64(text: String) {
        #expect(Base64URL.bytes(text).map { Base64URL.text($0) } == text)
        for other in [text + "A=", text + "+", "A" + text + "AAAA A", text.isEmpty ? "A" : String(text.dropLast()) + "!"] {
            #expect(Base64URL.bytes(other) == nil, "\(other)")
        }
        #expect(Base64URL.bytes("AB") == nil, "bits are left over")
    }

    @Test("an app is told whose code it is, as the key's address says it")
    func uri() {
        #expect(
            OneTimeCode.uri(Self.secret, account: "ana+ptsa@oak.example")
                == "otpauth://totp/Marquee:ana%2Bptsa%40oak.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Marquee&algorithm=SHA1&digits=6&period=30"
        )
    }

    @Test(
        "a recovery code is read as people write it",
        arguments: [("k7m2q-9x4pd", "k7m2q9x4pd"), ("K7M2Q 9X4PD", "k7m2q9x4pd"), ("oil00-00000", "0110000000"), (" k7m2q9x4pd ", "k7m2q9x4pd")])
    func recoveryCode(text: String, code: String) {
        #expect(RecoveryCode.read(text) == code)
    }

    @Test(
        "what can't be a recovery code is none",
        arguments: ["", "k7m2q-9x4p", "k7m2q-9x4pdd", "k7m2u-9x4pd", "k7m2q-9x4pé", String(repeating: "a", count: 1000)])
    func noRecoveryCode(text: String) {
        #expect(RecoveryCode.read(text) == nil)
    }

    @Test("what is sealed opens for its owner, with its key and purpose, unchanged")
    func sealing() throws {
        let key = ServerKey([UInt8](repeating: 1, count: ServerKey.size))
        let sealing = Sealing(key, purpose: "a")
        let sealed = try sealing.seal(Self.secret, of: "ana")
        #expect(sealing.open(sealed, of: "ana") == Self.secret)
        #expect(sealing.open(sealed, of: "bob") == nil)
        #expect(Sealing(key, purpose: "b").open(sealed, of: "ana") == nil)
        #expect(Sealing(ServerKey([UInt8](repeating: 2, count: ServerKey.size)), purpose: "a").open(sealed, of: "ana") == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(sealing.open(changed, of: "ana") == nil)
        }
        #expect(sealing.open([], of: "ana") == nil && sealing.open([1, 2, 3], of: "ana") == nil)
        #expect(try sealing.seal(Self.secret, of: "ana") != sealed)
    }
}

extension Base32 {
    /// What an app does with the secret.
    static func bytes(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for digit in text.utf8 where digit != UInt8(ascii: " ") {
            bits = bits << 5 | UInt32(digit >= UInt8(ascii: "A") ? digit - UInt8(ascii: "A") : digit - UInt8(ascii: "2") + 26)
            count += 5
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> count))
            }
            bits &= (1 << count) - 1
        }
        return output
    }
}
