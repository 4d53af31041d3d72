/// Why a text is not a slug. The description is meant for the person who typed it.
package enum SlugError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case tooShort
    case tooLong
    case badStart
    case badCharacter
    case doubleHyphen
    case hyphenAtEnd
    case reserved

    package var description: String {
        switch self {
        case .empty: "The short name is missing: write 3 to 40 letters, for example lincoln."
        case .tooShort: "The short name is too short: write at least \(Slug.minimumLength) characters."
        case .tooLong: "The short name is too long: write at most \(Slug.maximumLength) characters."
        case .badStart: "The short name must begin with a letter from a to z, in lower case."
        case .badCharacter: "The short name may only have the letters a to z in lower case, digits and hyphens: no spaces, dots or accents."
        case .doubleHyphen: "The short name has two hyphens in a row: write one."
        case .hyphenAtEnd: "The short name ends with a hyphen: leave it out."
        case .reserved: "This short name is reserved for the platform: choose another one, for example with the town's name added."
        }
    }
}
