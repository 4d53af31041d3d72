/// Cuts text into the terms of the search index, spelled as `SearchFolding` says.
///
/// A word is a term, cut after 32 characters. Where words are not separated by spaces (Chinese, Japanese, Thai…) or end in particles
/// (Korean) every two neighbouring characters are a term, and a character alone is one.
enum SearchTokenizer {
    static let longestTerm = 32

    /// Calls `use` with each term of UTF-8 text, in order. Bytes that are no UTF-8 separate words.
    ///
    /// - Parameter singles: also give the last character of a run without spaces as a term of its own. The index needs it: a search
    ///   for one character finds the pairs that begin with it, but the last one begins none.
    static func forEachTerm(in text: Span<UInt8>, singles: Bool = false, _ use: (Span<UInt8>) -> Void) {
        let folding = SearchFolding.shared
        var run = Run(singles: singles)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                index &+= 1
                if byte &- 0x61 < 26 || byte &- 0x30 < 10 {
                    run.append(ascii: byte, use)
                } else if byte &- 0x41 < 26 {
                    run.append(ascii: byte | 0x20, use)
                } else {
                    run.end(use)
                }
                continue
            }
            guard let scalar = composed(text, &index) else {
                run.end(use)
                continue
            }
            switch folding.fold(scalar) {
            case .ignored: break
            case .separator: run.end(use)
            case .letter(let letter): run.append(letter: letter, use)
            case .letters(let first, let second):
                run.append(ascii: first, use)
                run.append(ascii: second, use)
            case .dense(let character): run.append(dense: character, use)
            }
        }
        run.end(use)
    }

    /// The word, or the run without spaces, that is being read.
    private struct Run {
        let singles: Bool
        /// Of a word all its bytes, of a dense run those of its last character.
        private var bytes = InlineArray<132, UInt8>(repeating: 0)
        private var count = 0
        private var characters = 0
        private var isDense = false

        init(singles: Bool) { self.singles = singles }

        mutating func append(ascii byte: UInt8, _ use: (Span<UInt8>) -> Void) {
            if isDense { end(use) }
            guard characters < longestTerm else { return }
            bytes[count] = byte
            count &+= 1
            characters &+= 1
        }

        mutating func append(letter: UInt32, _ use: (Span<UInt8>) -> Void) {
            if isDense { end(use) }
            guard characters < longestTerm else { return }
            encode(letter)
            characters &+= 1
        }

        mutating func append(dense character: UInt32, _ use: (Span<UInt8>) -> Void) {
            if !isDense { end(use) }
            isDense = true
            let previous = count
            encode(character)
            characters = min(characters &+ 1, 2)
            guard previous > 0 else { return }
            use(bytes.span.extracting(0..<count))
            for position in previous..<count { bytes[position &- previous] = bytes[position] }
            count &-= previous
        }

        mutating func end(_ use: (Span<UInt8>) -> Void) {
            if count > 0, !isDense || characters == 1 || singles { use(bytes.span.extracting(0..<count)) }
            count = 0
            characters = 0
            isDense = false
        }

        private mutating func encode(_ scalar: UInt32) {
            func put(_ value: UInt32) {
                bytes[count] = UInt8(truncatingIfNeeded: value)
                count &+= 1
            }
            switch scalar {
            case ..<0x80: put(scalar)
            case ..<0x800:
                put(0xC0 | scalar >> 6)
                put(0x80 | scalar & 0x3F)
            case ..<0x10000:
                put(0xE0 | scalar >> 12)
                put(0x80 | scalar >> 6 & 0x3F)
                put(0x80 | scalar & 0x3F)
            default:
                put(0xF0 | scalar >> 18)
                put(0x80 | scalar >> 12 & 0x3F)
                put(0x80 | scalar >> 6 & 0x3F)
                put(0x80 | scalar & 0x3F)
            }
        }
    }

    // MARK: - Reading characters

    /// The next character, with the parts of й, of a Hangul syllable or of a voiced kana put together (Unicode NFC for these alone, since
    /// `SearchFolding` takes all other accents away). Nil, one byte further, where there is no UTF-8.
    private static func composed(_ text: Span<UInt8>, _ index: inout Int) -> UInt32? {
        guard var scalar = decode(text, &index) else { return nil }
        while index < text.count, mayCompose(scalar) {
            var next = index
            guard let mark = decode(text, &next), let whole = compose(scalar, mark) else { break }
            scalar = whole
            index = next
        }
        return scalar
    }

    private static func mayCompose(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0418, 0x0438, 0x1100...0x1112, 0x3046...0x30FD, 0xAC00...0xD7A3: true
        default: false
        }
    }

    private static func compose(_ base: UInt32, _ mark: UInt32) -> UInt32? {
        switch (base, mark) {
        case (0x0418, 0x0306), (0x0438, 0x0306): base + 1  // Й, й
        case (0x1100...0x1112, 0x1161...0x1175): 0xAC00 + ((base - 0x1100) * 21 + (mark - 0x1161)) * 28
        case (0xAC00...0xD7A3, 0x11A8...0x11C2): (base - 0xAC00) % 28 == 0 ? base + (mark - 0x11A7) : nil
        case (0x30EF...0x30F2, 0x3099): base + 8  // ヷヸヹヺ
        case (0x3046...0x30FD, 0x3099), (0x3046...0x30FD, 0x309A): voiced(base, mark)
        default: nil
        }
    }

    /// The voiced (が) or half-voiced (ぱ) form of a kana.
    private static func voiced(_ kana: UInt32, _ mark: UInt32) -> UInt32? {
        // Katakana stand 0x60 after their hiragana.
        let hiragana = kana >= 0x30A0 ? kana - 0x60 : kana
        switch hiragana {
        case 0x306F, 0x3072, 0x3075, 0x3078, 0x307B: return kana + (mark - 0x3098)
        case _ where mark != 0x3099: return nil
        case 0x3046: return kana + 0x4E
        case 0x304B...0x3061: return hiragana & 1 == 1 ? kana + 1 : nil
        case 0x3064, 0x3066, 0x3068, 0x309D: return kana + 1
        default: return nil
        }
    }

    /// The UTF-8 sequence at an index (RFC 3629): no overlong forms, no surrogates. Nil, one byte further, for anything else.
    private static func decode(_ text: Span<UInt8>, _ index: inout Int) -> UInt32? {
        let start = index
        index &+= 1
        let lead = text[start]
        let length: Int
        var scalar: UInt32
        let smallest: UInt32
        switch lead {
        case ..<0x80: return UInt32(lead)
        case 0xC2...0xDF: (length, scalar, smallest) = (2, UInt32(lead & 0x1F), 0x80)
        case 0xE0...0xEF: (length, scalar, smallest) = (3, UInt32(lead & 0x0F), 0x800)
        case 0xF0...0xF4: (length, scalar, smallest) = (4, UInt32(lead & 0x07), 0x10000)
        default: return nil
        }
        guard text.count &- start >= length else { return nil }
        for position in start &+ 1..<start &+ length {
            let byte = text[position]
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= smallest, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return nil }
        index = start &+ length
        return scalar
    }
}
