import Crypto
import Tenancy

/// The six digits that an app makes from a shared secret and the time (TOTP, RFC 6238, with SHA-1, which is what all apps can do).
enum OneTimeCode {
    static let stepSeconds: Int64 = 30
    static let digits = 6
    /// Bytes of a new secret: as long as the hash (RFC 4226, 4).
    static let secretSize = 20

    static func step(at now: Instant) -> Int64 { max(now.seconds, 0) / stepSeconds }

    /// RFC 4226, 5.3.
    static func code(_ secret: [UInt8], step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(hash[hash.count - 1] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        return String(String(1_000_000 + number % 1_000_000).dropFirst())
    }

    /// The step that a code belongs to: now's, the one before or the one after, for clocks that are not quite right. Nil for a wrong code, and for
    /// one of a step that was used already, or of an earlier one.
    /// - Parameter last: the step that was used last.
    static func step(of code: String, _ secret: [UInt8], at now: Instant, after last: Int64) -> Int64? {
        let current = step(at: now)
        // A clock that was set back must not lock everybody out until it is there again.
        let used = last > current + 1 ? -1 : last
        var found: Int64?
        // All three are looked at, so that the time tells nothing.
        for step in current - 1...current + 1 where Secret(Self.code(secret, step: step)).isSame(as: code) && step > used { found = step }
        return found
    }

    static func isCode(_ text: String) -> Bool {
        text.utf8.count == digits && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// What an app reads from the picture (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
    static func uri(_ secret: [UInt8], account: String) -> String {
        "otpauth://totp/\(issuer):\(PercentEncoding.component(account))?secret=\(Base32.text(secret))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(digits)&period=\(stepSeconds)"
    }

    private static let issuer = "Marquee"
}

/// RFC 4648, 6, without padding.
enum Base32 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String { BitGroups.text(bytes, of: 5, digits) }
}
