/// Splits bytes into tags and text the way a browser does (WHATWG HTML Standard, section 13.2.5).
///
/// Comments, declarations and processing instructions are left out. Any bytes are accepted; the work is linear in their number,
/// because the position only moves forward.
struct HTMLTokenizer {
    enum Token {
        /// Text between tags, with its character references as written.
        case text(Range<Int>)
        /// A start tag; its attributes are in `attributes` until the next token.
        case start(Tag)
        case end(Tag)
        /// A tag or comment that the text ends in.
        case unfinished(Range<Int>)
    }

    struct Tag {
        /// Nil when the name is longer than any known one.
        let name: PackedName?
        let nameRange: Range<Int>
        /// From `<` to `>`.
        let range: Range<Int>
    }

    struct Attribute {
        let name: PackedName?
        let nameRange: Range<Int>
        /// Nil for an attribute without `=`.
        let value: Range<Int>?

        /// From the name to the value's end, without its quote.
        var range: Range<Int> { nameRange.lowerBound..<(value ?? nameRange).upperBound }
    }

    /// More attributes than a person writes; the rest of a tag's are skipped.
    static let maximumAttributes = 100

    let input: [UInt8]
    private(set) var attributes: [Attribute] = []
    private var position = 0

    init(_ input: [UInt8]) {
        self.input = input
    }

    mutating func next() -> Token? {
        while position < input.count {
            guard input[position] == UInt8(ascii: "<") else { return text(from: position) }
            switch byte(at: position + 1) {
            case .some(let byte) where ASCII.isLetter(byte):
                return tag(nameStart: position + 1, isEnd: false)
            case UInt8(ascii: "/"):
                if let byte = byte(at: position + 2), ASCII.isLetter(byte) { return tag(nameStart: position + 2, isEnd: true) }
                if position + 2 >= input.count { return text(from: position) }
                if let unfinished = skipComment() { return unfinished }
            case UInt8(ascii: "!"), UInt8(ascii: "?"):
                if let unfinished = skipComment() { return unfinished }
            default:
                return text(from: position)
            }
        }
        return nil
    }

    /// Moves past `</name>`, or to the end of the input when there is none: what browsers do after `<script>` and its like.
    mutating func skipRawText(of tag: Tag) {
        let name = input[tag.nameRange]
        while let open = input[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = open + 1
            guard byte(at: position) == UInt8(ascii: "/"), input.count - position > name.count else { continue }
            let candidate = (position + 1)..<(position + 1 + name.count)
            guard candidate.upperBound <= input.count, equalIgnoringCase(name, input[candidate]), isTagNameEnd(candidate.upperBound) else { continue }
            position = candidate.upperBound
            position = min(endOfTag() ?? input.count, input.count)
            return
        }
        position = input.count
    }

    /// Moves to the end of the input.
    mutating func skipRest() {
        position = input.count
    }

    // MARK: Text

    private mutating func text(from start: Int) -> Token {
        // The byte at the start is text, whatever it is: `next` has looked at it.
        position = start + 1
        while position < input.count, input[position] != UInt8(ascii: "<") || !startsMarkup(position) { position += 1 }
        return .text(start..<position)
    }

    private func startsMarkup(_ index: Int) -> Bool {
        guard let next = byte(at: index + 1) else { return false }
        if next == UInt8(ascii: "/") { return index + 2 < input.count }
        return ASCII.isLetter(next) || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
    }

    // MARK: Tags

    private mutating func tag(nameStart: Int, isEnd: Bool) -> Token {
        let start = position
        position = nameStart
        while position < input.count, !isTagNameEnd(position) { position += 1 }
        let nameRange = nameStart..<position
        guard endOfTag() != nil else {
            position = input.count
            return .unfinished(start..<input.count)
        }
        let tag = Tag(name: PackedName(input[nameRange]), nameRange: nameRange, range: start..<position)
        return isEnd ? .end(tag) : .start(tag)
    }

    private func isTagNameEnd(_ index: Int) -> Bool {
        guard let byte = byte(at: index) else { return true }
        return ASCII.isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }

    /// Reads attributes up to `>`, moves past it and returns the new position; nil when the input ends first.
    private mutating func endOfTag() -> Int? {
        attributes.removeAll(keepingCapacity: true)
        while position < input.count {
            let byte = input[position]
            if byte == UInt8(ascii: ">") {
                position += 1
                return position
            }
            if ASCII.isSpace(byte) || byte == UInt8(ascii: "/") {
                position += 1
            } else if !readAttribute() {
                return nil
            }
        }
        return nil
    }

    /// Reads `name`, `name=value`, `name='value'` or `name="value"`; false when the input ends inside quotes.
    private mutating func readAttribute() -> Bool {
        let nameStart = position
        position += 1  // A name may begin with `=`.
        while position < input.count, !isTagNameEnd(position), input[position] != UInt8(ascii: "=") { position += 1 }
        let nameRange = nameStart..<position
        let afterName = position
        skipSpaces()
        guard byte(at: position) == UInt8(ascii: "=") else {
            position = afterName
            keep(nameRange, value: nil)
            return true
        }
        position += 1
        skipSpaces()
        guard position < input.count else { return false }
        let quote = input[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let valueStart = position + 1
            guard let valueEnd = input[valueStart...].firstIndex(of: quote) else { return false }
            position = valueEnd + 1
            keep(nameRange, value: valueStart..<valueEnd)
        } else {
            let valueStart = position
            while position < input.count, input[position] != UInt8(ascii: ">"), !ASCII.isSpace(input[position]) { position += 1 }
            keep(nameRange, value: valueStart..<position)
        }
        return true
    }

    private mutating func keep(_ nameRange: Range<Int>, value: Range<Int>?) {
        guard attributes.count < Self.maximumAttributes else { return }
        attributes.append(Attribute(name: PackedName(input[nameRange]), nameRange: nameRange, value: value))
    }

    private mutating func skipSpaces() {
        while position < input.count, ASCII.isSpace(input[position]) { position += 1 }
    }

    // MARK: Comments and the like

    /// Moves past `<!-- … -->`, `<!…>`, `<?…>` or `</…>` where no name follows.
    private mutating func skipComment() -> Token? {
        let start = position
        let isComment = input[start...].starts(with: "<!--".utf8)
        guard let end = isComment ? endOfComment(from: start + 4) : input[start...].firstIndex(of: UInt8(ascii: ">")) else {
            position = input.count
            return .unfinished(start..<input.count)
        }
        position = end + 1
        return nil
    }

    /// The `>` of `-->` or `--!>`, or of `<!-->` and `<!--->`.
    private func endOfComment(from start: Int) -> Int? {
        var index = start
        while let close = input[index...].firstIndex(of: UInt8(ascii: ">")) {
            let before = input[(start - 2)..<close]  // The opening hyphens count: `<!-->` is a whole comment.
            if before.hasSuffix("--") || (close - start >= 3 && before.hasSuffix("--!")) { return close }
            index = close + 1
        }
        return nil
    }

    private func byte(at index: Int) -> UInt8? {
        index < input.count ? input[index] : nil
    }

    private func equalIgnoringCase(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.elementsEqual(right) { ASCII.lowercased($0) == ASCII.lowercased($1) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
        suffix.withUTF8Buffer { count >= $0.count && self[(endIndex - $0.count)...].elementsEqual($0) }
    }
}
