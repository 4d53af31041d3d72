import StructuredData
import Tenancy

extension ContentChecks {
    private static let index = "documents/index.yaml"

    func documentFindings(_ files: [DataFile]) -> [Finding] {
        let indexes = files.filter { $0.path.hasPrefix("documents/index") }
        var listed: Set<String> = []
        var findings: [Finding] = []
        for file in indexes {
            for item in file.node.items ?? file.node["documents"]?.items ?? [] {
                guard let name = item["file"]?.text else { continue }
                listed.insert(name)
                findings += incompleteness(item, name, file)
            }
        }
        for file in tree.files where file.path.hasPrefix("documents/") && !isIndex(file) {
            let name = String(file.path.dropFirst("documents/".count))
            guard !listed.contains(name) else { continue }
            findings.append(
                Finding(
                    .unlistedDocument, path: file.path, "the file is not listed in \(Self.index), so nobody can find it",
                    advice: "add a line to \(Self.index): - {file: \(name), title: …, date: \(today), visibility: public}"))
        }
        return findings
    }

    private func isIndex(_ file: ContentFile) -> Bool {
        let name = String(file.name)
        return (name.hasPrefix("index.") && name.hasSuffix(".yaml")) || name.hasSuffix(".md")
    }

    private func incompleteness(_ item: Node, _ name: String, _ file: DataFile) -> [Finding] {
        let visibility = item["visibility"]?.text
        if visibility == "members" { return [] }
        func finding(_ problem: String, _ advice: String) -> Finding {
            Finding(.documentDetails, path: file.path, at: item["file"]?.mark ?? item.mark, problem, advice: advice)
        }
        var findings: [Finding] = []
        if visibility == nil { findings.append(finding("\(name) is not offered to the public", "add visibility: public, or visibility: members")) }
        if item["title"]?.text == nil { findings.append(finding("\(name) has no title, so readers see the file's name", "add title: Bylaws")) }
        if item["date"]?.text == nil { findings.append(finding("\(name) has no date", "add date: and the day on which it was made")) }
        return findings
    }
}
