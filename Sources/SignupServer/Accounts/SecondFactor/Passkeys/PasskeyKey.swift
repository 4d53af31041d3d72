import Crypto

/// A passkey's public key (COSE_Key, RFC 9052, 7, with RFC 9053): ES256 on P-256, or EdDSA with Ed25519.
enum PasskeyKey: Sendable {
    case es256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)

    /// COSE's numbers for what we verify, the best first.
    static let algorithms = [-8, -7]

    /// Nil for another kind of key, and for one that is none: a point that is not on its curve.
    init?(_ value: CBORValue) {
        let x = value[.number(-2)]?.bytes
        switch (value[.number(1)], value[.number(3)], value[.number(-1)]) {
        case (.number(2), .number(-7), .number(1)):
            guard let x, let y = value[.number(-3)]?.bytes, x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(x963Representation: [4] + x + y)
            else { return nil }
            self = .es256(key)
        case (.number(1), .number(-8), .number(6)):
            guard let x, x.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x) else { return nil }
            self = .ed25519(key)
        default: return nil
        }
    }

    func hasSigned(_ data: [UInt8], _ signature: [UInt8]) -> Bool {
        switch self {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .ed25519(let key): return key.isValidSignature(signature, for: data)
        }
    }
}
