/// Why a mail can't be written as it was asked for. A mistake in the program or in the settings, not of the recipient.
package enum MailMessageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where a text stands.
    package enum Place: String, Sendable, Hashable {
        case subject, name
        case unsubscribe = "unsubscribe address"
        case messageID = "message id"
    }

    /// A line break, a NUL or another control character: it would end the header, and begin one of a stranger's.
    case controlCharacter(Place)
    case tooLong(Place, limit: Int)
    /// Not an address that begins with https:// or http://, in ASCII and without spaces.
    case badAddress(Place)
    /// Bytes of a text or of the HTML part.
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .controlCharacter(let place): "the \(place.rawValue) of a mail has a line break or another control character: take it out"
        case .tooLong(let place, let limit): "the \(place.rawValue) of a mail is too long: at most \(limit) bytes"
        case .badAddress(let place): "the \(place.rawValue) of a mail is no web address: write one that begins with https://"
        case .tooLarge(let limit): "a mail is too large: at most \(limit) bytes of text"
        }
    }
}
