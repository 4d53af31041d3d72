/// The attributes that can be in cleaned HTML.
enum HTMLAttribute: String, CaseIterable, Sendable {
    // On every element
    case `class`, dir, id, lang, role, tabindex, title
    case ariaDescribedby = "aria-describedby"
    case ariaHidden = "aria-hidden"
    case ariaLabel = "aria-label"
    case ariaLabelledby = "aria-labelledby"
    // Links
    case download, href, hreflang, rel, target
    // Pictures
    case alt, decoding, fetchpriority, height, loading, media, sizes, src, srcset, width
    // Texts
    case cite, datetime, open, reversed, start, type, value
    // Measures
    case high, low, max, min, optimum
    // Tables
    case abbr, align, colspan, headers, rowspan, scope, span
    // Task lists in pages; forms in themes
    case checked, disabled
    // Forms, themes only
    case action, autocomplete, enterkeyhint, `for`, inputmode, maxlength, method, minlength, name, novalidate, pattern, placeholder, readonly
    case required, size, spellcheck, step
    // What cmark-gfm writes for footnotes
    case footnotes = "data-footnotes"
    case footnoteReference = "data-footnote-ref"
    case footnoteBackReference = "data-footnote-backref"
    case footnoteBackReferenceIndex = "data-footnote-backref-idx"
    // What the policy writes for an embed
    case embedSource = "data-embed-src"
    case embedTitle = "data-embed-title"

    private static let names = PackedName.table(of: HTMLAttribute.self)

    static func named(_ name: PackedName?) -> HTMLAttribute? {
        name.flatMap { names[$0] }
    }
}
