/// What an attribute's value must look like to be kept.
enum HTMLAttributeRule: Sendable {
    /// Any text; it is escaped.
    case text
    /// The attribute alone says it; a value is dropped.
    case flag
    /// An address a reader may be led to.
    case link
    /// A picture on this site.
    case image
    /// Pictures on this site with widths or densities.
    case imageSet
    /// The page of a listed provider, as `EmbedHosts` writes it.
    case embed
    /// Where a form is sent.
    case formAction
    /// One name: letters of any script, digits, `_ : . % -`.
    case identifier
    /// Names of `A-Z a-z 0-9 _ -` with spaces between; other names are left out.
    case classNames
    /// Identifiers with spaces between.
    case identifiers
    /// Link relations that cannot make a browser request or open anything.
    case relations
    /// Up to five digits.
    case integer
    /// Digits, sign, point.
    case number
    /// A length in pixels or per cent.
    case length
    /// ASCII letters, digits and `- / . + _`.
    case token
    /// A media condition or a list of sizes.
    case mediaCondition
    /// One of these words, which stand with spaces between, in any case.
    case oneOf(StaticString)

    /// The rule for an attribute on an element, or nil where it is not allowed.
    static func rule(for attribute: HTMLAttribute, on element: HTMLElement) -> HTMLAttributeRule? {
        switch attribute {
        // On every element
        case .class: .classNames
        case .dir: .oneOf("ltr rtl auto")
        case .id: .identifier
        case .lang: .token
        case .role: .token
        case .tabindex: .oneOf("0 -1")
        case .title, .ariaLabel: .text
        case .ariaHidden: .oneOf("true false")
        case .ariaDescribedby, .ariaLabelledby: .identifiers

        // Links
        case .href: element == .a ? .link : nil
        case .download: element == .a ? .text : nil
        case .hreflang: element == .a ? .token : nil
        case .rel: element == .a ? .relations : nil
        case .target: element == .a ? .oneOf("_blank") : nil

        // Pictures
        case .src: element == .img ? .image : nil
        case .srcset: element == .img || element == .source ? .imageSet : nil
        case .alt: element == .img ? .text : nil
        case .width, .height: element == .img || element == .source ? .length : nil
        case .loading: element == .img ? .oneOf("lazy eager") : nil
        case .decoding: element == .img ? .oneOf("async sync auto") : nil
        case .fetchpriority: element == .img ? .oneOf("high low auto") : nil
        case .sizes: element == .img || element == .source ? .mediaCondition : nil
        case .media: element == .source ? .mediaCondition : nil

        // Texts
        case .cite: element == .blockquote || element == .q || element == .ins || element == .del ? .link : nil
        case .datetime: element == .time || element == .ins || element == .del ? .text : nil
        case .open: element == .details ? .flag : nil
        case .reversed: element == .ol ? .flag : nil
        case .start: element == .ol ? .number : nil
        case .type: type(on: element)
        case .value: value(on: element)
        case .min, .max: element == .meter || element == .progress ? .number : element == .input ? .token : nil
        case .low, .high, .optimum: element == .meter ? .number : nil

        // Tables
        case .abbr: element == .th ? .text : nil
        case .align: element == .td || element == .th ? .oneOf("left center right") : nil
        case .colspan, .rowspan: element == .td || element == .th ? .integer : nil
        case .headers: element == .td || element == .th ? .identifiers : nil
        case .scope: element == .th ? .oneOf("row col rowgroup colgroup") : nil
        case .span: element == .col || element == .colgroup ? .integer : nil

        // Forms
        case .checked: element == .input ? .flag : nil
        case .disabled: element == .input || element == .button || element == .fieldset ? .flag : nil
        case .action: element == .form ? .formAction : nil
        case .method: element == .form ? .oneOf("get") : nil
        case .novalidate: element == .form ? .flag : nil
        case .autocomplete: element == .form || element == .input ? .token : nil
        case .for: element == .label ? .identifier : nil
        case .name: element == .input || element == .button ? .identifier : nil
        case .placeholder, .pattern: element == .input ? .text : nil
        case .enterkeyhint, .inputmode: element == .input ? .token : nil
        case .maxlength, .minlength, .size: element == .input ? .integer : nil
        case .step: element == .input ? .number : nil
        case .readonly, .required: element == .input ? .flag : nil
        case .spellcheck: element == .input ? .oneOf("true false") : nil

        // Footnotes
        case .footnotes: element == .section ? .flag : nil
        case .footnoteReference: element == .a ? .flag : nil
        case .footnoteBackReference: element == .a ? .flag : nil
        case .footnoteBackReferenceIndex: element == .a ? .token : nil

        // Embeds
        case .embedSource: element == .div ? .embed : nil
        case .embedTitle: element == .div ? .text : nil
        }
    }

    private static func type(on element: HTMLElement) -> HTMLAttributeRule? {
        switch element {
        case .a, .source: .token
        case .ol: .oneOf("1 a A i I")
        case .button: .oneOf("button submit reset")
        case .input: .oneOf("checkbox date email hidden month number radio search submit tel text time url")
        default: nil
        }
    }

    private static func value(on element: HTMLElement) -> HTMLAttributeRule? {
        switch element {
        case .li, .meter, .progress: .number
        case .button, .data, .input: .text
        default: nil
        }
    }
}
