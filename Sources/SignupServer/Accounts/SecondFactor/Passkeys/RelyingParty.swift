import Crypto
import Foundation

/// Who asks for a passkey: this app host. Judges what browser and authenticator say, without a database.
struct RelyingParty: Sendable {
    /// A domain. Passkeys of another never fit, whatever page asks for them.
    let id: String
    /// Of our pages, exactly.
    let origin: String

    /// What a browser says it was asked (WebAuthn Level 3, 5.8.1).
    private struct ClientData: Decodable {
        let type: String
        let challenge: String
        let origin: String
        let crossOrigin: Bool?
    }

    enum Ceremony: String {
        case registration = "webauthn.create"
        case authentication = "webauthn.get"
    }

    private static let longest = 8_192

    /// The challenge that the browser answers to, if it was asked by a page of ours, for this. Nil otherwise.
    func challenge(in clientData: [UInt8], of ceremony: Ceremony) -> String? {
        guard clientData.count <= Self.longest, let data = try? JSONDecoder().decode(ClientData.self, from: Data(clientData)),
            data.type == ceremony.rawValue, data.origin == origin, data.crossOrigin != true, let challenge = Base64URL.bytes(data.challenge)
        else { return nil }
        return String(validating: challenge, as: UTF8.self)
    }

    /// The new credential in an attestation object (WebAuthn Level 3, 6.5). Attestations are neither asked for nor looked at: only the format
    /// `none` is taken.
    func newCredential(_ attestation: [UInt8]) -> (credential: AuthenticatorData.Credential, signCount: UInt32)? {
        guard attestation.count <= Self.longest, let value = try? CBORReader.value(of: attestation), value["fmt"] == .text("none"),
            value["attStmt"] == .map([:]), let data = value["authData"]?.bytes.flatMap({ AuthenticatorData($0) }), isOurs(data),
            let credential = data.credential
        else { return nil }
        return (credential, data.signCount)
    }

    /// What an authenticator says, if a key has signed it together with what the browser says (WebAuthn Level 3, 7.2).
    /// - Parameter mustVerify: the user must have shown who it is, not only that somebody is there.
    func verified(
        _ authenticatorData: [UInt8], _ clientData: [UInt8], signature: [UInt8], by key: PasskeyKey, mustVerify: Bool
    ) -> AuthenticatorData? {
        guard authenticatorData.count <= Self.longest, let data = AuthenticatorData(authenticatorData), isOurs(data),
            data.isUserVerified || !mustVerify,
            key.hasSigned(authenticatorData + SHA256.hash(data: clientData), signature)
        else { return nil }
        return data
    }

    private func isOurs(_ data: AuthenticatorData) -> Bool {
        data.relyingPartyHash == Array(SHA256.hash(data: Array(id.utf8))) && data.isUserPresent
    }
}
