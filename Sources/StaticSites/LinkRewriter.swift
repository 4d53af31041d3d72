/// Puts a path in front of the root-relative links of a file, so that a site made for the root of a host works below `/org/<slug>`.
///
/// It is a scanner, not a parser: it walks over tags or strings, notes where a value begins with one slash, and copies everything else
/// byte by byte. At worst a link is missed. Links to other hosts (`//host`, `https:`) and relative ones are left alone.
struct LinkRewriter {
    private let bytes: [UInt8]
    /// Positions in front of which the path goes, ascending.
    private var insertions: [Int] = []

    /// - Parameter base: the path, beginning with a slash and not ending with one.
    static func rewrite(_ bytes: [UInt8], links: ContentType.Links, base: [UInt8]) -> [UInt8] {
        var rewriter = LinkRewriter(bytes: bytes)
        switch links {
        case .html: rewriter.scanHTML()
        case .css: rewriter.scanCSS(bytes.indices)
        case .json: rewriter.scanJSON()
        }
        return rewriter.inserting(base)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func inserting(_ base: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + insertions.count * base.count)
        var copied = 0
        for position in insertions {
            result += bytes[copied..<position]
            result += base
            copied = position
        }
        return result + bytes[copied...]
    }

    // MARK: HTML

    private mutating func scanHTML() {
        var index = 0
        while let open = next(UInt8(ascii: "<"), from: index) {
            index = open + 1
            guard index < bytes.count else { return }
            if has("!--", at: index) {
                index = position(of: "-->", from: index + 3)
            } else if isLetter(bytes[index]) {
                index = scanTag(from: index)
            } else {
                index = next(UInt8(ascii: ">"), from: index) ?? bytes.count
            }
        }
    }

    /// From the first letter of a tag's name to behind the tag, and behind its text if that is not markup.
    private mutating func scanTag(from start: Int) -> Int {
        var index = start
        while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/") { index += 1 }
        let name = String(decoding: bytes[start..<index].map(lowercased), as: UTF8.self)
        index = scanAttributes(from: index)
        guard Self.rawTextElements.contains(name) else { return index }
        let end = position(of: "</" + name, from: index)
        if name == "style" { scanCSS(index..<end) }
        return end
    }

    private static let rawTextElements: Set = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]

    private mutating func scanAttributes(from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">") { return index + 1 }
            if isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") {
                index += 1
                continue
            }
            let name = index
            index += 1
            while index < bytes.count, !isSpace(bytes[index]), !Self.endsAttributeName.contains(bytes[index]) { index += 1 }
            let nameEnd = index
            let equals = skipSpaces(from: index)
            guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else { continue }
            let value = valueRange(from: skipSpaces(from: equals + 1))
            scanValue(value, ofAttribute: bytes[name..<nameEnd].map(lowercased))
            index = value.upperBound
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") { index += 1 }
        }
        return index
    }

    private static let endsAttributeName = [UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "/")]

    /// The value without its quotation marks.
    private func valueRange(from start: Int) -> Range<Int> {
        guard start < bytes.count else { return start..<start }
        let quote = bytes[start]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            return (start + 1)..<(next(quote, from: start + 1) ?? bytes.count)
        }
        var end = start
        while end < bytes.count, !isSpace(bytes[end]), bytes[end] != UInt8(ascii: ">") { end += 1 }
        return start..<end
    }

    private mutating func scanValue(_ value: Range<Int>, ofAttribute name: [UInt8]) {
        let name = String(decoding: name, as: UTF8.self)
        switch name {
        case "href", "src", "action", "formaction", "poster", "data", "cite", "xlink:href":
            noteLink(at: skipSpaces(from: value.lowerBound), before: value.upperBound)
        case "srcset", "imagesrcset":
            scanSourceSet(value)
        case "content":
            noteLink(at: skipSpaces(from: value.lowerBound), before: value.upperBound)
            // <meta http-equiv=refresh content="0; url=/new/">
            let refresh = position(of: "url=", from: value.lowerBound, before: value.upperBound)
            if refresh < value.upperBound { noteLink(at: skipQuote(from: refresh + 4), before: value.upperBound) }
        case "style":
            scanCSS(value)
        default:
            // Scripts of the theme take their addresses from data attributes.
            if name.hasPrefix("data-") { noteLink(at: value.lowerBound, before: value.upperBound) }
        }
    }

    /// `url descriptor, url descriptor`: a URL ends at a space only, it may hold commas.
    private mutating func scanSourceSet(_ value: Range<Int>) {
        var index = value.lowerBound
        while index < value.upperBound {
            while index < value.upperBound, isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ",") { index += 1 }
            noteLink(at: index, before: value.upperBound)
            while index < value.upperBound, !isSpace(bytes[index]) { index += 1 }
            guard index > value.lowerBound, bytes[index - 1] != UInt8(ascii: ",") else { continue }
            while index < value.upperBound, bytes[index] != UInt8(ascii: ",") { index += 1 }
        }
    }

    // MARK: CSS and JSON

    private mutating func scanCSS(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if has("/*", at: index) {
                index = position(of: "*/", from: index + 2)
            } else if has("url(", at: index) {
                index += 4
                noteLink(at: skipQuote(from: skipSpaces(from: index)), before: range.upperBound)
            } else if has("@import", at: index) {
                index += 7
                let quoted = skipSpaces(from: index)
                if skipQuote(from: quoted) > quoted { noteLink(at: skipQuote(from: quoted), before: range.upperBound) }
            } else {
                index += 1
            }
        }
    }

    private mutating func scanJSON() {
        var index = 0
        while let open = next(UInt8(ascii: "\""), from: index) {
            index = open + 1
            noteLink(at: index, before: bytes.count)
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
            index += 1
        }
    }

    // MARK: Bytes

    /// Notes a link that begins with one slash. Two slashes, or a slash and a backslash, lead to another host.
    private mutating func noteLink(at index: Int, before end: Int) {
        guard index < end, bytes[index] == UInt8(ascii: "/") else { return }
        if index + 1 < end, bytes[index + 1] == UInt8(ascii: "/") || bytes[index + 1] == UInt8(ascii: "\\") { return }
        if insertions.last.map({ $0 < index }) ?? true { insertions.append(index) }
    }

    private func next(_ byte: UInt8, from index: Int) -> Int? {
        index < bytes.count ? bytes[index...].firstIndex(of: byte) : nil
    }

    /// The first place of a text, which is given in lower case, ignoring case; the end if there is none.
    private func position(of text: String, from start: Int, before end: Int? = nil) -> Int {
        let end = end ?? bytes.count
        var index = start
        while index < end {
            if has(text, at: index) { return index }
            index += 1
        }
        return end
    }

    private func has(_ text: String, at index: Int) -> Bool {
        guard index <= bytes.count - text.utf8.count else { return false }
        var position = index
        for byte in text.utf8 {
            guard lowercased(bytes[position]) == byte else { return false }
            position += 1
        }
        return true
    }

    private func skipSpaces(from start: Int) -> Int {
        var index = start
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        return index
    }

    private func skipQuote(from index: Int) -> Int {
        index < bytes.count && (bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'")) ? index + 1 : index
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(byte))
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
