import CCMarkGFM
import Synchronization

/// Parses GitHub Flavored Markdown with cmark-gfm.
package struct MarkdownParser: Sendable {
    /// Larger texts are refused by the loader: no page a person wrote comes near it.
    package static let maximumSize = 1 << 20

    /// What the pipeline adds to cmark-gfm's own HTML.
    package struct Enrichments: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Headings carry an id made from their text.
        package static let headingIDs = Enrichments(rawValue: 1)
        /// Links and pictures become placeholders, see `MarkdownDocument.html(resolving:)`.
        package static let references = Enrichments(rawValue: 2)
        /// Tables stand in an element that scrolls by itself on a narrow screen.
        package static let scrollingTables = Enrichments(rawValue: 4)
        package static let all: Enrichments = [.headingIDs, .references, .scrollingTables]
    }

    private static let extensionNames = ["table", "strikethrough", "autolink", "tasklist"]
    private static let registered: Void = cmark_gfm_core_extensions_ensure_registered()

    private static let inlineTables = Mutex<Void>(())

    /// A tree on its way out of the lock.
    private struct Finished: @unchecked Sendable {
        let root: OpaquePointer?
    }

    private let enrichments: Enrichments

    package init(enrichments: Enrichments = .all) {
        _ = Self.registered
        self.enrichments = enrichments
    }

    /// Parses UTF-8 `text`, whose first line is line `firstLine` of its file.
    package func parse(_ text: UnsafeBufferPointer<UInt8>, firstLine: Int = 1) -> MarkdownDocument {
        let options = CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE
        guard let parser = cmark_parser_new(options) else { return .empty }
        defer { cmark_parser_free(parser) }
        for name in Self.extensionNames {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        text.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        // While cmark-gfm parses inlines, it notes the extensions' special characters in tables of the whole process, and takes them out again:
        // two parsers at once would lose each other's strikethrough.
        guard let root = Self.inlineTables.withLock({ _ in Finished(root: cmark_parser_finish(parser)) }).root else { return .empty }
        defer { cmark_node_free(root) }

        var tree = MarkdownTree(root: root, firstLine: firstLine, enrichments: enrichments)
        tree.collect()
        tree.enrich()
        guard let rendered = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser)) else { return .empty }
        defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
        let html = UnsafeBufferPointer(start: UnsafeRawPointer(rendered).assumingMemoryBound(to: UInt8.self), count: length(rendered))
        return MarkdownDocument(
            headings: tree.headings, references: tree.references, plainText: tree.plainText, firstParagraph: tree.firstParagraph,
            hasRawHTML: tree.hasRawHTML, hasTables: !tree.tables.isEmpty, hasTasks: tree.hasTasks, hasFootnotes: tree.hasFootnotes,
            template: Array(html))
    }

    private func length(_ string: UnsafePointer<CChar>) -> Int {
        var end = string
        while end.pointee != 0 { end += 1 }
        return end - string
    }
}

extension MarkdownDocument {
    package static let empty = MarkdownDocument(
        headings: [], references: [], plainText: [], firstParagraph: "", hasRawHTML: false, hasTables: false, hasTasks: false,
        hasFootnotes: false, template: [])
}
