import Crypto
import Foundation

/// Keeps secrets in the database that the server itself needs again (AES-256-GCM). A copy of the database without `server.key` reveals none.
struct Sealing: Sendable {
    private let key: SymmetricKey

    /// - Parameter purpose: what was sealed for one can't be opened for another.
    init(_ key: ServerKey, purpose: String) {
        self.key = key.key(for: purpose)
    }

    /// - Parameter owner: a sealed secret that is moved to another owner can't be opened.
    func seal(_ secret: [UInt8], of owner: String) throws -> [UInt8] {
        Array(try AES.GCM.seal(secret, using: key, authenticating: Array(owner.utf8)).combined ?? Data())
    }

    /// Nil for what was changed, belongs to another owner, or was sealed with a key that is gone.
    func open(_ sealed: [UInt8], of owner: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return (try? AES.GCM.open(box, using: key, authenticating: Array(owner.utf8))).map { Array($0) }
    }
}
