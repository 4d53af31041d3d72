import CCMarkGFM
import CMarkdownArena
import Glibc
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

    private static let registered: Void = cmark_gfm_core_extensions_ensure_registered()

    private static let inlineTables = Mutex<Void>(())

    /// A tree on its way out of the lock.
    private struct Finished: @unchecked Sendable {
        let root: OpaquePointer?
    }

    /// What cmark-gfm needs for a byte of prose, about.
    private static let memoryPerByte = 12

    private let enrichments: Enrichments
    /// What every text gets, for tests; nil for what it needs.
    private let needs: SyntaxNeeds?

    package init(enrichments: Enrichments = .all) {
        self.init(enrichments: enrichments, needs: nil)
    }

    init(enrichments: Enrichments, needs: SyntaxNeeds?) {
        _ = Self.registered
        self.enrichments = enrichments
        self.needs = needs
    }

    /// Parses UTF-8 `text`, whose first line is line `firstLine` of its file.
    package func parse(_ text: UnsafeBufferPointer<UInt8>, firstLine: Int = 1) -> MarkdownDocument {
        let options = CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE
        // All that cmark-gfm makes of this text goes at once, so nothing is freed piece by piece.
        let memory = marquee_arena_begin(text.count * Self.memoryPerByte)
        defer { marquee_arena_end() }
        guard let memory, let parser = cmark_parser_new_with_mem(options, memory) else { return .empty }
        let needs = needs ?? SyntaxNeeds(text)
        for name in needs.extensions {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        text.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        // While cmark-gfm parses inlines, it notes the extensions' special characters in tables of the whole process, and takes them out again:
        // two parsers at once would lose each other's strikethrough. A text without such characters doesn't mind.
        let finished =
            needs.hasInlineExtension
            ? Self.inlineTables.withLock { _ in Finished(root: cmark_parser_finish(parser)) } : Finished(root: cmark_parser_finish(parser))
        guard let root = finished.root else { return .empty }

        var tree = MarkdownTree(root: root, firstLine: firstLine, enrichments: enrichments, memory: memory)
        tree.collect()
        tree.enrich()
        guard let rendered = cmark_render_html_with_mem(root, options, cmark_parser_get_syntax_extensions(parser), memory) else { return .empty }
        let html = UnsafeBufferPointer(start: UnsafeRawPointer(rendered).assumingMemoryBound(to: UInt8.self), count: strlen(rendered))
        return MarkdownDocument(
            headings: tree.headings, references: tree.references, plainText: tree.plainText, firstParagraph: tree.firstParagraph,
            hasRawHTML: tree.hasRawHTML, hasTables: !tree.tables.isEmpty, hasTasks: tree.hasTasks, hasFootnotes: tree.hasFootnotes,
            template: Array(html))
    }
}

/// Which of cmark-gfm's extensions could find something in a text. Most texts need none: they are parsed faster, and side by side.
struct SyntaxNeeds {
    private(set) var table = false
    private(set) var strikethrough = false
    private(set) var autolink = false
    private(set) var tasklist = false

    static let all = SyntaxNeeds(table: true, strikethrough: true, autolink: true, tasklist: true)

    private init(table: Bool, strikethrough: Bool, autolink: Bool, tasklist: Bool) {
        (self.table, self.strikethrough, self.autolink, self.tasklist) = (table, strikethrough, autolink, tasklist)
    }

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var before: (UInt8, UInt8) = (0, 0)
        for byte in text {
            switch byte {
            case UInt8(ascii: "|"): table = true
            case UInt8(ascii: "~"): strikethrough = true
            case UInt8(ascii: "@"): autolink = true
            // A table of one column can do without bars: `:--`.
            case UInt8(ascii: "-") where before.1 == UInt8(ascii: ":"), UInt8(ascii: ":") where before.1 == UInt8(ascii: "-"): table = true
            case UInt8(ascii: "/") where before == (UInt8(ascii: ":"), UInt8(ascii: "/")): autolink = true
            case UInt8(ascii: ".") where before == (UInt8(ascii: "w"), UInt8(ascii: "w")): autolink = true
            case UInt8(ascii: "]") where before.0 == UInt8(ascii: "["): tasklist = true
            default: break
            }
            before = (before.1, byte)
        }
    }

    var extensions: [String] {
        [("table", table), ("strikethrough", strikethrough), ("autolink", autolink), ("tasklist", tasklist)].filter(\.1).map(\.0)
    }

    /// Whether the inline parser notes something in its shared tables.
    var hasInlineExtension: Bool { strikethrough || autolink }
}

extension MarkdownDocument {
    package static let empty = MarkdownDocument(
        headings: [], references: [], plainText: [], firstParagraph: "", hasRawHTML: false, hasTables: false, hasTasks: false,
        hasFootnotes: false, template: [])
}
