/// Why a text is not a host name or not a Host header. The description is meant for the person who typed it.
package enum HostnameError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case tooLong
    case emptyLabel
    case labelTooLong
    case badCharacter
    case hyphenAtEdge
    case badNumber
    case badAddress
    case badPort

    package var description: String {
        switch self {
        case .empty: "The host name is missing."
        case .tooLong: "The host name is too long: at most 253 characters."
        case .emptyLabel: "The host name has an empty part: look for two dots in a row or a dot at the start."
        case .labelTooLong: "A part of the host name is too long: at most 63 characters between two dots."
        case .badCharacter: "The host name may only have letters, digits, hyphens and dots; names in other scripts are written in their xn-- form."
        case .hyphenAtEdge: "A part of the host name begins or ends with a hyphen."
        case .badNumber: "The host name ends in a number but is not an address of four numbers from 0 to 255."
        case .badAddress: "The IPv6 address in brackets is not complete."
        case .badPort: "The port after the colon must be a number from 0 to 65535."
        }
    }
}
