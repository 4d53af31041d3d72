import CLibXML2

/// One run of `SVGPolicy` over one file: reads its nodes in order and writes those that are allowed.
struct SVGCleaner {
    private struct OpenElement {
        /// Nil when only its content is kept.
        let name: String?
        let hasID: Bool
    }

    private static let svgNamespace = "http://www.w3.org/2000/svg"
    private static let xlinkNamespace = "http://www.w3.org/1999/xlink"

    private var output: [UInt8] = []
    private var open: [OpenElement] = []
    private var openIDs: [[UInt8]] = []
    private var findings: [CleanSVG.Finding] = []
    private var reuse = SVGReuse()
    private var elementCount = 0
    /// Of the element that is being read.
    private var line = 1

    var result: CleanSVG { CleanSVG(svg: output, findings: findings) }

    mutating func read(_ file: [UInt8]) throws(SVGError) {
        xmlResetLastError()
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        try file.withUnsafeBufferPointer { (bytes) throws(SVGError) in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            guard let start, let reader = xmlReaderForMemory(start, Int32(bytes.count), nil, "UTF-8", Int32(options)) else {
                throw SVGError(problem: .notWellFormed("it is empty"), line: 1)
            }
            defer { xmlFreeTextReader(reader) }
            try readNodes(reader)
        }
    }

