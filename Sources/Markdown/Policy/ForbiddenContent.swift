/// How to leave out an element that is not allowed, where keeping its text would be wrong.
enum ForbiddenContent {
    /// Browsers read what is in it as text up to its end tag.
    case rawText
    /// Browsers never leave it: the rest of the input is its text.
    case rest
    /// What is in it is elements that mean something only there.
    case elements
    /// A frame: it becomes a link to click.
    case frame

    /// Nil for elements whose text is kept without them.
    static func of(_ element: String) -> ForbiddenContent? {
        switch element {
        case "iframe": .frame
        case "script", "style", "textarea", "title", "xmp", "noembed", "noframes", "noscript": .rawText
        case "plaintext": .rest
        case "svg", "math", "template", "select", "datalist", "frameset", "head": .elements
        default: nil
        }
    }
}
