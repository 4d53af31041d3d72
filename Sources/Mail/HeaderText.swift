import FoundationEssentials

/// What may stand in a header, and how it is written there.
enum HeaderText {
    /// In bytes. Longer ones are nobody's name or subject.
    static let maximumLength = 500

    /// Throws if a text has a character that ends or hides a header.
    static func check(_ text: String, of place: MailMessageError.Place) throws(MailMessageError) {
        guard text.utf8.count <= maximumLength else { throw .tooLong(place, limit: maximumLength) }
        guard !text.unicodeScalars.contains(where: isControl) else { throw .controlCharacter(place) }
    }

    static func checkAddress(_ text: String, of place: MailMessageError.Place) throws(MailMessageError) {
        try check(text, of: place)
        let isAddress = text.hasPrefix("https://") || text.hasPrefix("http://")
        guard isAddress, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }) else {
            throw .badAddress(place)
        }
    }

    /// Also the separators of lines and paragraphs, and what turns the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    // MARK: Writing

    /// `Name: value`, with line breaks in front of words so that no line is longer than 76 characters where that can be.
    static func line(_ name: String, _ words: [String]) -> String {
        var text = name + ":"
        var length = text.utf8.count
        for (index, word) in words.enumerated() {
            // A line of white space alone is no longer part of a header to some, so the first word stays.
            if index > 0, length + 1 + word.utf8.count > lineLength {
                text += "\r\n"
                length = 0
            }
            text += " " + word
            length += 1 + word.utf8.count
        }
        return text + "\r\n"
    }

    static func line(_ name: String, _ value: String) -> String { line(name, [value]) }

    /// Text without a structure: as it is, or as encoded words (RFC 2047).
    static func unstructured(_ text: String) -> [String] {
        isPlain(text) ? text.split(separator: " ").map(String.init) : encodedWords(text)
    }

    /// `"Name" <address>`
    static func mailbox(_ mailbox: Mailbox) -> [String] {
        guard let name = mailbox.name else { return [mailbox.route] }
        let isPlain = isPlain(name) && name.utf8.count <= 60
        let quoted = "\"" + name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
        return (isPlain ? [quoted] : encodedWords(name)) + ["<\(mailbox.route)>"]
    }

    private static let lineLength = 76

    /// Words of ASCII with one space between two, none of them longer than a line, and nothing that a reader would decode.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?") && !text.hasPrefix(" ") && !text.hasSuffix(" ")
            && !text.contains("  ") && text.split(separator: " ").allSatisfy { $0.utf8.count <= 60 }
    }

    /// `=?utf-8?B?…?=`, at most 75 characters each, every one with whole characters of its own.
    private static func encodedWords(_ text: String) -> [String] {
        // They make 52 characters; with the rest around them and the name of a header, a word fits on a line.
        let limit = 39
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if bytes.count + next.count > limit {
                words.append("=?utf-8?B?\(Data(bytes).base64EncodedString())?=")
                bytes = []
            }
            bytes += next
        }
        if !bytes.isEmpty || words.isEmpty { words.append("=?utf-8?B?\(Data(bytes).base64EncodedString())?=") }
        return words
    }
}