    private mutating func readNodes(_ reader: xmlTextReaderPtr) throws(SVGError) {
        var status = xmlTextReaderRead(reader)
        while status == 1 {
            var skips = false
            switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
            case XML_READER_TYPE_ELEMENT.rawValue: skips = try !start(reader)
            case XML_READER_TYPE_END_ELEMENT.rawValue: end()
            case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue, XML_READER_TYPE_WHITESPACE.rawValue,
                XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
                text(bytes(xmlTextReaderConstValue(reader)))
            default: break
            }
            status = skips ? xmlTextReaderNext(reader) : xmlTextReaderRead(reader)
        }
        guard status == 0 else { throw parserError() }
        guard !output.isEmpty else { throw SVGError(problem: .notSVG(root: ""), line: 1) }
        guard reuse.isWithin(SVGPolicy.maximumCopies) else { throw SVGError(problem: .tooManyCopies, line: 1) }
    }

    private func parserError() -> SVGError {
        guard let error = xmlGetLastError() else {
            return SVGError(problem: .notWellFormed("it ends too early"), line: line)
        }
        let message = error.pointee.message.map { String(cString: $0) } ?? ""
        let words = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it ends too early"
        return SVGError(problem: .notWellFormed(words), line: max(Int(error.pointee.line), 1))
    }

    // MARK: Elements

    /// False when the element is left out with its content.
    private mutating func start(_ reader: xmlTextReaderPtr) throws(SVGError) -> Bool {
        let name = string(xmlTextReaderConstLocalName(reader))
        let namespace = string(xmlTextReaderConstNamespaceUri(reader))
        let isRoot = elementCount == 0
        elementCount += 1
        line = max(Int(xmlGetLineNo(xmlTextReaderCurrentNode(reader))), 1)
        if isRoot, name != "svg" || !(namespace.isEmpty || namespace == Self.svgNamespace) {
            throw SVGError(problem: .notSVG(root: name), line: line)
        }
        guard open.count < SVGPolicy.maximumDepth else { throw SVGError(problem: .tooDeep, line: line) }
        guard elementCount <= SVGPolicy.maximumElements else { throw SVGError(problem: .tooManyElements, line: line) }

        let isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
        let isSVG = namespace.isEmpty || namespace == Self.svgNamespace
        if isSVG, SVGVocabulary.unwrapped.contains(name) {
            report("<\(name)>")
            if !isEmpty { open.append(OpenElement(name: nil, hasID: false)) }
            return true
        }
        guard isSVG, SVGVocabulary.elements.contains(name) else {
            // What drawing programs keep for themselves is no loss to anybody.
            if isSVG, name != "metadata" { report("<\(name)>") }
            return false
        }
        if name == "style" { return copyStyle(reader, isEmpty: isEmpty) }
        write(name, isRoot: isRoot, isEmpty: isEmpty, reader)
        return true
    }

    private mutating func write(_ name: String, isRoot: Bool, isEmpty: Bool, _ reader: xmlTextReaderPtr) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: name.utf8)
        if isRoot { writeAttribute("xmlns", Array(Self.svgNamespace.utf8)) }
        let attributes = readAttributes(reader, of: name)
        for attribute in attributes { writeAttribute(attribute.name, attribute.value) }

        let id = attributes.first { $0.name == "id" }?.value
        if let id { openIDs.append(id) }
        let target = name == "use" ? attributes.first { $0.name == "href" }?.value.dropFirst() : nil
        reuse.add(inside: openIDs, use: target.map { Array($0) })

        if isEmpty {
            output.append(contentsOf: "/>".utf8)
            if id != nil { openIDs.removeLast() }
        } else {
            output.append(UInt8(ascii: ">"))
            open.append(OpenElement(name: name, hasID: id != nil))
        }
    }

    private mutating func end() {
        guard let element = open.popLast(), let name = element.name else { return }
        if element.hasID { openIDs.removeLast() }
        output.append(contentsOf: "</".utf8)
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: ">"))
    }

    private mutating func text(_ bytes: [UInt8]) {
        // White space outside the root, and text between shapes, draws nothing.
        guard let name = open.last?.name, SVGVocabulary.textElements.contains(name) || bytes.allSatisfy(ASCII.isSpace) else { return }
        output.appendHTML(plain: bytes)
    }

    /// Copies a style sheet that is in order as a whole; false: the reader must step over its content in any case.
    private mutating func copyStyle(_ reader: xmlTextReaderPtr, isEmpty: Bool) -> Bool {
        guard !isEmpty, let content = xmlTextReaderReadString(reader) else { return isEmpty }
        defer { CLibXML2_free(content) }
        let css = bytes(content)
        guard CSSPolicy.check(css, in: .svg).isEmpty else {
            report("<style>")
            return false
        }
        output.append(contentsOf: "<style>".utf8)
        output.appendHTML(plain: css)
        output.append(contentsOf: "</style>".utf8)
        return false
    }

    // MARK: Attributes

    private mutating func readAttributes(_ reader: xmlTextReaderPtr, of element: String) -> [(name: String, value: [UInt8])] {
        var attributes: [(name: String, value: [UInt8])] = []
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            let name = string(xmlTextReaderConstLocalName(reader))
            let namespace = string(xmlTextReaderConstNamespaceUri(reader))
            let value = bytes(xmlTextReaderConstValue(reader))
            let isForeign = !namespace.isEmpty && !(namespace == Self.xlinkNamespace && name == "href")
            if isForeign || name == "xmlns" { continue }
            guard SVGVocabulary.isAllowed(attribute: name, value: value, on: element) else {
                report("\(name) on <\(element)>")
                continue
            }
            // `href` and `xlink:href` are one attribute here.
            if !attributes.contains(where: { $0.name == name }) { attributes.append((name, value)) }
        }
        xmlTextReaderMoveToElement(reader)
        return attributes
    }

    private mutating func writeAttribute(_ name: String, _ value: [UInt8]) {
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: name.utf8)
        output.append(contentsOf: "=\"".utf8)
        output.appendHTML(plain: value)
        output.append(UInt8(ascii: "\""))
    }

    // MARK: The reader's values

    private mutating func report(_ what: String) {
        guard findings.count < SVGPolicy.maximumFindings, !findings.contains(where: { $0.what == what }) else { return }
        findings.append(CleanSVG.Finding(what: what, line: line))
    }

    private func bytes(_ text: UnsafePointer<xmlChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeBufferPointer(start: text, count: Int(xmlStrlen(text))))
    }

    private func string(_ text: UnsafePointer<xmlChar>?) -> String {
        String(decoding: bytes(text), as: UTF8.self)
    }
}
