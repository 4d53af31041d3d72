/// One run of an `HTMLPolicy` over one input: reads tags and text, keeps the stack of open elements, writes clean HTML.
///
/// The stack follows the rules by which browsers close elements on their own (WHATWG HTML Standard, section 13.2.6), so that
/// each element written is opened and closed where a browser would do it too. Without them, `<li><div><li>` would leave an end
/// tag over that ends a `<div>` outside the input.
struct HTMLCleaner {
    struct OpenElement {
        let element: HTMLElement
        /// Its end tag came while a block in it was open: it ends with that block.
        var endsWithBlock = false
    }

    let policy: HTMLPolicy
    var tokenizer: HTMLTokenizer
    var output: [UInt8] = []
    private(set) var open: [OpenElement] = []
    private(set) var findings: [HTMLFinding] = []

    init(policy: HTMLPolicy, input: [UInt8]) {
        self.policy = policy
        self.tokenizer = HTMLTokenizer(input)
        output.reserveCapacity(input.count + input.count / 8)
    }

    mutating func clean() -> CleanHTML {
        while let token = tokenizer.next() {
            switch token {
            case .text(let range): writeText(tokenizer.input[range])
            case .start(let tag): start(tag)
            case .end(let tag): end(tag)
            case .unfinished(let range): reportUnfinished(range)
            }
        }
        close(to: 0)
        return CleanHTML(html: output, findings: findings)
    }

    // MARK: Start tags

    private mutating func start(_ tag: HTMLTokenizer.Tag) {
        if let element = HTMLElement.named(tag.name), isAllowed(element) {
            switch element {
            case .input where policy.profile == .page: writeTaskCheckbox(tag)
            default: write(element, tag)
            }
        } else {
            let name = String(decoding: tokenizer.input[tag.nameRange], as: UTF8.self).lowercased()
            switch ForbiddenContent.of(name) {
            case .frame: embed(tag)
            case .rawText:
                report(.elementRemoved, tag)
                tokenizer.skipRawText(of: tag)
            case .rest:
                report(.unfinished, tag)
                tokenizer.skipRest()
            case .elements:
                report(.elementRemoved, tag)
                skipElement(tag)
            case nil: report(.elementIgnored, tag)
            }
        }
    }

    private func isAllowed(_ element: HTMLElement) -> Bool {
        policy.profile != .page || !element.isThemeOnly
    }

