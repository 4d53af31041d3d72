/// The elements that can be in cleaned HTML. What is not listed here is never written.
///
/// None of them makes a browser read its content as anything but HTML (no raw text, no SVG, no MathML), so cleaned HTML means
/// the same to every parser.
enum HTMLElement: String, CaseIterable, Sendable {
    // Text
    case a, abbr, b, bdi, bdo, br, cite, code, data, del, dfn, em, i, ins, kbd, mark, meter, progress, q, rp, rt, ruby, s, samp
    case small, span, strong, sub, sup, time, u, `var`, wbr
    // Blocks
    case address, blockquote, details, div, figcaption, figure, h1, h2, h3, h4, h5, h6, hr, p, pre, section, summary
    // Lists
    case dd, dl, dt, li, ol, ul
    // Tables
    case caption, col, colgroup, table, tbody, td, tfoot, th, thead, tr
    // Pictures
    case img, picture, source
    // Task lists in pages; forms in themes
    case input
    // Themes only
    case article, aside, button, fieldset, footer, form, header, hgroup, label, legend, nav

    private static let names = PackedName.table(of: HTMLElement.self)

    static func named(_ name: PackedName?) -> HTMLElement? {
        name.flatMap { names[$0] }
    }

    var isThemeOnly: Bool {
        switch self {
        case .article, .aside, .button, .fieldset, .footer, .form, .header, .hgroup, .label, .legend, .nav: true
        default: false
        }
    }

    /// Never has content, nor an end tag.
    var isVoid: Bool {
        switch self {
        case .br, .col, .hr, .img, .input, .source, .wbr: true
        default: false
        }
    }

    /// Stands in a line of text.
    var isInline: Bool {
        switch self {
        case .a, .abbr, .b, .bdi, .bdo, .br, .button, .cite, .code, .data, .del, .dfn, .em, .i, .img, .input, .ins, .kbd, .label, .mark, .meter,
            .picture, .progress, .q, .rp, .rt, .ruby, .s, .samp, .small, .source, .span, .strong, .sub, .sup, .time, .u, .var, .wbr:
            true
        default: false
        }
    }

    /// Holds only a line of text: the start of a block ends it.
    var holdsOnlyText: Bool {
        switch self {
        case .p, .h1, .h2, .h3, .h4, .h5, .h6: true
        default: false
        }
    }

    /// Must not stand inside another of its kind.
    var isNeverNested: Bool {
        self == .a || self == .button || self == .form
    }

    var isTablePart: Bool {
        switch self {
        case .caption, .col, .colgroup, .table, .tbody, .td, .tfoot, .th, .thead, .tr: true
        default: false
        }
    }

    /// Content in it, outside a cell, is moved about by browsers.
    var holdsOnlyTableParts: Bool {
        switch self {
        case .colgroup, .table, .tbody, .tfoot, .thead, .tr: true
        default: false
        }
    }

    /// What is outside it cannot be ended from within.
    var isBoundary: Bool {
        switch self {
        case .button, .caption, .table, .td, .th: true
        default: false
        }
    }
}
