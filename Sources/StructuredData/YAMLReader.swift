import CYAML

/// Reads one YAML 1.1 document through libyaml's events.
///
/// libyaml is the parser that Yams wraps as well; reading its events directly keeps the place of every value, costs a fifth of the
/// time, and lets nesting and alias expansion be bounded, because a deep or self-multiplying text from a stranger must not end the process.
package struct YAMLReader {
    /// Deeper nesting than any settings file needs; the loader recurses, so this bounds the stack.
    static let maximumDepth = 24
    /// Nodes after aliases are expanded.
    static let maximumNodes = 50_000

    private var parser = yaml_parser_t()
    private var anchors: [String: Node] = [:]
    private var lineOffset: Int
    private let bytes: [UInt8]

    /// Reads `bytes`; `lineOffset` lines stand before them in the file and are added to every mark.
    ///
    /// Returns nil for an empty document.
    package static func read(_ bytes: some Sequence<UInt8>, lineOffset: Int = 0) throws(StructuredDataError) -> Node? {
        try read(Array(bytes), lineOffset: lineOffset)
    }

    package static func read(_ bytes: [UInt8], lineOffset: Int = 0) throws(StructuredDataError) -> Node? {
        var reader = YAMLReader(bytes, lineOffset: lineOffset)
        let result: Result<Node?, StructuredDataError> = bytes.withUnsafeBufferPointer { buffer in
            guard yaml_parser_initialize(&reader.parser) == 1 else {
                return .failure(StructuredDataError(at: Mark(line: 1, column: 1), "out of memory", advice: "try again"))
            }
            defer { yaml_parser_delete(&reader.parser) }
            yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(&reader.parser, buffer.baseAddress, buffer.count)
            do throws(StructuredDataError) { return .success(try reader.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private init(_ bytes: [UInt8], lineOffset: Int) {
        self.bytes = bytes
        self.lineOffset = lineOffset
    }

    private mutating func document() throws(StructuredDataError) -> Node? {
        while true {
            let event = try next()
            switch event {
            case .end: return nil
            case .other: continue
            default:
                let node = try node(from: event, depth: 0)
                try expectEnd()
                return node
            }
        }
    }

    private mutating func expectEnd() throws(StructuredDataError) {
        while true {
            switch try next() {
            case .end: return
            case .other: continue
            case .scalar(_, _, _, let mark), .sequenceStart(_, let mark), .mappingStart(_, let mark), .alias(_, let mark):
                throw StructuredDataError(at: mark, "a second document begins here", advice: "remove the line with --- above it")
            case .sequenceEnd, .mappingEnd: continue
            }
        }
    }

    private mutating func node(from event: Event, depth: Int) throws(StructuredDataError) -> Node {
        switch event {
        case .scalar(let text, let plain, let anchor, let mark):
            return try remember(Node(.scalar(text, plain: plain), at: mark), as: anchor)
        case .alias(let name, let mark):
            guard let node = anchors[name] else {
                throw StructuredDataError(at: mark, "*\(name) refers to nothing", advice: "put the text in quotes if it begins with a star")
            }
            return node
        case .sequenceStart(let anchor, let mark):
            try check(depth: depth, at: mark)
            var items: [Node] = []
            var count = 1
            while true {
                let event = try next()
                if case .sequenceEnd = event { break }
                let item = try node(from: event, depth: depth + 1)
                count += item.count
                try check(count: count, at: mark)
                items.append(item)
            }
            return try remember(Node(.sequence(items), at: mark), as: anchor)
        case .mappingStart(let anchor, let mark):
            try check(depth: depth, at: mark)
            return try remember(try mapping(depth: depth, mark: mark), as: anchor)
        case .sequenceEnd, .mappingEnd, .other, .end:
            throw StructuredDataError(at: Mark(line: lineOffset + 1, column: 1), "this is not readable as YAML", advice: "check the indentation")
        }
    }

    private mutating func mapping(depth: Int, mark: Mark) throws(StructuredDataError) -> Node {
        var pairs: [Node.Pair] = []
        var seen: Set<String> = []
        var count = 1
        while true {
            let event = try next()
            if case .mappingEnd = event { break }
            let keyNode = try node(from: event, depth: depth + 1)
            guard case .scalar(let key, _) = keyNode.content else {
                throw StructuredDataError(
                    at: keyNode.mark, "a list or a group stands where a name is expected",
                    advice: "write `name: value`; put texts that begin with { or [ in quotes")
            }
            guard seen.insert(key).inserted else {
                throw StructuredDataError(at: keyNode.mark, "`\(key)` stands here twice", advice: "keep one of the two lines")
            }
            let value = try node(from: try next(), depth: depth + 1)
            count += value.count + 1
            try check(count: count, at: mark)
            pairs.append(Node.Pair(key: key, keyMark: keyNode.mark, value: value))
        }
        return Node(.mapping(pairs), at: mark)
    }

    private mutating func remember(_ node: Node, as anchor: String?) throws(StructuredDataError) -> Node {
        if let anchor { anchors[anchor] = node }
        return node
    }

    private func check(depth: Int, at mark: Mark) throws(StructuredDataError) {
        guard depth < Self.maximumDepth else {
            throw StructuredDataError(at: mark, "lists or groups are nested too deeply", advice: "use at most \(Self.maximumDepth) levels")
        }
    }

    private func check(count: Int, at mark: Mark) throws(StructuredDataError) {
        guard count <= Self.maximumNodes else {
            throw StructuredDataError(at: mark, "too many values", advice: "use at most \(Self.maximumNodes) values in one file")
        }
    }

    // MARK: Events

    private enum Event {
        case scalar(String, plain: Bool, anchor: String?, Mark)
        case alias(String, Mark)
        case sequenceStart(anchor: String?, Mark)
        case sequenceEnd
        case mappingStart(anchor: String?, Mark)
        case mappingEnd
        case other
        case end
    }

    private mutating func next() throws(StructuredDataError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { throw parserError() }
        defer { yaml_event_delete(&event) }
        let mark = mark(event.start_mark)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(text, plain: scalar.style == YAML_PLAIN_SCALAR_STYLE, anchor: string(scalar.anchor), mark)
        case YAML_ALIAS_EVENT: return .alias(string(event.data.alias.anchor) ?? "", mark)
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart(anchor: string(event.data.sequence_start.anchor), mark)
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(anchor: string(event.data.mapping_start.anchor), mark)
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .end
        default: return .other
        }
    }

    private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func mark(_ mark: yaml_mark_t) -> Mark {
        Mark(line: Int(clamping: mark.line) + 1 + lineOffset, column: Int(clamping: mark.column) + 1)
    }

    /// Of bytes that libyaml refuses it tells only how many came before them.
    private var readerMark: Mark {
        let before = bytes.prefix(Int(clamping: parser.problem_offset))
        let line = before.count { $0 == UInt8(ascii: "\n") }
        let column = before.count - ((before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)
        return Mark(line: lineOffset + line + 1, column: column + 1)
    }

    /// libyaml's words are for programmers; the usual slips are said in an editor's words.
    private func parserError() -> StructuredDataError {
        let problem = parser.problem.map { String(cString: $0) } ?? "this is not readable as YAML"
        let place = parser.error == YAML_READER_ERROR ? readerMark : mark(parser.problem_mark)
        // Of something that is opened and never closed, the place to mend is where it was opened.
        let opening = parser.context != nil ? mark(parser.context_mark) : place
        switch problem {
        case "mapping values are not allowed in this context":
            return StructuredDataError(
                at: place, "a colon followed by a space stands inside a text",
                advice: "put the whole text in quotes: title: \"Bingo: a family night\"")
        case "found character that cannot start any token":
            return StructuredDataError(
                at: place, "a tab, @, ` or % stands where a value begins",
                advice: "use spaces to indent, and put a text that begins with such a sign in quotes")
        case "could not find expected ':'":
            return StructuredDataError(
                at: opening, "a line here is not of the form `name: value`", advice: "write `name: value`, or put a long text in quotes")
        case "did not find expected key":
            return StructuredDataError(
                at: place, "the value before this place ends too early, or the indentation changes",
                advice: "check the quotes, and give lines of one group the same indentation")
        case "found unexpected end of stream":
            return StructuredDataError(at: opening, "a quote or bracket is opened and never closed", advice: "close it with the same sign")
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            return StructuredDataError(
                at: opening, "a list in brackets is not finished", advice: "separate the entries by commas and close the bracket")
        case "found unknown escape character":
            return StructuredDataError(
                at: place, "a backslash stands in a text in double quotes", advice: "use single quotes, or write two backslashes")
        default:
            return StructuredDataError(at: place, problem, advice: "see the content guide for how this part is written")
        }
    }
}
