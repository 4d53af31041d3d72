import HTTPTypes
import SiteBuilder
import StructuredData

/// `site.yaml` as a JSON document, and changes to it written back into its text, where comments and order stay.
///
/// YAML's scalars are texts until somebody asks. What stands without quotes as `true`, `false` or a whole number becomes that in JSON;
/// everything else is a text.
struct SettingsDocument: Sendable {
    private var file: SettingsFile

    /// Throws where the text isn't YAML.
    init(_ bytes: [UInt8]) throws(StructuredDataError) {
        file = try SettingsFile(bytes)
    }

    var bytes: [UInt8] { file.bytes }

    var json: JSONValue { file.node([]).map { JSONValue($0) } ?? .object([]) }

    /// Throws `Problem` 422 where a patch (RFC 7396) has what the file can't have.
    mutating func apply(_ patch: JSONValue) throws(Problem) {
        guard case .object = patch else {
            throw .settings([Problem.Detail(pointer: "", detail: "the settings are an object: send one")])
        }
        let old = json
        var changes: [Change] = []
        Self.compare(old, old.merging(patch), at: [], into: &changes)
        var problems: [Problem.Detail] = []
        for change in changes {
            do throws(Problem.Detail) {
                let value: YAMLValue? = if let value = change.value { try YAMLValue(value, at: change.path) } else { nil }
                do throws(StructuredDataError) { try file.set(change.path, value) } catch {
                    throw Problem.Detail(pointer: JSONPointer.text(change.path), detail: "\(error.problem): \(error.advice)")
                }
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw .settings(problems) }
    }

    private struct Change {
        let path: [String]
        /// Nil to remove what is there.
        let value: JSONValue?
    }

    /// What is different, as far down as objects lead: so that the file is changed only there.
    private static func compare(_ old: JSONValue, _ new: JSONValue, at path: [String], into changes: inout [Change]) {
        guard case .object(let oldMembers) = old, case .object(let newMembers) = new else {
            if !old.isSame(as: new) { changes.append(Change(path: path, value: new)) }
            return
        }
        for (name, _) in oldMembers where new[name] == nil { changes.append(Change(path: path + [name], value: nil)) }
        for (name, value) in newMembers {
            if let before = old[name] {
                compare(before, value, at: path + [name], into: &changes)
            } else {
                changes.append(Change(path: path + [name], value: value))
            }
        }
    }

    /// What the generator finds wrong, at its places in the document.
    static func problems(_ findings: [Finding], in bytes: [UInt8]) -> [Problem.Detail] {
        let root = (try? YAMLReader.read(bytes)) ?? nil
        return findings.map { finding in
            let mark = Mark(line: finding.line, column: finding.column)
            return Problem.Detail(
                pointer: root.flatMap { pointer(to: mark, in: $0, []) }.map { JSONPointer.text($0) } ?? "",
                detail: "\(finding.problem): \(finding.advice)")
        }
    }

    /// The outermost value that begins there.
    private static func pointer(to mark: Mark, in node: Node, _ path: [String]) -> [String]? {
        if node.mark == mark { return path }
        for pair in node.pairs ?? [] {
            if let found = pointer(to: mark, in: pair.value, path + [pair.key]) { return found }
        }
        for (index, item) in (node.items ?? []).enumerated() {
            if let found = pointer(to: mark, in: item, path + [String(index)]) { return found }
        }
        return nil
    }
}

/// RFC 6901.
enum JSONPointer {
    static func text(_ path: [String]) -> String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}

extension Problem {
    static func settings(_ errors: [Detail]) -> Problem {
        Problem(.unprocessableContent, "settings", title: "The settings would not be valid", "Nothing was changed.", errors: errors)
    }
}

extension Problem.Detail: Error {}

extension JSONValue {
    fileprivate init(_ node: Node) {
        switch node.content {
        case .scalar(let text, let isPlain):
            self =
                node.isNull ? .null : !isPlain ? .text(text) : text == "true" ? .bool(true) : text == "false" ? .bool(false) : Self(plain: text)
        case .sequence(let items): self = .list(items.map { JSONValue($0) })
        case .mapping(let pairs): self = .object(pairs.filter { !$0.value.isNull }.map { ($0.key, JSONValue($0.value)) })
        }
    }

    /// `12` is a number; `012` and `+12` are something else that looks like one.
    private init(plain text: String) {
        if let number = Int(text), String(number) == text { self = .number(number) } else { self = .text(text) }
    }
}

extension YAMLValue {
    fileprivate init(_ value: JSONValue, at path: [String]) throws(Problem.Detail) {
        switch value {
        case .text(let text): self = .text(text)
        case .utf8(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .number(let number): self = .integer(number)
        case .bool(let isTrue): self = .bool(isTrue)
        case .decimal:
            throw Problem.Detail(pointer: JSONPointer.text(path), detail: "no setting is such a number: write a whole one, or a text")
        case .null:
            throw Problem.Detail(pointer: JSONPointer.text(path), detail: "a list can't hold null: leave it away")
        case .list(let items):
            var list: [YAMLValue] = []
            for (index, item) in items.enumerated() { list.append(try YAMLValue(item, at: path + [String(index)])) }
            self = .list(list)
        case .object(let members):
            var pairs: [Pair] = []
            for (name, member) in members { pairs.append(Pair(name, try YAMLValue(member, at: path + [name]))) }
            self = .mapping(pairs)
        }
    }
}
