import SiteBuilder

/// Words for a reader: a string of `Templates/server/strings`, or what is the same in every language, such as a name.
enum Words: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The key, and what goes into the places in braces.
    case string(String, [String: String])
    case verbatim(String)

    /// The key of a string without places.
    init(stringLiteral key: String) {
        self = .string(key, [:])
    }

    func text(_ strings: UIStrings) -> String {
        switch self {
        case .string(let key, let parameters): strings(key, parameters)
        case .verbatim(let text): text
        }
    }
}
