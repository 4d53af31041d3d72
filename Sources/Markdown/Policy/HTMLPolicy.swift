/// What HTML an untrusted editor may put on a site.
///
/// Cleaning does not search for what is dangerous. It reads the input as tags and text, and writes new HTML in which only listed
/// elements and attributes can occur, with all text escaped. No listed element switches a browser's parser to another mode, and
/// elements are nested only as browsers nest them, so that the result cannot be read in two ways nor end an element around it.
///
/// Any bytes are accepted. The work is linear in their number. Cleaning what is clean changes nothing.
package struct HTMLPolicy: Sendable {
    package enum Profile: Sendable, Hashable {
        /// What Markdown pages may contain.
        case page
        /// What a tenant's own templates may render: also page regions, and forms that are sent by GET to the site itself or
        /// to one of these origins, such as `https://app.example.org`.
        case theme(formOrigins: [String])
    }

    /// What the link that stands for a frame says, for a provider and the frame's own title.
    package typealias EmbedText = @Sendable (_ provider: EmbedHosts.Provider, _ title: String?) -> String

    /// In bytes; larger input is not read.
    package static let maximumSize = 4 << 20
    package static let maximumDepth = 100
    package static let maximumFindings = 50

    package let profile: Profile
    let embedText: EmbedText

    package init(profile: Profile = .page, embedText: @escaping EmbedText = HTMLPolicy.englishEmbedText) {
        self.profile = profile
        self.embedText = embedText
    }

    package func clean(fragment: String) -> CleanHTML {
        clean(fragment: Array(fragment.utf8))
    }

    /// Cleans the inside of an element such as `<main>`; bytes that are not UTF-8 become U+FFFD.
    package func clean(fragment: [UInt8]) -> CleanHTML {
        guard fragment.count <= Self.maximumSize else {
            return CleanHTML(html: [], findings: [HTMLFinding(what: .tooLarge, element: "", source: "", place: 0..<0)])
        }
        var cleaner = HTMLCleaner(policy: self, input: Self.validUTF8(fragment))
        return cleaner.clean()
    }

    @Sendable
    package static func englishEmbedText(provider: EmbedHosts.Provider, title: String?) -> String {
        let what =
            switch provider.kind {
            case .video: "Watch the video"
            case .map: "Open the map"
            case .calendar: "Open the calendar"
            case .form: "Open the form"
            case .document: "Open the document"
            case .donation: "Give"
            }
        return title.map { "\(what) “\($0)” on \(provider.label)" } ?? "\(what) on \(provider.label)"
    }

    private static func validUTF8(_ bytes: [UInt8]) -> [UInt8] {
        (try? UTF8Span(validating: bytes.span)) == nil ? Array(String(decoding: bytes, as: UTF8.self).utf8) : bytes
    }
}
