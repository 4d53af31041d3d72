/// What a tenant's own templates may render.
///
/// A tenant may replace fragments of the theme, never the page around them. What such a fragment renders to is cleaned like an
/// editor's HTML, with the elements that a header, a footer or a search form needs.
package struct TemplatePolicy: Sendable {
    private let html: HTMLPolicy

    /// - Parameter formOrigins: Origins besides the site itself that forms may be sent to, such as `https://app.example.org`.
    package init(formOrigins: [String] = [], embedText: @escaping HTMLPolicy.EmbedText = HTMLPolicy.englishEmbedText) {
        html = HTMLPolicy(profile: .theme(formOrigins: formOrigins), embedText: embedText)
    }

    package func clean(rendered fragment: [UInt8]) -> CleanHTML {
        html.clean(fragment: fragment)
    }
    /// What will be left out of all that a template renders to, by the template itself.
    /// - Parameters:
    ///   - markup: The template with nothing but HTML in it; tags that write values may stay.
    ///   - source: The template as it was written, of the same length.
    package func findings(markup: [UInt8], source: [UInt8]) -> [HTMLFinding] {
        html.clean(fragment: markup).findings.filter { finding in
            switch finding.what {
            // A value can't make an address unsafe that is safe without it: what was refused is written in the template.
            case .linkRefused, .pictureRefused, .formActionRefused: return true
            default: return !Self.holdsTag(source[finding.place.clamped(to: source.indices)])
            }
        }
    }

    /// Whether what is decided by these bytes depends on a value of the template.
    private static func holdsTag(_ bytes: ArraySlice<UInt8>) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "{") && $1 == UInt8(ascii: "{") }
    }
}
