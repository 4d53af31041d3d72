/// What an authenticator says of itself and the user (WebAuthn Level 3, 6.1).
struct AuthenticatorData: Sendable {
    /// A credential that was just made (6.5.2).
    struct Credential: Sendable {
        let id: [UInt8]
        let publicKey: PasskeyKey
        /// As it was written.
        let encodedKey: [UInt8]
    }

    /// SHA-256 of the domain that the credential belongs to.
    let relyingPartyHash: [UInt8]
    let isUserPresent: Bool
    /// By fingerprint, face or PIN.
    let isUserVerified: Bool
    let signCount: UInt32
    let credential: Credential?

    private static let fixedSize = 37
    /// Bytes of a credential's id (WebAuthn Level 3, 4).
    static let longestID = 1023

    /// Nil for what is not of that form, and for a kind of key that we can't verify.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.fixedSize else { return nil }
        relyingPartyHash = Array(bytes[..<32])
        let flags = bytes[32]
        let (hasCredential, hasExtensions) = (flags & 0x40 != 0, flags & 0x80 != 0)
        isUserPresent = flags & 0x01 != 0
        isUserVerified = flags & 0x04 != 0
        // What can't be backed up can't have been (7.1, step 18; 7.2, step 17).
        guard flags & 0x10 == 0 || flags & 0x08 != 0 else { return nil }
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = Array(bytes[Self.fixedSize...])
        if hasCredential {
            guard let (credential, size) = Self.credential(rest) else { return nil }
            self.credential = credential
            rest = Array(rest[size...])
        } else {
            credential = nil
        }
        if hasExtensions {
            guard case .map? = try? CBORReader.value(of: rest) else { return nil }
        } else {
            guard rest.isEmpty else { return nil }
        }
    }

    private static func credential(_ bytes: [UInt8]) -> (Credential, size: Int)? {
        // After the model's number.
        let start = 18
        guard bytes.count >= start else { return nil }
        let length = Int(bytes[16]) << 8 | Int(bytes[17])
        guard (1...longestID).contains(length), bytes.count >= start + length else { return nil }
        let encoded = Array(bytes[(start + length)...])
        var reader = CBORReader(encoded)
        guard let value = try? reader.next(), let key = PasskeyKey(value) else { return nil }
        return (
            Credential(id: Array(bytes[start..<start + length]), publicKey: key, encodedKey: Array(encoded[..<reader.position])),
            start + length + reader.position
        )
    }
}
