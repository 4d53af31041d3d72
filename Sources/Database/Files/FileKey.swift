/// The name of a file below a tenant's folder: `letters/2026-09/welcome.pdf`.
///
/// A value of this type can't lead anywhere else: one to eight parts between single slashes, each of 1 to 100 bytes, none beginning with a
/// dot (so neither `.` nor `..`, and no temporary file), without NUL, control characters and backslashes. Whether a link stands in its way
/// is found out when it is opened, see `TenantFiles`.
package struct FileKey: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    package init(_ text: some StringProtocol) throws(FileKeyError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !text.utf8.isEmpty else { throw .empty }
        guard text.utf8.first != UInt8(ascii: "/") else { throw .absolute }
        guard parts.count <= 8 else { throw .tooDeep }
        for part in parts {
            guard let first = part.first else { throw .emptyPart }
            guard first != UInt8(ascii: ".") else { throw .dot }
            guard part.count <= 100 else { throw .tooLong }
            guard part.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { throw .badCharacter }
        }
        self.text = String(text)
    }

    package var description: String { text }

    /// The last part.
    var name: String { String(text[(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)...]) }
    /// The parts before it.
    var folders: [String] { text.split(separator: "/").dropLast().map(String.init) }
}

/// Why a text is no `FileKey`.
package enum FileKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case absolute
    case emptyPart
    case dot
    case tooDeep
    case tooLong
    case badCharacter

    package var description: String {
        switch self {
        case .empty: "The file name is missing."
        case .absolute: "The file name begins with a slash: leave it out."
        case .emptyPart: "The file name has two slashes in a row or one at its end."
        case .dot: "A part of the file name begins with a dot: take another name."
        case .tooDeep: "The file name has too many folders: at most 8 parts."
        case .tooLong: "A part of the file name is too long: at most 100 bytes between two slashes."
        case .badCharacter: "The file name has a control character or a backslash: take it out."
        }
    }
}