    private mutating func write(_ element: HTMLElement, _ tag: HTMLTokenizer.Tag) {
        guard prepare(for: element, tag) else { return }
        let start = output.count
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: element.rawValue.utf8)
        guard writeAttributes(of: element, tag) else {
            output.removeLast(output.count - start)
            return
        }
        output.append(UInt8(ascii: ">"))
        if !element.isVoid { open.append(OpenElement(element: element)) }
    }

    /// Writes a start tag with these attributes; false where the element cannot stand.
    mutating func write(_ element: HTMLElement, attributes: [(name: HTMLAttribute, value: [UInt8])], _ tag: HTMLTokenizer.Tag) -> Bool {
        guard prepare(for: element, tag) else { return false }
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: element.rawValue.utf8)
        for attribute in attributes { writeAttribute(attribute.name.rawValue.utf8, plain: attribute.value) }
        output.append(UInt8(ascii: ">"))
        if !element.isVoid { open.append(OpenElement(element: element)) }
        return true
    }

    /// Leaves out what an element that is not allowed contains, up to its end tag.
    private mutating func skipElement(_ tag: HTMLTokenizer.Tag) {
        let name = tag.name
        var depth = 1
        while depth > 0, let token = tokenizer.next() {
            switch token {
            case .start(let inner) where inner.name == name: depth += 1
            case .end(let inner) where inner.name == name: depth -= 1
            default: break
            }
        }
    }

    // MARK: Nesting

    /// Closes what the start of an element ends, and opens what it needs; false when it cannot stand here.
    private mutating func prepare(for element: HTMLElement, _ tag: HTMLTokenizer.Tag) -> Bool {
        if element.isNeverNested {
            end(element)
            if open.contains(where: { $0.element == element }) { return false }
        }
        guard makeRoom(for: element) else { return false }
        guard open.count < HTMLPolicy.maximumDepth || element.isVoid else {
            report(.tooDeep, tag)
            return false
        }
        return true
    }

    private mutating func makeRoom(for element: HTMLElement) -> Bool {
        switch element {
        case .li: return closeToParent { $0 == .ul || $0 == .ol }
        case .dt, .dd: return closeToDescriptionList()
        case .rt, .rp: return closeToParent { $0 == .ruby }
        case .source: return open.last?.element == .picture
        case .caption, .colgroup, .thead, .tbody, .tfoot: return closeToTablePart { $0 == .table }
        case .col: return closeToTablePart { $0 == .colgroup || $0 == .table }
        case .tr: return closeToTablePart { $0 == .tbody || $0 == .thead || $0 == .tfoot || $0 == .table }
        case .td, .th:
            guard closeToTablePart({ $0 == .tr || $0 == .tbody || $0 == .thead || $0 == .tfoot || $0 == .table }) else { return false }
            if open.last?.element != .tr { openPlain(.tr) }
            return true
        default:
            openCellIfNeeded()
            if open.last?.element == .picture, element != .img { close(to: open.count - 1) }
            if !element.isInline { closeTextBlock() }
            return true
        }
    }

    /// Closes the paragraph or heading that a block must not stand in.
    private mutating func closeTextBlock() {
        for index in open.indices.reversed() {
            if open[index].element.holdsOnlyText { return close(to: index) }
            if open[index].element.isBoundary { return }
        }
    }

    /// Closes everything in the nearest element that may be the parent, as long as none of the boundaries is in between.
    private mutating func closeToParent(_ isParent: (HTMLElement) -> Bool) -> Bool {
        for index in open.indices.reversed() {
            if isParent(open[index].element) {
                close(to: index + 1)
                return true
            }
            if open[index].element.isBoundary { return false }
        }
        return false
    }

    private mutating func closeToTablePart(_ isParent: (HTMLElement) -> Bool) -> Bool {
        for index in open.indices.reversed() {
            if isParent(open[index].element) {
                close(to: index + 1)
                return true
            }
            if open[index].element == .table { return false }
        }
        return false
    }

    /// Terms stand in a list or in a group of it: `<dl><div><dt>`.
    private mutating func closeToDescriptionList() -> Bool {
        for index in open.indices.reversed() {
            let isGroup = open[index].element == .div && index > 0 && open[index - 1].element == .dl
            if open[index].element == .dl || isGroup {
                close(to: index + 1)
                return true
            }
            if open[index].element.isBoundary { return false }
        }
        return false
    }

    /// Content directly in a table gets a cell: a browser would move it out of the table.
    private mutating func openCellIfNeeded() {
        guard let last = open.last?.element, last.holdsOnlyTableParts else { return }
        if last == .colgroup { close(to: open.count - 1) }
        if open.last?.element != .tr { openPlain(.tr) }
        openPlain(.td)
    }

    private mutating func openPlain(_ element: HTMLElement) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: element.rawValue.utf8)
        output.append(UInt8(ascii: ">"))
        open.append(OpenElement(element: element))
    }

    // MARK: End tags

    private mutating func end(_ tag: HTMLTokenizer.Tag) {
        if let element = HTMLElement.named(tag.name), !element.isVoid { end(element) }
    }

    /// Closes the nearest open element of this kind, if it can be ended from here.
    mutating func end(_ element: HTMLElement) {
        var crossesBlock = false
        for index in open.indices.reversed() {
            let other = open[index].element
            if other == element {
                if crossesBlock { open[index].endsWithBlock = true } else { close(to: index) }
                return
            }
            if isOutOfReach(other, ofEnd: element) { return }
            if element.isInline, !other.isInline { crossesBlock = true }
        }
    }

    private func isOutOfReach(_ other: HTMLElement, ofEnd element: HTMLElement) -> Bool {
        if element.isTablePart { return other == .table }
        switch element {
        case .li: return other == .ul || other == .ol || other.isBoundary
        case .dt, .dd: return other == .dl || other.isBoundary
        default: return other.isBoundary
        }
    }

    /// Closes elements until this many are open.
    private mutating func close(to count: Int) {
        while open.count > count, let last = open.popLast() {
            output.append(contentsOf: "</".utf8)
            output.append(contentsOf: last.element.rawValue.utf8)
            output.append(UInt8(ascii: ">"))
        }
        while let last = open.last, last.endsWithBlock { close(to: open.count - 1) }
    }

    // MARK: Text

    mutating func writeText(_ text: ArraySlice<UInt8>) {
        if open.last?.element.holdsOnlyTableParts == true, !text.allSatisfy(ASCII.isSpace) { openCellIfNeeded() }
        output.appendHTML(source: text)
    }

    // MARK: Findings

    /// Notes a finding, once for equal ones. It is about the tag's name if `place` says nothing else.
    mutating func report(_ what: HTMLFinding.What, _ tag: HTMLTokenizer.Tag, at place: Range<Int>? = nil) {
        let name = tag.range.lowerBound..<tag.nameRange.upperBound
        add(HTMLFinding(what: what, element: excerpt(tag.nameRange).lowercased(), source: excerpt(tag.range), place: place ?? name))
    }

    private mutating func reportUnfinished(_ range: Range<Int>) {
        let name = tokenizer.input[range].dropFirst().prefix { !ASCII.isSpace($0) }
        add(HTMLFinding(what: .unfinished, element: excerpt(name.indices), source: excerpt(range), place: range.lowerBound..<name.endIndex))
    }

    private mutating func add(_ finding: HTMLFinding) {
        guard findings.count < HTMLPolicy.maximumFindings else { return }
        let isKnown = findings.contains { $0.what == finding.what && $0.element == finding.element && $0.source == finding.source }
        if !isKnown { findings.append(finding) }
    }

    /// At most 80 bytes of the input on one line, for a message.
    func excerpt(_ range: Range<Int>) -> String {
        excerpt(tokenizer.input[range])
    }

    func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix(80).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
