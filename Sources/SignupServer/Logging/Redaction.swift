/// Takes out of a text what no log may hold: addresses of machines, e-mail addresses and queries. Nothing of ours writes them; this is for
/// errors of libraries and of the system, which quote what they failed on.
enum Redaction {
    static func clean(_ text: String) -> String {
        guard text.utf8.contains(where: isSuspicious) else { return text }
        var cleaned = ""
        var word = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "?", let next = rest.first, !next.isWhitespace {
                // A query goes on to the next space or quote.
                cleaned += self.word(word) + "?…"
                word = ""
                rest = rest.drop { !$0.isWhitespace && !"\"'`)>".contains($0) }
            } else if character.isWhitespace || "\"'`()<>{},;=|[]/".contains(character) {
                cleaned += self.word(word)
                word = ""
                cleaned.append(character)
            } else {
                word.append(character)
            }
        }
        return cleaned + self.word(word)
    }

    private static func isSuspicious(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "@") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func word(_ word: String) -> String {
        if word.contains("@"), word.count > 2 { return "[e-mail]" }
        let bare = word.last.map { $0 == "." || $0 == ":" } ?? false ? String(word.dropLast()) : word
        if NetworkAddress(bare) != nil { return "[address]" }
        // `192.0.2.1:443`
        if let colon = bare.lastIndex(of: ":"), NetworkAddress(String(bare[..<colon])) != nil { return "[address]" }
        return word
    }
}
