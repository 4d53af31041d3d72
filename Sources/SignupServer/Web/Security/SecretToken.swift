import Crypto
import Database

/// 256 random bits that open something: a session, a link in a mail. Its holder has the text; we keep the hash alone, so that a copy of the
/// database opens nothing.
struct SecretToken: Sendable {
    /// 43 characters of `A-Z a-z 0-9 - _` (base64url without padding, RFC 4648, 5).
    let text: String

    private static let length = 43

    /// A new one.
    init(_ random: SecureRandom) {
        text = Base64URL.text(random.bytes(32))
    }

    /// One that a request brings. Nil for what can't be a token.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Base64URL.isDigit) else { return nil }
        self.text = String(text)
    }

    var hash: TokenHash { TokenHash(text) }
}

/// What is kept of a secret: SHA-256, in 64 lower-case digits. Enough for secrets that nobody can guess; a short code is hashed with a key.
struct TokenHash: Sendable, Hashable {
    let text: String

    fileprivate init(_ secret: String) {
        self.init(of: secret)
    }

    /// - Parameter secret: at least 60 random bits in its one form.
    init(of secret: String) {
        text = Hexadecimal.text(SHA256.hash(data: Array(secret.utf8)))
    }
}

extension TokenHash: SQLConvertible {
    var sqlValue: SQLValue { .text(text) }

    init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue, text.utf8.count == 64 else { return nil }
        self.text = text
    }
}

/// RFC 4648, 5, without padding.
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String { BitGroups.text(bytes, of: 6, digits) }

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// Bytes as text, a digit for each group of bits, the last group filled up with zeros (RFC 4648).
enum BitGroups {
    /// - Parameters:
    ///   - size: of a group, in bits: at most 8.
    ///   - digits: one for each value of a group.
    static func text(_ bytes: some Sequence<UInt8>, of size: UInt32, _ digits: [UInt8]) -> String {
        let mask: UInt32 = (1 << size) - 1
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= size {
                count -= size
                output.append(digits[Int(bits >> count & mask)])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { output.append(digits[Int(bits << (size - count) & mask)]) }
        return String(decoding: output, as: UTF8.self)
    }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
