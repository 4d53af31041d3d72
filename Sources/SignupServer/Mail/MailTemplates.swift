import Foundation
import SiteBuilder
import Templating
import Tenancy

/// All mails in all languages that they are written in.
struct MailTemplates: Sendable {
    private let templates: [String: [Language: MailTemplate]]
    private let frame: TemplateSet

    /// Those that `Templates/mail` has.
    static let languages = PageLanguage.all
    private static let suffix = ".txt"

    /// Throws `BuildError` with file and line of what is wrong. Every mail must be there in every language.
    init(folder: String) throws(BuildError) {
        var templates: [String: [Language: MailTemplate]] = [:]
        for language in Self.languages {
            for name in Self.names(in: "\(folder)/\(language.code)") {
                let path = "\(folder)/\(language.code)/\(name)\(Self.suffix)"
                do throws(TemplateError) {
                    templates[name, default: [:]][language] = try MailTemplate(try Self.read(path))
                } catch {
                    throw .template(path: "\(path):\(error.line)", problem: error.problem)
                }
            }
        }
        for (name, texts) in templates {
            for language in Self.languages where texts[language] == nil {
                throw .unreadable(path: "\(folder)/\(language.code)/\(name)\(Self.suffix)", reason: "the mail is not there in this language")
            }
            guard Set(texts.values.map(\.names)).count == 1 else {
                throw .template(path: "\(folder)/*/\(name)\(Self.suffix)", problem: "the languages need different values")
            }
        }
        guard !templates.isEmpty else { throw .unreadable(path: folder, reason: "there are no mails") }
        self.templates = templates
        let path = "\(folder)/frame.mustache"
        do throws(TemplateError) {
            frame = TemplateSet(["frame": try Template(try Self.read(path))])
        } catch {
            throw .template(path: "\(path):\(error.line)", problem: error.problem)
        }
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") && $0.hasSuffix(suffix) }.sorted()
            .map { String($0.dropLast(suffix.count)) }
    }

    /// A file that can't be read has a problem in its first line.
    private static func read(_ path: String) throws(TemplateError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TemplateError(line: 1, problem: "there is no such file, or it is closed to us")
        }
        return String(decoding: data, as: UTF8.self)
    }

    var names: [String] { templates.keys.sorted() }

    /// What a mail must be given.
    func values(of name: String) -> Set<String> { templates[name]?[.english]?.names ?? [] }

    // MARK: Rendering

    /// A mail's words.
    struct Content: Sendable, Equatable {
        var subject: String
        var text: String
        var html: String
    }

    /// Throws `MailProblem` when there is no such mail or it isn't given exactly what it needs. A language that mails don't have is English.
    func content(_ name: String, _ language: Language, _ values: [String: String]) throws(MailProblem) -> Content {
        let language = Self.languages.contains(language) ? language : .english
        guard let template = templates[name]?[language] else { throw .noTemplate(name) }
        if let missing = template.names.subtracting(values.keys).min() { throw .missing(missing, template: name) }
        if let unknown = Set(values.keys).subtracting(template.names).min() { throw .unknown(unknown, template: name) }
        let writer = MailWriter(values: try Self.safe(values, of: name))
        let blocks = writer.pieces(template.blocks)
        let smallPrint = writer.pieces(template.smallPrint)
        let subject = writer.text(template.subject)
        let html = frame.render(
            "frame",
            [
                [
                    "language": .text(language.code), "direction": .text(language.direction), "subject": .text(subject),
                    "blocks": .list(blocks.map(\.value)), "small_print": .list(smallPrint.map(\.value)),
                ]
            ])
        // `-- ` is what mail programs know as the beginning of what is not the message.
        let text = (blocks.map(\.text) + ["-- \n" + smallPrint.map(\.text).joined(separator: "\n\n")]).joined(separator: "\n\n") + "\n"
        return Content(subject: subject, text: text, html: String(decoding: html, as: UTF8.self))
    }

    /// Values come from forms: they stay on one line, are not long, and nothing but a link is one. Links are web addresses.
    private static func safe(_ values: [String: String], of name: String) throws(MailProblem) -> [String: String] {
        var result: [String: String] = [:]
        for (key, value) in values {
            if key == "link" || key.hasSuffix("_link") {
                let isAddress = value.hasPrefix("https://") || value.hasPrefix("http://")
                guard isAddress, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .badLink(key, template: name) }
                result[key] = value
                continue
            }
            var text = ""
            for scalar in value.unicodeScalars {
                guard text.utf8.count < 200 else { break }
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: text += " "
                default: text.unicodeScalars.append(scalar)
                }
            }
            // Programs make a link of whatever looks like one.
            result[key] = text.replacingOccurrences(of: "://", with: " ").replacingOccurrences(of: "www.", with: "www ", options: .caseInsensitive)
        }
        return result
    }
}

/// Why a mail can't be written: a mistake in the program. It is part of what the caller's transaction throws.
enum MailProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case noTemplate(String)
    case missing(String, template: String)
    case unknown(String, template: String)
    case badLink(String, template: String)

    var description: String {
        switch self {
        case .noTemplate(let name): "there is no mail `\(name)` in Templates/mail"
        case .missing(let value, let template): "the mail `\(template)` needs a value `\(value)`"
        case .unknown(let value, let template): "the mail `\(template)` has no value `\(value)`"
        case .badLink(let value, let template): "the value `\(value)` of the mail `\(template)` is no web address"
        }
    }
}

/// Puts values into a mail's blocks.
private struct MailWriter {
    let context: TemplateValue

    init(values: [String: String]) {
        var object = TemplateObject()
        for (name, value) in values {
            object[TemplateName(name)] = .html(value)
            // `{{#days_is_one}}`: the one form of a number that is a word of its own in our languages.
            object[TemplateName(name + MailTemplate.isOne)] = .bool(value == "1")
        }
        context = .object(object)
    }

    struct Piece {
        let text: String
        let value: TemplateValue
    }

    /// As plain text: what is HTML is escaped later, words and values alike.
    func text(_ template: Template) -> String {
        let set = TemplateSet(["text": template])
        return String(decoding: set.render("text", [context]), as: UTF8.self)
    }

    func pieces(_ blocks: [MailTemplate.Block]) -> [Piece] {
        blocks.map { block in
            switch block {
            case .paragraph(let template):
                let text = text(template)
                return Piece(text: text, value: ["paragraph": .text(text)])
            case .button(let label, let address):
                let (label, address) = (text(label), text(address))
                return Piece(text: "\(label):\n\(address)", value: ["button": ["label": .text(label), "address": .text(address)]])
            case .code(let template):
                let text = text(template)
                return Piece(text: "    " + text, value: ["code": .text(text)])
            }
        }
    }
}
