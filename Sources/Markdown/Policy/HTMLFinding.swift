/// Something the policy changed, for the person who wrote it.
package struct HTMLFinding: Sendable, Hashable {
    package enum What: Sendable, Hashable {
        /// The element and all in it is gone.
        case elementRemoved
        /// The tags are gone, the text is still there.
        case elementIgnored
        case attributeRemoved(name: String)
        case linkRefused(address: String)
        case pictureRefused(address: String)
        /// The frame became a plain link.
        case embedRefused(address: String)
        case formActionRefused(address: String)
        /// A tag, comment or element without an end took the rest of the text with it.
        case unfinished
        case tooDeep
        case tooLarge
    }

    package let what: What
    /// The element's name.
    package let element: String
    /// The beginning of the tag as it was written, on one line; it can be searched for in the Markdown.
    package let source: String
    /// The bytes of the input that decided: a tag's name, an attribute, or the whole tag.
    package let place: Range<Int>

    /// What is wrong.
    package var message: String {
        switch what {
        case .elementRemoved: "<\(element)> is not allowed, it was left out with all that is in it"
        case .elementIgnored: "<\(element)> is not allowed, only the text in it was kept"
        case .attributeRemoved(let name): "\(name) on <\(element)> is not allowed, it was left out"
        case .linkRefused(let address): "a link to “\(address)” is not allowed"
        case .pictureRefused(let address): "a picture from “\(address)” is not allowed"
        case .embedRefused(let address): "a frame of “\(address)” is not allowed, it became a link"
        case .formActionRefused(let address): "a form must not be sent to “\(address)”"
        case .unfinished: "<\(element) is never closed, what follows it was left out"
        case .tooDeep: "elements are nested more than \(HTMLPolicy.maximumDepth) deep"
        case .tooLarge: "the HTML has more than \(HTMLPolicy.maximumSize >> 20) MB"
        }
    }

    /// What to write instead.
    package var advice: String {
        switch what {
        case .elementRemoved: "delete it; scripts, styles and objects cannot run on a site"
        case .elementIgnored: "use Markdown, or one of the elements that the content guide lists"
        case .attributeRemoved(let name):
            name == "style" ? "use a class of the theme, or theme/style.css" : "delete it; the content guide lists what each element may have"
        case .linkRefused: "link to a page of the site, or to an address that begins with https:, mailto: or tel:"
        case .pictureRefused: "put the picture into media/ and use its path"
        case .embedRefused: "embed from one of these: \(EmbedHosts.providers.map(\.label).joined(separator: ", "))"
        case .formActionRefused: "send it to a page of the site, or use an embedded form"
        case .unfinished: "add the missing end"
        case .tooDeep: "close the elements that are open, or use fewer"
        case .tooLarge: "divide the page into several"
        }
    }
}
