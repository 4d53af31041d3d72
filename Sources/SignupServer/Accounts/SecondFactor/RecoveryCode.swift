/// A code on paper, for whoever has lost the phone: `k7m2q-9x4pd`. Case, spaces and hyphens don't matter, nor does what is mistaken for a
/// letter or digit.
enum RecoveryCode {
    /// How many there are at once.
    static let count = 10
    private static let length = 10
    /// Crockford's base 32: no i, l, o and u.
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// A new one, of 50 random bits.
    static func make(_ random: SecureRandom) -> String {
        String(random.bytes(length).map { digits[Int($0 & 31)] })
    }

    /// As it is shown.
    static func written(_ code: String) -> String { "\(code.prefix(length / 2))-\(code.dropFirst(length / 2))" }

    /// The one form of what somebody has typed; nil for what is no such code.
    static func read(_ text: String) -> String? {
        guard text.utf8.count <= 40 else { return nil }
        let code = text.lowercased().filter { !$0.isWhitespace && $0 != "-" }.map { character -> Character in
            switch character {
            case "i", "l": "1"
            case "o": "0"
            default: character
            }
        }
        guard code.count == length, code.allSatisfy(digits.contains) else { return nil }
        return String(code)
    }
}
