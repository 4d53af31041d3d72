package import Markdown
import StructuredData
package import Tenancy

/// One Markdown file, read. An immutable object: a page goes through many lists, and a copied struct would count a dozen references each time.
package final class SourcePage: Sendable {
    package enum Kind: Hashable, Sendable {
        case home, page, news, event
    }

    /// From the tenant's folder: `events/harvest-carnival.es.md`.
    package let path: String
    /// The path without language and ending: `events/harvest-carnival`. Translations of one page share it.
    package let stem: String
    /// Nil where the name has none: the page is in the site's default language.
    package let language: Language?
    package let kind: Kind
    package let frontMatter: FrontMatter
    package let title: String
    package let document: MarkdownDocument
    /// Of the whole file.
    package let fingerprint: Fingerprint
    package let findings: [Finding]

    init(
        path: String, stem: String, language: Language?, kind: Kind, frontMatter: FrontMatter, title: String, document: MarkdownDocument,
        fingerprint: Fingerprint, findings: [Finding]
    ) {
        self.path = path
        self.stem = stem
        self.language = language
        self.kind = kind
        self.frontMatter = frontMatter
        self.title = title
        self.document = document
        self.fingerprint = fingerprint
        self.findings = findings
    }

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }
    /// Whether it stands for a file that could not be read.
    var isUnreadable: Bool { findings.contains { $0.rule == PageReader.unreadableRule } }

    /// Where the front matter says `key`, for findings made later.
    package func line(of key: String) -> Int { frontMatter.marks[key]?.line ?? 1 }
}

/// Reads pages. Whatever is wrong becomes a finding of the page; nothing throws, nothing traps.
package struct PageReader: Sendable {
    static let unreadableRule = "unreadable"

    private let languages: [Language]
    private let parser = MarkdownParser()

    package init(languages: [Language]) {
        self.languages = languages
    }

    /// A page whose file is there and can't be read.
    package func unreadable(path: String) -> SourcePage {
        let name = PageName(path: path, languages: languages)
        let finding = Finding(
            .error, Self.unreadableRule, path: path, "the file can't be read or is larger than 64 MB",
            advice: "save it again, and put pictures into media/")
        return SourcePage(
            path: path, stem: name.stem, language: name.language, kind: name.kind, frontMatter: FrontMatter(), title: name.title, document: .empty,
            fingerprint: Fingerprint(of: [UInt8]()), findings: [finding])
    }

    package func read(path: String, bytes: [UInt8]) -> SourcePage {
        var findings: [Finding] = []
        let name = PageName(path: path, languages: languages)
        let fingerprint = Fingerprint(of: bytes)
        let text = SourceText(bytes, path: path, findings: &findings)
        var issues: [Issue] = []
        var node: Node?
        if let block = text.frontMatter {
            do throws(StructuredDataError) {
                node =
                    try block.isTOML
                    ? TOMLReader.read(String(decoding: text.bytes[block.range], as: UTF8.self), lineOffset: 1)
                    : YAMLReader.read(text.bytes[block.range], lineOffset: 1)
            } catch {
                findings.append(
                    Finding(.error, "front-matter", path: path, line: error.mark.line, column: error.mark.column, error.problem, advice: error.advice)
                )
            }
        }
        let frontMatter = findings.isEmpty ? FrontMatter(node, isEvent: name.kind == .event, issues: &issues) : FrontMatter()
        findings.append(contentsOf: issues.map { Finding($0, rule: "front-matter", path: path) })

        let (title, body, bodyLine) = titleAndBody(text, frontMatter, name)
        let document = body.withUnsafeBufferPointer { parser.parse($0, firstLine: bodyLine) }
        return SourcePage(
            path: path, stem: name.stem, language: name.language, kind: name.kind, frontMatter: frontMatter, title: title, document: document,
            fingerprint: fingerprint, findings: findings)
    }

    /// The title is the front matter's, else the first heading's, else the file's name. A heading that only repeats the title is not shown twice.
    private func titleAndBody(_ text: SourceText, _ frontMatter: FrontMatter, _ name: PageName) -> (title: String, body: [UInt8], line: Int) {
        var body = text.bytes[text.bodyStart...]
        var line = text.bodyLine
        while let first = body.first, first == UInt8(ascii: "\n") {
            body.removeFirst()
            line += 1
        }
        if body.starts(with: "# ".utf8) {
            let end = body.firstIndex(of: UInt8(ascii: "\n")) ?? body.endIndex
            var heading = String(decoding: body[(body.startIndex + 2)..<end], as: UTF8.self).trimmingSpaces
            while heading.hasSuffix("#") { heading = heading.dropLast() }
            let plain = String(heading.trimmingSpaces)
            if !plain.isEmpty, frontMatter.title == nil || frontMatter.title == plain {
                return (plain, Array(body[end...]), line)
            }
        }
        return (frontMatter.title ?? name.title, Array(body), line)
    }
}

/// What a page's file name says.
struct PageName {
    let stem: String
    let language: Language?
    let kind: SourcePage.Kind
    /// A title made from the file's name.
    let title: String

    init(path: String, languages: [Language]) {
        var stem = path.hasSuffix(".md") ? String(path.dropLast(3)) : path
        language = Self.language(endOf: stem, languages)
        if let language, let dot = stem.lastIndex(of: "."), Language(code: String(stem[stem.index(after: dot)...])) == language {
            stem = String(stem[..<dot])
        }
        self.stem = stem
        let parts = stem.split(separator: "/")
        let last = parts.last.map(String.init) ?? stem
        switch (parts.first, parts.count) {
        case ("index", 1): kind = .home
        case ("news", 2...) where last != "index": kind = .news
        case ("events", 2...) where last != "index": kind = .event
        default: kind = .page
        }
        let words = (DatedName(last)?.rest ?? last).split { $0 == "-" || $0 == "_" || $0 == " " }
        let text = words.joined(separator: " ")
        title = last == "index" && parts.count > 1 ? String(parts[parts.count - 2]) : text.prefix(1).uppercased() + text.dropFirst()
    }

    /// Only a language that the site has makes a translation: `minutes.v2.md` is a page of its own.
    private static func language(endOf stem: String, _ languages: [Language]) -> Language? {
        guard let dot = stem.lastIndex(of: "."), !stem[dot...].contains("/") else { return nil }
        guard let language = Language(code: String(stem[stem.index(after: dot)...])) else { return nil }
        return languages.contains(language) ? language : nil
    }
}

/// `2026-09-02-welcome` → the date and `welcome`.
struct DatedName {
    let date: CivilDate
    let rest: String

    init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard bytes.count > 11, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "-") else { return nil }
        guard let year = Int(name.prefix(4)), let month = Int(name.dropFirst(5).prefix(2)), let day = Int(name.dropFirst(8).prefix(2)),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self.date = date
        rest = String(name.dropFirst(11))
    }
}
