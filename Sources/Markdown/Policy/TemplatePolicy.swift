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
}
