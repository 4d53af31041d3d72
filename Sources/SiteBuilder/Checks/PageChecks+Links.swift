import Markdown
import StructuredData
import Tenancy

extension PageChecks {
    /// Links have to make sense out of their sentence, because a screen reader lists them.
    func links() -> [Finding] {
        var findings: [Finding] = []
        var targets: [String: (target: String, line: Int)] = [:]
        var reported: Set<String> = []
        for link in source.document.references where link.kind == .link && !link.text.trimmingSpaces.isEmpty {
            let mark = Mark(line: link.line, column: link.column)
            if LinkText.isVague(link.text) {
                findings.append(
                    Finding(
                        .vagueLink, path: path, at: mark, "“\(link.text)” doesn't say where the link leads",
                        advice: "put the link on the words that do: [the sign-up sheet](\(link.destination))"))
                continue
            }
            if LinkText.isAddress(link.text) {
                findings.append(
                    Finding(
                        .bareAddress, path: path, at: mark, "the link's text is an address, which a screen reader spells out",
                        advice: "write what is there: [the state PTA's calendar](\(link.destination))"))
                continue
            }
            let text = LinkText.normal(link.text)
            let target = target(of: link.destination)
            guard let known = targets[text] else {
                targets[text] = (target, link.line)
                continue
            }
            if known.target != target, reported.insert(text).inserted {
                findings.append(
                    Finding(
                        .sameLinkText, path: path, at: mark, "“\(link.text)” leads to another place than the same words in line \(known.line)",
                        advice: "give each link words of its own"))
            }
        }
        return findings
    }

    /// What tells destinations apart: `about.md`, `/about/` and `/about/#history` are one.
    private func target(of destination: String) -> String {
        guard !destination.hasPrefix("#") else { return destination }
        var target = destination
        if let edition = checks.site.edition(for: page.language), case .address(let address) = resolver.resolve(destination, from: path, in: edition)
        {
            target = address
        }
        return String(target.prefix { $0 != "#" })
    }
}
