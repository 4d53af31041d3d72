/// One run of `CSSPolicy` over one style sheet.
struct CSSChecker {
    private enum Problem {
        case tooLarge, notUTF8, endTag, charset, tooDeep
        case atRule(String)
        case address(String)
        case hiddenAddress(String)
        case function(String)
        case property(String)
        case script
        case unfinished(String)
        case notOpened(String)
        case notClosed(String)
    }

    private struct Block {
        /// What closes it.
        let closing: UInt8
        /// The function's name in lower case, for the parenthesis after one.
        let function: String?
        let offset: Int
    }

    private let css: [UInt8]
    private let context: CSSPolicy.Context
    private var tokens: CSSTokenizer
    private var blocks: [Block] = []
    /// The last word, when only white space and comments came after it.
    private var lastIdentifier: (name: String, offset: Int)?
    private var problems: [(offset: Int, problem: Problem)] = []

    init(css: [UInt8], context: CSSPolicy.Context) {
        self.css = css
        self.context = context
        self.tokens = CSSTokenizer(css)
    }

    mutating func check() -> [CSSPolicy.Finding] {
        guard css.count <= CSSPolicy.maximumSize else { return [finding(at: 0, .tooLarge)] }
        guard (try? UTF8Span(validating: css.span)) != nil else { return [finding(at: 0, .notUTF8)] }
        checkEndTags()
        while problems.count < CSSPolicy.maximumFindings, blocks.count <= CSSPolicy.maximumDepth, let token = tokens.next() { check(token) }
        for block in blocks where blocks.count <= CSSPolicy.maximumDepth && problems.count < CSSPolicy.maximumFindings {
            add(.notClosed(String(UnicodeScalar(css[block.offset]))), at: block.offset)
        }
        return problems.sorted { $0.offset < $1.offset }.map { finding(at: $0.offset, $0.problem) }
    }

    /// A sheet that is ever put into a page must not be able to end its element.
    private mutating func checkEndTags() {
        for index in css.indices.dropLast() where css[index] == UInt8(ascii: "<") {
            guard css[index + 1] == UInt8(ascii: "/") || css[index + 1] == UInt8(ascii: "!") else { continue }
            add(.endTag, at: index)
            if problems.count >= CSSPolicy.maximumFindings { return }
        }
    }

    // MARK: Tokens

    private mutating func check(_ token: CSSTokenizer.Token) {
        let word = lastIdentifier
        if token.kind != .whitespace { lastIdentifier = nil }
        switch token.kind {
        case .whitespace: break
        case .identifier(let name): lastIdentifier = (lowercased(name), token.offset)
        case .other(UInt8(ascii: ":")):
            if let word { check(property: word.name, at: word.offset) }
        case .other: break
        case .atKeyword(let name): check(atRule: lowercased(name), at: token.offset)
        case .function(let name): check(function: lowercased(name), at: token.offset)
        case .string(let text): check(string: text, at: token.offset)
        case .url(let address): check(address: address, at: token.offset)
        case .open(let byte): open(closing: Self.closing(of: byte), function: nil, at: token.offset)
        case .close(let byte): close(byte, at: token.offset)
        case .unfinished(let what): add(.unfinished(what), at: token.offset)
        }
    }

    private mutating func check(property name: String, at offset: Int) {
        switch name {
        case "behavior", "-ms-behavior", "-moz-binding": add(.property(name), at: offset)
        case "javascript", "vbscript", "progid": add(.script, at: offset)
        default: break
        }
    }

    private mutating func check(atRule name: String, at offset: Int) {
        if name == "charset" {
            let isFirst = offset == 0 || (offset == 3 && css[0] == 0xEF)
            let isHarmless = isFirst && lowercased(css.dropFirst(offset).prefix(17)) == "@charset \"utf-8\";"
            if !isHarmless { add(.charset, at: offset) }
        } else if context == .svg || !Self.atRules.contains(name) {
            add(.atRule(name), at: offset)
        }
    }

    private mutating func check(function name: String, at offset: Int) {
        if Self.refusedFunctions.contains(name) { add(.function(name), at: offset) }
        // What a variable holds cannot be judged where it is set.
        if Self.substitutions.contains(name), blocks.contains(where: { $0.function.map(Self.loadingFunctions.contains) ?? false }) {
            add(.hiddenAddress(name), at: offset)
        }
        open(closing: UInt8(ascii: ")"), function: name, at: offset)
    }

    private mutating func check(string: [UInt8], at offset: Int) {
        let visible = string.filter { $0 > 0x20 }.map(ASCII.lowercased)
        if visible.contains(text: "javascript:") || visible.contains(text: "vbscript:") { return add(.script, at: offset) }
        guard let function = blocks.last(where: { $0.closing == UInt8(ascii: ")") && $0.function != nil })?.function else { return }
        if Self.loadingFunctions.contains(function) { check(address: string, at: offset) }
    }

