/// The path of a file in a repository, with `/`, from its top.
///
/// A value of this type is safe to write below a folder: it is relative, has no `.` or `..`, nothing that git, a shell or a terminal could take
/// for something else, and no spelling of `.git`. Paths are compared byte by byte, as git and Linux do; Swift's strings would take two
/// spellings of `é` for one file.
package struct ContentPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// In bytes of UTF-8.
    package static let maximumLength = 512
    /// Of one component: what Linux file systems take.
    package static let maximumComponentLength = 255
    /// Folders above the file; `SiteBuilder` reads no deeper.
    package static let maximumDepth = 16

    package let text: String

    package init(_ text: some StringProtocol) throws(ContentPathError) {
        let text = String(text)
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        guard text.utf8.first != UInt8(ascii: "/") else { throw .absolute }
        for scalar in text.unicodeScalars {
            guard scalar != "\\" else { throw .backslash }
            guard !Self.isControl(scalar) else { throw .controlCharacter }
        }
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard components.count <= Self.maximumDepth + 1 else { throw .tooDeep }
        for component in components {
            guard !component.isEmpty else { throw .emptyComponent }
            guard component.count <= Self.maximumComponentLength else { throw .tooLong }
            guard !component.allSatisfy({ $0 == UInt8(ascii: ".") }) || component.count > 2 else { throw .dots }
            guard !Self.isGit(String(Substring(component))) else { throw .git }
        }
        self.text = text
    }

    package var description: String { text }

    /// The folders above, the nearest one last: `a` and `a/b` for `a/b/c.md`.
    var folders: [String] {
        var folders: [String] = []
        for index in text.utf8.indices where text.utf8[index] == UInt8(ascii: "/") { folders.append(String(text[..<index])) }
        return folders
    }

    package static func == (left: ContentPath, right: ContentPath) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    package static func < (left: ContentPath, right: ContentPath) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
    package func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }

    /// Control characters, line separators, and the marks that turn the direction of text and so show another name than there is.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: true
        default: false
        }
    }

    /// `.git` and `.gitmodules` as any file system may spell them: in any case, with the characters that HFS+ ignores, with the short names and
    /// the endings that NTFS ignores. The rules are those of git's is_hfs_dotgit() and is_ntfs_dotgit().
    private static func isGit(_ component: String) -> Bool {
        var name = ""
        for scalar in component.unicodeScalars.prefix(while: { $0 != ":" }) where !isIgnoredByHFS(scalar) { name.unicodeScalars.append(scalar) }
        name = name.lowercased()
        while name.utf8.last == UInt8(ascii: " ") || name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        if name == ".git" || name == ".gitmodules" { return true }
        // NTFS makes short names such as GIT~1 and GITMOD~1.
        guard let tilde = name.utf8.firstIndex(of: UInt8(ascii: "~")) else { return false }
        let digits = name.utf8[name.utf8.index(after: tilde)...]
        return ["git", "gitmod"].contains(name[..<tilde]) && !digits.isEmpty
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isIgnoredByHFS(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}

/// Why a text is not a path of content. The description is meant for the person who chose the name.
package enum ContentPathError: Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case empty
    case absolute
    case emptyComponent
    case dots
    case backslash
    case controlCharacter
    case git
    case tooLong
    case tooDeep
    case notUTF8

    package var description: String {
        switch self {
        case .empty: "The file has no name: give it one, for example news/fair.md."
        case .absolute: "The name begins with a slash: leave it out."
        case .emptyComponent: "The name has an empty part: write one slash between a folder and a file, and none at the end."
        case .dots: "The name has . or .. in it: write the path from the top of the site."
        case .backslash: "The name has a backslash: write / between folders."
        case .controlCharacter: "The name has a character that can't be seen: type the name anew."
        case .git: "This name belongs to git itself: choose another one."
        case .tooLong:
            "The name is too long: use at most \(ContentPath.maximumComponentLength) bytes, and \(ContentPath.maximumLength) with all folders."
        case .tooDeep: "The file is in too many folders: use at most \(ContentPath.maximumDepth)."
        case .notUTF8: "The name is not text in UTF-8: rename the file with plain letters."
        }
    }
}
