/// Splits a template into text and tags, and nests the sections.
struct TemplateParser {
    /// Sections deeper than this are a mistake; rendering recurses, so this bounds the stack.
    static let maximumDepth = 32

    private enum Token {
        case text([UInt8])
        case tag(kind: UInt8, name: String, line: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private(set) var partials: Set<String> = []
    private(set) var markup: [UInt8]

    init(_ source: String) {
        bytes = Array(source.utf8)
        markup = bytes
    }

    mutating func parse() throws(TemplateError) -> [Template.Operation] {
        let tokens = try tokens()
        var index = 0
        let operations = try operations(tokens, from: &index, closing: nil, depth: 0)
        return operations
    }

    private mutating func operations(
        _ tokens: [Token], from index: inout Int, closing: (name: String, line: Int)?, depth: Int
    ) throws(TemplateError) -> [Template.Operation] {
        guard depth < Self.maximumDepth else { throw TemplateError(line: closing?.line ?? 1, problem: "sections are nested too deeply") }
        var result: [Template.Operation] = []
        while index < tokens.count {
            let token = tokens[index]
            index += 1
            switch token {
            case .text(let text):
                if !text.isEmpty { result.append(.bytes(text)) }
            case .tag(let kind, let name, let line):
                let path = Template.Path(name[...])
                switch kind {
                case UInt8(ascii: "#"):
                    result.append(.section(path, try operations(tokens, from: &index, closing: (name, line), depth: depth + 1)))
                case UInt8(ascii: "^"):
                    result.append(.inverted(path, try operations(tokens, from: &index, closing: (name, line), depth: depth + 1)))
                case UInt8(ascii: "/"):
                    guard let closing else { throw TemplateError(line: line, problem: "{{/\(name)}} closes a section that was never opened") }
                    guard closing.name == name else {
                        throw TemplateError(
                            line: line, problem: "{{/\(name)}} stands where {{/\(closing.name)}} (opened in line \(closing.line)) is expected")
                    }
                    return result
                case UInt8(ascii: ">"):
                    partials.insert(name)
                    result.append(.partial(name))
                case UInt8(ascii: "{"), UInt8(ascii: "&"): result.append(.raw(path))
                case UInt8(ascii: "!"): break
                default: result.append(.variable(path))
                }
            }
        }
        if let closing { throw TemplateError(line: closing.line, problem: "{{#\(closing.name)}} is never closed") }
        return result
    }

    // MARK: Tokens

    private mutating func tokens() throws(TemplateError) -> [Token] {
        var tokens: [Token] = []
        var textStart = 0
        var line = 1
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "{"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "{") else {
                if bytes[position] == UInt8(ascii: "\n") { line += 1 }
                position += 1
                continue
            }
            var text = Array(bytes[textStart..<position])
            let tagLine = line
            let (kind, name, tagEnd) = try tag(line: tagLine)
            for byte in bytes[position..<tagEnd] where byte == UInt8(ascii: "\n") { line += 1 }
            for index in position..<tagEnd { markup[index] = writesNothing(kind) ? blank(bytes[index]) : plain(bytes[index]) }
            var next = tagEnd
            if writesNothing(kind), let lineEnd = standaloneLine(from: position, to: tagEnd) {
                while let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { text.removeLast() }
                if lineEnd > tagEnd, bytes[lineEnd - 1] == UInt8(ascii: "\n") { line += 1 }
                next = lineEnd
            }
            tokens.append(.text(text))
            tokens.append(.tag(kind: kind, name: name, line: tagLine))
            position = next
            textStart = next
        }
        tokens.append(.text(Array(bytes[textStart...])))
        return tokens
    }

    /// Sections, comments and partials, which may stand alone on a line.
    private func writesNothing(_ kind: UInt8) -> Bool {
        kind == UInt8(ascii: "#") || kind == UInt8(ascii: "^") || kind == UInt8(ascii: "/") || kind == UInt8(ascii: "!") || kind == UInt8(ascii: ">")
    }

    private func blank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " ") }

    /// Nothing that could end a value or an attribute of HTML.
    private func plain(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "."): byte
        default: UInt8(ascii: "_")
        }
    }

    /// The end of the line (its line break included) when nothing but white space surrounds the tag on it.
    private func standaloneLine(from start: Int, to end: Int) -> Int? {
        var before = start - 1
        while before >= 0, bytes[before] == UInt8(ascii: " ") || bytes[before] == UInt8(ascii: "\t") { before -= 1 }
        guard before < 0 || bytes[before] == UInt8(ascii: "\n") else { return nil }
        var after = end
        while after < bytes.count, bytes[after] == UInt8(ascii: " ") || bytes[after] == UInt8(ascii: "\t") || bytes[after] == UInt8(ascii: "\r") {
            after += 1
        }
        guard after >= bytes.count || bytes[after] == UInt8(ascii: "\n") else { return nil }
        return min(after + 1, bytes.count)
    }

    private func tag(line: Int) throws(TemplateError) -> (kind: UInt8, name: String, end: Int) {
        var start = position + 2
        guard start < bytes.count else { throw TemplateError(line: line, problem: "{{ is never closed") }
        var kind: UInt8 = 0
        var closing = Array("}}".utf8)
        switch bytes[start] {
        case UInt8(ascii: "{"):
            kind = UInt8(ascii: "{")
            closing = Array("}}}".utf8)
            start += 1
        case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "!"), UInt8(ascii: "&"):
            kind = bytes[start]
            start += 1
        case UInt8(ascii: "="): throw TemplateError(line: line, problem: "other delimiters than {{ }} are not supported")
        case UInt8(ascii: "<"), UInt8(ascii: "$"), UInt8(ascii: "%"):
            throw TemplateError(line: line, problem: "{{\(Character(UnicodeScalar(bytes[start]))) is not supported: use partials, {{> name}}")
        default: break
        }
        var end = start
        while end + closing.count <= bytes.count {
            if bytes[end] == closing[0], bytes[end..<(end + closing.count)].elementsEqual(closing) {
                let words = bytes[start..<end].split { $0 == 0x20 || (0x09...0x0D).contains($0) }
                let name = String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
                guard kind == UInt8(ascii: "!") || words.count == 1 else {
                    throw TemplateError(line: line, problem: "{{\(name)}} is not a name")
                }
                return (kind, name, end + closing.count)
            }
            end += 1
        }
        throw TemplateError(line: line, problem: "{{ is never closed")
    }
}
