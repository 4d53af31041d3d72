import Templating

/// What a page is rendered from. Equal parts, equal page.
struct PageParts: Sendable {
    /// Index of the edition.
    var edition: Int
    /// The template of `<main>`, or of the whole document when `isWholeDocument`.
    var layout: String
    var context: TemplateObject
    var head: TemplateObject = [:]
    /// The page's address, by which the navigation knows where the reader is.
    var url: String
    /// The other languages' addresses, for the language switch.
    var languages: [TemplateValue] = []
    var isWholeDocument = false
    /// Adds what is costly and depends on nothing but the context.
    var complete: (@Sendable (inout TemplateObject) -> Void)?
}
