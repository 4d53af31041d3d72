import Crypto
import Foundation

@testable import SignupServer

/// A device with one passkey, which does whatever a test wants.
struct TestAuthenticator: Sendable {
    enum Key: Sendable {
        case es256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    /// How an answer differs from a right one.
    struct Changes: Sendable {
        var type: String?
        var origin: String?
        var crossOrigin = false
        var rpID: String?
        /// User present and verified.
        var flags: UInt8 = 0x05
        var count: UInt32 = 0
        var format = "none"
        var clientDataText: String?
        var trailing: [UInt8] = []
        var spoilsSignature = false
        var otherSigner: TestAuthenticator?
        var user: String?
    }

    let rpID: String
    let origin: String
    let id: [UInt8]
    let key: Key

    init(rpID: String, origin: String, id: [UInt8] = Array(UUID().uuidString.utf8), key: Key = .es256(P256.Signing.PrivateKey())) {
        self.rpID = rpID
        self.origin = origin
        self.id = id
        self.key = key
    }

    var credential: String { Base64URL.text(id) }

    /// COSE_Key
    var publicKey: CBORValue {
        switch key {
        case .es256(let key):
            let point = Array(key.publicKey.x963Representation)
            return .map([
                .number(1): .number(2), .number(3): .number(-7), .number(-1): .number(1), .number(-2): .bytes(Array(point[1..<33])),
                .number(-3): .bytes(Array(point[33...])),
            ])
        case .ed25519(let key):
            return .map([
                .number(1): .number(1), .number(3): .number(-8), .number(-1): .number(6), .number(-2): .bytes(Array(key.publicKey.rawRepresentation)),
            ])
        }
    }

    func authenticatorData(flags: UInt8, count: UInt32, withCredential: Bool, rpID other: String? = nil) -> [UInt8] {
        let head = Array(SHA256.hash(data: Array((other ?? rpID).utf8))) + [flags] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
        guard withCredential else { return head }
        return head + [UInt8](repeating: 0, count: 16) + [UInt8(id.count >> 8), UInt8(id.count & 255)] + id + publicKey.encoded
    }

    func attestation(_ changes: Changes = Changes()) -> [UInt8] {
        let data = authenticatorData(flags: changes.flags | 0x40, count: changes.count, withCredential: true, rpID: changes.rpID) + changes.trailing
        return CBORValue.map([.text("fmt"): .text(changes.format), .text("attStmt"): .map([:]), .text("authData"): .bytes(data)]).encoded
    }

    private func clientData(_ type: String, _ challenge: String, _ changes: Changes) -> [UInt8] {
        let text =
            "{\"type\":\"\(changes.type ?? type)\",\"challenge\":\"\(challenge)\",\"origin\":\"\(changes.origin ?? origin)\",\"crossOrigin\":\(changes.crossOrigin)}"
        return Array((changes.clientDataText ?? text).utf8)
    }

    /// - Parameter challenge: as the options have it.
    func registration(_ challenge: String, name: String = "My phone", _ changes: Changes = Changes()) -> [(String, String)] {
        [
            ("client_data", Base64URL.text(clientData("webauthn.create", challenge, changes))), ("attestation", Base64URL.text(attestation(changes))),
            ("name", name), ("next", "/account"),
        ]
    }

    func assertion(_ challenge: String, of user: String, next: String = "/account", _ changes: Changes = Changes()) throws -> [(String, String)] {
        let client = clientData("webauthn.get", challenge, changes)
        let data = authenticatorData(flags: changes.flags, count: changes.count, withCredential: false, rpID: changes.rpID) + changes.trailing
        let signed = data + SHA256.hash(data: client)
        var signature: [UInt8] =
            switch (changes.otherSigner ?? self).key {
            case .es256(let key): Array(try key.signature(for: signed).derRepresentation)
            case .ed25519(let key): Array(try key.signature(for: signed))
            }
        if changes.spoilsSignature { signature[signature.count - 1] ^= 1 }
        return [
            ("credential", credential), ("client_data", Base64URL.text(client)), ("authenticator_data", Base64URL.text(data)),
            ("signature", Base64URL.text(signature)), ("user", Base64URL.text((changes.user ?? user).utf8)), ("next", next),
        ]
    }
}
