import Crypto

/// Signs what a browser keeps for us, and reads it when it comes back (HMAC-SHA-256, RFC 2104).
///
/// The parts stand between dots, and no part can hold one. So no part can be made longer at another's cost while the signature still fits
/// (the defect of CVE-2025-68113, where a shifted border moved the end of a challenge).
struct Signature: Sendable {
    private let key: SymmetricKey

    /// - Parameter purpose: what was signed for one is nothing for another.
    init(_ key: ServerKey, purpose: String) {
        self.key = key.key(for: purpose)
    }

    /// - Parameter parts: of `A-Z a-z 0-9 - _`; every other character is left out.
    func sign(_ parts: [String]) -> String {
        let text = parts.map { String(decoding: $0.utf8.filter(Base64URL.isDigit), as: UTF8.self) }.joined(separator: ".")
        return text + "." + Base64URL.text(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// The parts of what we signed; nil for everything else.
    func parts(of text: String) -> [String]? {
        guard text.utf8.count <= 1_000, let end = text.lastIndex(of: ".") else { return nil }
        let signed = text[..<end]
        let expected = Base64URL.text(HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key))
        guard Secret(expected).isSame(as: text[text.index(after: end)...]) else { return nil }
        return signed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    /// For a code too short to be kept as a plain hash: whoever has the database still lacks the key.
    func digest(_ text: String) -> String {
        Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}
