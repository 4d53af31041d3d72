import Foundation
import Templating

/// One mail in one language, as it stands in `Templates/mail/<language>/<name>.txt`. The text and the HTML part are made from the same words.
///
///     Subject: Sign in to Marquee
///
///     Paragraphs, with an empty line between two. {{minutes}} stands for a value.
///
///     [What the button says]({{link}})
///
///         {{code}}
///
///     --
///
///     The small print: why this mail came, and what to do if it was not you.
struct MailTemplate: Sendable {
    enum Block: Sendable {
        case paragraph(Template)
        /// A line alone that says `[label](address)`.
        case button(label: Template, address: Template)
        /// Indented by four spaces: digits to be typed elsewhere.
        case code(Template)
    }

    let subject: Template
    let blocks: [Block]
    let smallPrint: [Block]
    /// What must be given.
    let names: Set<String>

    private static let subjectMark = "Subject: "

    /// Throws `TemplateError` with the line of what is wrong.
    init(_ source: String) throws(TemplateError) {
        var line = 1
        var parts: [[Block]] = [[]]
        var subject: Template?
        for text in source.components(separatedBy: "\n\n") {
            let lines = text.split(separator: "\n").map(String.init)
            if let first = lines.first {
                if subject == nil {
                    guard first.hasPrefix(Self.subjectMark), lines.count == 1 else {
                        throw TemplateError(line: line, problem: "a mail begins with `Subject: ` and an empty line")
                    }
                    subject = try Self.template(String(first.dropFirst(Self.subjectMark.count)), line)
                } else if lines == ["--"] {
                    parts.append([])
                } else {
                    parts[parts.count - 1].append(try Self.block(lines, line))
                }
            }
            line += text.count { $0 == "\n" } + 2
        }
        guard let subject else { throw TemplateError(line: 1, problem: "a mail begins with `Subject: ` and an empty line") }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw TemplateError(line: line, problem: "a mail has a text, a line with --, and small print that says why it came")
        }
        self.subject = subject
        blocks = parts[0]
        smallPrint = parts[1]
        names = Self.names(in: source)
    }

    private static func block(_ lines: [String], _ line: Int) throws(TemplateError) -> Block {
        let indent = "    "
        if lines.allSatisfy({ $0.hasPrefix(indent) }) {
            return .code(try template(lines.map { String($0.dropFirst(indent.count)) }.joined(separator: "\n"), line))
        }
        let text = lines.joined(separator: " ")
        guard lines.count == 1, text.hasPrefix("["), text.hasSuffix(")"), let middle = text.range(of: "](") else {
            return .paragraph(try template(text, line))
        }
        return .button(
            label: try template(String(text[text.index(after: text.startIndex)..<middle.lowerBound]), line),
            address: try template(String(text[middle.upperBound...].dropLast()), line))
    }

    private static func template(_ source: String, _ line: Int) throws(TemplateError) -> Template {
        do throws(TemplateError) {
            return try Template(source)
        } catch {
            throw TemplateError(line: error.line + line - 1, problem: error.problem)
        }
    }

    /// What is asked of a value (`{{#days_is_one}}`) is not part of its name.
    static let isOne = "_is_one"

    /// The names in all tags.
    private static func names(in source: String) -> Set<String> {
        var names: Set<String> = []
        for tag in source.components(separatedBy: "{{").dropFirst() {
            let name = tag.prefix { $0 != "}" }.drop { "#^/ ".contains($0) }.prefix { $0.isLetter || $0 == "_" }
            names.insert(String(name.hasSuffix(isOne) ? name.dropLast(isOne.count) : name))
        }
        return names
    }
}
