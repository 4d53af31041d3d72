import StructuredData
package import Tenancy

/// Officers and committees, from `data/board.yaml` and `data/committees.yaml`.
package struct Board: Sendable, Hashable {
    package struct Officer: Sendable, Hashable {
        package var role: String
        package var name: String?
        package var email: String?
        package var note: String?
        package var term: String?
        package var isVacant: Bool
    }

    package struct Committee: Sendable, Hashable {
        package var name: String
        package var description: String?
        package var chairs: [String]
        package var email: String?
        package var isVacant: Bool
    }

    package var term: String?
    package var officers: [Officer] = []
    package var committees: [Committee] = []
}

/// A firm or person who helps, from `data/sponsors.yaml`.
package struct Sponsor: Sendable, Hashable {
    package var name: String
    package var url: String?
    package var logo: Settings.Picture?
    package var level: String?
    package var note: String?
}

/// A file offered for download, from `documents/index.yaml`.
package struct DocumentEntry: Sendable, Hashable {
    /// From `documents/`.
    package var file: String
    package var title: String
    package var date: WrittenDate?
    package var description: String?
    package var category: String?
    package var schoolYear: String?
    package var isPublic: Bool
    package var size: Int
    package var line: Int
}

/// Reads the data files of one language; a file without a translation is the default language's.
struct DataFileReader {
    let tree: ContentTree
    /// The file's last good text, where the present one can't be read.
    let lastGood: (String) -> [UInt8]?
    private(set) var findings: [Finding] = []

    init(tree: ContentTree, lastGood: @escaping (String) -> [UInt8]?) {
        self.tree = tree
        self.lastGood = lastGood
    }

    /// Whether a file is one that is read here.
    static func isDataFile(_ path: String) -> Bool {
        path.hasSuffix(".yaml") && (path.hasPrefix("data/") || path.hasPrefix("documents/index."))
    }

    mutating func board(_ language: Language, isDefault: Bool) -> Board {
        var board = Board()
        if let (path, node) = node("data/board", language, isDefault) {
            var fields = FieldReader(node, describedAs: "the board")
            board.term = fields.text("term")
            board.officers = (fields.node("officers")?.items ?? []).map { item in
                var officer = FieldReader(item, describedAs: "an officer")
                let name = officer.text("name")
                let entry = Board.Officer(
                    role: officer.text("role") ?? "", name: name, email: officer.text("email"), note: officer.text("note"),
                    term: officer.text("term"), isVacant: officer.bool("vacant") ?? (name == nil))
                if entry.role.isEmpty { officer.add([Issue(.warning, at: item.mark, "an officer has no role", advice: "add role: President")]) }
                fields.add(officer.finish())
                return entry
            }
            add(fields.finish(), path)
        }
        if let (path, node) = node("data/committees", language, isDefault) {
            var issues: [Issue] = []
            for item in list(node, under: "committees") {
                var fields = FieldReader(item, describedAs: "a committee")
                let chairs = fields.texts("chairs")
                board.committees.append(
                    Board.Committee(
                        name: fields.text("name") ?? "", description: fields.text("description"), chairs: chairs, email: fields.text("email"),
                        isVacant: fields.bool("vacant") ?? chairs.isEmpty))
                issues.append(contentsOf: fields.finish())
            }
            add(issues, path)
        }
        return board
    }

    mutating func sponsors(_ language: Language, isDefault: Bool) -> [Sponsor] {
        guard let (path, node) = node("data/sponsors", language, isDefault) else { return [] }
        var sponsors: [Sponsor] = []
        var issues: [Issue] = []
        for item in list(node, under: "sponsors") {
            var fields = FieldReader(item, describedAs: "a sponsor")
            let name = fields.text("name") ?? ""
            let logo = fields.node("logo").flatMap { node in
                node.text.map { Settings.Picture(path: $0, alternative: LocalizedText(""), line: node.mark.line, column: node.mark.column) }
            }
            sponsors.append(
                Sponsor(name: name, url: SettingsReader.link("url", &fields), logo: logo, level: fields.text("level"), note: fields.text("note")))
            issues.append(contentsOf: fields.finish())
        }
        add(issues, path)
        return sponsors.filter { !$0.name.isEmpty }
    }

    mutating func documents(_ language: Language, isDefault: Bool) -> [DocumentEntry] {
        guard let (path, node) = node("documents/index", language, isDefault) else { return [] }
        var entries: [DocumentEntry] = []
        var issues: [Issue] = []
        for item in list(node, under: "documents") {
            var fields = FieldReader(item, describedAs: "a document")
            let date = SettingsReader.date("date", &fields)
            guard let file = fields.text("file") else {
                issues.append(Issue(.error, at: item.mark, "a document has no file", advice: "add file: bylaws.pdf"))
                continue
            }
            let visibility = fields.text("visibility")
            if let visibility, !["public", "members"].contains(visibility) {
                fields.add([
                    Issue(.error, at: fields.mark(of: "visibility"), "`\(visibility)` is not a visibility", advice: "write public or members")
                ])
            }
            let entry = DocumentEntry(
                file: file, title: fields.text("title") ?? file, date: date, description: fields.text("description"),
                category: fields.text("category"),
                schoolYear: fields.text("year"), isPublic: visibility == "public", size: tree.file(at: "documents/\(file)")?.size ?? 0,
                line: item.mark.line)
            issues.append(contentsOf: fields.finish())
            if entry.isPublic, tree.file(at: "documents/\(file)") == nil {
                issues.append(
                    Issue(.error, at: item.mark, "documents/\(file) is not there", advice: "put the file into documents/, or correct its name"))
                continue
            }
            entries.append(entry)
        }
        add(issues, path)
        return entries
    }

    /// A list at the top of a file, or under a name.
    private func list(_ node: Node?, under key: String) -> [Node] {
        node?.items ?? node?[key]?.items ?? []
    }

    private mutating func node(_ stem: String, _ language: Language, _ isDefault: Bool) -> (path: String, node: Node?)? {
        let names = isDefault ? ["\(stem).yaml", "\(stem).\(language.code).yaml"] : ["\(stem).\(language.code).yaml", "\(stem).yaml"]
        for path in names {
            guard let file = tree.file(at: path) else { continue }
            guard let bytes = tree.read(file, limit: 1 << 20) else {
                findings.append(Finding(.error, "data-file", path: path, "the file can't be read or is larger than 1 MiB", advice: "make it smaller"))
                return nil
            }
            do throws(StructuredDataError) {
                return (path, try YAMLReader.read(bytes))
            } catch {
                findings.append(
                    Finding(.error, "data-file", path: path, line: error.mark.line, column: error.mark.column, error.problem, advice: error.advice))
                return lastGood(path).map { (path, (try? YAMLReader.read($0)) ?? nil) }
            }
        }
        return nil
    }

    private mutating func add(_ issues: [Issue], _ path: String) {
        findings.append(contentsOf: issues.map { Finding($0, rule: "data-file", path: path) })
    }
}
