/// One Markdown text, turned into HTML in a single pass.
///
/// What a link or picture leads to is known only when the whole site is: the HTML keeps a placeholder for each, and
/// `html(resolving:)` puts the final markup in its place.
package struct MarkdownDocument: Sendable {
    package struct Heading: Sendable, Hashable {
        /// 1…6
        package let level: Int
        package let text: String
        package let id: String
        package let line: Int
    }

    /// A link or picture as the editor wrote it.
    package struct Reference: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case link
            /// A picture inside a text.
            case picture
            /// A picture that is a paragraph of its own.
            case figure
        }

        package let kind: Kind
        package let destination: String
        package let title: String
        /// The link's text, or the picture's alternative text; plain.
        package let text: String
        package let line: Int
        package let column: Int
    }

    /// What stands in the final HTML for a reference.
    package struct Markup: Sendable, Hashable {
        package var opening: String
        package var closing: String

        package init(opening: String, closing: String) {
            self.opening = opening
            self.closing = closing
        }
    }

    package let headings: [Heading]
    package let references: [Reference]
    /// The words of the text, without markup, for search.
    package let plainText: [UInt8]
    /// The first paragraph's text.
    package let firstParagraph: String
    /// Whether the editor wrote HTML; it then has to pass `HTMLPolicy`.
    package let hasRawHTML: Bool
    package let hasTables: Bool
    /// Whether there is a task list.
    package let hasTasks: Bool
    package let hasFootnotes: Bool
    let template: [UInt8]

    /// The HTML with every reference replaced. Raw HTML in it is still the editor's own.
    ///
    /// `tableLabel` is what a screen reader calls a table that scrolls; it is HTML already.
    package func html(tableLabel: String = "", resolving markup: (Int, Reference) -> Markup) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(template.count + references.count * 64 + headings.count * 32)
        var closings: [Int: String] = [:]
        template.withUnsafeBufferPointer { bytes in
            var start = 0
            var index = 0
            while index < bytes.count {
                guard bytes[index] == Placeholder.mark, let (kind, number, end) = Placeholder.read(bytes, at: index) else {
                    index += 1
                    continue
                }
                output.append(contentsOf: bytes[start..<index])
                switch kind {
                case .heading:
                    // The placeholder follows the heading's opening tag, `<h2>`.
                    if number < headings.count, output.last == UInt8(ascii: ">") {
                        output.removeLast()
                        output.append(contentsOf: " id=\"".utf8)
                        output.append(contentsOf: headings[number].id.utf8)
                        output.append(contentsOf: "\">".utf8)
                    }
                case .opening:
                    if number < references.count {
                        let markup = markup(number, references[number])
                        closings[number] = markup.closing
                        output.append(contentsOf: markup.opening.utf8)
                    }
                case .closing:
                    if let closing = closings[number] { output.append(contentsOf: closing.utf8) }
                case .tableLabel: output.append(contentsOf: tableLabel.utf8)
                }
                index = end
                start = end
            }
            output.append(contentsOf: bytes[start...])
        }
        return output
    }
}

/// A place in the rendered HTML that is filled in later: `U+0001`, a letter, a number, `U+0001`.
///
/// The loader removes control characters from what editors write, so no text can imitate one.
enum Placeholder {
    static let mark: UInt8 = 1

    enum Kind: UInt8 {
        case heading = 0x68  // h
        case opening = 0x6F  // o
        case closing = 0x63  // c
        case tableLabel = 0x74  // t
    }

    static func text(_ kind: Kind, _ number: Int) -> String {
        "\u{1}\(Character(UnicodeScalar(kind.rawValue)))\(number)\u{1}"
    }

    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (Kind, Int, end: Int)? {
        guard start + 3 < bytes.count, let kind = Kind(rawValue: bytes[start + 1]) else { return nil }
        var number = 0
        var index = start + 2
        while index < bytes.count, index < start + 10 {
            let byte = bytes[index]
            if byte == mark, index > start + 2 { return (kind, number, index + 1) }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return nil
    }
}
