import CCMarkGFM
import Glibc

/// One walk over cmark's tree that gathers what the site needs to know, and the changes that are made to the tree afterwards.
struct MarkdownTree {
    private let root: OpaquePointer
    private let firstLine: Int
    private let enrichments: MarkdownParser.Enrichments
    /// Where new nodes come from; they go with it, so none is freed.
    private let memory: UnsafeMutablePointer<cmark_mem>

    private(set) var headings: [MarkdownDocument.Heading] = []
    private(set) var references: [MarkdownDocument.Reference] = []
    private(set) var plainText: [UInt8] = []
    private(set) var firstParagraph = ""
    private(set) var hasRawHTML = false
    private(set) var hasTasks = false
    private(set) var hasFootnotes = false

    private var headingNodes: [OpaquePointer] = []
    private var referenceNodes: [OpaquePointer] = []
    private(set) var tables: [OpaquePointer] = []
    private var usedIDs: [String: Int] = [:]

    init(root: OpaquePointer, firstLine: Int, enrichments: MarkdownParser.Enrichments, memory: UnsafeMutablePointer<cmark_mem>) {
        self.root = root
        self.firstLine = firstLine
        self.enrichments = enrichments
        self.memory = memory
    }

    // MARK: Gathering

    mutating func collect() {
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        /// Where the text of open headings, links and the first paragraph begins in `plainText`.
        var textStarts: [Int] = []
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return }
            guard let node = cmark_iter_get_node(iterator) else { continue }
            let entering = event == CMARK_EVENT_ENTER
            switch cmark_node_get_type(node) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_CODE_BLOCK:
                removePlaceholderMarks(of: node)
                appendLiteral(of: node)
                if cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK { separate() }
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: separate()
            case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE: hasRawHTML = true
            case CMARK_NODE_HEADING:
                if entering {
                    textStarts.append(plainText.count)
                } else if let start = textStarts.popLast() {
                    addHeading(node, text: text(from: start))
                    separate()
                }
            case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
                if entering {
                    textStarts.append(plainText.count)
                } else if let start = textStarts.popLast() {
                    addReference(node, text: text(from: start))
                    if cmark_node_get_type(node) == CMARK_NODE_IMAGE { plainText.removeSubrange(start...) }
                }
            case CMARK_NODE_PARAGRAPH:
                if entering {
                    textStarts.append(plainText.count)
                } else if let start = textStarts.popLast() {
                    if firstParagraph.isEmpty { firstParagraph = text(from: start) }
                    separate()
                }
            default:
                if cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION { hasFootnotes = true }
                if !entering, cmark_node_get_type(node).rawValue & UInt32(CMARK_NODE_TYPE_MASK) == UInt32(CMARK_NODE_TYPE_BLOCK) { separate() }
                if entering { noteExtension(node) }
            }
        }
    }

    /// The extensions' node types are variables in C; their names are the stable way to ask.
    private mutating func noteExtension(_ node: OpaquePointer) {
        guard let name = cmark_node_get_type_string(node), name.pointee == CChar(bitPattern: UInt8(ascii: "t")) else { return }
        if strcmp(name, "table") == 0, enrichments.contains(.scrollingTables) { tables.append(node) }
        if strcmp(name, "tasklist") == 0 { hasTasks = true }
    }

    /// A character reference (`&#1;`) can write the sign that placeholders are made of.
    private func removePlaceholderMarks(of node: OpaquePointer) {
        if let literal = cmark_node_get_literal(node), strchr(literal, Int32(Placeholder.mark)) != nil {
            cmark_node_set_literal(node, String(cString: literal).filter { $0 != "\u{1}" })
        }
        if cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK, let info = cmark_node_get_fence_info(node),
            strchr(info, Int32(Placeholder.mark)) != nil
        {
            cmark_node_set_fence_info(node, String(cString: info).filter { $0 != "\u{1}" })
        }
    }

    private mutating func appendLiteral(of node: OpaquePointer) {
        guard let literal = cmark_node_get_literal(node) else { return }
        plainText.append(contentsOf: UnsafeRawBufferPointer(start: literal, count: strlen(literal)))
    }

    private mutating func separate() {
        if let last = plainText.last, last != UInt8(ascii: " ") { plainText.append(UInt8(ascii: " ")) }
    }

    private func text(from start: Int) -> String {
        String(decoding: plainText[min(start, plainText.count)...], as: UTF8.self)
    }

    private mutating func addHeading(_ node: OpaquePointer, text: String) {
        headings.append(
            MarkdownDocument.Heading(
                level: Int(cmark_node_get_heading_level(node)), text: text, id: uniqueID(for: text),
                line: Int(cmark_node_get_start_line(node)) + firstLine - 1))
        headingNodes.append(node)
    }

    private mutating func uniqueID(for text: String) -> String {
        let base = HeadingID.make(from: text)
        guard usedIDs[base] != nil else {
            usedIDs[base] = 1
            return base
        }
        // Another heading may be called `a-2` by itself.
        var count = usedIDs[base, default: 1]
        var id: String
        repeat {
            count += 1
            id = "\(base)-\(count)"
        } while usedIDs[id] != nil
        usedIDs[base] = count
        usedIDs[id] = 1
        return id
    }

    private mutating func addReference(_ node: OpaquePointer, text: String) {
        let isPicture = cmark_node_get_type(node) == CMARK_NODE_IMAGE
        references.append(
            MarkdownDocument.Reference(
                kind: !isPicture ? .link : isAlone(node) ? .figure : .picture,
                destination: string(cmark_node_get_url(node)), title: string(cmark_node_get_title(node)), text: text,
                line: max(1, Int(cmark_node_get_start_line(node))) + firstLine - 1, column: max(1, Int(cmark_node_get_start_column(node)))))
        referenceNodes.append(node)
    }

    private func string(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    /// Whether a picture is the only thing in its paragraph.
    private func isAlone(_ node: OpaquePointer) -> Bool {
        guard let parent = cmark_node_parent(node), cmark_node_get_type(parent) == CMARK_NODE_PARAGRAPH else { return false }
        return cmark_node_next(node) == nil && cmark_node_previous(node) == nil
    }

    // MARK: Changing

    func enrich() {
        if enrichments.contains(.headingIDs) {
            for (number, heading) in headingNodes.enumerated() {
                guard let mark = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_INLINE, memory) else { continue }
                cmark_node_set_on_enter(mark, Placeholder.text(.heading, number))
                cmark_node_prepend_child(heading, mark)
            }
        }
        if enrichments.contains(.references) {
            for (number, node) in referenceNodes.enumerated() { replaceReference(node, number) }
        }
        for (number, table) in tables.enumerated() { wrap(table, number) }
    }

    /// Placeholders stand around the words of a link, as inline HTML, which is the one kind of node that may stand wherever a link may,
    /// in a table's cell too.
    private func replaceReference(_ node: OpaquePointer, _ number: Int) {
        guard let opening = insert(Placeholder.text(.opening, number), before: node) else {
            // What can't be replaced must not lead where nobody has looked.
            cmark_node_set_url(node, "")
            return
        }
        if references[number].kind == .link {
            if references[number].destination.hasPrefix("mailto:") { allowBreak(in: cmark_node_first_child(node)) }
            while let child = cmark_node_first_child(node) {
                guard cmark_node_insert_before(node, child) == 1 else { break }
            }
            _ = insert(Placeholder.text(.closing, number), before: node)
        }
        cmark_node_unlink(node)
        if references[number].kind == .figure { replaceParagraph(of: opening) }
    }

    /// An address is long for a column on a phone. Where it has to be broken, the line ends after its `@`.
    private func allowBreak(in text: OpaquePointer?) {
        guard let text, cmark_node_get_type(text) == CMARK_NODE_TEXT, let next = cmark_node_new_with_mem(CMARK_NODE_TEXT, memory) else { return }
        let literal = string(cmark_node_get_literal(text))
        guard let at = literal.firstIndex(of: "@"), cmark_node_insert_after(text, next) == 1 else { return }
        cmark_node_set_literal(text, String(literal[...at]))
        cmark_node_set_literal(next, String(literal[literal.index(after: at)...]))
        _ = insert("<wbr>", before: next)
    }

    private func insert(_ html: String, before node: OpaquePointer) -> OpaquePointer? {
        guard let new = cmark_node_new_with_mem(CMARK_NODE_HTML_INLINE, memory) else { return nil }
        cmark_node_set_literal(new, html)
        return cmark_node_insert_before(node, new) == 1 ? new : nil
    }

    /// A picture by itself stands as a block, so that its figure is not inside a paragraph.
    private func replaceParagraph(of picture: OpaquePointer) {
        guard let paragraph = cmark_node_parent(picture), let block = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_BLOCK, memory) else { return }
        guard cmark_node_insert_before(paragraph, block) == 1 else { return }
        cmark_node_set_on_enter(block, "")
        cmark_node_set_on_exit(block, "")
        _ = cmark_node_append_child(block, picture)
        cmark_node_unlink(paragraph)
    }

    private func wrap(_ table: OpaquePointer, _ number: Int) {
        guard let block = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_BLOCK, memory) else { return }
        guard cmark_node_insert_before(table, block) == 1 else { return }
        let label = Placeholder.text(.tableLabel, number)
        cmark_node_set_on_enter(block, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"\(label)\">")
        cmark_node_set_on_exit(block, "</div>")
        _ = cmark_node_append_child(block, table)
    }
}
