import CLibXML2

/// Looks for anything in HTML that a page must not have. It shares no code with the policy: libxml2 reads the HTML, and the lists
/// are written out once more.
enum HTMLJudge {
    /// What is wrong, in words; empty for HTML that is safe and balanced.
    static func violations(in html: [UInt8]) -> [String] {
        xmlInitParser()
        var violations = unbalanced(html)
        let before = Array("<html><body><div id=\"outer\"><div id=\"inner\">".utf8)
        let page = before + html + Array("</div><i id=\"sentinel\"></i></div></body></html>".utf8)
        let options = HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
        let document = page.withUnsafeBytes { bytes in
            htmlReadMemory(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, "UTF-8", Int32(options))
        }
        guard let document else { return ["libxml2 cannot read it"] }
        defer { xmlFreeDoc(document) }
        visit(xmlDocGetRootElement(document), &violations)
        return violations
    }

    static let elements: Set<String> = [
        "a", "abbr", "address", "b", "bdi", "bdo", "blockquote", "body", "br", "caption", "cite", "code", "col", "colgroup", "data", "dd", "del",
        "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "i", "img", "input",
        "ins", "kbd", "li", "mark", "meter", "ol", "p", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "section", "small",
        "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    ]

    static let attributes: Set<String> = [
        "abbr", "align", "alt", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "checked", "cite", "class", "colspan",
        "data-embed-src", "data-embed-title", "data-footnote-backref", "data-footnote-backref-idx", "data-footnote-ref", "data-footnotes",
        "datetime", "decoding", "dir", "disabled", "download", "fetchpriority", "headers", "height", "high", "href", "hreflang", "id", "lang",
        "loading", "low", "max", "media", "min", "open", "optimum", "rel", "reversed", "role", "rowspan", "scope", "sizes", "span", "src",
        "srcset", "start", "tabindex", "target", "title", "type", "value", "width",
    ]

    // MARK: The tree

    private static func visit(_ first: xmlNodePtr?, _ violations: inout [String]) {
        var pending = [first].compactMap { $0 }
        while let node = pending.popLast() {
            switch node.pointee.type {
            case XML_ELEMENT_NODE:
                check(node, &violations)
                var child = node.pointee.children
                while let next = child {
                    pending.append(next)
                    child = next.pointee.next
                }
            case XML_TEXT_NODE: break
            default: violations.append("a node that is neither element nor text")
            }
        }
    }

    private static func check(_ node: xmlNodePtr, _ violations: inout [String]) {
        let name = String(cString: node.pointee.name)
        if !elements.contains(name) { violations.append("<\(name)>") }
        var values: [String: String] = [:]
        var attribute = node.pointee.properties
        while let current = attribute {
            let text = xmlNodeGetContent(UnsafeMutableRawPointer(current).assumingMemoryBound(to: xmlNode.self))
            values[String(cString: current.pointee.name)] = text.map { String(cString: $0) } ?? ""
            CLibXML2_free(text)
            attribute = current.pointee.next
        }
        for (key, value) in values where !isSafe(key, value, on: name) { violations.append("\(key)=“\(value)” on <\(name)>") }
        if name == "input", values["type"] != "checkbox" || values["disabled"] == nil { violations.append("<input> is no task's box") }
        if values["target"] != nil, values["rel"]?.contains("noopener") != true { violations.append("target without noopener") }
        if values["id"] == "sentinel", parentID(of: node) != "outer" { violations.append("the elements around it are closed") }
    }

    private static func parentID(of node: xmlNodePtr) -> String? {
        guard let parent = node.pointee.parent, let id = xmlGetProp(parent, "id") else { return nil }
        defer { CLibXML2_free(id) }
        return String(cString: id)
    }

    // MARK: Values

    private static func isSafe(_ name: String, _ value: String, on element: String) -> Bool {
        guard attributes.contains(name) else { return false }
        switch name {
        case "href", "cite": return isSafeAddress(value) && element != "link"
        case "src": return isOnSite(value)
        case "srcset": return value.split(separator: ", ").allSatisfy { isOnSite(String($0)) }
        case "data-embed-src": return frames.contains { value.hasPrefix($0) } && element == "div"
        case "target": return value == "_blank"
        case "id": return !value.contains { " \"'<>".contains($0) }
        default: return true
        }
    }

    private static let frames = [
        "https://www.youtube-nocookie.com/embed/", "https://player.vimeo.com/video/", "https://www.google.com/maps",
    ]

    private static func isSafeAddress(_ value: String) -> Bool {
        if value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\\" }) || value.hasPrefix(" ") { return false }
        let schemes = ["http://", "https://", "mailto:", "tel:"]
        return schemes.contains { value.lowercased().hasPrefix($0) } || isRelative(value.lowercased())
    }

    private static func isOnSite(_ value: String) -> Bool {
        isRelative(value.lowercased()) && !value.hasPrefix("//") && !value.contains("\\")
    }

    /// Not a letter, then letters, digits, `+ - .`, then a colon: nothing that could be a scheme.
    private static func isRelative(_ value: String) -> Bool {
        let scheme = value.unicodeScalars.prefix { $0 != ":" }
        guard scheme.count < value.unicodeScalars.count, let first = scheme.first, ("a"..."z").contains(first) else { return true }
        return !scheme.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || "+-.".unicodeScalars.contains($0) }
    }

    // MARK: The tags

    /// Every tag is of the simplest form, and closes the element that was opened last.
    private static func unbalanced(_ html: [UInt8]) -> [String] {
        var open: [ArraySlice<UInt8>] = []
        var rest = html[...]
        while let start = rest.firstIndex(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }) {
            rest = rest[start...]
            guard let (name, isEnd, length) = plainTag(rest) else {
                return ["no plain tag: \(String(decoding: rest.prefix(60), as: UTF8.self))"]
            }
            rest = rest.dropFirst(length)
            let text = String(decoding: name, as: UTF8.self)
            if isEnd {
                guard open.popLast() == name else { return ["</\(text)> closes nothing"] }
            } else if !["br", "col", "hr", "img", "input", "source", "wbr"].contains(text) {
                open.append(name)
            }
        }
        return open.isEmpty ? [] : ["an element is not closed"]
    }

    /// Reads `<name key="value" key>` or `</name>`, with one space before each key and no `<` or `>` in a value.
    private static func plainTag(_ html: ArraySlice<UInt8>) -> (name: ArraySlice<UInt8>, isEnd: Bool, length: Int)? {
        guard html.first == UInt8(ascii: "<") else { return nil }
        var rest = html.dropFirst()
        let isEnd = rest.first == UInt8(ascii: "/")
        if isEnd { rest = rest.dropFirst() }
        let name = rest.prefix { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        guard let first = name.first, (0x61...0x7A).contains(first) else { return nil }
        rest = rest.dropFirst(name.count)
        while rest.first == UInt8(ascii: " ") {
            let key = rest.dropFirst().prefix { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
            guard !isEnd, !key.isEmpty else { return nil }
            rest = rest.dropFirst(1 + key.count)
            guard rest.starts(with: "=\"".utf8) else { continue }
            let value = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(2 + value.count)
            guard rest.first == UInt8(ascii: "\"") else { return nil }
            rest = rest.dropFirst()
        }
        guard rest.first == UInt8(ascii: ">") else { return nil }
        return (name, isEnd, rest.startIndex + 1 - html.startIndex)
    }
}