    private mutating func check(address: [UInt8], at offset: Int) {
        if !isAllowed(address[...]) { add(.address(String(decoding: address.prefix(80), as: UTF8.self)), at: offset) }
    }

    private func isAllowed(_ address: ArraySlice<UInt8>) -> Bool {
        switch (URLPolicy.kind(of: address), context) {
        case (.fragment, _): true
        case (.sitePath, .styleSheet): !Self.hasParentSegment(address)
        case (.unsafe, .styleSheet): Self.isPictureData(address)
        default: false
        }
    }

    // MARK: Blocks

    private mutating func open(closing: UInt8, function: String?, at offset: Int) {
        blocks.append(Block(closing: closing, function: function, offset: offset))
        if blocks.count > CSSPolicy.maximumDepth { add(.tooDeep, at: offset) }
    }

    private mutating func close(_ byte: UInt8, at offset: Int) {
        guard blocks.last?.closing == byte else { return add(.notOpened(String(UnicodeScalar(byte))), at: offset) }
        blocks.removeLast()
    }

    private static func closing(of byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "("): UInt8(ascii: ")")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        default: UInt8(ascii: "}")
        }
    }

    // MARK: What is allowed

    private static let atRules: Set<String> = [
        "-webkit-keyframes", "container", "counter-style", "font-face", "font-feature-values", "font-palette-values", "keyframes", "layer",
        "media", "page", "position-try", "property", "scope", "starting-style", "supports", "view-transition",
    ]

    /// A string in one of these is an address.
    private static let loadingFunctions: Set<String> = [
        "-webkit-cross-fade", "-webkit-image-set", "cross-fade", "image", "image-set", "src", "url",
    ]

    private static let substitutions: Set<String> = ["attr", "env", "var"]

    private static let refusedFunctions: Set<String> = ["-ms-expression", "domain", "expression", "regexp", "url-prefix"]

    /// `..` between slashes, also written `%2e%2e`.
    private static func hasParentSegment(_ address: ArraySlice<UInt8>) -> Bool {
        let path = address.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).contains { segment in
            let text = String(decoding: segment, as: UTF8.self).lowercased()
            return [".", "%2e"].contains { first in [".", "%2e"].contains { text == first + $0 } }
        }
    }

    /// Pictures that cannot contain anything but pixels.
    private static func isPictureData(_ address: ArraySlice<UInt8>) -> Bool {
        let types: [StaticString] = ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"]
        return types.contains { type in
            type.withUTF8Buffer { type in
                guard address.prefix(type.count).elementsEqual(type, by: { ASCII.lowercased($0) == $1 }) else { return false }
                let next = address.dropFirst(type.count).first
                return next == UInt8(ascii: ";") || next == UInt8(ascii: ",")
            }
        }
    }

    // MARK: Findings

    private mutating func add(_ problem: Problem, at offset: Int) {
        problems.append((offset, problem))
    }

    private func finding(at offset: Int, _ problem: Problem) -> CSSPolicy.Finding {
        let before = css.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = before.count { $0 == 0x0A } + 1
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        let (message, advice) = Self.words(for: problem)
        return CSSPolicy.Finding(line: line, column: column, message: message, advice: advice)
    }

    private static func words(for problem: Problem) -> (message: String, advice: String) {
        switch problem {
        case .tooLarge: ("the style sheet has more than \(CSSPolicy.maximumSize >> 10) kB", "keep only what differs from the theme")
        case .notUTF8: ("the style sheet is not UTF-8 text", "save it as UTF-8")
        case .endTag: ("“</” and “<!” are not allowed in a style sheet", "delete it; a style sheet holds no HTML")
        case .charset: ("@charset is not allowed here", "delete it; style sheets are UTF-8")
        case .tooDeep: ("blocks are nested more than \(CSSPolicy.maximumDepth) deep", "close those that are open")
        case .atRule("import"): ("@import is not allowed", "copy the rules into this file")
        case .atRule(let name): ("@\(name) is not allowed", "delete it")
        case .address(let address): ("url “\(address)” is not allowed", "put the file into media/ and use its path, such as /media/paper.png")
        case .hiddenAddress(let name): ("\(name)() is not allowed where an address is expected", "write the path itself")
        case .function(let name): ("\(name)() is not allowed", "delete it")
        case .property(let name): ("the property \(name) is not allowed", "delete it")
        case .script: ("a style sheet must not name a script", "delete it")
        case .unfinished(let what): ("this \(what) has no end", "add what closes it")
        case .notOpened(let sign): ("nothing is open that “\(sign)” closes", "delete it, or add what opens it")
        case .notClosed(let sign): ("“\(sign)” is never closed", "add what closes it")
        }
    }

    private func lowercased(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.map(ASCII.lowercased), as: UTF8.self)
    }
}
